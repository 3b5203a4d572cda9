// Time zones by their IANA names, from the system's database. An unknown one counts as Asia/Shanghai. Any thread.
#pragma once

#include <string_view>

#include "base/clock.hpp"

namespace miniops::calendar {

bool known_time_zone(std::string_view name);

// What the clock on the wall shows at a moment: UTC and `offset_ms`, until that changes next.
struct WallClock {
  TimeMs offset_ms = 0;
  TimeMs until = 0;
};
WallClock wall_clock(std::string_view time_zone, TimeMs at);

// The first moment of the day of `at` in that zone.
TimeMs day_start(std::string_view time_zone, TimeMs at);

}  // namespace miniops::calendar
