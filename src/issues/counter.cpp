#include "issues/counter.hpp"

namespace miniops::issues {

namespace {

using events::Field;
using events::Measure;
using telemetry::Asked;
using telemetry::NamedPoint;

constexpr int most_max = 5000;     // issues that a list can be ordered by
constexpr int words_max = 10'000;  // of a column
constexpr int trend_points = 40;

std::map<std::int64_t, std::int64_t> standing_of(const Members& members) {
  std::map<std::int64_t, std::int64_t> out;
  for (const auto& [standing, all] : members)
    for (const std::int64_t one : all) out[one] = standing;
  return out;
}

std::vector<std::int64_t> all_of(const Members& members) {
  std::vector<std::int64_t> out;
  for (const auto& [standing, all] : members) out.insert(out.end(), all.begin(), all.end());
  return out;
}

}  // namespace

telemetry::Filter filter_of(const std::vector<std::int64_t>& issues) {
  telemetry::Filter filter{Field::issue};
  for (const std::int64_t issue : issues) filter.any_of.push_back(std::to_string(issue));
  return filter;
}

Asked errors_of(const std::vector<std::int64_t>& issues, Span span) {
  return {telemetry::Kind::error, span.from, span.to, {filter_of(issues)}};
}

Asked with_session(Asked asked) {
  asked.filters.push_back({Field::session, {std::string(32, '0')}, true});
  return asked;
}

TimeMs trend_interval(Span span) {
  for (const TimeMs interval : {5 * minute_ms, 15 * minute_ms, hour_ms, 3 * hour_ms, 6 * hour_ms, 12 * hour_ms})
    if ((span.to - span.from) / interval <= trend_points) return interval;
  return day_ms * std::max<TimeMs>(1, (span.to - span.from) / day_ms / trend_points);
}

// One interval that is the whole span.
Task<Result<double>> Counter::total(Access access, Asked asked, Measure measure) {
  events::SeriesQuestion question;
  question.measure = measure;
  question.interval_ms = std::max<TimeMs>(asked.to - asked.from, 1);
  question.offset_ms = (question.interval_ms - asked.from % question.interval_ms) % question.interval_ms;
  const auto points = co_await telemetry_.series(access, std::move(asked), std::move(question));
  if (!points) co_return std::unexpected(points.error());
  co_return points->empty() ? 0 : points->front().point.value;
}

Task<Result<std::vector<NamedPoint>>> Counter::by(Access access, Asked asked, Field field, Measure measure) {
  events::BreakdownQuestion question{{}, measure, field, words_max};
  co_return co_await telemetry_.breakdown(access, std::move(asked), std::move(question));
}

Task<Result<double>> Counter::all_sessions(Access access, Span span) {
  Asked asked{telemetry::Kind::session, span.from, span.to};
  co_return co_await total(access, with_session(std::move(asked)), Measure::sessions);
}

Task<Result<std::map<std::int64_t, Figures>>> Counter::figures(Access access, Members members, Span span) {
  std::map<std::int64_t, Figures> out;
  if (members.empty()) co_return out;
  const auto standing = standing_of(members);
  const Asked asked = errors_of(all_of(members), span);
  const auto people = co_await by(access, asked, Field::issue, Measure::people);
  if (!people) co_return std::unexpected(people.error());
  for (const NamedPoint& named : *people) {
    Figures& figures = out[standing.at(named.point.key)];
    figures.events += named.point.count;
    figures.users += named.point.value;
  }
  const auto sessions = co_await by(access, with_session(asked), Field::issue, Measure::sessions);
  if (!sessions) co_return std::unexpected(sessions.error());
  for (const NamedPoint& named : *sessions) out[standing.at(named.point.key)].sessions += named.point.value;
  for (const auto& [one, all] : members) {
    if (all.size() == 1 || out[one].events == 0) continue;
    const Asked of_all = errors_of(all, span);
    const auto users = co_await total(access, of_all, Measure::people);
    if (!users) co_return std::unexpected(users.error());
    const auto visits = co_await total(access, with_session(of_all), Measure::sessions);
    if (!visits) co_return std::unexpected(visits.error());
    out[one].users = *users;
    out[one].sessions = *visits;
  }
  co_return out;
}

Task<Result<Trends>> Counter::trends(Access access, Members members, Span span, TimeMs interval_ms) {
  Trends out;
  if (members.empty()) co_return out;
  const auto standing = standing_of(members);
  events::SeriesQuestion question;
  question.interval_ms = interval_ms;
  question.offset_ms = trend_offset_ms;
  question.by = Field::issue;
  question.top = static_cast<int>(standing.size());
  const auto points = co_await telemetry_.series(access, errors_of(all_of(members), span), std::move(question));
  if (!points) co_return std::unexpected(points.error());
  for (const NamedPoint& named : *points) out[standing.at(named.point.key)][named.point.at] += named.point.count;
  co_return out;
}

Task<Result<std::map<std::int64_t, Figures>>> Counter::most(Access access, std::map<std::int64_t, std::int64_t> merged,
                                                            Span span, std::optional<std::string> release) {
  Asked asked{telemetry::Kind::error, span.from, span.to};
  if (release) asked.filters.push_back({Field::release, {*release}});
  events::BreakdownQuestion question{{}, Measure::people, Field::issue, most_max};
  const auto points = co_await telemetry_.breakdown(access, std::move(asked), std::move(question));
  if (!points) co_return std::unexpected(points.error());
  std::map<std::int64_t, Figures> out;
  for (const NamedPoint& named : *points) {
    if (named.point.key == 0) continue;  // loaded before there were issues
    const auto part = merged.find(named.point.key);
    Figures& figures = out[part == merged.end() ? named.point.key : part->second];
    figures.events += named.point.count;
    figures.users += named.point.value;  // of merged ones an upper bound: good enough for an order
  }
  co_return out;
}

}  // namespace miniops::issues
