#include "desk/hours.hpp"

#include <gmock/gmock.h>

namespace miniops::desk {
namespace {

// 2025-11-17 is a Monday; times below are China's (UTC+8).
TimeMs china(int day, int hour, int minute) {
  constexpr TimeMs monday = 1763308800000;  // 2025-11-17T00:00+08:00
  return monday + day * day_ms + hour * hour_ms + minute * minute_ms;
}

Hours hours(std::string_view days, std::string_view zone = "Asia/Shanghai") {
  const auto parsed = parse_hours(json::parse(fmt::format(R"({{"time_zone":"{}","days":{}}})", zone, days)));
  if (!parsed) throw std::runtime_error(parsed.error().message);
  return *parsed;
}

TEST(Hours, WithoutAnySpanItIsAlwaysOpen) { EXPECT_TRUE(open_at(hours("{}"), china(2, 3, 0))); }

TEST(Hours, SeveralSpansADay) {
  const Hours with_lunch = hours(R"({"mon":[{"from":"09:00","to":"12:00"},{"from":"13:30","to":"18:00"}]})");
  EXPECT_FALSE(open_at(with_lunch, china(0, 8, 59)));
  EXPECT_TRUE(open_at(with_lunch, china(0, 9, 0)));
  EXPECT_TRUE(open_at(with_lunch, china(0, 11, 59)));
  EXPECT_FALSE(open_at(with_lunch, china(0, 12, 0)));
  EXPECT_TRUE(open_at(with_lunch, china(0, 13, 30)));
  EXPECT_FALSE(open_at(with_lunch, china(0, 18, 0)));
  EXPECT_FALSE(open_at(with_lunch, china(1, 10, 0))) << "no span on Tuesday";
}

TEST(Hours, OverMidnight) {
  const Hours night = hours(R"({"fri":[{"from":"22:00","to":"06:00"}],"sun":[{"from":"22:00","to":"06:00"}]})");
  EXPECT_FALSE(open_at(night, china(4, 21, 59)));
  EXPECT_TRUE(open_at(night, china(4, 23, 0)));
  EXPECT_TRUE(open_at(night, china(5, 5, 59))) << "Saturday morning belongs to Friday's span";
  EXPECT_FALSE(open_at(night, china(5, 6, 0)));
  EXPECT_FALSE(open_at(night, china(4, 5, 0))) << "Thursday has no span";
  EXPECT_TRUE(open_at(night, china(7, 1, 0))) << "Sunday's runs into Monday";
  EXPECT_TRUE(open_at(night, china(0, 1, 0)));
}

TEST(Hours, ADayToItsEndAndRoundTheClock) {
  const Hours late = hours(R"({"mon":[{"from":"18:00","to":"24:00"}],"wed":[{"from":"00:00","to":"24:00"}]})");
  EXPECT_TRUE(open_at(late, china(0, 23, 59)));
  EXPECT_FALSE(open_at(late, china(1, 0, 0)));
  EXPECT_TRUE(open_at(late, china(2, 0, 0)));
  EXPECT_TRUE(open_at(late, china(2, 23, 59)));
}

TEST(Hours, InAnotherTimeZone) {
  const Hours new_york = hours(R"({"mon":[{"from":"09:00","to":"10:00"}]})", "America/New_York");
  EXPECT_TRUE(open_at(new_york, china(0, 22, 30)));  // 09:30 in New York
  EXPECT_FALSE(open_at(new_york, china(0, 9, 30)));
}

TEST(Hours, SummerTimeGoesByTheClockOnTheWall) {
  const Hours berlin = hours(R"({"sun":[{"from":"02:00","to":"03:00"}]})", "Europe/Berlin");
  // 2025-10-26: 02:30 comes twice. 2025-03-30: it does not come at all.
  EXPECT_TRUE(open_at(berlin, 1761438600000));            // 00:30 UTC, 02:30 summer time
  EXPECT_TRUE(open_at(berlin, 1761438600000 + hour_ms));  // 01:30 UTC, 02:30 winter time
  for (TimeMs at = 1743289200000; at < 1743300000000; at += 10 * minute_ms) EXPECT_FALSE(open_at(berlin, at)) << at;
}

TEST(Hours, ReadsBackWhatItWrites) {
  const Hours some = hours(R"({"mon":[{"from":"13:30","to":"18:00"},{"from":"09:00","to":"12:00"}]})");
  EXPECT_EQ(json::serialize(to_json(*parse_hours(to_json(some)))), json::serialize(to_json(some)));
}

class BadHours : public testing::TestWithParam<const char*> {};
TEST_P(BadHours, IsRefused) {
  const auto parsed = parse_hours(json::parse(GetParam()));
  ASSERT_FALSE(parsed);
  EXPECT_EQ(parsed.error().code, "request.invalid");
}
INSTANTIATE_TEST_SUITE_P(
    Table, BadHours,
    testing::Values(
        R"({})", R"({"time_zone":"Mars/Olympus","days":{}})", R"({"time_zone":"../etc/passwd","days":{}})",
        R"({"time_zone":"Asia/Shanghai","days":{"mon":[{"from":"9:00","to":"12:00"}]}})",
        R"({"time_zone":"Asia/Shanghai","days":{"mon":[{"from":"24:00","to":"12:00"}]}})",
        R"({"time_zone":"Asia/Shanghai","days":{"mon":[{"from":"09:60","to":"12:00"}]}})",
        R"({"time_zone":"Asia/Shanghai","days":{"xyz":[]}})",
        R"({"time_zone":"Asia/Shanghai","days":{"mon":[{"from":"09:00","to":"12:00"},{"from":"11:00","to":"13:00"}]}})"));

TEST(DayStart, IsMidnightInTheZone) { EXPECT_EQ(day_start("Asia/Shanghai", china(0, 17, 5)), china(0, 0, 0)); }

}  // namespace
}  // namespace miniops::desk
