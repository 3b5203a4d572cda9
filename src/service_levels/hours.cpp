#include "service_levels/hours.hpp"

#include "base/encoding.hpp"
#include "calendar/time_zone.hpp"

namespace miniops::service_levels {

SharedHours make_hours(calendar::Calendar calendar) {
  std::string key = hex(sha256(json::serialize(calendar::to_json(calendar))));
  return std::make_shared<const Hours>(Hours{std::move(key), std::move(calendar)});
}

const SharedHours& round_the_clock() {
  static const SharedHours always = std::make_shared<const Hours>();  // a week without spans never closes
  return always;
}

std::int64_t day_of(const Hours& hours, TimeMs at) {
  const std::chrono::milliseconds local(at + calendar::wall_clock(hours.calendar.time_zone, at).offset_ms);
  return std::chrono::floor<std::chrono::days>(local).count();
}

}  // namespace miniops::service_levels
