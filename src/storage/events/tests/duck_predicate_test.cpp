// The engine's answers to conditions are what the conditions say, row by row.
#include <gtest/gtest.h>

#include "storage/events/tests/lines_fixture.hpp"

namespace miniops::events {
namespace {

using Op = Predicate::Op;
using On = Predicate::On;

class DuckPredicateTest : public testing::LinesTest {
 protected:
  void check(const Predicate& predicate) {
    const testing::Judge satisfies(predicate);
    double expected = 0;
    for (const Row& row : stored_)
      if (row.app == 1 && satisfies(row)) expected += row.weight;
    ASSERT_EQ(count(asking(predicate)), expected) << testing::shown(predicate);
    satisfied_ += expected > 0 ? 1 : 0;
  }
  int satisfied_ = 0;
};

// Each form by itself, many times; then trees of them.
TEST_F(DuckPredicateTest, CountsAreThoseOfTheConditions) {
  testing::Lines random(11);
  load_random(random, 700);
  for (int i = 0; i < 400; ++i) check(random.leaf());
  for (int i = 0; i < 200; ++i) check(random.predicate(3));
  EXPECT_GT(satisfied_, 200);
}

TEST_F(DuckPredicateTest, WordsPhrasesAndPartsOfThemAreFound) {
  testing::Lines random(12);
  load_random(random, 700);
  for (int i = 0; i < 200; ++i) {
    Predicate leaf{.op = Op::contains, .text = random.text(2)};
    leaf.from_edge = random.below(2) == 0;
    leaf.to_edge = random.below(2) == 0;
    check(leaf);
  }
  EXPECT_GT(satisfied_, 100);
}

TEST_F(DuckPredicateTest, ManyNumbersAreAmong) {
  testing::Lines random(13);
  load_random(random, 300);
  Predicate among{.op = Op::among, .on = On::field, .field = Field::level};
  for (int i = 2; i < 5000; ++i) among.numbers.push_back(i);
  check(among);
}

TEST_F(DuckPredicateTest, APersonIsWhoTheyCountAs) {
  testing::Lines random(14);
  load_random(random, 300);
  ASSERT_TRUE(store_->count_as(2, 1));
  for (Row& row : stored_)
    if (row.person == 2) row.person = 1;
  Predicate among{.op = Op::among, .on = On::field, .field = Field::person};
  among.numbers = {1};
  check({.op = Op::all, .of = {among}});
  EXPECT_EQ(satisfied_, 1);
}

TEST_F(DuckPredicateTest, ABreakdownByAPropertyHasTextsForKeys) {
  std::vector<Row> rows;
  const auto add = [&](std::string properties, double weight, std::optional<double> value) {
    testing::Lines random(15);
    Row row = random.row();
    row.app = 1;
    row.properties = std::move(properties);
    row.weight = weight;
    row.value = value;
    rows.push_back(row);
  };
  add(R"({"m":"cart"})", 1, 100);
  add(R"({"m":"cart"})", 1, 100);
  add(R"({"m":"支付"})", 10, 500);
  add(R"({"m":4})", 1, {});
  add(R"({"o":{"m":"inner"}})", 1, {});
  add("{}", 1, {});
  load(rows);
  BreakdownQuestion question{asking({}), Measure::count};
  question.by_property = "m";
  const auto found = store_->breakdown(question);
  ASSERT_TRUE(found) << found.error().message;
  std::vector<std::pair<std::string, double>> counts;
  for (const Point& point : *found) counts.emplace_back(point.text_key, point.value);
  EXPECT_EQ(counts, (std::vector<std::pair<std::string, double>>{{"支付", 10}, {"", 2}, {"cart", 2}, {"4", 1}}));
  question.top = 2;
  EXPECT_EQ(store_->breakdown(question)->size(), 2u);
  question.measure = Measure::quantiles;
  const auto quantiles = store_->breakdown(question);
  ASSERT_EQ(quantiles->size(), 2u);
  EXPECT_EQ(quantiles->front().text_key, "支付");
  EXPECT_NEAR(quantiles->back().quantiles->p50, 100, 1);
  question.by_property = "o.m";
  question.measure = Measure::count;
  EXPECT_EQ(store_->breakdown(question)->back().text_key, "inner");
}

}  // namespace
}  // namespace miniops::events
