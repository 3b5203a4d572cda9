// What holds for any calendar: thousands of them, made up from a seed.
#include <set>

#include "base/random.hpp"
#include "calendar/business_time.hpp"
#include "calendar/tests/moments.hpp"

namespace miniops::calendar {
namespace {

// ---- made-up calendars ----

// Around both changes of summer time of 2026.
constexpr int window_days = 60;
Day window_of(bool spring) { return spring ? date(2026, 3, 5) : date(2026, 9, 10); }

class Maker {
 public:
  explicit Maker(std::uint64_t seed) : random_(seed), window_(window_of(chance(2))) {}

  Calendar calendar(std::string_view zone) {
    window_ = window_of(chance(2));
    Calendar out{std::string(zone)};
    const bool whole_week = !chance(20);
    for (auto& spans : out.days) {
      if (whole_week && !chance(4)) spans = some_spans();
    }
    for (int i = below(20); i > 0; --i) {
      const Day day = window_ + days(below(window_days));
      out.special[day] = special();
    }
    return out;
  }
  TimeMs moment() {
    const TimeMs minute = utc(window_) + below(window_days * day_minutes) * minute_ms;
    return chance(2) ? minute : minute + below(static_cast<int>(minute_ms));
  }
  // Mostly hours, at times weeks.
  TimeMs duration() {
    const int days_max = chance(4) ? 15 : 2;
    const TimeMs minutes = below(days_max * day_minutes) * minute_ms;
    return chance(2) ? minutes : minutes + below(static_cast<int>(minute_ms));
  }

 private:
  using days = std::chrono::days;
  int below(int bound) { return static_cast<int>(random_.below(static_cast<std::uint64_t>(bound))); }
  bool chance(int one_of) { return below(one_of) == 0; }

  // Cuts through the day, between which it is open in turn; at times the last span runs over midnight.
  std::vector<Span> some_spans() {
    if (chance(12)) return {{0, day_minutes}};
    if (chance(12)) return whole_turn();
    std::set<int> cuts;
    const std::size_t count = 2 * (1 + static_cast<std::size_t>(below(3)));
    const int grain = chance(3) ? 1 : 30;
    while (cuts.size() < count) cuts.insert(below(day_minutes / grain) * grain);
    std::vector<int> at(cuts.begin(), cuts.end());
    if (chance(3)) std::ranges::rotate(at, at.begin() + 1);
    std::vector<Span> spans;
    for (std::size_t i = 0; i < at.size(); i += 2) spans.push_back({at[i], at[i + 1]});
    return spans;
  }
  std::vector<Span> whole_turn() {
    const int at = below(day_minutes);
    return {{at, at}};
  }
  SpecialDay special() {
    if (chance(3)) return {"调休", std::chrono::weekday(static_cast<unsigned>(below(7)))};
    return {"节假日", chance(2) ? std::vector<Span>() : some_spans()};
  }

