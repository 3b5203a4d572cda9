// One clock: cases on the calendar of a shop, and what holds for any.
#include "service_levels/clock.hpp"

#include "base/random.hpp"
#include "calendar/business_time.hpp"
#include "calendar/tests/moments.hpp"

namespace miniops::service_levels::clock_test {
namespace {

using calendar::Calendar;
using calendar::china;
using calendar::date;
using calendar::utc;

const calendar::Day sep30 = date(2026, 9, 30);  // a Wednesday, before the National Day week
const calendar::Day oct8 = date(2026, 10, 8);
const Calendar shop = calendar::calendar(calendar::shop_days, calendar::national_day);
const Calendar always;

ServiceClock started(TimeMs at, TimeMs target_ms, const Calendar& calendar, int half = 50, int most = 80) {
  ServiceClock clock;
  clock.started_at = at;
  clock.target_ms = target_ms;
  clock.half_percent = half;
  clock.most_percent = most;
  start(clock, calendar);
  return clock;
}

// When it is due, and when each level is told if it is looked at no earlier than it asks for.
struct Moments {
  TimeMs due = 0, half = 0, most = 0, breached = 0;
  bool operator==(const Moments&) const = default;
};
std::ostream& operator<<(std::ostream& out, const Moments& m) {
  return out << m.due << ": " << m.half << ", " << m.most << ", " << m.breached;
}
Moments moments(ServiceClock clock, const Calendar& calendar) {
  Moments out{.due = clock.due_at};
  while (clock.next_at != 0) {
    const TimeMs at = clock.next_at;
    const Level told = warn(clock, calendar, at);
    (told == Level::half ? out.half : told == Level::most ? out.most : out.breached) = at;
  }
  return out;
}

TEST(ServiceClock, WarnsAndIsDueInWorkingTime) {
  const Calendar berlin = calendar::calendar(R"({"sun":[{"from":"01:00","to":"05:00"}]})", "[]", "Europe/Berlin");
  const calendar::Day spring = date(2026, 3, 29), autumn = date(2026, 10, 25);
  const auto at = [](int hour, int minute) { return china(sep30, hour, minute); };
  struct {
    const char* name;
    const Calendar& calendar;
    TimeMs from, target_ms;
    Moments moments;
  } const cases[] = {
      {"all time", always, at(11, 0), 100 * minute_ms, {at(12, 40), at(11, 50), at(12, 20), at(12, 40)}},
      {"over lunch", shop, at(11, 0), 2 * hour_ms, {at(14, 30), at(12, 0), at(14, 6), at(14, 30)}},
      {"from lunch", shop, at(12, 30), hour_ms, {at(14, 30), at(14, 0), at(14, 18), at(14, 30)}},
      {"over the holiday",
       shop,
       at(17, 0),
       2 * hour_ms,
       {china(oct8, 10, 0), at(18, 0), china(oct8, 9, 36), china(oct8, 10, 0)}},
      {"an hour is missing",
       berlin,
       utc(spring, 0, 30),
       2 * hour_ms,
       {utc(spring, 2, 30), utc(spring, 1, 30), utc(spring, 2, 6), utc(spring, 2, 30)}},
      {"an hour comes twice",
       berlin,
       utc(autumn, -1, 30),
       4 * hour_ms,
       {utc(autumn, 3, 30), utc(autumn, 1, 30), utc(autumn, 2, 42), utc(autumn, 3, 30)}},
  };
  for (const auto& one : cases)
    EXPECT_EQ(moments(started(one.from, one.target_ms, one.calendar), one.calendar), one.moments) << one.name;
}

TEST(ServiceClock, WarningsCanBeSwitchedOff) {
  const TimeMs t = china(sep30, 9, 0);
  const Moments none{t + hour_ms, 0, 0, t + hour_ms}, second{t + hour_ms, 0, t + 54 * minute_ms, t + hour_ms};
  EXPECT_EQ(moments(started(t, hour_ms, always, 0, 0), always), none);
  EXPECT_EQ(moments(started(t, hour_ms, always, 0, 90), always), second);
}

TEST(ServiceClock, APauseDoesNotCount) {
  ServiceClock clock = started(china(sep30, 11, 0), 2 * hour_ms, shop);
  pause(clock, shop, pause_parked, china(sep30, 11, 30));
  EXPECT_EQ(clock.due_at, 0);
  EXPECT_EQ(clock.next_at, 0);
  pause(clock, shop, pause_customer, china(sep30, 13, 45));
  resume(clock, shop, pause_parked, china(sep30, 14, 0));
  EXPECT_FALSE(clock.runs()) << "it is the customer's turn still";
  EXPECT_EQ(remaining(clock, shop, china(sep30, 15, 0)), 90 * minute_ms);
  resume(clock, shop, pause_customer, china(sep30, 15, 0));
  EXPECT_EQ(clock.due_at, china(sep30, 16, 30));
  resume(clock, shop, pause_customer, china(sep30, 16, 0));
  EXPECT_EQ(clock.due_at, china(sep30, 16, 30)) << "it ran already";
  EXPECT_EQ(remaining(clock, shop, china(sep30, 16, 0)), 30 * minute_ms);
}

TEST(ServiceClock, IsBreachedWhenAllOfItIsUsed) {
  const TimeMs t = china(sep30, 9, 0);
  struct {
    TimeMs stopped_after;
    TimeMs breached_at;
    Level level;
  } const cases[] = {{30 * minute_ms - 1, 0, Level::none},
                     {30 * minute_ms, 0, Level::half},
                     {hour_ms - 1, 0, Level::most},
                     {hour_ms, t + hour_ms, Level::breached},
                     {5 * hour_ms, t + hour_ms, Level::breached}};
  for (const auto& one : cases) {
    ServiceClock clock = started(t, hour_ms, always);
    stop(clock, always, End::answered, t + one.stopped_after);
    EXPECT_EQ(clock.breached_at, one.breached_at) << one.stopped_after;
    EXPECT_EQ(level(clock), one.level) << one.stopped_after;
    EXPECT_EQ(clock.used_ms, one.stopped_after);
    EXPECT_EQ(clock.next_at, 0);
    stop(clock, always, End::closed, t + 9 * hour_ms);
    EXPECT_EQ(clock.end, End::answered) << "it stops once";
  }
}

TEST(ServiceClock, AfterALongSleepOnlyTheNewestLevelIsTold) {
  const TimeMs t = china(sep30, 9, 0);
  struct {
    TimeMs after;
    Level told;
    TimeMs next;
  } const cases[] = {{30 * minute_ms - 1, Level::none, t + 30 * minute_ms},
                     {30 * minute_ms, Level::half, t + 48 * minute_ms},
                     {50 * minute_ms, Level::most, t + hour_ms},
                     {day_ms, Level::breached, 0}};
  for (const auto& one : cases) {
    ServiceClock clock = started(t, hour_ms, always);
    EXPECT_EQ(warn(clock, always, t + one.after), one.told);
    EXPECT_EQ(warn(clock, always, t + one.after), Level::none) << "told once";
    EXPECT_EQ(clock.next_at, one.next);
  }
}

TEST(ServiceClock, WhatAPauseHidIsToldWhenItRunsOn) {
  const TimeMs t = china(sep30, 9, 0);
  ServiceClock clock = started(t, hour_ms, always);
  pause(clock, always, pause_parked, t + 2 * hour_ms);
  EXPECT_EQ(clock.breached_at, t + hour_ms);
  EXPECT_EQ(warn(clock, always, t + 3 * hour_ms), Level::none);
  EXPECT_EQ(level_shown(clock, t + 3 * hour_ms), Level::breached);
  resume(clock, always, pause_parked, t + 4 * hour_ms);
  EXPECT_EQ(warn(clock, always, t + 4 * hour_ms), Level::breached);
  EXPECT_EQ(clock.due_at, t + hour_ms);
}

TEST(ServiceClock, RunsOnWhereItStopped) {
  const TimeMs t = china(sep30, 9, 0);
  ServiceClock clock = started(t, hour_ms, always);
  pause(clock, always, pause_customer, t + 10 * minute_ms);
  stop(clock, always, End::closed, t + 20 * minute_ms);
  take_up(clock, always, t + 5 * hour_ms);
  EXPECT_TRUE(clock.runs());
  EXPECT_EQ(clock.due_at, t + 5 * hour_ms + 50 * minute_ms);
}

TEST(ServiceClock, IsAsIfItHadNotBeenStopped) {
  const TimeMs t = china(sep30, 9, 0);
  ServiceClock clock = started(t, hour_ms, always);
  stop(clock, always, End::closed, t + 10 * minute_ms);
  undo_stop(clock);
  stop(clock, always, End::answered, t + 12 * minute_ms);
  EXPECT_EQ(clock.used_ms, 12 * minute_ms);
  EXPECT_EQ(clock.end, End::answered);
}

TEST(ServiceClock, TimeDoesNotRunBackwards) {
  const TimeMs t = china(sep30, 9, 0);
  ServiceClock clock = started(t, hour_ms, always);
  pause(clock, always, pause_customer, t - minute_ms);
  EXPECT_EQ(clock.used_ms, 0);
  resume(clock, always, pause_customer, t - minute_ms);
  EXPECT_EQ(clock.due_at, t + hour_ms);
  stop(clock, always, End::answered, t - minute_ms);
  EXPECT_EQ(clock.stopped_at, t);
  EXPECT_EQ(clock.breached_at, 0);
}

TEST(ServiceClock, ThatNeverComesIsNeverDue) {
  const TimeMs t = utc(date(2199, 12, 31), 23, 0);
  const ServiceClock clock = started(t, 2 * hour_ms, always);
  EXPECT_EQ(clock.due_at, 0);
  EXPECT_EQ(clock.next_at, utc(date(2199, 12, 31), 24, 0)) << "half of it is there";
}

// ---- any clock ----

class AnyClock : public testing::TestWithParam<int> {
 protected:
  static Calendar some(int which) {
    switch (which) {
      case 0:
        return shop;
      case 1:
        return calendar::calendar(calendar::nights, "[]", "Europe/Berlin");
      case 2:
        return calendar::calendar(calendar::shop_days, calendar::national_day, "America/New_York");
      case 3:
        return calendar::calendar(R"({"sun":[{"from":"00:00","to":"03:30"}],"mon":[{"from":"23:00","to":"02:30"}]})",
                                  "[]", "Australia/Lord_Howe");
      default:
        return {};
    }
  }
  TimeMs below(TimeMs bound) { return static_cast<TimeMs>(random_.below(static_cast<std::uint64_t>(bound))); }
  // Around both changes of summer time.
  TimeMs moment() { return utc(below(2) == 0 ? date(2026, 3, 20) : date(2026, 9, 25)) + below(35 * day_ms); }

