#include "alerts/signals.hpp"

#include "alerts/errors.hpp"

namespace miniops::alerts {

namespace {

constexpr std::string_view unknown_group = "(未知)";  // '' is a rule without groups

events::Measure measure_of(Statistic statistic) {
  switch (statistic) {
    case Statistic::count:
      return events::Measure::count;
    case Statistic::sessions:
      return events::Measure::sessions;
    case Statistic::people:
      return events::Measure::people;
    case Statistic::mean:
      return events::Measure::mean;
    case Statistic::p50:
    case Statistic::p75:
    case Statistic::p90:
    case Statistic::p95:
    case Statistic::p99:
    case Statistic::slow:  // never asked: it is the sessions of two selections
      return events::Measure::quantiles;
  }
  std::unreachable();
}

double value_of(const events::Point& point, Statistic statistic) {
  if (!point.quantiles) return point.value;
  const events::Quantiles& q = *point.quantiles;
  switch (statistic) {
    case Statistic::p75:
      return q.p75;
    case Statistic::p90:
      return q.p90;
    case Statistic::p95:
      return q.p95;
    case Statistic::p99:
      return q.p99;
    default:
      return q.p50;
  }
}

}  // namespace

Task<Result<std::vector<Sample>>> TelemetrySignals::ask(Question question) {
  const Loading loading = loading_();
  if (loading.behind) co_return fail(errors::telemetry_behind());
  if (!loading.awake) co_return std::vector<Sample>{};
  const Selection& records = *question.records;
  telemetry::Asked asked{records.kind, question.from, question.to, records.filters};
  asked.matching = records.matching;
  asked.by_receipt = true;
  asked.without_late = true;
  events::SeriesQuestion series;
  series.measure = measure_of(question.statistic);
  series.interval_ms = question.step;
  // The store counts intervals from 1970 plus this offset: so that one begins at `from`.
  series.offset_ms = (question.step - question.from % question.step) % question.step;
  series.by = question.by;
  series.top = static_cast<int>(question.groups);
  const auto access = identity::Access::system(question.appid, "alerts");
  auto points = co_await service_.series(access, std::move(asked), std::move(series));
  if (!points) co_return std::unexpected(points.error());
  std::vector<Sample> samples;
  samples.reserve(points->size());
  for (telemetry::NamedPoint& named : *points) {
    if (question.by && named.point.key == -1) continue;  // all that are not among the top
    std::string group = question.by ? (named.name.empty() ? std::string(unknown_group) : std::move(named.name)) : "";
    samples.push_back({named.point.at, std::move(group), value_of(named.point, question.statistic), named.point.count});
  }
  co_return samples;
}

}  // namespace miniops::alerts
