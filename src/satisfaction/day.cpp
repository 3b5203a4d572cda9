#include "satisfaction/day.hpp"

#include <algorithm>
#include <chrono>

namespace miniops::satisfaction {

namespace {

using namespace std::chrono;

std::int64_t number_of(const year_month_day& day) {
  return std::int64_t{static_cast<int>(day.year())} * 10000 + static_cast<unsigned>(day.month()) * 100 +
         static_cast<unsigned>(day.day());
}

year_month_day calendar_day(std::int64_t number) {
  return {year(static_cast<int>(number / 10000)), month(static_cast<unsigned>(number / 100 % 100)),
          day(static_cast<unsigned>(number % 100))};
}

}  // namespace

std::int64_t day_at(TimeMs at, TimeMs offset_ms) {
  return number_of(floor<days>(sys_time<milliseconds>(milliseconds(at + offset_ms))));
}

std::optional<std::int64_t> parse_day(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  std::int64_t number = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (i == 4 || i == 7) continue;
    if (text[i] < '0' || text[i] > '9') return std::nullopt;
    number = number * 10 + (text[i] - '0');
  }
  return calendar_day(number).ok() ? std::optional(number) : std::nullopt;
}

std::string day_text(std::int64_t day) {
  return fmt::format("{:04}-{:02}-{:02}", day / 10000, day / 100 % 100, day % 100);
}

std::int64_t days_between(std::int64_t from, std::int64_t to) {
  return (sys_days(calendar_day(to)) - sys_days(calendar_day(from))).count() + 1;
}

std::vector<Week> weeks_within(std::int64_t from, std::int64_t to) {
  const sys_days first(calendar_day(from)), last(calendar_day(to));
  std::vector<Week> out;
  for (sys_days monday = first + (Monday - weekday(first)); monday + days(6) <= last; monday += weeks(1))
    out.push_back({number_of(monday), number_of(monday + days(6)),
                   duration_cast<milliseconds>((monday + weeks(1)).time_since_epoch()).count()});
  return out;
}

}  // namespace miniops::satisfaction
