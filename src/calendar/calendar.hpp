// The working calendar 工作日历: when is worked. Weekly hours in a time zone, and the dates on which they do not hold:
// holidays 节假日 and 调休 working days. A value; pure.
#pragma once

#include <array>
#include <boost/json/object.hpp>
#include <chrono>
#include <map>
#include <string>
#include <variant>
#include <vector>

#include "base/error.hpp"
#include "base/json.hpp"

namespace miniops::calendar {

// A date where the calendar is.
using Day = std::chrono::local_days;
inline constexpr int day_minutes = 24 * 60;

// Minutes of the day. from < to: within the day; from >= to: until `to` of the next day (24 hours when equal).
// `to` may be 1440 (24:00). A span belongs to the day on which it begins.
struct Span {
  int from = 0;
  int to = 0;
  bool runs_over_midnight() const { return from >= to; }
  bool operator==(const Span&) const = default;
};

// A date that does not go by its weekday.
struct SpecialDay {
  std::string name{};
  // Spans of its own (none: closed), or the weekday that it works like (调休).
  std::variant<std::vector<Span>, std::chrono::weekday> works{};
  bool operator==(const SpecialDay&) const = default;
};

struct Calendar {
  std::string time_zone = "Asia/Shanghai";
  // Monday first. A week without any span is open round the clock; its special days hold all the same.
  std::array<std::vector<Span>, 7> days{};
  std::map<Day, SpecialDay> special{};
  bool operator==(const Calendar&) const = default;
};

// What is open between midnight and midnight of that date, also of spans that began the day before. In order, apart
// from each other, from < to <= 1440.
std::vector<Span> open_within(const Calendar& calendar, Day day);

// {time_zone, days: {mon: [{from: "09:00", to: "12:00"}, …], …},
//  special: [{date: "2026-10-01", name: "国庆节", spans: []}, {date: "2026-10-10", name: "调休", as: "fri"}, …]}
boost::json::object to_json(const Calendar& calendar);
// Fails with request.invalid, which points at what is wrong: zone unknown, times or dates malformed, spans of a day
// overlapping (over midnight into the next day they may), more than 8 spans a day or 400 special days, a date twice.
Result<Calendar> parse_calendar(const boost::json::value& body);

}  // namespace miniops::calendar
