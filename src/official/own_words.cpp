// Log lines, and the words that appear in what phones reported.
#include "official/own_records.hpp"
#include "telemetry/store.hpp"

namespace miniops::official {

namespace {

using events::Field;
using events::Measure;
using telemetry::Asked;
using telemetry::Kind;
using telemetry::NamedPoint;

constexpr int words_max = 200;
constexpr TimeMs words_of_ms = 30 * day_ms;

}  // namespace

Task<Result<std::int64_t>> OwnRecords::count_of(Access access, Asked asked) {
  events::BreakdownQuestion question{{}, Measure::count, Field::level, words_max};
  const auto points = co_await records_.breakdown(access, std::move(asked), std::move(question));
  if (!points) co_return std::unexpected(points.error());
  double sum = 0;
  for (const NamedPoint& named : *points) sum += named.point.count;
  co_return static_cast<std::int64_t>(std::llround(sum));
}

Task<Result<OwnRows>> OwnRecords::logs(Access access, LogsAsked asked) {
  Asked of;
  of.kind = Kind::log;
  of.from = asked.from;
  of.to = asked.to;
  of.text = asked.text;
  telemetry::Filter levels{Field::level, {"error", "fatal"}};
  if (asked.level <= 4) levels.any_of.emplace_back("warn");
  if (asked.level <= 2) levels.any_of.emplace_back("info");
  of.filters.push_back(std::move(levels));
  if (!asked.page.empty()) of.filters.push_back({Field::page, {asked.page}});
  if (!asked.trace.empty()) of.filters.push_back({Field::trace, {asked.trace}});
  const auto known = co_await add_person(access, asked.openid, of.filters);
  if (!known) co_return std::unexpected(known.error());
  if (!*known) co_return OwnRows{};
  const auto total = co_await count_of(access, of);
  if (!total) co_return std::unexpected(total.error());
  OwnRows out;
  out.total = *total;
  events::RowsQuestion newest;
  newest.limit = asked.start + asked.limit;
  auto rows = co_await records_.rows(access, std::move(of), std::move(newest));
  if (!rows) co_return std::unexpected(rows.error());
  rows->erase(rows->begin(), rows->begin() + std::min<std::ptrdiff_t>(asked.start, std::ssize(*rows)));
  auto items = co_await with_openids(access, std::move(*rows));
  if (!items) co_return std::unexpected(items.error());
  out.items = std::move(*items);
  co_return out;
}

Task<Result<std::vector<NamedPoint>>> OwnRecords::words_of(Access access, Field field) {
  std::vector<NamedPoint> all;
  const TimeMs now = clock_.now();
  // Clients report sessions, or events, or nothing but figures.
  for (const Kind kind : {Kind::session, Kind::event, Kind::performance}) {
    Asked of;
    of.kind = kind;
    of.from = now - words_of_ms;
    of.to = now + minute_ms;
    events::BreakdownQuestion question{{}, Measure::count, field, words_max};
    auto points = co_await records_.breakdown(access, std::move(of), std::move(question));
    if (!points) co_return std::unexpected(points.error());
    std::ranges::move(*points, std::back_inserter(all));
  }
  co_return all;
}

Task<Result<std::vector<std::int64_t>>> OwnRecords::scenes(Access access) {
  const auto points = co_await words_of(access, Field::scene);
  if (!points) co_return std::unexpected(points.error());
  std::vector<std::int64_t> out;
  for (const NamedPoint& named : *points)
    if (named.point.key > 0 && std::ranges::count(out, named.point.key) == 0) out.push_back(named.point.key);
  co_return out;
}

Task<Result<std::vector<std::string>>> OwnRecords::wechat_versions(Access access) {
  const auto points = co_await words_of(access, Field::device);
  if (!points) co_return std::unexpected(points.error());
  std::vector<std::string> out;
  for (const NamedPoint& named : *points) {
    std::string version = telemetry::device_of_word(named.name).wechat;
    if (!version.empty() && std::ranges::count(out, version) == 0) out.push_back(std::move(version));
  }
  co_return out;
}

}  // namespace miniops::official
