// The working time that clocks go by: a calendar with a name for it, so that a clock that runs keeps the calendar that
// it was started with. Immutable, made once (by whoever caches the groups' calendars) and shared. Any thread.
#pragma once

#include <memory>
#include <string>

#include "base/clock.hpp"
#include "calendar/calendar.hpp"

namespace miniops::service_levels {

struct Hours {
  std::string key{};  // a hash of the calendar's form; empty: all time counts
  calendar::Calendar calendar{};
};
using SharedHours = std::shared_ptr<const Hours>;

SharedHours make_hours(calendar::Calendar calendar);
const SharedHours& round_the_clock();
// In days since 1970, where the calendar is.
std::int64_t day_of(const Hours& hours, TimeMs at);

}  // namespace miniops::service_levels
