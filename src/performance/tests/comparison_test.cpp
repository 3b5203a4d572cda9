// What is called slower, and where that comes from; heat maps.
#include "performance/comparison.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "base/random.hpp"
#include "performance/heat.hpp"

namespace miniops::performance::comparison_test {
namespace {

double uniform(Random& random) { return (static_cast<double>(random.below(1'000'000)) + 0.5) / 1e6; }
double lognormal(Random& random, double median) {
  const double normal = std::sqrt(-2 * std::log(uniform(random))) * std::cos(6.283185307179586 * uniform(random));
  return median * std::exp(0.5 * normal);
}
Spread around(Random& random, double median, int count) {
  Spread spread;
  for (int i = 0; i < count; ++i) spread.add(events::bucket_of(lognormal(random, median)), 1);
  return spread;
}
Spread each(double value, double count) {
  Spread spread;
  spread.add(events::bucket_of(value), count);
  return spread;
}

TEST(Compare, FewRecordsSayNothing) {
  struct Case {
    double count, quantile;
    bool said;
  };
  for (const auto& [count, quantile, said] : std::vector<Case>{{0, 0.5, false},
                                                               {29, 0.5, false},
                                                               {30, 0.5, true},
                                                               {49, 0.9, false},
                                                               {50, 0.9, true},
                                                               {499, 0.99, false},
                                                               {501, 0.99, true}}) {
    const auto verdict = difference_at("", quantile, each(100, count), each(1000, 1000), 1).verdict;
    EXPECT_EQ(verdict, said ? Verdict::worse : Verdict::needs_data) << count << " " << quantile;
    EXPECT_EQ(difference_at("", quantile, each(1000, 1000), each(100, count), 1).verdict,
              said ? Verdict::better : Verdict::needs_data);
  }
}

// One of ten is stored: 200 records that count as 2,000.
TEST(Compare, SampledRecordsAreAsFewAsTheyAre) {
  EXPECT_EQ(difference_at("", 0.99, each(100, 2000), each(1000, 2000), 1).verdict, Verdict::worse);
  EXPECT_EQ(difference_at("", 0.99, each(100, 2000), each(1000, 2000), 0.1).verdict, Verdict::needs_data);
}

TEST(Compare, SmallChangesAreTheSame) {
  EXPECT_EQ(difference_at("", 0.5, each(1000, 1e5), each(1030, 1e5), 1).verdict, Verdict::same);
  EXPECT_EQ(difference_at("", 0.5, each(10, 1e5), each(13, 1e5), 1).verdict, Verdict::same);
  EXPECT_EQ(difference_at("", 0.5, each(1000, 1e5), each(1100, 1e5), 1).verdict, Verdict::worse);
  EXPECT_EQ(difference_at("", 0.5, each(0, 1e5), each(1100, 1e5), 1).verdict, Verdict::worse);
}

TEST(Compare, WhatIsEqualIsRarelyCalledDifferent) {
  SeededRandom random(3);
  int wrong = 0;
  int covered = 0;
  for (int i = 0; i < 400; ++i) {
    const Difference one = difference_at("p75", 0.75, around(random, 800, 300), around(random, 800, 300), 1);
    wrong += one.verdict == Verdict::same ? 0 : 1;
    covered += one.low_ms <= 0 && one.high_ms >= 0 ? 1 : 0;
  }
  EXPECT_LE(wrong, 30);  // 5 % are 20
  EXPECT_GE(covered, 365);
}

TEST(Compare, WhatIsSlowerIsFound) {
  SeededRandom random(4);
  int found = 0;
  for (int i = 0; i < 100; ++i)
    found +=
        difference_at("p75", 0.75, around(random, 800, 2000), around(random, 920, 2000), 1).verdict == Verdict::worse
            ? 1
            : 0;
  EXPECT_GE(found, 90);
}

TEST(Compare, OneDifferenceForEachQuantile) {
  const auto all = differences_of(each(100, 1000), each(200, 1000), 1);
  ASSERT_EQ(all.size(), 5u);
  EXPECT_EQ(all.front().quantile, "p50");
  EXPECT_NEAR(all.back().change_ms(), 100, 3);
}

TEST(Moves, SumToTheChangeOfTheMean) {
  SeededRandom random(5);
  for (int i = 0; i < 50; ++i) {
    Spreads a, b;
    Spread all_a, all_b;
    for (const char* name : {"4g", "wifi", "5g", ""}) {
      if (random.below(5) != 0) all_a.add(a[name] = around(random, 100 + static_cast<double>(random.below(900)), 50));
      if (random.below(5) != 0) all_b.add(b[name] = around(random, 100 + static_cast<double>(random.below(900)), 80));
    }
    double sum = 0;
    for (const Move& move : moves_of(Dimension::network, a, b)) sum += move.contribution_ms();
    if (!all_a.empty() && !all_b.empty()) EXPECT_NEAR(sum, all_b.mean() - all_a.mean(), 1e-6);
  }
}

TEST(Moves, TellSpeedFromShare) {
  const auto slower = moves_of(Dimension::network, {{"4g", each(100, 100)}, {"wifi", each(100, 100)}},
                               {{"4g", each(300, 100)}, {"wifi", each(100, 100)}});
  EXPECT_EQ(slower.front().name, "4g");
  EXPECT_NEAR(slower.front().from_speed_ms, 100, 2);
  EXPECT_NEAR(slower.front().from_share_ms, 0, 2);
  const auto more = moves_of(Dimension::network, {{"4g", each(300, 100)}, {"wifi", each(100, 300)}},
                             {{"4g", each(300, 300)}, {"wifi", each(100, 100)}});
  for (const Move& move : more) {
    EXPECT_NEAR(move.from_speed_ms, 0, 1e-6);
    EXPECT_NEAR(move.from_share_ms, 50, 2);
  }
  EXPECT_TRUE(moves_of(Dimension::page, {}, {{"a", each(1, 1)}}).empty());
}

TEST(HeatMap, TheMostFrequentRowsAndTheirCells) {
  std::map<std::string, Spreads> spreads;
  spreads["home"]["9"] = each(100, 10);
  spreads["home"]["10"] = each(3000, 10);
  spreads["pay"]["9"] = each(700, 50);
  spreads["rare"]["9"] = each(1, 1);
  spreads["home"]["unasked"] = each(1, 1);
  const Heat heat = heat_of(spreads, {{"9", {500, 1000}}, {"10", {500, 1000}}, {"11", {500, 1000}}}, 0.5, 2);
  EXPECT_EQ(heat.rows, (std::vector<std::string>{"pay", "home"}));
  EXPECT_EQ(heat.columns, (std::vector<std::string>{"9", "10", "11"}));
  std::string cells;
  for (const HeatCell& cell : heat.cells)
    cells +=
        fmt::format("{} {} {} {:.0f} {}\n", cell.row, cell.column, cell.count, cell.ms / 100, to_string(cell.grade));
  EXPECT_EQ(cells, "pay 9 50 7 fair\nhome 9 10 1 good\nhome 10 10 30 poor\n");
}

}  // namespace
}  // namespace miniops::performance::comparison_test
