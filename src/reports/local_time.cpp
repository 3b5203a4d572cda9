#include "reports/local_time.hpp"

#include <fmt/format.h>

#include <chrono>

#include "calendar/time_zone.hpp"

namespace miniops::reports {

namespace {

using std::chrono::days;
using std::chrono::sys_days;
using std::chrono::year_month_day;

std::int64_t day_of(TimeMs local) { return local >= 0 ? local / day_ms : (local - day_ms + 1) / day_ms; }

year_month_day date_of(std::int64_t day) { return sys_days(days(day)); }
std::int64_t number_of(const year_month_day& date) { return sys_days(date).time_since_epoch().count(); }

// The first day of the week or month that `day` is in; and of the next one.
std::int64_t first_day(Interval interval, std::int64_t day) {
  if (interval == Interval::week) return day - (day + 3) % 7;  // day 0 was a Thursday
  const year_month_day date = date_of(day);
  return interval == Interval::month ? number_of(date.year() / date.month() / 1) : day;
}
std::int64_t next_day(Interval interval, std::int64_t first) {
  if (interval == Interval::week) return first + 7;
  return interval == Interval::month ? number_of(date_of(first) + std::chrono::months(1)) : first + 1;
}

}  // namespace

TimeMs LocalTime::local(TimeMs at) {
  if (at < from_ || at >= until_) {
    const calendar::WallClock clock = calendar::wall_clock(time_zone_, at);
    offset_ms_ = clock.offset_ms;
    from_ = at;
    until_ = clock.until;
  }
  return at + offset_ms_;
}

TimeMs LocalTime::midnight(std::int64_t day) const {
  const TimeMs about = day * day_ms;
  const TimeMs noon = about - calendar::wall_clock(time_zone_, about).offset_ms + day_ms / 2;
  return calendar::day_start(time_zone_, noon);
}

int LocalTime::hour(TimeMs at) {
  const TimeMs there = local(at);
  return static_cast<int>((there - day_of(there) * day_ms) / hour_ms);
}

TimeMs LocalTime::begin(Interval interval, TimeMs at) {
  if (interval == Interval::none) return 0;
  const TimeMs there = local(at);
  if (interval == Interval::hour) return at - (there - day_of(there) * day_ms) % hour_ms;
  const std::int64_t day = first_day(interval, day_of(there));
  if (!day_known_ || day != day_) {
    day_ = day;
    day_begin_ = midnight(day);
    day_known_ = true;
  }
  return day_begin_;
}

TimeMs LocalTime::end(Interval interval, TimeMs at) {
  if (interval == Interval::none) return 0;
  if (interval == Interval::hour) return begin(interval, at) + hour_ms;
  return midnight(next_day(interval, first_day(interval, day_of(local(at)))));
}

std::string LocalTime::text(TimeMs at) {
  const TimeMs there = local(at);
  const year_month_day date = date_of(day_of(there));
  const TimeMs minutes = (there - day_of(there) * day_ms) / minute_ms;
  return fmt::format("{:04}-{:02}-{:02} {:02}:{:02}", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), minutes / 60,
                     minutes % 60);
}

}  // namespace miniops::reports