  SeededRandom random_{17};
};

Level level_at(TimeMs used_ms, TimeMs target_ms) {
  if (used_ms >= target_ms) return Level::breached;
  if (used_ms >= std::max<TimeMs>(1, target_ms * 80 / 100)) return Level::most;
  return used_ms >= std::max<TimeMs>(1, target_ms / 2) ? Level::half : Level::none;
}

// Beside the clock, the simplest account of the same: what passed while nothing paused it.
TEST_P(AnyClock, UsesWhatPassedWhileItRanAndIsDueWhenThatIsAll) {
  const Calendar calendar = some(GetParam());
  for (int i = 0; i < 400; ++i) {
    TimeMs now = moment(), used_ms = 0;
    Level told = Level::none;
    const TimeMs target = 1 + below(below(2) == 0 ? hour_ms : 3 * day_ms);
    ServiceClock clock = started(now, target, calendar);
    for (int step = 0; step < 25; ++step) {
      const TimeMs next = now + below(below(3) == 0 ? day_ms : hour_ms);
      if (clock.runs()) used_ms += calendar::business_between(calendar, now, next);
      now = next;
      const TimeMs asked_for = clock.next_at;
      switch (below(6)) {
        case 0:
          pause(clock, calendar, pause_parked, now);
          break;
        case 1:
          resume(clock, calendar, pause_parked, now);
          break;
        case 2:
          pause(clock, calendar, pause_customer, now);
          break;
        case 3:
          resume(clock, calendar, pause_customer, now);
          break;
        default: {
          const Level news = warn(clock, calendar, now);
          ASSERT_EQ(news != Level::none, asked_for != 0 && asked_for <= now) << "asked for when there is something";
          if (news == Level::none) break;
          ASSERT_GT(news, told) << "each once";
          ASSERT_EQ(news, level_at(used_ms, target)) << "the newest";
          told = news;
        }
      }
      ASSERT_EQ(remaining(clock, calendar, now), target - used_ms);
      if (!clock.runs()) {
        ASSERT_EQ(clock.due_at, 0);
      } else if (used_ms < target) {
        ASSERT_EQ(clock.due_at, calendar::add_business(calendar, now, target - used_ms)) << "as if computed anew";
      } else {
        ASSERT_TRUE(clock.due_at > 0 && clock.due_at <= now);
      }
    }
    stop(clock, calendar, End::answered, now);
    ASSERT_EQ(clock.used_ms, used_ms);
    ASSERT_EQ(clock.breached_at != 0, used_ms >= target);
    ASSERT_EQ(level(clock), level_at(used_ms, target));
  }
}
INSTANTIATE_TEST_SUITE_P(Calendars, AnyClock, testing::Range(0, 5));

}  // namespace
}  // namespace miniops::service_levels::clock_test
