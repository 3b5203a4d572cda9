// Intervals in local time, devices by level.
#include "performance/calendar.hpp"

#include <gtest/gtest.h>

#include "performance/dimension.hpp"

namespace miniops::performance::calendar_test {
namespace {

constexpr TimeMs noon = 1795237200000;  // 2026-11-21T05:00:00Z, a Saturday; 13:00 at UTC+8
constexpr TimeMs china = 8 * hour_ms;

TEST(Calendar, ChartsHaveSomeDozensOfPoints) {
  for (TimeMs span = 10 * minute_ms; span <= 400 * day_ms; span += span / 3 + 1) {
    const Steps steps = steps_of(fitting(span), china);
    EXPECT_LE(span / steps.interval_ms, 400) << span;
    if (span >= 2 * hour_ms) EXPECT_GE(span / steps.interval_ms, 13) << span;
  }
}

TEST(Calendar, NamesOfIntervals) {
  for (const char* name : {"minute", "5m", "15m", "hour", "day", "week", "month"})
    EXPECT_EQ(to_string(parse_interval(name).value()), name);
  EXPECT_FALSE(parse_interval("auto"));
}

TEST(Calendar, WeeksBeginOnMondayOfTheLocalTime) {
  const Steps steps = steps_of(Interval::week, china);
  const auto begin = [&](TimeMs at) {
    return (at + steps.offset_ms) / steps.interval_ms * steps.interval_ms - steps.offset_ms;
  };
  const TimeMs monday = noon - 5 * day_ms - 13 * hour_ms;
  EXPECT_EQ(begin(noon), monday);
  EXPECT_EQ(begin(monday), monday);
  EXPECT_EQ(begin(monday - 1), monday - 7 * day_ms);
  EXPECT_EQ(day_name(monday, china), "2026-11-16");
}

TEST(Calendar, MonthsBeginOnTheFirstOfTheLocalTime) {
  const TimeMs first = noon - 20 * day_ms - 13 * hour_ms;
  EXPECT_EQ(begin_of(Interval::month, noon, china), first);
  EXPECT_EQ(begin_of(Interval::month, first, china), first);
  EXPECT_EQ(day_name(begin_of(Interval::month, first - 1, china), china), "2026-10-01");
  EXPECT_EQ(begin_of(Interval::day, noon, china), noon);
}

TEST(Dimensions, AreInOnePlaceOfARow) {
  for (int i = 0; i <= static_cast<int>(Dimension::package); ++i) {
    const Dimension one{i};
    EXPECT_EQ(parse_dimension(to_string(one)), one);
    const int places = (column_of(one) ? 1 : 0) + (is_of_device(one) ? 1 : 0) + (properties_of(one).empty() ? 0 : 1);
    EXPECT_EQ(places, 1) << to_string(one);
  }
  EXPECT_FALSE(parse_dimension("name"));
}

TEST(Dimensions, FitTheMetricsThatHaveThem) {
  EXPECT_TRUE(fits(Dimension::url, Metric::request));
  EXPECT_FALSE(fits(Dimension::url, Metric::startup));
  EXPECT_FALSE(fits(Dimension::status, Metric::resource));
  EXPECT_TRUE(fits(Dimension::package, Metric::package));
  EXPECT_FALSE(fits(Dimension::package, Metric::request));
  EXPECT_TRUE(fits(Dimension::device_level, Metric::lcp));
}

TEST(Dimensions, LevelsOfDevices) {
  const std::vector<std::pair<std::string, std::string>> cases{
      {"high", "high"}, {"mid", "mid"},    {"low", "low"},    {"", "unknown"},     {"1", "low"},
      {"15", "low"},    {"16", "mid"},     {"29", "mid"},     {"30", "high"},      {"50", "high"},
      {"0", "unknown"}, {"-2", "unknown"}, {"3x", "unknown"}, {"HIGH", "unknown"}, {"99999999999", "unknown"}};
  for (const auto& [given, level] : cases) EXPECT_EQ(level_of(given), level) << given;
  const telemetry::Device device{"Xiaomi", "M2012", "12", "Android", "12", "8.0.50", "3.6.0"};
  EXPECT_EQ(side_of(Dimension::device, device), "M2012");
  EXPECT_EQ(side_of(Dimension::os_version, device), "Android 12");
  EXPECT_EQ(side_of(Dimension::device_level, device), "low");
  EXPECT_EQ(side_of(Dimension::os_version, {}), "");
}

}  // namespace
}  // namespace miniops::performance::calendar_test
