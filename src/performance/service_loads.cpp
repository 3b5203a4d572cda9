// Page loads that were recorded entry by entry.
#include <algorithm>

#include "performance/errors.hpp"
#include "performance/service.hpp"

namespace miniops::performance {

namespace {

using events::Field;
using telemetry::Asked;
using telemetry::Kind;
using telemetry::NamedRow;

constexpr int rows_max = 200;  // their properties are large
constexpr int beside_max = 200;
constexpr TimeMs beside_ms = 10 * minute_ms;
constexpr TimeMs time_max = 100'000'000'000'000;
constexpr std::int64_t sequence_max = std::int64_t{1} << 62;

events::Matching at_least(double ms) {
  events::Predicate slow{events::Predicate::Op::compare};
  slow.on = events::Predicate::On::value;
  slow.relation = events::Predicate::Relation::at_least;
  slow.number = ms;
  return std::make_shared<const events::Predicate>(slow);
}

// The value that about so many lie above; a little less, since buckets are wide.
double value_above(const Spread& spread, double count) {
  return spread.count() <= count ? 0 : spread.at(1 - count / spread.count()) * 0.98;
}

Asked of_view(const NamedRow& load, Kind kind) {
  Asked asked{kind, load.row.time - beside_ms, load.row.time + beside_ms};
  asked.filters.push_back({Field::page_view, {load.row.page_view}});
  return asked;
}

}  // namespace

Task<Result<std::vector<NamedRow>>> Service::loads_from(Access access, Question question, double ms_min, int limit) {
  Asked asked = asked_of(question, Metric::page_load);
  if (ms_min > 0) asked.matching = both(asked.matching, at_least(ms_min));
  events::RowsQuestion rows;
  rows.limit = limit;
  co_return co_await records_.rows(access, std::move(asked), std::move(rows));
}

// The slowest: of those above a value that is lowered until there are enough. Records stand for many by their weights,
// so it is not known how many there are.
Task<Result<std::vector<Load>>> Service::loads(Access access, Question question, bool slowest, int limit) {
  std::vector<NamedRow> found;
  if (slowest) {
    const auto spread = co_await distribution(access, question, Metric::page_load);
    if (!spread) co_return std::unexpected(spread.error());
    for (double count = limit; static_cast<int>(found.size()) < limit; count *= 8) {
      const double ms = value_above(*spread, count);
      auto rows = co_await loads_from(access, question, ms, rows_max);
      if (!rows) co_return std::unexpected(rows.error());
      found = std::move(*rows);
      if (ms <= 0) break;
    }
    std::ranges::sort(found, {},
                      [](const NamedRow& row) { return std::pair(-row.row.value.value_or(0), row.row.sequence); });
    if (found.size() > static_cast<std::size_t>(limit)) found.resize(static_cast<std::size_t>(limit));
  } else {
    auto rows = co_await loads_from(access, question, 0, limit);
    if (!rows) co_return std::unexpected(rows.error());
    found = std::move(*rows);
  }
  std::vector<Load> out;
  for (NamedRow& row : found) {
    LoadProperties properties = load_properties(row.row.properties);
    out.push_back({std::move(row), std::move(properties)});
  }
  co_return out;
}

Task<Result<LoadDetail>> Service::load(Access access, events::RowPlace place) {
  // A place comes from an address that anybody can write.
  if (place.first < 0 || place.first > time_max || place.second < 0 || place.second >= sequence_max)
    co_return fail(errors::load_not_found());
  Question at;
  at.from = place.first;
  at.to = place.first + 1;
  events::RowsQuestion only;
  only.limit = 1;
  only.before = events::RowPlace{place.first, place.second + 1};
  auto found = co_await records_.rows(access, asked_of(at, Metric::page_load), only);
  if (!found) co_return std::unexpected(found.error());
  if (found->empty() || found->front().row.sequence != place.second) co_return fail(errors::load_not_found());
  NamedRow row = std::move(found->front());
  std::vector<NamedRow> requests, failures;
  if (!row.row.page_view.empty()) {
    events::RowsQuestion beside;
    beside.limit = beside_max;
    Asked of_requests = of_view(row, Kind::performance);
    of_requests.filters.push_back({Field::name, {std::string(info_of(Metric::request).record_name)}});
    auto some = co_await records_.rows(access, std::move(of_requests), beside);
    if (!some) co_return std::unexpected(some.error());
    requests = std::move(*some);
    auto errors = co_await records_.rows(access, of_view(row, Kind::error), beside);
    if (!errors) co_return std::unexpected(errors.error());
    failures = std::move(*errors);
  }
  Waterfall waterfall = waterfall_of(row, requests, failures);
  LoadProperties properties = load_properties(row.row.properties);
  co_return LoadDetail{{std::move(row), std::move(properties)}, std::move(waterfall)};
}

}  // namespace miniops::performance
