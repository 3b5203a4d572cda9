// What a calendar may say, how it is written, and what is open on a date.
#include "calendar/calendar.hpp"

#include "calendar/tests/moments.hpp"

namespace miniops::calendar {
namespace {

std::string text(const std::vector<Span>& spans) {
  std::string out;
  for (const Span& span : spans) {
    out += fmt::format("{}{:02}:{:02}-{:02}:{:02}", out.empty() ? "" : " ", span.from / 60, span.from % 60,
                       span.to / 60, span.to % 60);
  }
  return out;
}

// ---- the form ----

TEST(CalendarJson, ReadsBackWhatItWrites) {
  for (const std::string_view days : {std::string_view("{}"), shop_days, nights}) {
    for (const std::string_view special : {std::string_view("[]"), national_day}) {
      const Calendar written = calendar(days, special, "Europe/Berlin");
      const auto read = parse_calendar(to_json(written));
      ASSERT_TRUE(read);
      EXPECT_EQ(*read, written);
    }
  }
}

TEST(CalendarJson, IsSorted) {
  const Calendar out_of_order =
      calendar(R"({"mon":[{"from":"13:30","to":"24:00"},{"from":"09:00","to":"12:00"}]})",
               R"([{"date":"2026-10-10","name":"调休","as":"fri"},{"date":"2026-10-01","name":"国庆节","spans":[]}])");
  EXPECT_EQ(json::serialize(to_json(out_of_order)),
            R"({"time_zone":"Asia/Shanghai","days":{"mon":[{"from":"09:00","to":"12:00"},)"
            R"({"from":"13:30","to":"24:00"}],"tue":[],"wed":[],"thu":[],"fri":[],"sat":[],"sun":[]},)"
            R"("special":[{"date":"2026-10-01","name":"国庆节","spans":[]},)"
            R"({"date":"2026-10-10","name":"调休","as":"fri"}]})");
}

TEST(CalendarJson, SpecialDaysMayBeMissing) {
  const auto read = parse_calendar(json::parse(R"({"time_zone":"Asia/Shanghai","days":{}})"));
  ASSERT_TRUE(read);
  EXPECT_EQ(*read, Calendar{});
}

struct Refused {
  const char* days;
  const char* special;
  std::vector<std::string> pointers;
};

TEST(CalendarJson, PointsAtWhatIsWrong) {
  const Refused cases[] = {
      {R"({"mon":[{"from":"9:00","to":"12:00"}]})", "[]", {"/days/mon/0/from"}},
      {R"({"mon":[{"from":"24:00","to":"12:00"}]})", "[]", {"/days/mon/0/from"}},
      {R"({"mon":[{"from":"09:60","to":"12:00"}]})", "[]", {"/days/mon/0/from"}},
      {R"({"mon":[{"from":"09:00","to":"24:01"}]})", "[]", {"/days/mon/0/to"}},
      {R"({"mon":[{"from":"09:00","to":"1a:00"}]})", "[]", {"/days/mon/0/to"}},
      {R"({"mon":[{"from":"09:00"}]})", "[]", {"/days/mon/0/to"}},
      {R"({"mon":[{"from":540,"to":"12:00"}]})", "[]", {"/days/mon/0/from"}},
      {R"({"mon":["09:00"]})", "[]", {"/days/mon/0"}},
      {R"({"mon":{}})", "[]", {"/days/mon"}},
      {R"({"monday":[]})", "[]", {"/days/monday"}},
      {R"({"mon":[{"from":"09:00","to":"12:00"},{"from":"11:59","to":"13:00"}]})", "[]", {"/days/mon/1/from"}},
      {R"({"mon":[{"from":"23:00","to":"23:30"},{"from":"22:00","to":"06:00"}]})", "[]", {"/days/mon/1/from"}},
      {R"({"mon":[{"from":"08:00","to":"08:00"},{"from":"20:00","to":"21:00"}]})", "[]", {"/days/mon/1/from"}},
      {"{}", R"({})", {"/special"}},
      {"{}", R"([{"date":"2026-02-29","name":"a","spans":[]}])", {"/special/0/date"}},
      {"{}", R"([{"date":"2026-13-01","name":"a","spans":[]}])", {"/special/0/date"}},
      {"{}", R"([{"date":"2026-00-10","name":"a","spans":[]}])", {"/special/0/date"}},
      {"{}", R"([{"date":"1999-12-31","name":"a","spans":[]}])", {"/special/0/date"}},
      {"{}", R"([{"date":"2200-01-01","name":"a","spans":[]}])", {"/special/0/date"}},
      {"{}", R"([{"date":"2026/10/01","name":"a","spans":[]}])", {"/special/0/date"}},
      {"{}", R"([{"date":"2026-1-01","name":"a","spans":[]}])", {"/special/0/date"}},
      {"{}", R"([{"date":"2026-10-01","spans":[]}])", {"/special/0/name"}},
      {"{}", R"([{"date":"2026-10-01","name":"","spans":[]}])", {"/special/0/name"}},
      {"{}", R"([{"date":"2026-10-01","name":"a"}])", {"/special/0/spans"}},
      {"{}", R"([{"date":"2026-10-01","name":"a","spans":null}])", {"/special/0/spans"}},
      {"{}", R"([{"date":"2026-10-01","name":"a","spans":[],"as":"fri"}])", {"/special/0/spans"}},
      {"{}", R"([{"date":"2026-10-01","name":"a","as":"friday"}])", {"/special/0/as"}},
      {"{}", R"([{"date":"2026-10-01","name":"a","as":"fri","kind":"x"}])", {"/special/0/kind"}},
      {"{}",
       R"([{"date":"2026-10-01","name":"a","spans":[]},{"date":"2026-10-02","name":"a","spans":[]},
           {"date":"2026-10-01","name":"b","as":"fri"}])",
       {"/special/2/date"}},
      {"{}", R"([{"date":"2026-10-01","name":"a","spans":[{"from":"09:00","to":"8:00"}]}])", {"/special/0/spans/0/to"}},
      {R"({"sun":[{"from":"x","to":"y"}]})",
       R"([{"name":"a","as":1}])",
       {"/days/sun/0/from", "/days/sun/0/to", "/special/0/date", "/special/0/as"}},
  };
  for (const Refused& one : cases) {
    const auto read = parse_calendar(
        json::parse(fmt::format(R"({{"time_zone":"Asia/Shanghai","days":{},"special":{}}})", one.days, one.special)));
    ASSERT_FALSE(read) << one.days << one.special;
    EXPECT_EQ(read.error().code, "request.invalid");
    std::vector<std::string> pointers;
    for (const FieldError& field : read.error().fields) pointers.push_back(field.pointer);
    EXPECT_THAT(pointers, testing::ElementsAreArray(one.pointers)) << one.days << one.special;
  }
}

