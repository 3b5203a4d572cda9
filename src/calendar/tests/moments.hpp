// Moments and calendars as tests write them.
#pragma once

#include <gmock/gmock.h>

#include "base/clock.hpp"
#include "calendar/calendar.hpp"

namespace miniops::calendar {

inline Day date(int year, unsigned month, unsigned day) {
  return Day(std::chrono::year_month_day(std::chrono::year(year), std::chrono::month(month), std::chrono::day(day)));
}

inline TimeMs utc(Day day, int hour = 0, int minute = 0) {
  return day.time_since_epoch().count() * day_ms + hour * hour_ms + minute * minute_ms;
}

inline TimeMs china(Day day, int hour = 0, int minute = 0) { return utc(day, hour, minute) - 8 * hour_ms; }

inline Calendar calendar(std::string_view days, std::string_view special = "[]",
                         std::string_view zone = "Asia/Shanghai") {
  const auto parsed =
      parse_calendar(json::parse(fmt::format(R"({{"time_zone":"{}","days":{},"special":{}}})", zone, days, special)));
  if (!parsed) throw std::runtime_error(parsed.error().fields.at(0).pointer);
  return *parsed;
}

// A shop with a lunch break, Monday to Friday: 7.5 hours a day.
inline constexpr std::string_view shop_days =
    R"({"mon":[{"from":"09:00","to":"12:00"},{"from":"13:30","to":"18:00"}],
        "tue":[{"from":"09:00","to":"12:00"},{"from":"13:30","to":"18:00"}],
        "wed":[{"from":"09:00","to":"12:00"},{"from":"13:30","to":"18:00"}],
        "thu":[{"from":"09:00","to":"12:00"},{"from":"13:30","to":"18:00"}],
        "fri":[{"from":"09:00","to":"12:00"},{"from":"13:30","to":"18:00"}]})";

// The National Day week of 2026: off from Thursday 1 to Wednesday 7 October; 20 September, a Sunday, and 10 October, a
// Saturday, are worked.
inline constexpr std::string_view national_day =
    R"([{"date":"2026-09-20","name":"国庆节调休","as":"thu"},
        {"date":"2026-10-01","name":"国庆节","spans":[]}, {"date":"2026-10-02","name":"国庆节","spans":[]},
        {"date":"2026-10-03","name":"国庆节","spans":[]}, {"date":"2026-10-04","name":"国庆节","spans":[]},
        {"date":"2026-10-05","name":"国庆节","spans":[]}, {"date":"2026-10-06","name":"国庆节","spans":[]},
        {"date":"2026-10-07","name":"国庆节","spans":[]},
        {"date":"2026-10-10","name":"国庆节调休","as":"fri"}])";

// Every night from 22:00 to 06:00.
inline constexpr std::string_view nights =
    R"({"mon":[{"from":"22:00","to":"06:00"}],"tue":[{"from":"22:00","to":"06:00"}],
        "wed":[{"from":"22:00","to":"06:00"}],"thu":[{"from":"22:00","to":"06:00"}],
        "fri":[{"from":"22:00","to":"06:00"}],"sat":[{"from":"22:00","to":"06:00"}],
        "sun":[{"from":"22:00","to":"06:00"}]})";

}  // namespace miniops::calendar
