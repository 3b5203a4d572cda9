// Sums of buckets and what is read from them.
#include "performance/spread.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace miniops::performance {
namespace {

Spread spread_of(std::initializer_list<double> values) {
  Spread spread;
  for (const double value : values) spread.add(events::bucket_of(value), 1);
  return spread;
}

TEST(Spread, OfNothing) {
  const Spread none;
  EXPECT_TRUE(none.empty());
  EXPECT_EQ(none.count(), 0);
  EXPECT_EQ(none.at(0.5), 0);
  EXPECT_EQ(none.mean(), 0);
  EXPECT_EQ(none.variance(), 0);
  EXPECT_EQ(impact_of(none, {1, 2}), 0);
  EXPECT_EQ(shares_of(none, {1, 2}).poor, 0);
}

TEST(Spread, QuantilesAndMeanAreWithinOnePercent) {
  Spread spread;
  for (int i = 1; i <= 1000; ++i) spread.add(events::bucket_of(i), 1);
  EXPECT_NEAR(spread.quantiles().p50, 500, 5);
  EXPECT_NEAR(spread.quantiles().p99, 990, 10);
  EXPECT_NEAR(spread.at(0.75), 750, 7.5);
  EXPECT_NEAR(spread.mean(), 500.5, 5);
  EXPECT_NEAR(std::sqrt(spread.variance()), 288.7, 3);
  EXPECT_NEAR(spread.below(300), 300, 5);
}

TEST(Spread, TwoAddUpToWhatTheyAreTogether) {
  Spread one = spread_of({10, 20, 30});
  const Spread other = spread_of({20, 5000});
  one.add(other);
  EXPECT_EQ(one.buckets(), spread_of({10, 20, 30, 20, 5000}).buckets());
  EXPECT_EQ(one.count(), 5);
}

TEST(Spread, WhatIsNoCountIsNothing) {
  Spread spread;
  for (const double count : {0.0, -1.0, std::nan(""), std::numeric_limits<double>::infinity()}) spread.add(7, count);
  EXPECT_TRUE(spread.empty());
}

TEST(Spread, OneThatReportsYearsHardlyMovesTheMean) {
  Spread spread = spread_of({1e308, 0, -4});
  EXPECT_NEAR(spread.mean(), value_ms_max / 3, 1);
  EXPECT_EQ(spread.at(0.5), 0);
}

TEST(Spread, SharesOfGoodFairAndPoor) {
  const Shares shares = shares_of(spread_of({100, 200, 490, 700, 990, 1500, 2000, 1e30}), {500, 1000});
  EXPECT_DOUBLE_EQ(shares.good, 3 / 8.0);
  EXPECT_DOUBLE_EQ(shares.fair, 2 / 8.0);
  EXPECT_DOUBLE_EQ(shares.poor, 3 / 8.0);
}

TEST(Spread, ImpactIsHowLongPeopleWaitedTooLong) {
  EXPECT_EQ(impact_of(spread_of({100, 100}), {500, 1000}), 0);
  EXPECT_NEAR(impact_of(spread_of({100, 700, 700, 700}), {500, 1000}), 4 * 200, 4 * 7);
}

TEST(Bars, EachValueIsInItsBar) {
  struct Case {
    double value, from, to;
  };
  for (const auto& [value, from, to] : std::vector<Case>{{0, 0, 10},
                                                         {-7, 0, 10},
                                                         {1e-9, 0, 10},
                                                         {15, 10, 20},
                                                         {90, 75, 100},
                                                         {2200, 2000, 2500},
                                                         {59'000, 30'000, 60'000},
                                                         {70'000, 60'000, 0},
                                                         {1e308, 60'000, 0}}) {
    const auto bars = bars_of(spread_of({value}));
    for (std::size_t i = 0; i < bars.size(); ++i) {
      const bool here = bars.at(i) > 0;
      EXPECT_EQ(here, bar_at(i).from_ms == from && bar_at(i).to_ms == to) << value << " " << i;
    }
  }
}

TEST(Bars, HaveEverythingWithoutAGap) {
  Spread spread;
  for (int i = 0; i < 3000; ++i) spread.add(i - 1000, 1);
  double sum = 0;
  for (const double count : bars_of(spread)) sum += count;
  EXPECT_EQ(sum, 3000);
  for (std::size_t i = 1; i < bar_limits.size(); ++i) EXPECT_EQ(bar_at(i - 1).to_ms, bar_at(i).from_ms);
}

TEST(Metrics, HaveNamesAndLimitsThatMakeSense) {
  for (std::size_t i = 0; i < metrics.size(); ++i) {
    EXPECT_EQ(static_cast<std::size_t>(metrics.at(i).metric), i);
    EXPECT_EQ(parse_metric(metrics.at(i).name), metrics.at(i).metric);
    EXPECT_LT(metrics.at(i).limits.good_ms, metrics.at(i).limits.poor_ms);
  }
  EXPECT_FALSE(parse_metric("appLaunch"));
  EXPECT_EQ(grade_of(500, {500, 1000}), Grade::good);
  EXPECT_EQ(grade_of(1000, {500, 1000}), Grade::fair);
  EXPECT_EQ(grade_of(1001, {500, 1000}), Grade::poor);
}

}  // namespace
}  // namespace miniops::performance
