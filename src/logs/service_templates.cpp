// Templates of the lines that match. The third part of service.hpp.
#include "logs/binding.hpp"
#include "logs/errors.hpp"
#include "logs/service.hpp"
#include "logs/store.hpp"

namespace miniops::logs {

namespace {

using events::Field;
using telemetry::Asked;
using telemetry::NamedPoint;

constexpr int numbers_max = 20'000;  // more than there are, with aliases
constexpr TimeMs trend_points = 24;

struct Known {
  std::map<std::int32_t, Template> living;
  Aliases aliases;
  std::vector<Release> releases;
};

Result<Known> known_of(sql::Transaction& tx, const AppId& appid) {
  Known known;
  for (Template& one : store::templates(tx, appid)) {
    if (one.alias_of != no_template) {
      known.aliases.emplace(one.number, one.alias_of);
    } else {
      known.living.emplace(one.number, std::move(one));
    }
  }
  known.releases = store::releases(tx, appid);
  return known;
}

// The commonest; what has no template counts as one, without a text.
std::vector<TemplateCount> counted(const std::vector<NamedPoint>& points, const Known& known,
                                   const std::string& since_release) {
  std::map<std::int32_t, double> counts;
  for (const NamedPoint& named : points)
    counts[living(static_cast<std::int32_t>(named.point.key), known.aliases)] += named.point.count;
  std::vector<TemplateCount> out;
  for (const auto& [number, count] : counts) {
    const auto found = known.living.find(number);
    const Template one = found == known.living.end() ? Template{number, "", "", 0, ""} : found->second;
    if (since_release.empty() || (found != known.living.end() && is_new_since(one, since_release, known.releases)))
      out.push_back({one, count, {}});
  }
  std::ranges::sort(out, {}, [](const TemplateCount& one) { return std::pair(-one.count, one.known.number); });
  return out;
}

}  // namespace

Task<Result<TemplateCounts>> Service::templates(Access access, Question question, std::string since_release,
                                                int limit) {
  auto read = [appid = access.appid()](sql::Transaction& tx) { return known_of(tx, appid); };
  const auto known = co_await with_.database.read(std::move(read));
  if (!known) co_return std::unexpected(known.error());
  auto asked_now = co_await asked(access.appid(), std::move(question));
  if (!asked_now) co_return std::unexpected(asked_now.error());
  events::BreakdownQuestion breakdown{{}, events::Measure::count, Field::log_template, numbers_max};
  const auto points = co_await with_.records.breakdown(access, *asked_now, std::move(breakdown));
  if (!points) co_return std::unexpected(points.error());
  TemplateCounts out;
  for (const NamedPoint& named : *points) out.total += named.point.count;
  out.items = counted(*points, *known, since_release);
  if (out.items.size() > static_cast<std::size_t>(limit)) out.items.resize(static_cast<std::size_t>(limit));
  if (!access.sees_personal_data())
    for (TemplateCount& item : out.items) item.known.text = personal_.masked(item.known.text);
  if (auto ok = co_await add_trends(access, std::move(*asked_now), known->aliases, out); !ok)
    co_return std::unexpected(ok.error());
  co_return out;
}

Task<Result<void>> Service::add_trends(Access access, Asked asked_now, const Aliases& aliases, TemplateCounts& counts) {
  const TimeMs from = asked_now.from;
  const TimeMs interval = std::max<TimeMs>((asked_now.to - from + trend_points - 1) / trend_points, 1);
  counts.trend_interval_ms = interval;
  if (counts.items.empty()) co_return Result<void>{};
  std::map<std::int32_t, TemplateCount*> wanted;
  telemetry::Filter filter{Field::log_template, {}, false};
  for (TemplateCount& item : counts.items) {
    item.trend.assign(static_cast<std::size_t>(trend_points), 0);
    wanted.emplace(item.known.number, &item);
    filter.any_of.push_back(std::to_string(item.known.number));
  }
  for (const auto& [alias, to] : aliases)
    if (wanted.contains(living(to, aliases))) filter.any_of.push_back(std::to_string(alias));
  const int rows = static_cast<int>(filter.any_of.size());
  asked_now.filters.push_back(std::move(filter));
  // Intervals begin where the range does.
  const TimeMs offset = interval - from % interval;
  events::SeriesQuestion series{{}, events::Measure::count, interval, offset, Field::log_template, rows};
  const auto points = co_await with_.records.series(access, std::move(asked_now), std::move(series));
  if (!points) co_return std::unexpected(points.error());
  for (const NamedPoint& named : *points) {
    const auto item = wanted.find(living(static_cast<std::int32_t>(named.point.key), aliases));
    const TimeMs place = (named.point.at - from) / interval;
    if (item != wanted.end() && place >= 0 && place < trend_points)
      item->second->trend.at(static_cast<std::size_t>(place)) += named.point.count;
  }
  co_return Result<void>{};
}

Task<Result<std::vector<Release>>> Service::releases(Access access) {
  auto read = [appid = access.appid()](sql::Transaction& tx) -> Result<std::vector<Release>> {
    return store::releases(tx, appid);
  };
  co_return co_await with_.database.read(std::move(read));
}

}  // namespace miniops::logs
