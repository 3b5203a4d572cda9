// Rules in their order, their versions, how often they may fire, and the log.
#include "automation/log.hpp"
#include "automation/tests/automation_fixture.hpp"

namespace miniops::automation {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST_P(AutomationTest, RulesHaveAnOrder) {
  const RuleId a = added("a"), b = added("b"), c = added("c");
  EXPECT_THAT(names(), ElementsAre("a", "b", "c"));
  must(sql::run(service_->move(chief(), c, a)));
  EXPECT_THAT(names(), ElementsAre("c", "a", "b"));
  must(sql::run(service_->move(chief(), c, {})));
  EXPECT_THAT(names(), ElementsAre("a", "b", "c"));
  must(sql::run(service_->remove(chief(), a)));
  json::object body = rule_body();
  body["name"] = "d";
  must(add(body, b));
  EXPECT_THAT(names(), ElementsAre("d", "b", "c"));
  EXPECT_EQ(code_of(sql::run(service_->remove(chief(), a))), "automation.not_found");
  EXPECT_EQ(code_of(sql::run(service_->rule(chief(bank), b))), "automation.not_found");
  EXPECT_EQ(query("SELECT 1 FROM audit_entries WHERE action LIKE 'automation.rule.%'").size(), 7U);
}

TEST_P(AutomationTest, AChangeNamesTheVersionThatWasSeen) {
  const RuleId id = added("a");
  const auto after = must(change(id, 1, {{"name", "b"}}));
  EXPECT_EQ(after.placed.version, 2);
  EXPECT_EQ(code_of(change(id, 1, {{"name", "c"}})), "automation.changed");
  EXPECT_EQ(code_of(change(id, 2, {{"when", {{"event", "sneezed"}}}})), "request.invalid");
  EXPECT_THAT(names(), ElementsAre("b"));
}

TEST_P(AutomationTest, ThereAreNoMoreThanAHundred) {
  for (std::size_t i = 0; i < rules_max; ++i) added(std::to_string(i));
  EXPECT_EQ(code_of(add(rule_body())), "automation.too_many");
}

TEST_P(AutomationTest, WhatLooksWrongIsWarnedOf) {
  const json::array to_group{json::object{{"kind", "transfer_group"}, {"group_id", "7"}}};
  const RuleId id = added("a", rule_body({{"event", "opened"}}, to_group));
  EXPECT_EQ(must(sql::run(service_->rule(chief(), id))).warnings.size(), 1U) << "it matches everything";
  must(change(id, 1, {{"condition", text_has("退款")}}));
  EXPECT_THAT(must(sql::run(service_->rule(chief(), id))).warnings, IsEmpty());
  desk_.known_max = 6;
  const auto warnings = must(sql::run(service_->rule(chief(), id))).warnings;
  ASSERT_EQ(warnings.size(), 1U);
  EXPECT_EQ(warnings[0].kind, WarningKind::broken);
  EXPECT_EQ(code_of(add(rule_body({{"event", "opened"}}, to_group))), "automation.no_such_target");
  EXPECT_EQ(code_of(change(id, 2, {{"enabled", false}})), "ok") << "it can be switched off";
}

TEST_P(AutomationTest, WhatWasDueBeforeIsNotMadeUpFor) {
  const RuleId id = added("a", rule_body({{"event", "waiting"}, {"minutes", 5}}));
  const TimeMs made = sets_->of(shop)->waits().at(0).since;
  clock_.advance(hour_ms);
  must(change(id, 1, {{"name", "b"}}));
  EXPECT_EQ(sets_->of(shop)->waits().at(0).since, made) << "it waits for the same";
  must(change(id, 2, {{"when", {{"event", "waiting"}, {"minutes", 3}}}}));
  EXPECT_EQ(sets_->of(shop)->waits().at(0).since, clock_.now());
  clock_.advance(hour_ms);
  must(change(id, 3, {{"enabled", false}}));
  EXPECT_THAT(sets_->of(shop)->waits(), IsEmpty());
  must(change(id, 4, {{"enabled", true}}));
  EXPECT_EQ(sets_->of(shop)->waits().at(0).since, clock_.now());
}

class FiringsTest : public AutomationTest {
 protected:
  Admission admit(RuleId rule, std::int64_t conversation, std::int64_t turn) {
    return in_transaction([&](sql::Transaction& tx) {
      return automation::admit(tx, {shop, rule, conversation, turn}, clock_.now()).admission;
    });
  }
};

TEST_P(FiringsTest, OnceForEachMessageOfTheCustomer) {
  const RuleId a = added("a"), b = added("b");
  EXPECT_EQ(admit(a, 1, 3), Admission::fires);
  EXPECT_EQ(admit(a, 1, 3), Admission::repeated);
  EXPECT_EQ(admit(b, 1, 3), Admission::fires) << "another rule";
  EXPECT_EQ(admit(a, 2, 3), Admission::fires) << "another conversation";
  EXPECT_EQ(admit(a, 1, 4), Admission::fires) << "the customer wrote";
  EXPECT_EQ(admit(a, 1, 3), Admission::repeated);
}

TEST_P(FiringsTest, TheOneThatFiresMostIsPaused) {
  const RuleId busy = added("busy"), calm = added("calm");
  execute("INSERT INTO automation_rates (appid, minute, rule_id, fired) VALUES ($1, $2, $3, $4)",
          {shop, clock_.now() / minute_ms, busy, firings_per_minute_max - 1});
  EXPECT_EQ(admit(calm, 1, 1), Admission::fires);
  EXPECT_EQ(admit(calm, 2, 1), Admission::pauses);
  EXPECT_EQ(admit(calm, 3, 1), Admission::too_often) << "until the minute is over";
  must(sql::run(sets_->load(true)));
  const auto rules = must(sql::run(service_->rules(chief())));
  EXPECT_NE(rules[0].placed.paused_at, 0);
  EXPECT_EQ(rules[1].placed.paused_at, 0) << "who fired once is not to blame";
  EXPECT_EQ(sets_->of(shop)->begun_by(EventKind::opened).rules.size(), 1U);
  clock_.advance(minute_ms);
  EXPECT_EQ(admit(calm, 3, 1), Admission::fires);
  must(change(busy, rules[0].placed.version, {{"enabled", true}}));
  EXPECT_EQ(sets_->of(shop)->begun_by(EventKind::opened).rules.size(), 2U) << "a person looked at it";
}

class LogTest : public AutomationTest {
 protected:
  void note(RuleId rule, std::int64_t conversation, Outcome outcome) {
    LogEntry entry{ids_.next_as<LogId>(), shop, clock_.now(), rule, "规则", conversation};
    entry.outcome = outcome;
    if (outcome == Outcome::fired) entry.steps = {{StepKind::close, true, "desk.not_found"}};
    if (outcome == Outcome::not_matched)
      entry.compared = {{0, routing::Field::text, routing::Comparison::has, "", false}};
    in_transaction([&](sql::Transaction& tx) {
      automation::note(tx, entry);
      return true;
    });
    clock_.advance(10);
  }
  std::vector<LogEntry> log(store::LogFilter filter = {}, int limit = 100) {
    return must(sql::run(service_->log(chief(), filter, {}, limit))).items;
  }
};

TEST_P(LogTest, KeepsWhatFiredAndTheNewestOfWhatDidNot) {
  const RuleId a(1), b(2);
  note(a, 7, Outcome::fired);
  note(a, 7, Outcome::fired);
  note(a, 7, Outcome::not_matched);
  note(a, 7, Outcome::not_matched);
  note(b, 7, Outcome::not_matched);
  EXPECT_EQ(log().size(), 4U);
  clock_.advance(2 * minute_ms);
  note(a, 7, Outcome::repeated);
  const auto all = log();
  ASSERT_EQ(all.size(), 4U) << "it took the other's place";
  EXPECT_EQ(all[0].outcome, Outcome::repeated);
  EXPECT_EQ(all[1].compared.at(0).field, routing::Field::text);
  EXPECT_EQ(all[2].steps.at(0).refused, "desk.not_found");
  EXPECT_EQ(log({.rule = b}).size(), 1U);
  EXPECT_EQ(log({.outcome = Outcome::fired}).size(), 2U);
  EXPECT_THAT(log({.conversation = 8}), IsEmpty());
  const auto page = must(sql::run(service_->log(chief(), {}, {}, 3)));
  ASSERT_TRUE(page.next);
  EXPECT_EQ(must(sql::run(service_->log(chief(), {}, page.next, 3))).items.size(), 1U);
  EXPECT_THAT(must(sql::run(service_->log(chief(bank), {}, {}, 3))).items, IsEmpty());
}

TEST_P(LogTest, ForgetsAfterAMonth) {
  note(RuleId(1), 7, Outcome::fired);
  const auto clean = [&] {
    return in_transaction([&](sql::Transaction& tx) { return automation::clean(tx, clock_.now(), 10); });
  };
  EXPECT_EQ(clean(), 0);
  clock_.advance(log_kept_ms + minute_ms);
  EXPECT_EQ(clean(), 1);
  EXPECT_THAT(log(), IsEmpty());
}

MINIOPS_ON_BOTH_ENGINES(AutomationTest);
MINIOPS_ON_BOTH_ENGINES(FiringsTest);
MINIOPS_ON_BOTH_ENGINES(LogTest);

}  // namespace
}  // namespace miniops::automation
