#include "performance/service.hpp"

#include <algorithm>

#include "performance/errors.hpp"
#include "performance/evidence.hpp"

namespace miniops::performance {

namespace {

using events::BucketsQuestion;
using events::Field;
using telemetry::Asked;
using telemetry::NamedBucket;

constexpr TimeMs points_max = 2000;  // of one line
constexpr TimeMs trend_points = 30;
constexpr int names_max = 1000;  // told apart; a page or an address beyond them is one of the others

// The parts of a startup that metrics of their own measure. A launch has each of them at most once.
std::vector<Phase> phases_of(const std::map<Metric, Spread>& metrics) {
  const Spread& startup = metrics.at(Metric::startup);
  if (startup.empty() || startup.mean() <= 0) return {};
  std::vector<Phase> phases;
  double sum = 0;
  for (const Metric metric : {Metric::package, Metric::script, Metric::render}) {
    const Spread& spread = metrics.at(metric);
    const double of_launches = std::min(1.0, spread.count() / startup.count());
    phases.push_back({info_of(metric).name, spread, spread.mean() * of_launches / startup.mean()});
    sum += phases.back().share;
  }
  if (sum > 1)
    for (Phase& phase : phases) phase.share /= sum;
  phases.push_back({"other", {}, std::max(0.0, 1 - sum)});
  return phases;
}

std::map<Metric, Spread> summed(const std::map<Metric, std::map<TimeMs, Spread>>& series) {
  std::map<Metric, Spread> out;
  for (const auto& [metric, spreads] : series) {
    Spread& sum = out[metric];
    for (const auto& [at, spread] : spreads) sum.add(spread);
  }
  return out;
}

// Whole hours, which rollups have, but for ranges of a few hours.
TimeMs trend_interval(TimeMs span) {
  const TimeMs step = span > 10 * hour_ms ? hour_ms : 5 * minute_ms;
  return std::max((span / trend_points + step - 1) / step, TimeMs{1}) * step;
}

// What it failed with is in the properties: no answer, or one of 400 and above.
events::Matching failed_request() {
  using Predicate = events::Predicate;
  Predicate failed{Predicate::Op::equals};
  failed.on = Predicate::On::property;
  failed.property = "failed";
  failed.text = "true";
  Predicate refused{Predicate::Op::compare};
  refused.on = Predicate::On::property;
  refused.property = "status";
  refused.relation = Predicate::Relation::at_least;
  refused.number = 400;
  return std::make_shared<const Predicate>(Predicate{Predicate::Op::any, {failed, refused}});
}

double rank_of(const BreakdownRow& row, Sort sort, Limits limits) {
  if (sort == Sort::count) return row.now.count();
  if (sort == Sort::impact) return impact_of(row.now, limits);
  return row.now.at(quantile_names.at(static_cast<std::size_t>(sort) - static_cast<std::size_t>(Sort::p50)).second);
}

}  // namespace

// ---- spreads ----

Task<Result<Service::MetricSeries>> Service::metric_series(Access access, Question question, std::span<const Metric> of,
                                                           TimeMs interval_ms) {
  BucketsQuestion by_name;
  by_name.by = Field::name;
  by_name.top = static_cast<int>(of.size());
  by_name.interval_ms = interval_ms;
  by_name.offset_ms = question.offset_ms;
  const auto found = co_await records_.buckets(access, asked_of(question, of), by_name);
  if (!found) co_return std::unexpected(found.error());
  MetricSeries out;
  for (const Metric metric : of) {
    std::map<TimeMs, Spread>& spreads = out[metric];
    for (const NamedBucket& one : *found)
      if (one.name == info_of(metric).record_name) spreads[one.bucket.at].add(one.bucket.bucket, one.bucket.count);
  }
  co_return out;
}

Task<Result<std::map<Metric, Spread>>> Service::by_metric(Access access, Question question,
                                                          std::span<const Metric> of) {
  const auto found = co_await metric_series(access, std::move(question), of, 0);
  if (!found) co_return std::unexpected(found.error());
  co_return summed(*found);
}

Task<Result<Spreads>> Service::spreads(Access access, Asked asked, Dimension by, int top) {
  const auto found = co_await records_.buckets(access, std::move(asked), buckets_by(by, top));
  if (!found) co_return std::unexpected(found.error());
  Spreads out;
  for (const NamedBucket& one : *found) out[name_along(by, one)].add(one.bucket.bucket, one.bucket.count);
  co_return out;
}

Task<Result<Spread>> Service::distribution(Access access, Question question, Metric metric) {
  const std::array<Metric, 1> only{metric};
  auto found = co_await by_metric(access, std::move(question), only);
  if (!found) co_return std::unexpected(found.error());
  co_return std::move(found->at(metric));
}

// ---- what pages show ----

Task<Result<Overview>> Service::overview(Access access, Question question) {
  const auto series = co_await metric_series(access, question, main_metrics, trend_interval(question.span()));
  if (!series) co_return std::unexpected(series.error());
  auto before = co_await by_metric(access, question.before(), main_metrics);
  if (!before) co_return std::unexpected(before.error());
  Overview out;
  const auto now = summed(*series);
  out.phases = phases_of(now);
  for (const Metric metric : main_metrics) {
    MetricSummary one{metric, now.at(metric), std::move(before->at(metric))};
    for (const auto& [at, spread] : series->at(metric)) one.trend.push_back({at, spread.count(), spread.at(0.75)});
    out.metrics.push_back(std::move(one));
  }
  co_return out;
}

Task<Result<Series>> Service::series(Access access, Question question, Metric metric, std::optional<Interval> interval,
                                     std::optional<Dimension> by, int top) {
  Series out{interval.value_or(fitting(question.span()))};
  const Steps steps = steps_of(out.interval, question.offset_ms);
  if (question.span() / steps.interval_ms > points_max) co_return fail(errors::too_many_points());
  BucketsQuestion asked = by ? buckets_by(*by, top) : BucketsQuestion{};
  asked.interval_ms = steps.interval_ms;
  asked.offset_ms = steps.offset_ms;
  const auto found = co_await records_.buckets(access, asked_of(question, metric), asked);
  if (!found) co_return std::unexpected(found.error());
  std::map<std::pair<TimeMs, std::string>, Spread> points;
  for (const NamedBucket& one : *found) {
    const TimeMs at = begin_of(out.interval, one.bucket.at, question.offset_ms);
    points[{at, by ? name_along(*by, one) : ""}].add(one.bucket.bucket, one.bucket.count);
  }
  for (auto& [at, spread] : points) out.points.push_back({at.first, at.second, std::move(spread)});
  co_return out;
}

Task<Result<Breakdown>> Service::breakdown(Access access, Question question, Metric metric, Dimension by, Sort sort,
                                           int limit) {
  auto now = co_await spreads(access, asked_of(question, metric), by, names_max);
  if (!now) co_return std::unexpected(now.error());
  auto before = co_await spreads(access, asked_of(question.before(), metric), by, names_max);
  if (!before) co_return std::unexpected(before.error());
  Breakdown out;
  for (auto& [name, spread] : *now) {
    out.total.add(spread);
    out.rows.push_back({name, std::move(spread), std::move((*before)[name])});
  }
  std::ranges::sort(out.rows, {}, [&](const BreakdownRow& row) {
    return std::tuple(-rank_of(row, sort, limits_of(metric)), -row.now.count(), row.name);
  });
  if (out.rows.size() > static_cast<std::size_t>(limit)) out.rows.resize(static_cast<std::size_t>(limit));
  if (metric == Metric::request && by == Dimension::url) {
    auto added = co_await add_requests(access, question, out.rows);
    if (!added) co_return std::unexpected(added.error());
  }
  co_return out;
}

Task<Result<void>> Service::add_requests(Access access, Question question, std::vector<BreakdownRow>& rows) {
  Asked asked = asked_of(question, Metric::request);
  asked.matching = both(asked.matching, failed_request());
  const auto failed = co_await spreads(access, std::move(asked), Dimension::url, names_max);
  if (!failed) co_return std::unexpected(failed.error());
  const auto sample = co_await newest(access, question, Metric::request);
  if (!sample) co_return std::unexpected(sample.error());
  const auto phases = phases_by_url(*sample);
  for (BreakdownRow& row : rows) {
    const auto failures = failed->find(row.name);
    row.failure_share = failures == failed->end() ? 0 : std::min(1.0, failures->second.count() / row.now.count());
    if (const auto found = phases.find(row.name); found != phases.end()) row.phases = found->second;
  }
  co_return Result<void>{};
}

}  // namespace miniops::performance
