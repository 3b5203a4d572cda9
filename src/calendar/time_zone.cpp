#include "calendar/time_zone.hpp"

#include <date/tz.h>

#include <stdexcept>

namespace miniops::calendar {

namespace {

using std::chrono::milliseconds;

date::sys_time<milliseconds> moment(TimeMs at) { return date::sys_time<milliseconds>(milliseconds(at)); }

// The library also knows "localtime", whatever this machine's zone is; it would be another one elsewhere. The name of a
// zone begins with a capital.
const date::time_zone* find_zone(std::string_view name) {
  if (name.empty() || name.front() < 'A' || name.front() > 'Z') return nullptr;
  try {
    return date::locate_zone(name);
  } catch (const std::runtime_error&) {
    return nullptr;
  }
}

const date::time_zone& zone_or_default(std::string_view name) {
  const date::time_zone* zone = find_zone(name);
  return zone != nullptr ? *zone : *date::locate_zone("Asia/Shanghai");
}

}  // namespace

bool known_time_zone(std::string_view name) { return find_zone(name) != nullptr; }

WallClock wall_clock(std::string_view time_zone, TimeMs at) {
  const date::sys_info info = zone_or_default(time_zone).get_info(moment(at));
  return {milliseconds(info.offset).count(), milliseconds(info.end.time_since_epoch()).count()};
}

TimeMs day_start(std::string_view time_zone, TimeMs at) {
  const date::time_zone& zone = zone_or_default(time_zone);
  const date::local_time<milliseconds> midnight = date::floor<date::days>(zone.to_local(moment(at)));
  return zone.to_sys(midnight, date::choose::earliest).time_since_epoch().count();
}

}  // namespace miniops::calendar