  SeededRandom random_;
  Day window_;
};

constexpr std::string_view zones[] = {"Asia/Shanghai",
                                      "Europe/Berlin",
                                      "America/New_York",
                                      "Asia/Kathmandu",
                                      "America/St_Johns",
                                      "America/Santiago",
                                      "Africa/Cairo",
                                      "Asia/Beirut",
                                      "Australia/Lord_Howe",
                                      "Pacific/Auckland",
                                      "UTC",
                                      "Africa/Casablanca"};

TEST(AnyCalendar, SurvivesItsForm) {
  Maker make(1);
  for (int i = 0; i < 1000; ++i) {
    const Calendar written = make.calendar("Asia/Shanghai");
    const auto read = parse_calendar(to_json(written));
    ASSERT_TRUE(read) << json::serialize(to_json(written));
    ASSERT_EQ(*read, written);
  }
}

TEST(AnyCalendar, IsOpenInOrderAndApart) {
  Maker make(11);
  for (int i = 0; i < 300; ++i) {
    const Calendar some = make.calendar("Asia/Shanghai");
    for (int day = 0; day < 30; ++day) {
      int end = -1;
      for (const Span& span : open_within(some, date(2026, 9, 10) + std::chrono::days(day))) {
        ASSERT_TRUE(end < span.from && span.from < span.to && span.to <= day_minutes) << json::serialize(to_json(some));
        end = span.to;
      }
    }
  }
}

class InZone : public testing::TestWithParam<std::string_view> {
 protected:
  // Calls check(calendar, maker) for many calendars of the zone.
  template <class Check>
  void for_many(std::uint64_t seed, Check check) {
    Maker make(seed);
    for (int i = 0; i < 250 && !HasFatalFailure(); ++i) {
      const Calendar some = make.calendar(GetParam());
      SCOPED_TRACE(json::serialize(to_json(some)));
      check(some, make);
    }
  }
};
INSTANTIATE_TEST_SUITE_P(Zones, InZone, testing::ValuesIn(zones));

TEST_P(InZone, AddingNothingChangesNothing) {
  for_many(2, [](const Calendar& some, Maker& make) {
    const TimeMs from = make.moment();
    ASSERT_EQ(add_business(some, from, 0), from);
  });
}

TEST_P(InZone, WhatWasAddedLiesBetween) {
  for_many(3, [](const Calendar& some, Maker& make) {
    const TimeMs from = make.moment(), ms = make.duration() + 1;
    const auto due = add_business(some, from, ms);
    ASSERT_TRUE(due);
    ASSERT_EQ(business_between(some, from, *due), ms) << from;
    ASSERT_EQ(business_between(some, from, *due - 1), ms - 1) << from << ": it is the first such moment";
  });
}

TEST_P(InZone, AddingTwiceIsAddingTheSum) {
  for_many(4, [](const Calendar& some, Maker& make) {
    const TimeMs from = make.moment(), a = make.duration(), b = make.duration();
    const auto first = add_business(some, from, a);
    ASSERT_TRUE(first);
    ASSERT_EQ(add_business(some, *first, b), add_business(some, from, a + b)) << from << " + " << a << " + " << b;
  });
}

TEST_P(InZone, LaterOrMoreIsNeverEarlier) {
  for_many(5, [](const Calendar& some, Maker& make) {
    const TimeMs from = make.moment(), ms = make.duration(), more = make.duration();
    const auto due = add_business(some, from, ms);
    ASSERT_TRUE(due);
    ASSERT_GE(*due, from + ms);
    ASSERT_LE(due, add_business(some, from, ms + more)) << from;
    ASSERT_LE(due, add_business(some, from + more, ms)) << from;
  });
}

TEST_P(InZone, BusinessTimeAddsUpOverACut) {
  for_many(6, [](const Calendar& some, Maker& make) {
    const TimeMs from = make.moment(), cut = from + make.duration(), to = cut + make.duration();
    const TimeMs whole = business_between(some, from, to);
    ASSERT_EQ(business_between(some, from, cut) + business_between(some, cut, to), whole) << from;
    ASSERT_LE(whole, to - from);
    ASSERT_EQ(business_between(some, to, from), from == to ? whole : 0);
  });
}

TEST_P(InZone, OpenIsWhereBusinessTimePasses) {
  for_many(7, [](const Calendar& some, Maker& make) {
    const TimeMs at = make.moment();
    ASSERT_EQ(open_at(some, at), business_between(some, at, at + 1) == 1) << at;
    ASSERT_EQ(open_at(some, at), next_open(some, at) == at) << at;
    const auto opens = next_open(some, at);
    ASSERT_TRUE(opens);
    ASSERT_TRUE(open_at(some, *opens)) << at;
    ASSERT_EQ(business_between(some, at, *opens), 0) << at;
  });
}

// ---- the rules once more, as simply as they can be said: minute by minute ----

using Offset = TimeMs (*)(TimeMs);

TimeMs china_offset(TimeMs) { return 8 * hour_ms; }
TimeMs berlin_offset(TimeMs at) {
  const bool summer = at >= utc(date(2026, 3, 29), 1) && at < utc(date(2026, 10, 25), 1);
  return summer ? 2 * hour_ms : hour_ms;
}

std::vector<Span> spans_on(const Calendar& calendar, std::int64_t day) {
  auto weekday = static_cast<std::size_t>((day + 3) % 7);  // 1970-01-01 was a Thursday
  for (const auto& [at, special] : calendar.special) {
    if (at.time_since_epoch().count() != day) continue;
    if (special.works.index() == 0) return std::get<0>(special.works);
    weekday = (std::get<1>(special.works).c_encoding() + 6) % 7;
  }
  for (const auto& spans : calendar.days) {
    if (!spans.empty()) return calendar.days[weekday];
  }
  return {{0, 1440}};
}

class Minutes {
 public:
  Minutes(const Calendar& calendar, Offset offset) : offset_(offset) {
    for (std::int64_t day = first_day; day < first_day + count; ++day) {
      days_.push_back(spans_on(calendar, day));
    }
  }
  bool open(TimeMs at) const {
    const TimeMs minute = (at + offset_(at)) / minute_ms;
    const TimeMs day = minute / 1440;
    return runs(day, minute % 1440) || runs(day - 1, minute % 1440 + 1440);
  }

