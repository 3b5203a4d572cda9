// Days as numbers, 20260314, so that tables and SQL can group by them whatever time zone made them. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"

namespace miniops::satisfaction {

// The day that a clock shows which is `offset_ms` ahead of UTC.
std::int64_t day_at(TimeMs at, TimeMs offset_ms);

// "2026-03-14" and back; nullopt unless it is a day of the calendar.
std::optional<std::int64_t> parse_day(std::string_view text);
std::string day_text(std::int64_t day);

// How many days from one to the other, both counted; under 1 when `to` lies before `from`.
std::int64_t days_between(std::int64_t from, std::int64_t to);

// Monday and Sunday; `over` is the midnight after it, by UTC.
struct Week {
  std::int64_t first = 0, last = 0;
  TimeMs over = 0;
  bool operator==(const Week&) const = default;
};
// Those that lie in these days as a whole.
std::vector<Week> weeks_within(std::int64_t from, std::int64_t to);

}  // namespace miniops::satisfaction
