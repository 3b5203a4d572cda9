// Working hours 工作时间: several spans a day in a time zone; a span may run over midnight ("22:00"–"06:00"). Pure.
#pragma once

#include <array>
#include <boost/json/object.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/json.hpp"

namespace miniops::desk {

// Minutes of the day. from < to: within the day; from >= to: until `to` of the next day (24 hours when equal).
// `to` may be 1440 (24:00).
struct Span {
  int from = 0;
  int to = 0;
};

struct Hours {
  std::string time_zone = "Asia/Shanghai";
  std::array<std::vector<Span>, 7> days{};  // Monday first

  bool always_open() const;  // without any span on any day
};

bool known_time_zone(std::string_view name);

// Local wall-clock time decides: in a night with a change of summer time, an hour that is missing is not worked, one
// that comes twice is worked twice.
bool open_at(const Hours& hours, TimeMs at);

// The first moment of the day of `at` in that zone; an unknown zone counts as Asia/Shanghai.
TimeMs day_start(std::string_view time_zone, TimeMs at);

// {time_zone, days: {mon: [{from: "09:00", to: "12:00"}, …], …}}
boost::json::object to_json(const Hours& hours);
// Fails with request.invalid: zone unknown, times malformed, spans of a day overlapping.
Result<Hours> parse_hours(const boost::json::value& body);

}  // namespace miniops::desk