TEST(CalendarJson, KnowsTimeZonesOnly) {
  for (const char* zone : {"Mars/Olympus", "../etc/passwd", "Asia", "tzdata.zi", "leapseconds", "localtime", "UTC+8"}) {
    const auto read = parse_calendar(json::object{{"time_zone", zone}, {"days", json::object()}});
    ASSERT_FALSE(read) << zone;
    ASSERT_EQ(read.error().fields.size(), 1U) << zone;
    EXPECT_EQ(read.error().fields[0].pointer, "/time_zone");
  }
  for (const char* body : {"{}", "[]", "null", R"({"time_zone":"UTC"})", R"({"days":{}})"}) {
    EXPECT_FALSE(parse_calendar(json::parse(body))) << body;
  }
}

std::string many_spans(int count) {
  std::string out;
  for (int i = 0; i < count; ++i) {
    out += fmt::format(R"({}{{"from":"{:02}:00","to":"{:02}:30"}})", i == 0 ? "" : ",", i, i);
  }
  return fmt::format("[{}]", out);
}

std::string many_dates(int count) {
  std::string out;
  for (int i = 0; i < count; ++i) {
    out +=
        fmt::format(R"({}{{"date":"20{:02}-{:02}-01","name":"a","as":"mon"}})", i == 0 ? "" : ",", i / 12, i % 12 + 1);
  }
  return fmt::format("[{}]", out);
}

std::string named(int length) {
  std::string name;
  for (int i = 0; i < length; ++i) name += "节";
  return fmt::format(R"([{{"date":"2026-10-01","name":"{}","spans":[]}}])", name);
}

TEST(CalendarJson, HasLimits) {
  struct {
    std::string days, special;
    const char* pointer;  // null: allowed
  } const cases[] = {
      {fmt::format(R"({{"mon":{}}})", many_spans(8)), "[]", nullptr},
      {fmt::format(R"({{"mon":{}}})", many_spans(9)), "[]", "/days/mon"},
      {"{}", fmt::format(R"([{{"date":"2026-10-01","name":"a","spans":{}}}])", many_spans(9)), "/special/0/spans"},
      {"{}", many_dates(400), nullptr},
      {"{}", many_dates(401), "/special"},
      {"{}", named(64), nullptr},
      {"{}", named(65), "/special/0/name"},
  };
  for (const auto& one : cases) {
    const auto read = parse_calendar(
        json::parse(fmt::format(R"({{"time_zone":"UTC","days":{},"special":{}}})", one.days, one.special)));
    EXPECT_EQ(read.has_value(), one.pointer == nullptr) << one.days << one.special;
    if (!read && one.pointer != nullptr) EXPECT_EQ(read.error().fields.at(0).pointer, one.pointer);
  }
}

// ---- a date ----

TEST(OpenWithin, NationalDay) {
  const Calendar shop = calendar(shop_days, national_day);
  const std::string worked = "09:00-12:00 13:30-18:00";
  struct {
    Day day;
    std::string open;
  } const cases[] = {
      {date(2026, 9, 13), ""},     {date(2026, 9, 20), worked}, {date(2026, 9, 30), worked},
      {date(2026, 10, 1), ""},     {date(2026, 10, 5), ""},     {date(2026, 10, 7), ""},
      {date(2026, 10, 8), worked}, {date(2026, 10, 9), worked}, {date(2026, 10, 10), worked},
      {date(2026, 10, 11), ""},    {date(2026, 10, 17), ""},
  };
  for (const auto& one : cases) EXPECT_EQ(text(open_within(shop, one.day)), one.open) << one.day.time_since_epoch();
}

