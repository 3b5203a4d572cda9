#include "performance/calendar.hpp"

#include <fmt/format.h>

#include <array>
#include <chrono>

namespace miniops::performance {

namespace {

struct Named {
  std::string_view name;
  TimeMs ms;  // a month: of a day
};
constexpr std::array<Named, 7> intervals{{{"minute", minute_ms},
                                          {"5m", 5 * minute_ms},
                                          {"15m", 15 * minute_ms},
                                          {"hour", hour_ms},
                                          {"day", day_ms},
                                          {"week", 7 * day_ms},
                                          {"month", day_ms}}};
constexpr TimeMs to_monday_ms = 3 * day_ms;  // 1970-01-01 was a Thursday

std::chrono::year_month_day local_day(TimeMs at, TimeMs offset_ms) {
  return std::chrono::floor<std::chrono::days>(
      std::chrono::sys_time<std::chrono::milliseconds>(std::chrono::milliseconds(at + offset_ms)));
}

}  // namespace

std::string_view to_string(Interval interval) { return intervals.at(static_cast<std::size_t>(interval)).name; }

std::optional<Interval> parse_interval(std::string_view name) {
  for (std::size_t i = 0; i < intervals.size(); ++i)
    if (intervals.at(i).name == name) return Interval{static_cast<int>(i)};
  return std::nullopt;
}

Interval fitting(TimeMs span) {
  if (span <= 2 * hour_ms) return Interval::minute;
  if (span <= 12 * hour_ms) return Interval::five_minutes;
  if (span <= 30 * hour_ms) return Interval::quarter_hour;
  if (span <= 14 * day_ms) return Interval::hour;
  if (span <= 95 * day_ms) return Interval::day;
  return span <= 400 * day_ms ? Interval::week : Interval::month;
}

Steps steps_of(Interval interval, TimeMs offset_ms) {
  const TimeMs ms = intervals.at(static_cast<std::size_t>(interval)).ms;
  return {ms, interval == Interval::week ? offset_ms + to_monday_ms : offset_ms};
}

TimeMs begin_of(Interval interval, TimeMs at, TimeMs offset_ms) {
  if (interval != Interval::month) return at;
  const auto day = local_day(at, offset_ms);
  const std::chrono::sys_days first(day.year() / day.month() / 1);
  return std::chrono::duration_cast<std::chrono::milliseconds>(first.time_since_epoch()).count() - offset_ms;
}

std::string day_name(TimeMs at, TimeMs offset_ms) {
  const auto day = local_day(at, offset_ms);
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(day.year()), static_cast<unsigned>(day.month()),
                     static_cast<unsigned>(day.day()));
}

}  // namespace miniops::performance
