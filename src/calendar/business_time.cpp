#include "calendar/business_time.hpp"

#include "calendar/time_zone.hpp"

namespace miniops::calendar {

namespace {

using std::chrono::milliseconds;
using LocalTime = std::chrono::local_time<milliseconds>;

LocalTime local_time(TimeMs at, TimeMs offset_ms) { return LocalTime(milliseconds(at + offset_ms)); }

TimeMs moment_of(LocalTime local, TimeMs offset_ms) { return local.time_since_epoch().count() - offset_ms; }

struct Stretch {
  TimeMs from = 0;
  TimeMs to = 0;
};

// The open stretches from a moment on, in order; none overlaps with another. Each ends at midnight or where the clock
// is changed, at the latest; the next one may begin there.
class Stretches {
 public:
  Stretches(const Calendar& calendar, TimeMs from)
      : calendar_(calendar), at_(std::clamp(from, calendars_begin, calendars_end)) {}

  // How far was looked.
  TimeMs at() const { return at_; }

  // The next one, when it begins before `until`.
  std::optional<Stretch> next(TimeMs until) {
    until = std::min(until, calendars_end);
    while (at_ < until) {
      if (at_ >= clock_.until) read_clock();
      const Day day = std::chrono::floor<std::chrono::days>(local_time(at_, clock_.offset_ms));
      if (const auto stretch = next_of(day)) {
        if (stretch->from >= until) return std::nullopt;
        at_ = stretch->to;
        return stretch;
      }
      at_ = std::min(clock_.until, moment_of(day + std::chrono::days(1), clock_.offset_ms));
    }
    return std::nullopt;
  }

 private:
  void read_clock() {
    clock_ = wall_clock(calendar_.time_zone, at_);
    clock_.until = std::min(clock_.until, calendars_end);
  }

  // The first after `at_` on that day, as long as the clock is not changed.
  std::optional<Stretch> next_of(Day day) const {
    for (const Span& span : open_within(calendar_, day)) {
      const TimeMs from = moment_of(day + std::chrono::minutes(span.from), clock_.offset_ms);
      const TimeMs to = moment_of(day + std::chrono::minutes(span.to), clock_.offset_ms);
      const Stretch left{std::max(from, at_), std::min(to, clock_.until)};
      if (left.from < left.to) return left;
    }
    return std::nullopt;
  }

  const Calendar& calendar_;
  WallClock clock_{};
  TimeMs at_;
};

}  // namespace

bool open_at(const Calendar& calendar, TimeMs at) {
  if (at < calendars_begin || at >= calendars_end) return false;
  const LocalTime local = local_time(at, wall_clock(calendar.time_zone, at).offset_ms);
  const Day day = std::chrono::floor<std::chrono::days>(local);
  const auto minute = std::chrono::floor<std::chrono::minutes>(local - day).count();
  return std::ranges::any_of(open_within(calendar, day),
                             [&](const Span& span) { return span.from <= minute && minute < span.to; });
}

std::optional<TimeMs> next_open(const Calendar& calendar, TimeMs from) {
  Stretches open(calendar, from);
  const auto first = open.next(open.at() + closed_max_ms);
  return first ? std::optional(first->from) : std::nullopt;
}

std::optional<TimeMs> add_business(const Calendar& calendar, TimeMs from, TimeMs ms) {
  if (ms <= 0) return from;
  Stretches open(calendar, from);
  while (const auto stretch = open.next(open.at() + closed_max_ms)) {
    const TimeMs length = stretch->to - stretch->from;
    if (ms <= length) return stretch->from + ms;
    ms -= length;
  }
  return std::nullopt;
}

TimeMs business_between(const Calendar& calendar, TimeMs from, TimeMs to) {
  TimeMs total = 0;
  Stretches open(calendar, from);
  while (const auto stretch = open.next(to)) total += std::min(stretch->to, to) - stretch->from;
  return total;
}

}  // namespace miniops::calendar
