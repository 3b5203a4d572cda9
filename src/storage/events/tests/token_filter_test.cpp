#include "storage/events/token_filter.hpp"

#include <gtest/gtest.h>

#include "storage/events/tests/lines.hpp"

namespace miniops::events {
namespace {

bool may_satisfy(const std::array<std::string, filter_slices>& filter, const Demand& demand) {
  const auto part_may = [&](const Demand& part) { return may_satisfy(filter, part); };
  switch (demand.of) {
    case Demand::Of::nothing:
      return true;
    case Demand::Of::token:
      return may_hold(filter[slice_of(demand.token)], demand.token);
    case Demand::Of::all:
      return std::ranges::all_of(demand.parts, part_may);
    case Demand::Of::any:
      return std::ranges::any_of(demand.parts, part_may);
  }
  std::unreachable();
}

std::vector<std::string> tokens_of(std::string_view text) {
  std::vector<std::string> tokens;
  for_each_token(
      text, [&](Token, std::size_t begin, std::size_t end) { tokens.emplace_back(text.substr(begin, end - begin)); });
  return tokens;
}

Scope asking(Predicate predicate) {
  Scope scope{.app = 1};
  scope.matching = std::make_shared<const Predicate>(std::move(predicate));
  return scope;
}

TokenSet tokens_of(const Row& row) {
  TokenSet set;
  add_tokens(row, set);
  return set;
}

TEST(Tokens, AreWordsAndCharactersAndPairs) {
  using Texts = std::vector<std::string>;
  EXPECT_EQ(tokens_of("GET /api/v1 user_id=42"), (Texts{"GET", "api", "v1", "user_id", "42"}));
  EXPECT_EQ(tokens_of("微信pay失败"), (Texts{"微", "信", "微信", "pay", "失", "败", "失败"}));
  EXPECT_EQ(tokens_of("caf\u00e9 支 付"), (Texts{"caf", "支", "付"}));
  EXPECT_EQ(tokens_of(" \x01…"), (Texts{}));
}

TEST(Tokens, OfAWordAreTheSameInEachCase) {
  std::vector<Token> found;
  for (const char* text : {"Error", "ERROR", "error"})
    for_each_token(text, [&](Token token, std::size_t, std::size_t) { found.push_back(token); });
  EXPECT_EQ(found, std::vector<Token>(3, found.front()));
}

// What is demanded of rows is in the filter of each row that satisfies the condition.
TEST(TokenFilter, NeverDeniesWhatIsThere) {
  testing::Lines random(3);
  int satisfied = 0, denied = 0;
  for (int i = 0; i < 10'000; ++i) {
    Row row = random.row();
    row.app = 1;
    const Predicate predicate = random.predicate();
    const bool may = may_satisfy(tokens_of(row).filter(), demand_of(asking(predicate)));
    if (testing::Judge(predicate)(row)) {
      ++satisfied;
      ASSERT_TRUE(may) << testing::shown(predicate) << " of " << row.text;
    } else if (!may) {
      ++denied;
    }
  }
  EXPECT_GT(satisfied, 1000);
  EXPECT_GT(denied, 500);
}

TEST(TokenFilter, SeldomTakesOneForAnother) {
  TokenSet set;
  for (int i = 0; i < 10'000; ++i) set.add(trace_token(std::to_string(i)));
  const auto filter = set.filter();
  std::size_t bytes = 0;
  for (const std::string& slice : filter) bytes += slice.size();
  EXPECT_EQ(bytes, 20'000u);  // 16 bits each
  int wrong = 0;
  for (int i = 10'000; i < 110'000; ++i) {
    const Token token = trace_token(std::to_string(i));
    wrong += may_hold(filter[slice_of(token)], token) ? 1 : 0;
  }
  EXPECT_LT(wrong, 120);  // 1 in 1,700 is 59
}

TEST(TokenFilter, KnowsWhatAConditionDemands) {
  Row row;
  row.app = 1;
  row.session = {1, 2};
  row.trace = "4bf92f35";
  row.log_template = 7;
  row.text = "user 42: Connection reset by peer, 支付失败";
  const auto filter = tokens_of(row).filter();
  const auto may = [&](Predicate predicate) { return may_satisfy(filter, demand_of(asking(std::move(predicate)))); };
  using Op = Predicate::Op;
  const auto leaf = [](Op op, std::string text, bool edges = true) {
    Predicate predicate{.op = op, .text = std::move(text)};
    predicate.from_edge = predicate.to_edge = edges;
    return predicate;
  };
  const auto field = [](Field which, std::string text) {
    Predicate predicate{.op = Op::equals, .on = Predicate::On::field, .field = which};
    predicate.text = std::move(text);
    return predicate;
  };
  EXPECT_FALSE(may(leaf(Op::contains, "refused")));
  EXPECT_FALSE(may(leaf(Op::contains, "connection was reset")));
  EXPECT_TRUE(may(leaf(Op::contains, "onnection reset b", false)));  // only 'reset' is whole
  EXPECT_FALSE(may(leaf(Op::contains, "onnection refused b", false)));
  EXPECT_TRUE(may(leaf(Op::contains, "refused", false)));  // may be part of another word
  EXPECT_FALSE(may(leaf(Op::contains, "付款", false)));
  EXPECT_FALSE(may(leaf(Op::regex, "user [0-9]+: Connection lost by .*")));
  EXPECT_TRUE(may(leaf(Op::regex, "lost|reset")));
  EXPECT_FALSE(may(leaf(Op::regex, "Connection (lost|refused) by")));
  EXPECT_TRUE(may(leaf(Op::regex, "Connection (lost|reset) by")));
  EXPECT_FALSE(may({.op = Op::any, .of = {leaf(Op::contains, "lost"), leaf(Op::contains, "refused")}}));
  EXPECT_TRUE(may({.op = Op::any, .of = {leaf(Op::contains, "lost"), leaf(Op::contains, "reset")}}));
  EXPECT_TRUE(may({.op = Op::none, .of = {leaf(Op::contains, "reset")}}));
  EXPECT_FALSE(may({.op = Op::all, .of = {leaf(Op::contains, "reset"), leaf(Op::contains, "lost")}}));
  EXPECT_FALSE(may(field(Field::trace, "4bf92f36")));
  EXPECT_TRUE(may(field(Field::trace, "4bf92f35")));
  EXPECT_FALSE(may(field(Field::session, "00000000000000010000000000000003")));
  EXPECT_TRUE(may(field(Field::session, "00000000000000010000000000000002")));
  Scope others = asking({});
  others.app = 2;
  EXPECT_FALSE(may_satisfy(filter, demand_of(others)));
  Scope of_template{.app = 1};
  of_template.where = {{Field::log_template, {std::int64_t{8}, std::int64_t{9}}}};
  EXPECT_FALSE(may_satisfy(filter, demand_of(of_template)));
  of_template.where.front().negated = true;
  EXPECT_TRUE(may_satisfy(filter, demand_of(of_template)));
}

}  // namespace
}  // namespace miniops::events
