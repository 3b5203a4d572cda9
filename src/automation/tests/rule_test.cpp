// What is a rule, and which fire: without a database.
#include <random>

#include "automation/dry_run.hpp"
#include "automation/tests/automation_fixture.hpp"

namespace miniops::automation {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr TimeMs now = 1763701200000;

json::array actions(std::initializer_list<json::object> all) {
  json::array out;
  for (const json::object& one : all) out.push_back(one);
  return out;
}
const json::object hello{{"kind", "send_text"}, {"text", "您好{{customer.nickname|亲}}"}};

TEST(Rules, SayWhereTheyAreWrong) {
  struct Case {
    json::object body;
    std::string pointer;  // "": it is right
  };
  const json::object opened{{"event", "opened"}}, closed{{"event", "closed"}};
  const json::object close{{"kind", "close"}}, note{{"kind", "note"}, {"text", "看"}};
  const std::vector<Case> cases{
      {rule_body(), ""},
      {rule_body({{"event", "waiting"}, {"minutes", 5}}), ""},
      {rule_body({{"event", "waiting"}}), "/when/minutes"},
      {rule_body({{"event", "waiting"}, {"minutes", 2881}}), "/when/minutes"},
      {rule_body({{"event", "opened"}, {"minutes", 5}}), "/when/minutes"},
      {rule_body({{"event", "scored"}, {"score_max", 2}}), ""},
      {rule_body({{"event", "opened"}, {"score_max", 2}}), "/when/score_max"},
      {rule_body({{"event", "sneezed"}}), "/when/event"},
      {rule_body(opened, {}), "/actions"},
      {rule_body(opened, actions({hello, hello, hello})), ""},
      {rule_body(opened, actions({hello, hello, hello, hello})), "/actions/3/kind"},
      {rule_body(opened, actions({close, hello})), "/actions/0/kind"},
      {rule_body(opened, actions({hello, close})), ""},
      {rule_body(opened, actions({{{"kind", "close"}, {"reason_id", "7"}}})), ""},
      {rule_body(opened, actions({{{"kind", "close"}, {"reason_id", "x"}}})), "/actions/0/reason_id"},
      {rule_body(closed, actions({note})), ""},
      {rule_body(closed, actions({hello})), "/actions/0/kind"},
      {rule_body(opened, actions({{{"kind", "send_text"}, {"text", "{{customer.shoes}}"}}})), "/actions/0/text"},
      {rule_body(opened, actions({{{"kind", "webhook"}}})), "/actions/0/kind"},
      {rule_body(opened, actions({{{"kind", "transfer_group"}}})), "/actions/0/group_id"},
      {rule_body(opened, actions({{{"kind", "transfer_tier"}, {"tier", "automatic"}}})), "/actions/0/tier"},
      {rule_body(opened, actions({{{"kind", "set_priority"}, {"priority", 1001}}})), "/actions/0/priority"},
      {rule_body(opened, actions({note}), json::object{{"field", "shoes"}, {"op", "is"}, {"value", json::array{"a"}}}),
       "/condition/field"},
  };
  for (const Case& each : cases) {
    const auto rule = parse_rule(each.body);
    const std::string text = json::serialize(each.body);
    if (each.pointer.empty()) {
      ASSERT_TRUE(rule) << text << ": " << rule.error().fields.at(0).pointer << " "
                        << rule.error().fields.at(0).message;
      EXPECT_EQ(parse_rule(rule_json(*rule)), *rule) << text;
    } else {
      ASSERT_FALSE(rule) << text;
      EXPECT_EQ(rule.error().code, "request.invalid");
      EXPECT_EQ(rule.error().fields.at(0).pointer, each.pointer) << text;
    }
  }
}

Rule rule(std::int64_t id, json::object when, json::value condition = nullptr) {
  // Of a closed conversation nothing is sent.
  const json::object note{{"kind", "note"}, {"text", "看"}};
  const auto does = actions({when.at("event") == "closed" ? note : hello});
  Rule out = parse_rule(rule_body(std::move(when), does, std::move(condition))).value();
  out.id = RuleId(id);
  return out;
}

TEST(Rules, ThatMatchEverythingAreKnown) {
  const json::object opened{{"event", "opened"}};
  EXPECT_TRUE(matches_everything(rule(1, opened)));
  EXPECT_TRUE(matches_everything(rule(1, opened, {{"field", "level"}, {"op", "at_least"}, {"value", 0}})));
  EXPECT_FALSE(matches_everything(rule(1, opened, text_has("退款"))));
  EXPECT_FALSE(matches_everything(rule(1, {{"event", "waiting"}, {"minutes", 5}})));
  EXPECT_FALSE(matches_everything(rule(1, {{"event", "scored"}, {"score_max", 2}})));
  EXPECT_TRUE(matches_everything(rule(1, {{"event", "scored"}})));
}

std::vector<std::int64_t> fires(const RuleSet& rules, const Occasion& occasion, const routing::Facts& facts = {}) {
  std::vector<std::int64_t> out;
  for (const Decision& one : decide(rules, occasion, facts, now))
    if (one.fires) out.push_back(one.rule->rule.id.value());
  return out;
}

TEST(Rules, FireAtTheirEventInTheirOrder) {
  PlacedRule off{rule(4, {{"event", "opened"}})}, paused{rule(5, {{"event", "opened"}})};
  off.rule.enabled = false;
  paused.paused_at = now;
  const RuleSet rules({{rule(3, {{"event", "opened"}})},
                       off,
                       paused,
                       {rule(2, {{"event", "opened"}}, text_has("退款"))},
                       {rule(1, {{"event", "opened"}})},
                       {rule(6, {{"event", "scored"}, {"score_max", 2}})},
                       {rule(7, {{"event", "waiting"}, {"minutes", 5}})}});
  routing::Facts asks;
  asks.texts = {"我要退款"};
  EXPECT_THAT(fires(rules, {EventKind::opened}), ElementsAre(3, 1));
  EXPECT_THAT(fires(rules, {EventKind::opened}, asks), ElementsAre(3, 2, 1));
  EXPECT_THAT(fires(rules, {EventKind::closed}), IsEmpty());
  EXPECT_THAT(fires(rules, {EventKind::scored, 2}), ElementsAre(6));
  EXPECT_THAT(fires(rules, {EventKind::scored, 3}), IsEmpty());
  EXPECT_THAT(fires(rules, {EventKind::waiting, 0, {RuleId(7)}}), ElementsAre(7));
  EXPECT_THAT(fires(rules, {EventKind::waiting}), IsEmpty()) << "it is not its time";
  EXPECT_TRUE(rules.wants(EventKind::scored));
  EXPECT_FALSE(rules.wants(EventKind::parked));
  ASSERT_EQ(rules.waits().size(), 1U);
  EXPECT_EQ(rules.waits()[0].after, 5 * minute_ms);
}

TEST(Rules, WhatDidNotHoldIsTold) {
  const RuleSet rules({{rule(1, {{"event", "opened"}}, text_has("退款"))}});
  const auto decided = decide(rules, {EventKind::opened}, {}, now);
  ASSERT_EQ(decided.size(), 1U);
  EXPECT_FALSE(decided[0].fires);
  ASSERT_EQ(decided[0].compared.size(), 1U);
  EXPECT_EQ(decided[0].compared[0].field, routing::Field::text);
  EXPECT_FALSE(decided[0].compared[0].held);
}

TEST(Rules, StepsWithoutEffectAreKnown) {
  Facts facts;
  facts.queued = true;
  facts.group = 7;
  facts.tags = {"老"};
  facts.level = 2;
  const auto has = [&](StepKind kind, std::int64_t number = 0, const std::string& text = "") {
    return has_effect({kind, text, number}, facts);
  };
  EXPECT_FALSE(has(StepKind::add_tag, 0, "老"));
  EXPECT_TRUE(has(StepKind::add_tag, 0, "新"));
  EXPECT_TRUE(has(StepKind::remove_tag, 0, "老"));
  EXPECT_FALSE(has(StepKind::remove_tag, 0, "新"));
  EXPECT_FALSE(has(StepKind::set_level, 2));
  EXPECT_TRUE(has(StepKind::set_priority, 2));
  EXPECT_FALSE(has(StepKind::transfer_group, 7));
  EXPECT_TRUE(has(StepKind::transfer_group, 8));
  facts.tier = "ordinary";
  EXPECT_FALSE(has(StepKind::transfer_tier, 0, "ordinary"));
  EXPECT_TRUE(has(StepKind::transfer_tier, 0, "expert"));
  EXPECT_TRUE(has(StepKind::close));
  facts.closed = true;
  EXPECT_FALSE(has(StepKind::close));
  EXPECT_TRUE(has(StepKind::transfer_group, 7)) << "so that it is refused, and said";
  EXPECT_TRUE(has(StepKind::send_text, 0, "一"));
}

// Whatever the rules: an event begins each of its rules once, and a set decides alike whatever other rules it has.
TEST(RulesProperty, OneDecisionForEachRuleOfTheEvent) {
  std::mt19937 random(7);
  const auto upto = [&](int max) { return std::uniform_int_distribution(0, max)(random); };
  for (int round = 0; round < 300; ++round) {
    std::vector<PlacedRule> all;
    for (int i = 0; i < upto(12); ++i) {
      const auto kind = static_cast<EventKind>(upto(event_kinds - 1));
      json::object when{{"event", word(kind)}};
      if (is_timed(kind)) when["minutes"] = 1 + upto(9);
      if (kind == EventKind::scored) when["score_max"] = 1 + upto(4);
      PlacedRule one{rule(i + 1, when, upto(1) == 0 ? json::value(nullptr) : json::value(text_has("退")))};
      one.rule.enabled = upto(3) != 0;
      all.push_back(one);
    }
    Occasion occasion{static_cast<EventKind>(upto(event_kinds - 1)), 1 + upto(4)};
    for (const PlacedRule& one : all)
      if (upto(1) == 0) occasion.due.push_back(one.rule.id);
    routing::Facts facts;
    if (upto(1) == 0) facts.texts = {"退款"};
    const RuleSet together(all);
    std::set<RuleId> seen;
    for (const Decision& decision : decide(together, occasion, facts, now)) {
      EXPECT_TRUE(seen.insert(decision.rule->rule.id).second) << "twice";
      EXPECT_EQ(decision.rule->rule.when.kind, occasion.kind);
      EXPECT_TRUE(decision.rule->works());
      const RuleSet alone({*decision.rule});
      EXPECT_EQ(fires(alone, occasion, facts).size(), decision.fires ? 1U : 0U);
    }
  }
}

TEST(DryRuns, CountWhatTheSameFunctionDecides) {
  std::vector<PastConversation> past(3);
  past[0].id = 1;
  routing::Facts refund;
  refund.texts = {"退款"};
  past[0].occasions = {
      {{EventKind::opened}, refund, 10}, {{EventKind::opened}, {}, 20}, {{EventKind::opened}, refund, 30}};
  past[1].occasions = {{{EventKind::opened}, {}, 10}};
  Rule tried = rule(1, {{"event", "opened"}}, text_has("退款"));
  tried.enabled = false;
  const auto out = dry_run(tried, past);
  ASSERT_EQ(out.size(), 3U);
  EXPECT_EQ(out[0].events, 3);
  EXPECT_EQ(out[0].firings, 2);
  EXPECT_EQ(out[0].fired_at, 30);
  EXPECT_THAT(out[0].compared, IsEmpty());
  EXPECT_EQ(out[1].firings, 0);
  EXPECT_EQ(out[1].compared.size(), 1U) << "why not";
  EXPECT_EQ(out[2].events, 0);
}

}  // namespace
}  // namespace miniops::automation