TEST(OpenWithin, ASpanBelongsToTheDayOnWhichItBegins) {
  const Calendar night = calendar(nights, R"([{"date":"2026-10-01","name":"国庆节","spans":[]},
                           {"date":"2026-10-03","name":"值班","spans":[{"from":"20:00","to":"02:00"}]},
                           {"date":"2026-10-05","name":"值班","spans":[{"from":"01:00","to":"07:00"}]}])");
  EXPECT_EQ(text(open_within(night, date(2026, 9, 30))), "00:00-06:00 22:00-24:00");
  EXPECT_EQ(text(open_within(night, date(2026, 10, 1))), "00:00-06:00") << "the night of 30 September ends";
  EXPECT_EQ(text(open_within(night, date(2026, 10, 2))), "22:00-24:00") << "that of the holiday never began";
  EXPECT_EQ(text(open_within(night, date(2026, 10, 3))), "00:00-06:00 20:00-24:00");
  EXPECT_EQ(text(open_within(night, date(2026, 10, 4))), "00:00-02:00 22:00-24:00");
  EXPECT_EQ(text(open_within(night, date(2026, 10, 5))), "00:00-07:00") << "overlapping ones are one";
}

TEST(OpenWithin, Weekdays) {  // 2026-10-12 is a Monday
  struct {
    const char* days;
    std::array<const char*, 3> monday_on;
  } const cases[] = {
      {R"({"mon":[{"from":"22:00","to":"06:00"}],"tue":[{"from":"06:00","to":"09:00"}]})",
       {"22:00-24:00", "00:00-09:00", ""}},
      {R"({"mon":[{"from":"22:00","to":"06:00"}],"tue":[{"from":"05:00","to":"09:00"},{"from":"10:00","to":"11:00"}]})",
       {"22:00-24:00", "00:00-09:00 10:00-11:00", ""}},
      {R"({"mon":[{"from":"22:00","to":"06:00"}],"tue":[{"from":"01:00","to":"02:00"}]})",
       {"22:00-24:00", "00:00-06:00", ""}},
      {R"({"mon":[{"from":"18:00","to":"24:00"}]})", {"18:00-24:00", "", ""}},
      {R"({"mon":[{"from":"18:00","to":"00:00"}]})", {"18:00-24:00", "", ""}},
      {R"({"mon":[{"from":"09:00","to":"09:00"}]})", {"09:00-24:00", "00:00-09:00", ""}},
      {R"({"mon":[{"from":"00:00","to":"00:00"}]})", {"00:00-24:00", "", ""}},
      {R"({"mon":[{"from":"00:00","to":"24:00"}],"tue":[{"from":"08:00","to":"08:01"}]})",
       {"00:00-24:00", "08:00-08:01", ""}},
      {R"({"mon":[{"from":"09:00","to":"12:00"},{"from":"12:00","to":"13:00"}]})", {"09:00-13:00", "", ""}},
      {R"({"sun":[{"from":"22:00","to":"03:00"}]})", {"00:00-03:00", "", ""}},
      {"{}", {"00:00-24:00", "00:00-24:00", "00:00-24:00"}},
  };
  for (const auto& one : cases) {
    const Calendar week = calendar(one.days);
    for (unsigned i = 0; i < 3; ++i) EXPECT_EQ(text(open_within(week, date(2026, 10, 12 + i))), one.monday_on[i]);
  }
}

TEST(OpenWithin, SpecialDaysHoldInAWeekWithoutSpans) {
  const Calendar always = calendar("{}", R"([{"date":"2026-10-01","name":"国庆节","spans":[]},
                                             {"date":"2026-10-02","name":"值班","spans":[{"from":"10:00","to":"16:00"}]},
                                             {"date":"2026-10-03","name":"调休","as":"mon"}])");
  EXPECT_EQ(text(open_within(always, date(2026, 9, 30))), "00:00-24:00");
  EXPECT_EQ(text(open_within(always, date(2026, 10, 1))), "");
  EXPECT_EQ(text(open_within(always, date(2026, 10, 2))), "10:00-16:00");
  EXPECT_EQ(text(open_within(always, date(2026, 10, 3))), "00:00-24:00");
}

TEST(OpenWithin, AWorkingDayBringsTheNightOfItsWeekday) {
  const Calendar week = calendar(R"({"fri":[{"from":"08:00","to":"09:00"},{"from":"23:00","to":"01:00"}]})",
                                 R"([{"date":"2026-10-10","name":"调休","as":"fri"},
                                     {"date":"2026-10-12","name":"调休","as":"sun"}])");
  EXPECT_EQ(text(open_within(week, date(2026, 10, 10))), "00:00-01:00 08:00-09:00 23:00-24:00");
  EXPECT_EQ(text(open_within(week, date(2026, 10, 11))), "00:00-01:00");
  EXPECT_EQ(text(open_within(week, date(2026, 10, 12))), "") << "like a Sunday, which is closed";
}

}  // namespace
}  // namespace miniops::calendar
