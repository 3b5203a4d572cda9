// Business time 工作时间: time as a calendar counts it. Pure; any thread.
//
// The clock on the wall decides what is open, real milliseconds are counted: in a night with a change of summer time an
// hour that is missing is not worked, one that comes twice is worked twice.
#pragma once

#include <optional>

#include "base/clock.hpp"
#include "calendar/calendar.hpp"

namespace miniops::calendar {

// Outside of these years every calendar is closed, so that no question is without end.
inline constexpr TimeMs calendars_begin = 0;            // 1970-01-01, UTC
inline constexpr TimeMs calendars_end = 7258118400000;  // 2200-01-01, UTC

// A calendar that is closed for so long is taken for one that never opens again.
inline constexpr TimeMs closed_max_ms = 400 * day_ms;

bool open_at(const Calendar& calendar, TimeMs at);

// `from` itself when it is open then; nullopt: it never opens again.
std::optional<TimeMs> next_open(const Calendar& calendar, TimeMs from);

// The first moment by which `ms` of business time have passed since `from`: the end of a span rather than the beginning
// of the next; `from` itself when ms <= 0. nullopt: it never opens again before that.
std::optional<TimeMs> add_business(const Calendar& calendar, TimeMs from, TimeMs ms);

// How much of the time from `from` until `to` is business time; 0 when to <= from.
TimeMs business_between(const Calendar& calendar, TimeMs from, TimeMs to);

}  // namespace miniops::calendar
