// Intervals of a chart in local time.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"

namespace miniops::performance {

enum class Interval { minute, five_minutes, quarter_hour, hour, day, week, month };
std::string_view to_string(Interval interval);  // "minute" "5m" "15m" "hour" "day" "week" "month"
std::optional<Interval> parse_interval(std::string_view name);
// So that a chart of this length has some dozens of points, or a hundred.
Interval fitting(TimeMs span);

// In what steps the event store is asked: a month is made of days.
struct Steps {
  TimeMs interval_ms = 0;
  TimeMs offset_ms = 0;
};
Steps steps_of(Interval interval, TimeMs offset_ms);
// The beginning of the interval that a step at `at` belongs to. `offset_ms`: of the local time.
TimeMs begin_of(Interval interval, TimeMs at, TimeMs offset_ms);

std::string day_name(TimeMs at, TimeMs offset_ms);  // "2026-11-21", of the local time

}  // namespace miniops::performance
