// Business time, case by case.
#include "calendar/business_time.hpp"

#include "calendar/tests/moments.hpp"
#include "calendar/time_zone.hpp"

namespace miniops::calendar {
namespace {

constexpr TimeMs never = -1;

// For tables: the moment, or `never`.
TimeMs due(const Calendar& calendar, TimeMs from, TimeMs ms) {
  return add_business(calendar, from, ms).value_or(never);
}

const Day sep27 = date(2026, 9, 27);  // a Sunday
const Day sep30 = date(2026, 9, 30);
const Day oct1 = date(2026, 10, 1);
const Day oct8 = date(2026, 10, 8);
const Day oct9 = date(2026, 10, 9);
const Day oct10 = date(2026, 10, 10);
const Day oct12 = date(2026, 10, 12);

// ---- China: no summer time ----

TEST(AddBusiness, OverLunchEveningAndNationalDay) {
  const Calendar shop = calendar(shop_days, national_day);
  struct {
    TimeMs from, ms, due;
  } const cases[] = {
      {china(sep30, 9, 0), 0, china(sep30, 9, 0)},
      {china(sep30, 9, 0), 1, china(sep30, 9, 0) + 1},
      {china(sep30, 9, 0), 3 * hour_ms, china(sep30, 12, 0)},
      {china(sep30, 9, 0), 3 * hour_ms + 1, china(sep30, 13, 30) + 1},
      {china(sep30, 12, 30), 0, china(sep30, 12, 30)},
      {china(sep30, 12, 30), -1, china(sep30, 12, 30)},
      {china(sep30, 12, 30), 10 * minute_ms, china(sep30, 13, 40)},
      {china(sep30, 17, 59) + 59'999, 1, china(sep30, 18, 0)},
      {china(sep30, 17, 59) + 59'999, 2, china(oct8, 9, 0) + 1},
      {china(sep30, 17, 0), hour_ms, china(sep30, 18, 0)},
      {china(sep30, 17, 0), 2 * hour_ms, china(oct8, 10, 0)},
      {china(oct1, 10, 0), hour_ms, china(oct8, 10, 0)},
      {china(oct9, 17, 30), hour_ms, china(oct10, 9, 30)},
      {china(oct10, 17, 30), hour_ms, china(oct12, 9, 30)},
      {china(sep27, 0, 0), 45 * hour_ms, china(oct10, 18, 0)},
  };
  for (const auto& one : cases) EXPECT_EQ(due(shop, one.from, one.ms), one.due) << one.from << " + " << one.ms;
}

TEST(BusinessBetween, NationalDay) {
  const Calendar shop = calendar(shop_days, national_day);
  struct {
    TimeMs from, to, ms;
  } const cases[] = {
      {china(sep27), china(oct12), 45 * hour_ms},     {china(oct1), china(oct8), 0},
      {china(oct1), china(oct8, 9, 0) + 5, 5},        {china(sep30, 11, 0), china(sep30, 14, 0), 90 * minute_ms},
      {china(sep30, 12, 0), china(sep30, 13, 30), 0}, {china(sep30, 10, 0), china(sep30, 10, 0), 0},
      {china(sep30, 11, 0), china(sep30, 10, 0), 0},
  };
  for (const auto& one : cases) EXPECT_EQ(business_between(shop, one.from, one.to), one.ms) << one.from;
}

TEST(NextOpen, NationalDay) {
  const Calendar shop = calendar(shop_days, national_day);
  EXPECT_EQ(next_open(shop, china(sep30, 10, 0) + 1), china(sep30, 10, 0) + 1);
  EXPECT_EQ(next_open(shop, china(sep30, 12, 0)), china(sep30, 13, 30));
  EXPECT_EQ(next_open(shop, china(sep30, 18, 0)), china(oct8, 9, 0));
  EXPECT_EQ(next_open(shop, china(oct10, 18, 0)), china(oct12, 9, 0));
}

TEST(OpenAt, ToTheMillisecond) {
  const Calendar shop = calendar(shop_days, national_day);
  EXPECT_FALSE(open_at(shop, china(sep30, 9, 0) - 1));
  EXPECT_TRUE(open_at(shop, china(sep30, 9, 0)));
  EXPECT_TRUE(open_at(shop, china(sep30, 12, 0) - 1));
  EXPECT_FALSE(open_at(shop, china(sep30, 12, 0)));
  EXPECT_FALSE(open_at(shop, china(oct1, 10, 0)));
  EXPECT_TRUE(open_at(shop, china(oct10, 10, 0)));
}

TEST(AddBusiness, ThroughTheNightBeforeAHoliday) {
  const Calendar night = calendar(nights, R"([{"date":"2026-10-01","name":"国庆节","spans":[]}])");
  EXPECT_EQ(due(night, china(sep30, 21, 0), 8 * hour_ms), china(oct1, 6, 0));
  EXPECT_EQ(due(night, china(sep30, 21, 0), 2 * hour_ms), china(oct1, 0, 0));
  EXPECT_EQ(due(night, china(oct1, 5, 0), 2 * hour_ms), china(date(2026, 10, 2), 23, 0));
  EXPECT_EQ(next_open(night, china(oct1, 6, 0)), china(date(2026, 10, 2), 22, 0));
  EXPECT_EQ(business_between(night, china(sep30), china(date(2026, 10, 3))), (6 + 2 + 6 + 2) * hour_ms);
}

TEST(BusinessBetween, SpansThatMeetOrOverlapCountOnce) {
  for (const std::string_view tuesday : {"06:00", "05:00", "00:00"}) {
    const Calendar week = calendar(
        fmt::format(R"({{"mon":[{{"from":"22:00","to":"06:00"}}],"tue":[{{"from":"{}","to":"12:00"}}]}})", tuesday));
    EXPECT_EQ(business_between(week, china(oct12), china(oct12 + std::chrono::days(7))), 14 * hour_ms) << tuesday;
    EXPECT_EQ(due(week, china(oct12, 22, 0), 14 * hour_ms), china(oct12, 36, 0)) << tuesday;
  }
}

// ---- always and never ----

TEST(AlwaysOpen, BusinessTimeIsTime) {
  const Calendar always = calendar("{}");
  const TimeMs from = china(sep30, 3, 0) + 7;
  EXPECT_TRUE(open_at(always, from));
  EXPECT_EQ(next_open(always, from), from);
  EXPECT_EQ(due(always, from, 1000 * day_ms + 1), from + 1000 * day_ms + 1);
  EXPECT_EQ(business_between(always, from, from + 1000 * day_ms), 1000 * day_ms);
}

TEST(AlwaysOpen, ButForItsHolidays) {
  const Calendar always = calendar("{}", R"([{"date":"2026-10-01","name":"国庆节","spans":[]}])");
  EXPECT_EQ(due(always, china(sep30, 23, 0), 2 * hour_ms), china(oct1, 25, 0));
  EXPECT_EQ(business_between(always, china(sep30), china(oct8)), 7 * day_ms);
  EXPECT_EQ(next_open(always, china(oct1, 1, 0)), china(oct1, 24, 0));
}

// Open for an hour on Mondays, but not on the given number of them from 12 October 2026 on.
Calendar closed_mondays(int count) {
  Calendar week = calendar(R"({"mon":[{"from":"09:00","to":"10:00"}]})");
  for (int i = 0; i < count; ++i) week.special.emplace(oct12 + std::chrono::days(7 * i), SpecialDay{"停业", {}});
  return week;
}

TEST(NeverOpen, IsWhatDoesNotOpenFor400Days) {
  const Calendar once = closed_mondays(57), never_again = closed_mondays(58);  // 399 and 406 days
  EXPECT_EQ(next_open(once, china(oct12)), china(oct12 + std::chrono::days(399), 9, 0));
  EXPECT_EQ(due(once, china(oct12), hour_ms), china(oct12 + std::chrono::days(399), 10, 0));
  EXPECT_EQ(next_open(never_again, china(oct12)), std::nullopt);
  EXPECT_EQ(due(never_again, china(oct12), 1), never);
  EXPECT_EQ(due(never_again, china(oct12), 0), china(oct12));
  EXPECT_EQ(due(never_again, china(oct12 - std::chrono::days(7)), hour_ms), china(oct12 - std::chrono::days(7), 10, 0));
  EXPECT_EQ(due(never_again, china(oct12 - std::chrono::days(7)), hour_ms + 1), never);
  EXPECT_EQ(business_between(never_again, china(oct12 - std::chrono::days(7)), china(oct12 + std::chrono::days(420))),
            3 * hour_ms)
      << "what is asked for is counted, whatever lies between";
}

TEST(NeverOpen, OutsideOfTheYearsOfCalendars) {
  constexpr TimeMs first = std::numeric_limits<TimeMs>::min(), last = std::numeric_limits<TimeMs>::max();
  const Calendar always = calendar("{}", "[]", "Pacific/Apia");
  EXPECT_FALSE(open_at(always, -1));
  EXPECT_TRUE(open_at(always, 0));
  EXPECT_TRUE(open_at(always, calendars_end - 1));
  EXPECT_FALSE(open_at(always, calendars_end));
  EXPECT_FALSE(open_at(always, first));
  EXPECT_FALSE(open_at(always, last));
  EXPECT_EQ(calendars_end, utc(date(2200, 1, 1)));
  EXPECT_EQ(business_between(always, first, last), calendars_end);
  EXPECT_EQ(business_between(always, calendars_end - 5, last), 5);
  EXPECT_EQ(due(always, 0, last), never);
  EXPECT_EQ(due(always, calendars_end - 5, 5), calendars_end);
  EXPECT_EQ(due(always, calendars_end - 5, 6), never);
  EXPECT_EQ(due(always, last, 1), never);
  EXPECT_EQ(due(always, first, 1), 1);
  EXPECT_EQ(next_open(always, first), 0);
  EXPECT_EQ(next_open(always, last), std::nullopt);
}

TEST(AddBusiness, Years) {
  const Calendar shop = calendar(shop_days);
  const Day monday = date(2026, 1, 5);
  for (const int weeks : {1, 52, 1040}) {
    const TimeMs worked = weeks * 75 * hour_ms / 2;
    const TimeMs friday = china(monday + std::chrono::days(7 * weeks - 3), 18, 0);
    EXPECT_EQ(due(shop, china(monday), worked), friday);
    EXPECT_EQ(business_between(shop, china(monday), friday), worked);
  }
}

// ---- summer time ----

Calendar berlin(std::string_view days) { return calendar(days, "[]", "Europe/Berlin"); }

// 2026-03-29: after 02:00 (01:00 UTC) comes 03:00.
TEST(SummerTime, AnHourThatIsMissingIsNotWorked) {
  const Day sunday = date(2026, 3, 29);
  const Calendar early = berlin(R"({"sun":[{"from":"01:00","to":"04:00"}]})");
  EXPECT_EQ(business_between(early, utc(sunday), utc(sunday, 12)), 2 * hour_ms);
  EXPECT_EQ(due(early, utc(sunday, 0, 30), hour_ms), utc(sunday, 1, 30));  // 01:30 → 03:30
  EXPECT_EQ(due(early, utc(sunday, 0, 30), 90 * minute_ms), utc(sunday, 2, 0));

  const Calendar missing = berlin(R"({"sun":[{"from":"02:00","to":"03:00"}]})");
  EXPECT_EQ(business_between(missing, utc(sunday), utc(sunday, 24)), 0);
  EXPECT_EQ(next_open(missing, utc(sunday)), utc(date(2026, 4, 5), 0, 0));
  for (TimeMs at = utc(sunday); at < utc(sunday, 4); at += minute_ms) EXPECT_FALSE(open_at(missing, at)) << at;

  const Calendar partly = berlin(R"({"sun":[{"from":"02:30","to":"03:30"}]})");
  EXPECT_EQ(next_open(partly, utc(sunday)), utc(sunday, 1, 0));
  EXPECT_EQ(business_between(partly, utc(sunday), utc(sunday, 24)), 30 * minute_ms);

  const Calendar night = berlin(R"({"sat":[{"from":"22:00","to":"06:00"}]})");
  EXPECT_EQ(business_between(night, utc(sunday, -12), utc(sunday, 12)), 7 * hour_ms);
  EXPECT_EQ(business_between(berlin("{}"), utc(sunday, -12), utc(sunday, 12)), 24 * hour_ms);
}

// 2026-10-25: after 03:00 (01:00 UTC) comes 02:00 once more.
TEST(SummerTime, AnHourThatComesTwiceIsWorkedTwice) {
  const Day sunday = date(2026, 10, 25);
  const Calendar early = berlin(R"({"sun":[{"from":"01:00","to":"04:00"}]})");
  EXPECT_EQ(business_between(early, utc(sunday, -2), utc(sunday, 12)), 4 * hour_ms);
  EXPECT_EQ(due(early, utc(sunday, 0, 30), hour_ms), utc(sunday, 1, 30));  // 02:30 → 02:30

  const Calendar twice = berlin(R"({"sun":[{"from":"02:00","to":"02:30"}]})");
  EXPECT_EQ(business_between(twice, utc(sunday, -2), utc(sunday, 12)), hour_ms);
  EXPECT_EQ(due(twice, utc(sunday, 0, 0), 40 * minute_ms), utc(sunday, 1, 10));
  EXPECT_EQ(next_open(twice, utc(sunday, 0, 30)), utc(sunday, 1, 0));
  EXPECT_TRUE(open_at(twice, utc(sunday, 0, 29)));
  EXPECT_FALSE(open_at(twice, utc(sunday, 0, 59)));
  EXPECT_TRUE(open_at(twice, utc(sunday, 1, 29)));
  EXPECT_FALSE(open_at(twice, utc(sunday, 1, 30)));

  const Calendar night = berlin(R"({"sat":[{"from":"22:00","to":"06:00"}]})");
  EXPECT_EQ(business_between(night, utc(sunday, -12), utc(sunday, 12)), 9 * hour_ms);
}

TEST(SummerTime, AtMidnight) {
  // São Paulo, 2018-11-04: after 24:00 (03:00 UTC) comes 01:00. 2018-02-17: after 24:00 (02:00 UTC) comes 23:00.
  const Calendar short_day = calendar(R"({"sun":[{"from":"00:00","to":"02:00"}]})", "[]", "America/Sao_Paulo");
  const Day spring = date(2018, 11, 4);
  EXPECT_EQ(business_between(short_day, utc(spring), utc(spring, 24)), hour_ms);
  EXPECT_EQ(next_open(short_day, utc(spring)), utc(spring, 3));
  const Calendar long_day = calendar(R"({"sat":[{"from":"22:00","to":"24:00"}]})", "[]", "America/Sao_Paulo");
  const Day autumn = date(2018, 2, 18);
  EXPECT_EQ(business_between(long_day, utc(autumn), utc(autumn, 24)), 3 * hour_ms);
}

TEST(SummerTime, ADateThatNeverWas) {  // Samoa went from Thursday 29 to Saturday 31 December 2011
  const Calendar fridays = calendar(R"({"fri":[{"from":"00:00","to":"24:00"}]})", "[]", "Pacific/Apia");
  EXPECT_EQ(business_between(fridays, utc(date(2011, 12, 26)), utc(date(2012, 1, 4))), 0);
  EXPECT_EQ(next_open(fridays, utc(date(2011, 12, 26))), utc(date(2012, 1, 5), 10));
}

// ---- the zone's own ----

TEST(DayStart, IsTheFirstMomentOfTheDay) {
  EXPECT_EQ(day_start("Asia/Shanghai", china(oct1, 17, 5)), china(oct1));
  EXPECT_EQ(day_start("Asia/Shanghai", china(oct1)), china(oct1));
  EXPECT_EQ(day_start("Asia/Shanghai", china(oct1) - 1), china(sep30));
  EXPECT_EQ(day_start("Europe/Berlin", utc(date(2026, 10, 25), 12)), utc(date(2026, 10, 24), 22));
  EXPECT_EQ(day_start("America/Sao_Paulo", utc(date(2018, 11, 4), 12)), utc(date(2018, 11, 4), 3)) << "no midnight";
  EXPECT_EQ(day_start("Mars/Olympus", china(oct1, 17, 5)), china(oct1));
}

TEST(WallClock, SaysHowLongItHolds) {
  const WallClock summer = wall_clock("Europe/Berlin", utc(date(2026, 10, 25), 0, 59));
  EXPECT_EQ(summer.offset_ms, 2 * hour_ms);
  EXPECT_EQ(summer.until, utc(date(2026, 10, 25), 1));
  EXPECT_EQ(wall_clock("Europe/Berlin", summer.until).offset_ms, hour_ms);
  EXPECT_EQ(wall_clock("localtime", utc(oct1)).offset_ms, 8 * hour_ms) << "an unknown zone is China's";
  EXPECT_GT(wall_clock("Asia/Shanghai", utc(oct1)).until, calendars_end);
}

}  // namespace
}  // namespace miniops::calendar
