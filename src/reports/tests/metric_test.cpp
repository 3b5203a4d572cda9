// Each metric of docs/metrics.md with its example.
#include "reports/metric.hpp"

#include <gtest/gtest.h>

#include "reports/figure.hpp"
#include "reports/tests/history.hpp"

namespace miniops::reports {
namespace {

constexpr TimeMs s = second_ms;
constexpr TimeMs weeks_later = ten_o_clock + 30 * day_ms;

std::vector<Sample> samples(History& history, Metric metric, TimeMs now = weeks_later) {
  std::vector<Sample> all, of_metric;
  samples_of(facts_of(history.rows()), now, all);
  for (const Sample& one : all)
    if (one.metric == metric) of_metric.push_back(one);
  return of_metric;
}
std::string told(const std::vector<Sample>& samples) {
  std::string out;
  for (const Sample& one : samples) {
    if (!out.empty()) out += ", ";
    out += one.state == State::counted ? std::to_string(one.value) : std::string(word(one.state));
    if (!one.agent.empty()) out += " of " + one.agent.str();
  }
  return out;
}

TEST(MetricTest, TheExampleOfTheDocumentation) {
  struct Case {
    Metric metric;
    std::string expected;
  };
  History history = example();
  history.surveyed(5).followed_by(ten_o_clock + 25 * hour_ms);
  const std::vector<Case> cases{
      {Metric::conversations, "1 of 8"},
      {Metric::reopened, ""},
      {Metric::first_reaction, "2000 of 8"},
      {Metric::first_answer, "91000 of 7"},
      {Metric::response, "91000 of 7, 122000 of 8, missed of 8"},
      {Metric::wait, "60000 of 7"},
      {Metric::handling, "180000 of 7, 360000 of 8"},
      {Metric::transfers, "1 of 7"},
      {Metric::resolution, "1 of 8"},
      {Metric::first_contact, "0 of 8"},
      {Metric::satisfaction, "5 of 8"},
  };
  ASSERT_EQ(cases.size(), metrics);
  for (const Case& each : cases) EXPECT_EQ(told(samples(history, each.metric)), each.expected) << word(each.metric);
}

TEST(MetricTest, WhatIsNotKnownYetIsOpen) {
  History waiting(1);
  for (const Metric metric : {Metric::first_reaction, Metric::first_answer, Metric::response, Metric::wait})
    EXPECT_EQ(told(samples(waiting, metric)), "open") << word(metric);
  EXPECT_EQ(told(samples(waiting, Metric::resolution)), "");
  History held(2);
  held.at(10).assigned(7);
  EXPECT_EQ(told(samples(held, Metric::handling)), "open of 7");
}

TEST(MetricTest, WhatNeverCameIsMissed) {
  History given_up(1);
  given_up.at(60).closed("");
  for (const Metric metric : {Metric::first_reaction, Metric::first_answer, Metric::response, Metric::wait})
    EXPECT_EQ(told(samples(given_up, metric)), "missed") << word(metric);
  EXPECT_EQ(samples(given_up, Metric::wait)[0].until, ten_o_clock + 60 * s);
  EXPECT_EQ(told(samples(given_up, Metric::resolution)), "") << "no person worked on it";
}

TEST(MetricTest, FirstContactWaitsForThreeDays) {
  const TimeMs closed_at = ten_o_clock + 600 * s;
  struct Case {
    TimeMs next_at, now;
    std::string outcome, expected;
  };
  const std::vector<Case> cases{
      {0, closed_at + first_contact_ms - 1, "resolved", "open of 8"},
      {0, closed_at + first_contact_ms, "resolved", "1 of 8"},
      {closed_at + first_contact_ms - 1, closed_at + first_contact_ms, "resolved", "0 of 8"},
      {closed_at + first_contact_ms, closed_at + 2 * first_contact_ms, "resolved", "1 of 8"},
      {closed_at + hour_ms, closed_at + 2 * hour_ms, "resolved", "0 of 8"},
      {0, closed_at + 1, "", "0 of 8"},
      {0, closed_at + 1, "unresolved", "0 of 8"},
  };
  for (const Case& each : cases) {
    History history = example();
    history.rows().events.back().to = each.outcome;
    history.followed_by(each.next_at);
    EXPECT_EQ(told(samples(history, Metric::first_contact, each.now)), each.expected) << each.outcome << each.now;
    EXPECT_EQ(told(samples(history, Metric::resolution, each.now)), each.outcome == "resolved" ? "1 of 8" : "0 of 8");
  }
}

TEST(MetricTest, SatisfactionIsTheShareOfFoursAndFives) {
  Tally tally;
  for (const int score : {5, 4, 3, 1, 0}) {
    History history = example();
    history.surveyed(score);
    for (const Sample& one : samples(history, Metric::satisfaction)) tally.add(one);
  }
  History not_asked = example();
  EXPECT_TRUE(samples(not_asked, Metric::satisfaction).empty());
  const Figure figure = tally.finish();
  EXPECT_EQ(figure.count, 4);
  EXPECT_EQ(figure.share(), 0.5);
  EXPECT_EQ(figure.mean(), 3.25);
  EXPECT_EQ(figure.answer_rate(), 0.8);
}

TEST(FigureTest, MedianAndP90AreMeasuredValues) {
  struct Case {
    std::vector<std::int64_t> values;
    std::int64_t median, p90;
  };
  const std::vector<Case> cases{
      {{}, 0, 0},
      {{7}, 7, 7},
      {{20, 10}, 10, 20},
      {{3, 1, 2}, 2, 3},
      {{10, 9, 8, 7, 6, 5, 4, 3, 2, 1}, 5, 9},
      {{11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1}, 6, 10},
  };
  for (const Case& each : cases) {
    Tally tally, half, other_half;
    for (std::size_t i = 0; i < each.values.size(); ++i) {
      const Sample sample{.metric = Metric::response, .value = each.values[i]};
      tally.add(sample);
      (i % 2 == 0 ? half : other_half).add(sample);
    }
    half.add(std::move(other_half));
    for (Tally* one : {&tally, &half}) {
      const Figure figure = one->finish();
      EXPECT_EQ(figure.median, each.median);
      EXPECT_EQ(figure.p90, each.p90);
      EXPECT_EQ(figure.count, static_cast<std::int64_t>(each.values.size()));
    }
  }
  EXPECT_EQ(Figure{}.mean(), std::nullopt);
}

}  // namespace
}  // namespace miniops::reports
