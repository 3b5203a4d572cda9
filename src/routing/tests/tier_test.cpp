// Which of a tier's groups: 1 and 2 are ordinary, 3 and 4 are experts'.
#include "routing/tier.hpp"

#include "routing/tests/routing_fixture.hpp"

namespace miniops::routing::tier_test {
namespace {

const std::vector<GroupId> all_groups{GroupId(1), GroupId(2), GroupId(3), GroupId(4)};

std::string has(std::string_view word) { return fmt::format(R"({{"field":"text","op":"has","value":["{}"]}})", word); }

// As a conversation is sent to the experts, of whom group 4 was made before group 3 was named.
Placement up(const std::vector<Rule>& rules, const Facts& facts, Explanation* why = nullptr) {
  const TierRules experts(rules, {GroupId(4), GroupId(3)});
  return route_to_tier(facts, RuleSet(rules, all_groups, GroupId(1)), experts, now, why);
}

struct Case {
  const char* name;
  std::vector<Rule> rules;
  std::int64_t group, rule;
};

TEST(Tier, ItsBestGroupIsChosenByTheRules) {
  const std::string everything = R"({"group":"2"})";
  const std::string with_overflow =
      R"({"group":"2","overflow":[{"after_s":60,"groups":["1","4"]},{"after_s":90,"groups":["3"]}]})";
  const std::vector<Case> cases{
      {"no rules: the first group", {}, 3, 0},
      {"the first rule that matches and leads there",
       {rule(1, has("退款"), everything), rule(2, has("退款"), R"({"group":"4"})"),
        rule(3, has("退款"), R"({"group":"3"})")},
       4,
       2},
      {"one that does not match", {rule(1, has("发票"), R"({"group":"4"})")}, 3, 0},
      {"where the conversation's own rule overflows to", {rule(1, has("退款"), with_overflow)}, 4, 0},
      {"which is asked after the rules that lead there",
       {rule(1, has("退款"), with_overflow), rule(2, has("退款"), R"({"group":"3"})")},
       3,
       2},
      {"the overflow of a rule that does not match", {rule(1, has("发票"), with_overflow)}, 3, 0},
  };
  Facts facts;
  facts.texts = {"我要退款"};
  for (const Case& one : cases) {
    Explanation why;
    const Placement placed = up(one.rules, facts, &why);
    EXPECT_EQ(placed.target.group, GroupId(one.group)) << one.name;
    EXPECT_EQ(placed.rule, RuleId(one.rule)) << one.name;
    EXPECT_EQ(why.group, GroupId(one.group)) << one.name;
    EXPECT_EQ(up(one.rules, facts).target, placed.target) << one.name << ", unexplained";
  }
}

TEST(Tier, RulesMayAskHowLongTheCustomerHasWaited) {
  const std::vector<Rule> rules{rule(1, R"({"field":"waiting","op":"at_least","value":600})", R"({"group":"4"})")};
  Facts facts;
  facts.waiting_since = now - 599 * second_ms;
  EXPECT_EQ(up(rules, facts).target.group, GroupId(3));
  facts.waiting_since = now - 600 * second_ms;
  EXPECT_EQ(up(rules, facts).target.group, GroupId(4));
}

TEST(Tier, WhatTheRuleAsksOfTheAgentHoldsAndItsOverflowStaysInTheTier) {
  const std::vector<Rule> rules{
      rule(1, has("退款"),
           R"({"group":"4","skills":[{"skill":"9","level":2}],"overflow":[{"after_s":60,"groups":["1","3"]}]})")};
  Facts facts;
  facts.texts = {"退款"};
  const Target target = up(rules, facts).target;
  ASSERT_EQ(target.skills.size(), 1U);
  ASSERT_EQ(target.overflow.size(), 1U);
  EXPECT_THAT(target.overflow[0].groups, testing::ElementsAre(GroupId(3)));
}

TEST(Tier, RulesThatLeadElsewhereAreToldApartFromThoseThatLeadNowhere) {
  Facts facts;
  facts.texts = {"退款"};
  Explanation why;
  up({rule(1, has("退款"), R"({"group":"2"})"), rule(2, has("退款"), R"({"group":"4"})")}, facts, &why);
  ASSERT_EQ(why.considered.size(), 2U);
  EXPECT_EQ(why.considered[0].verdict, Verdict::other_tier);
  EXPECT_EQ(why.considered[1].verdict, Verdict::matches);
}

}  // namespace
}  // namespace miniops::routing::tier_test
