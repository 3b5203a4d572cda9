// What is chance, what is usual, and what somebody must know of.
#include <gtest/gtest.h>

#include <cmath>

#include "alerts/statistics/judge.hpp"
#include "alerts/statistics/propose.hpp"
#include "alerts/statistics/tails.hpp"

namespace miniops::alerts {
namespace {

double choose(int n, int k) { return std::exp(std::lgamma(n + 1) - std::lgamma(k + 1) - std::lgamma(n - k + 1)); }

// Summed up by the definition.
double poisson_sum(int from, int to, double mean) {
  double sum = 0;
  for (int k = from; k <= to; ++k) sum += std::exp(-mean + k * std::log(mean) - std::lgamma(k + 1));
  return sum;
}
double binomial_sum(int from, int n, double p) {
  double sum = 0;
  for (int k = from; k <= n; ++k) sum += choose(n, k) * std::pow(p, k) * std::pow(1 - p, n - k);
  return sum;
}

TEST(Tails, AreTheSumsThatDefineThem) {
  for (const auto& [seen, mean] : std::vector<std::pair<int, double>>{{1, 0.2}, {5, 1.5}, {12, 30}, {60, 40}, {3, 3}}) {
    const double at_least = poisson_sum(seen, 400, mean);
    EXPECT_NEAR(poisson_at_least(seen, mean) / at_least, 1, 1e-9) << seen << " of " << mean;
    EXPECT_NEAR(poisson_at_most(seen, mean), poisson_sum(0, seen, mean), 1e-10) << seen << " of " << mean;
  }
  struct Case {
    int hits, trials;
    double share;
  };
  for (const Case& one : std::vector<Case>{{1, 10, 0.02}, {6, 42, 0.02}, {9, 10, 0.9}, {80, 400, 0.1}, {5, 5, 0.1}}) {
    const double exact = binomial_sum(one.hits, one.trials, one.share);
    EXPECT_NEAR(binomial_at_least(one.hits, one.trials, one.share) / exact, 1, 1e-9) << one.hits << "/" << one.trials;
    EXPECT_NEAR(binomial_at_most(one.hits - 1, one.trials, one.share), 1 - exact, 1e-9)
        << one.hits << "/" << one.trials;
  }
}

TEST(Tails, HoldAtTheirEnds) {
  EXPECT_EQ(poisson_at_least(0, 5), 1);
  EXPECT_EQ(poisson_at_least(3, 0), 0);
  EXPECT_EQ(poisson_at_most(0, 0), 1);
  EXPECT_EQ(binomial_at_least(0, 10, 0.5), 1);
  EXPECT_EQ(binomial_at_least(11, 10, 0.5), 0);
  EXPECT_EQ(binomial_at_least(10, 10, 1), 1);
  EXPECT_EQ(binomial_at_least(1, 10, 0), 0);
  // Large counts neither take for ever nor lose their sense.
  EXPECT_NEAR(poisson_at_least(1'000'000, 1'000'000), 0.5, 0.001);
  EXPECT_LT(poisson_at_most(990'000, 1'000'000), 1e-20);
  EXPECT_NEAR(binomial_at_least(100'000, 1'000'000, 0.1), 0.5, 0.002);
}

TEST(Middles, AFewThatAreFarOffDoNotMove) {
  EXPECT_EQ(median({}), 0);
  EXPECT_EQ(median({3, 1, 2}), 2);
  EXPECT_EQ(median({1, 2, 3, 4}), 2.5);
  EXPECT_EQ(quantile({0, 10}, 0.25), 2.5);
  EXPECT_EQ(quantile({7}, 1), 7);
  EXPECT_NEAR(robust_spread({9, 10, 11, 10, 1000}, 10), 1.4826, 1e-9);
}

// ---- what is usual ----

std::vector<Window> windows(const std::vector<double>& values, double sample, TimeMs step = 5 * minute_ms) {
  std::vector<Window> out;
  for (std::size_t i = 0; i < values.size(); ++i)
    out.push_back({static_cast<TimeMs>(i) * step, values[i], sample > 0 ? sample : values[i]});
  return out;
}
std::vector<double> times(std::size_t count, double value) { return std::vector<double>(count, value); }

TEST(Usual, OneBadWeekOfFourDoesNotCount) {
  History history;
  for (const double share : {0.02, 0.02, 0.3, 0.02}) history.weeks.push_back(windows(times(12, share), 100));
  const auto references = references_of(Shape::rate, history, 10);
  ASSERT_EQ(references.size(), 1U);
  EXPECT_NEAR(references[0].center, 0.02, 1e-9);
}

TEST(Usual, TwoWeeksStandEachForItself) {
  History history;
  for (const double count : {100.0, 400.0}) history.weeks.push_back(windows(times(12, count), 0));
  const auto references = references_of(Shape::count, history, 10);
  ASSERT_EQ(references.size(), 2U);
  // 150 is half as much again as one week, and far less than the other: nothing unusual.
  Condition loss{ConditionType::anomaly, Direction::below};
  EXPECT_FALSE(judge(Shape::count, loss, {0, 150, 150}, references).breach);
  EXPECT_TRUE(judge(Shape::count, loss, {0, 20, 20}, references).breach);
}

TEST(Usual, OneWeekIsNotEnoughAndTheLastHoursStandIn) {
  History history;
  history.weeks.push_back(windows(times(12, 100), 0));
  EXPECT_TRUE(references_of(Shape::count, history, 10).empty());
  history.recent = windows(times(24, 80), 0);
  const auto references = references_of(Shape::count, history, 10);
  ASSERT_EQ(references.size(), 1U);
  EXPECT_NEAR(references[0].center, 80, 1e-9);
}

TEST(Usual, TheLastHoursAreFollowedAndABurstInThemIsNot) {
  std::vector<double> level = times(40, 100);
  level.insert(level.end(), 40, 150);
  EXPECT_NEAR(usual_lately(Shape::count, windows(level, 0), 1)->center, 150, 20);
  std::vector<double> burst = times(60, 100);
  for (std::size_t i = 40; i < 44; ++i) burst[i] = 10'000;
  EXPECT_LT(usual_lately(Shape::count, windows(burst, 0), 1)->center, 200);
}

TEST(Usual, CountsOfTheLastHoursAreBroughtToTheHourOfNow) {
  // A morning: the count doubles within two hours, each day of each week; today there are half as many people again.
  const auto morning = [](double people, std::size_t from, std::size_t count) {
    std::vector<double> values;
    for (std::size_t i = from; i < from + count; ++i) values.push_back(people * std::exp2(static_cast<double>(i) / 40));
    return values;
  };
  const auto week = windows(morning(100, 0, 60), 0);
  const TimeMs now = week[40].at;
  auto today = windows(morning(150, 0, 40), 0);
  const double plain = usual_lately(Shape::count, today, 1)->center;
  EXPECT_LT(plain, 260);

  using Weeks = std::vector<std::vector<Window>>;
  auto once = today;
  bring_to(now, once, Weeks{week});  // that one week may have had a day of its own
  EXPECT_NEAR(usual_lately(Shape::count, once, 1)->center, plain, 1e-9);

  bring_to(now, today, Weeks{week, week});
  const auto usual = usual_lately(Shape::count, today, 1);
  EXPECT_NEAR(usual->center, 300, 15);
  // What was the rise of every morning is no spread: half of the people missing is seen.
  EXPECT_LT(usual->spread, 15);

  auto few = windows(morning(1.5, 0, 40), 0);
  const auto rare = windows(morning(1, 0, 60), 0);
  const double before = few.front().value;
  bring_to(now, few, Weeks{rare, rare});
  EXPECT_EQ(few.front().value, before) << "a handful of records tells nothing of an hour";
}

TEST(Usual, WindowsOfFewRecordsSayNothingOfALevel) {
  auto mixed = windows(times(12, 200), 500);
  for (std::size_t i = 0; i < 6; ++i) mixed.push_back({static_cast<TimeMs>(i), 9000, 2});
  EXPECT_NEAR(usual_of_weeks(Shape::level, std::span(&mixed, 1), 30)->center, 200, 1e-9);
}

// ---- judging ----

struct JudgeCase {
  const char* name;
  Shape shape;
  Condition condition;
  Window now;
  std::vector<Reference> references;
  Sight sight;
  bool breach;
};

Condition fixed(Direction direction, double threshold, double min_sample = 1) {
  Condition condition{ConditionType::fixed, direction, threshold};
  condition.min_sample = min_sample;
  return condition;
}
Condition anomaly(Direction direction, double percent, double least, double min_sample) {
  Condition condition{ConditionType::anomaly, direction};
  condition.percent = percent;
  condition.least = least;
  condition.min_sample = min_sample;
  return condition;
}

TEST(Judge, Tells) {
  using enum Direction;
  const Reference two_percent{0.02, 0, 100};
  const std::vector<JudgeCase> cases{
      {"a level above", Shape::level, fixed(above, 500, 30), {0, 600, 50}, {}, Sight::normal, true},
      {"a level of too few", Shape::level, fixed(above, 500, 30), {0, 600, 29}, {}, Sight::too_little_data, false},
      {"no records", Shape::level, fixed(above, 500), {0, 0, 0}, {}, Sight::no_data, false},
      {"a count needs no sample", Shape::count, fixed(above, 10, 20), {0, 11, 11}, {}, Sight::normal, true},
      {"none is a count, too", Shape::count, fixed(below, 1), {0, 0, 0}, {}, Sight::normal, true},
      {"1 of 3 is no 5 percent", Shape::rate, fixed(above, 0.3, 1), {0, 1.0 / 3, 3}, {}, Sight::normal, false},
      {"100 of 1000 is", Shape::rate, fixed(above, 0.05, 1), {0, 0.1, 1000}, {}, Sight::normal, true},
      {"a rate far above",
       Shape::rate,
       anomaly(above, 100, 0.02, 10),
       {0, 0.2, 100},
       {two_percent},
       Sight::normal,
       true},
      {"the same share of few",
       Shape::rate,
       anomaly(above, 100, 0.02, 5),
       {0, 0.2, 10},
       {two_percent},
       Sight::normal,
       false},
      {"surely above, and too little to matter",
       Shape::rate,
       anomaly(above, 100, 0.02, 10),
       {0, 0.03, 100'000},
       {two_percent},
       Sight::normal,
       false},
      {"a history that varies so much",
       Shape::rate,
       anomaly(above, 100, 0.02, 10),
       {0, 0.2, 100},
       {{0.02, 0.1, 100}},
       Sight::normal,
       false},
      {"never seen before is not impossible",
       Shape::rate,
       anomaly(above, 100, 0.02, 10),
       {0, 0.03, 100},
       {{0, 0, 100}},
       Sight::normal,
       false},
      {"no history", Shape::rate, anomaly(above, 100, 0.02, 10), {0, 0.5, 100}, {}, Sight::no_reference, false},
      {"no history and few",
       Shape::rate,
       anomaly(above, 100, 0.02, 10),
       {0, 0.5, 5},
       {},
       Sight::too_little_data,
       false},
      {"all people gone", Shape::count, anomaly(below, 40, 0, 20), {0, 0, 0}, {{100, 5, 100}}, Sight::normal, true},
      {"some people gone", Shape::count, anomaly(below, 40, 0, 20), {0, 70, 70}, {{100, 5, 100}}, Sight::normal, false},
      {"few were to be expected",
       Shape::count,
       anomaly(below, 40, 0, 20),
       {0, 0, 0},
       {{10, 1, 10}},
       Sight::too_little_data,
       false},
      {"gone beyond one of two",
       Shape::count,
       anomaly(below, 40, 0, 20),
       {0, 40, 40},
       {{100, 5, 100}, {50, 5, 50}},
       Sight::normal,
       false},
      {"a level off by many spreads",
       Shape::level,
       anomaly(above, 50, 10, 30),
       {0, 400, 100},
       {{200, 10, 100}},
       Sight::normal,
       true},
      {"the same of a tenth of the records",
       Shape::level,
       anomaly(above, 50, 10, 5),
       {0, 400, 10},
       {{200, 10, 100}},
       Sight::normal,
       false},
      {"either side", Shape::level, anomaly(either, 50, 10, 30), {0, 50, 100}, {{200, 10, 100}}, Sight::normal, true},
  };
  for (const JudgeCase& one : cases) {
    const Verdict verdict = judge(one.shape, one.condition, one.now, one.references);
    EXPECT_EQ(verdict.sight, one.sight) << one.name;
    EXPECT_EQ(verdict.breach, one.breach) << one.name;
  }
}

TEST(Judge, ManyGroupsHaveManyChances) {
  const Reference usual{0.02, 0, 40};
  Condition condition = anomaly(Direction::above, 100, 0.02, 5);
  const Window now{0, 7.0 / 40, 40};
  EXPECT_FALSE(judge(Shape::rate, condition, now, std::span(&usual, 1)).breach);
  condition.sensitivity = Sensitivity::high;
  EXPECT_TRUE(judge(Shape::rate, condition, now, std::span(&usual, 1)).breach);
  condition.one_of = 200;
  EXPECT_FALSE(judge(Shape::rate, condition, now, std::span(&usual, 1)).breach);
}

TEST(Judge, AChangeIsHeldAgainstTheWindowBefore) {
  Condition doubled{ConditionType::change, Direction::above};
  doubled.percent = 100;
  const auto against = [&](double before, double now) {
    const Reference reference = reference_of_before(Shape::count, {0, before, before});
    return judge(Shape::count, doubled, {0, now, now}, std::span(&reference, 1)).breach;
  };
  EXPECT_TRUE(against(100, 250));
  EXPECT_FALSE(against(100, 150));  // not doubled
  EXPECT_FALSE(against(3, 8));      // doubled, as it may be by chance
}

TEST(Judge, AShortPieceSpeaksAgainstATroubleWhenItHoldsEnough) {
  const Reference usual{0.02, 0, 100};
  const Condition condition = anomaly(Direction::above, 100, 0.05, 5);
  const auto against = [&](Window piece) {
    return speaks_against(Shape::rate, condition, piece, std::span(&usual, 1));
  };
  EXPECT_FALSE(against({0, 0.2, 50}));  // shows it itself
  EXPECT_TRUE(against({0, 0.01, 100}));
  EXPECT_FALSE(against({0, 0, 4}));  // none of four is what 7 % may give
  EXPECT_FALSE(against({0, 0, 0}));
  EXPECT_TRUE(speaks_against(Shape::level, fixed(Direction::above, 500, 10), {0, 300, 20}, {}));
  EXPECT_FALSE(speaks_against(Shape::level, fixed(Direction::above, 500, 10), {0, 300, 9}, {}));
}

// ---- proposing ----

TEST(Propose, CountsRunsAndNotWindows) {
  const auto past = windows({1, 9, 9, 1, 9, 1, 1, 9, 9, 9}, 0);
  EXPECT_EQ(episodes({past, 5 * minute_ms}, Direction::above, 5, 1), 3);
  EXPECT_EQ(episodes({past, 5 * minute_ms}, Direction::above, 5, 2), 2);
  EXPECT_EQ(episodes({past, 5 * minute_ms}, Direction::below, 5, 2), 1);
  auto torn = past;
  torn.erase(torn.begin() + 8);  // a gap ends a run
  EXPECT_EQ(episodes({torn, 5 * minute_ms}, Direction::above, 5, 2), 1);
}

TEST(Propose, FromTheMildestToTheHardest) {
  std::vector<double> values = times(2000, 100);
  for (std::size_t i = 0; i < 20; ++i) values[i * 100] = 200 + 10 * static_cast<double>(i);
  const auto past = windows(values, 0);
  const auto proposed = propose({past, 5 * minute_ms}, Direction::above, 1);
  ASSERT_EQ(proposed.size(), 3U);
  EXPECT_LE(proposed[0].would_have_fired, 4);
  EXPECT_LE(proposed[1].would_have_fired, 1);
  EXPECT_EQ(proposed[2].would_have_fired, 0);
  EXPECT_LT(proposed[0].threshold, proposed[1].threshold);
  EXPECT_GT(proposed[2].threshold, 390);
  EXPECT_TRUE(propose({windows(times(10, 1), 0), 5 * minute_ms}, Direction::above, 1).empty());
}

}  // namespace
}  // namespace miniops::alerts