 private:
  static constexpr std::int64_t first_day = 20454, count = 365;  // 2026

  bool runs(TimeMs day, TimeMs minute) const {
    for (const Span& span : days_.at(static_cast<std::size_t>(day - first_day))) {
      if (minute >= span.from && minute < (span.to > span.from ? span.to : span.to + 1440)) return true;
    }
    return false;
  }

  std::vector<std::vector<Span>> days_{};
  Offset offset_;
};

void compare(const Calendar& some, const Minutes& minutes, Maker& make) {
  const TimeMs from = make.moment(), to = from + 2 * make.duration(), ms = make.duration() / 2 + 1;
  TimeMs passed = 0;
  std::optional<TimeMs> opens, due;
  bool was = false;
  for (TimeMs at = from, next = 0; at < to; at = next) {
    next = std::min((at / minute_ms + 1) * minute_ms, to);
    const bool open = minutes.open(at);
    if (at == from || open != was) ASSERT_EQ(open_at(some, at), open) << at;
    if (at > from && open != was) ASSERT_EQ(open_at(some, at - 1), was) << at;
    was = open;
    if (!open) continue;
    if (!opens) opens = at;
    if (passed < ms && passed + (next - at) >= ms) due = at + (ms - passed);
    passed += next - at;
  }
  ASSERT_EQ(business_between(some, from, to), passed) << from << " … " << to;
  if (opens) ASSERT_EQ(next_open(some, from), opens) << from;
  if (!opens) ASSERT_GE(next_open(some, from), to) << from;
  if (due) ASSERT_EQ(add_business(some, from, ms), due) << from << " + " << ms;
  if (!due) ASSERT_GT(add_business(some, from, ms), to) << from << " + " << ms;
}

void compare_many(std::string_view zone, Offset offset, std::uint64_t seed) {
  Maker make(seed);
  for (int i = 0; i < 600 && !testing::Test::HasFatalFailure(); ++i) {
    const Calendar some = make.calendar(zone);
    SCOPED_TRACE(json::serialize(to_json(some)));
    compare(some, Minutes(some, offset), make);
  }
}

TEST(MinuteByMinute, InChina) { compare_many("Asia/Shanghai", china_offset, 8); }
TEST(MinuteByMinute, InBerlin) { compare_many("Europe/Berlin", berlin_offset, 9); }

// ---- hostile text ----

TEST(AnyText, IsReadOrRefused) {
  SeededRandom random(10);
  const std::string good = json::serialize(to_json(calendar(shop_days, national_day)));
  const std::string_view letters = R"({}[]":,0123456789-adfmnorstu)";
  int read = 0;
  for (int i = 0; i < 3000; ++i) {
    std::string text = good;
    for (std::uint64_t changes = 1 + random.below(2); changes > 0; --changes) {
      text[random.below(text.size())] = letters[random.below(letters.size())];
    }
    const auto value = parse_json(text);
    if (!value) continue;
    const auto some = parse_calendar(*value);
    if (!some) {
      ASSERT_EQ(some.error().code, "request.invalid") << text;
      ASSERT_FALSE(some.error().fields.empty()) << text;
      continue;
    }
    ++read;
    ASSERT_EQ(parse_calendar(to_json(*some)), *some) << text;
  }
  EXPECT_GT(read, 100);
}

}  // namespace
}  // namespace miniops::calendar
