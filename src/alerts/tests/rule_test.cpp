// Rules as people write them, and the life of an alert.
#include <gtest/gtest.h>

#include <set>

#include "alerts/default_rules.hpp"
#include "alerts/life.hpp"
#include "alerts/receivers.hpp"
#include "alerts/silence.hpp"

namespace miniops::alerts {
namespace {

std::string error_of(const std::string& definition) {
  const auto rule = parse_rule(json::parse(definition));
  if (rule) return "";
  std::string out;
  for (const FieldError& field : rule.error().fields) out += field.pointer + " ";
  return out.empty() ? rule.error().code : out;
}

TEST(Rule, WhatIsReadIsWhatWasWritten) {
  std::vector<std::string> definitions;
  for (const Rule& rule : default_rules(AppId("wx1"), 7)) definitions.push_back(json::serialize(definition_of(rule)));
  for (
      const char* more :
      {R"({"name":"a","kind":"error_count","severity":"notice","priority":"P3","watch":{"names":["TypeError"],"statistic":"people","scope":{"builds":["trial"],"page_prefixes":["pages/pay"]}},"condition":{"type":"static","direction":"above","threshold":3},"group_by":"page"})",
       R"({"name":"b","kind":"business","severity":"warning","priority":"P2","watch":{"of":"event_ratio","event":"Pay","per_event":"Submit"},"condition":{"type":"change","direction":"below","against":"weeks","percent":30}})",
       R"({"name":"c","kind":"log_match","severity":"warning","priority":"P2","watch":{"query":"timeout"},"condition":{"type":"change","direction":"either","against":"before"}})",
       R"({"name":"d","kind":"saved_query","severity":"warning","priority":"P2","watch":{"query_id":"12"},"condition":{"type":"static","direction":"above","threshold":1}})",
       R"({"name":"e","kind":"performance","severity":"warning","priority":"P2","watch":{"metric":"request","statistic":"slow","slow_ms":3000},"condition":{"type":"anomaly","direction":"above","sensitivity":"low"},"receivers":["x"],"inhibits":["traffic"],"advice":"看网关"})",
       R"({"name":"f","kind":"regressed_issue","severity":"critical","priority":"P0"})"})
    definitions.emplace_back(more);
  for (const std::string& definition : definitions) {
    const auto rule = parse_rule(json::parse(definition));
    ASSERT_TRUE(rule) << definition << " " << error_of(definition);
    const auto again = parse_rule(definition_of(*rule));
    ASSERT_TRUE(again) << definition;
    EXPECT_EQ(json::serialize(definition_of(*again)), json::serialize(definition_of(*rule)));
    EXPECT_EQ(again->watch, rule->watch);
    EXPECT_EQ(again->condition, rule->condition);
  }
}

TEST(Rule, WhatDoesNotGoTogetherIsRefused) {
  const std::string head = R"({"name":"a","severity":"warning","priority":"P2",)";
  const std::vector<std::pair<std::string, std::string>> cases{
      {R"("kind":"nothing"})", "/kind"},
      {R"("kind":"traffic","watch":{"metric":"x"},"condition":{"type":"static","direction":"above","threshold":1}})",
       "/watch/metric"},
      {R"("kind":"traffic","watch":{},"condition":{"type":"static","direction":"either","threshold":1}})",
       "/condition/direction"},
      {R"("kind":"traffic","watch":{},"condition":{"type":"static","direction":"above"}})", "/condition/threshold"},
      {R"("kind":"traffic","watch":{},"condition":{"type":"static","direction":"above","threshold":1e99}})",
       "/condition/threshold"},
      {R"("kind":"traffic","watch":{"statistic":"p75"},"condition":{"type":"static","direction":"above","threshold":1}})",
       "/watch/statistic"},
      {R"("kind":"health","watch":{"figure":"x"},"condition":{"type":"anomaly","direction":"above"}})",
       "/condition/type"},
      {R"("kind":"health","watch":{"figure":"x"},"condition":{"type":"static","direction":"above","threshold":1},"group_by":"page"})",
       "/group_by"},
      {R"("kind":"new_issue","condition":{"type":"static","direction":"above","threshold":1}})", "/condition"},
      {R"("kind":"traffic","watch":{},"condition":{"type":"static","direction":"above","threshold":1},"window_ms":90000})",
       "/window_ms"},
      {R"("kind":"traffic","watch":{},"condition":{"type":"static","direction":"above","threshold":1},"group_by":"person"})",
       "/group_by"},
      {R"("kind":"traffic","watch":{},"condition":{"type":"static","direction":"above","threshold":1},"inhibits":["x"]})",
       "/inhibits"},
      {R"("kind":"business","watch":{"of":"event_ratio","event":"a"},"condition":{"type":"static","direction":"above","threshold":1}})",
       "/watch/per_event"},
      {R"("kind":"traffic","watch":{},"condition":{"type":"static","direction":"above","threshold":1},"more":1})",
       "/more"},
  };
  for (const auto& [rest, pointer] : cases)
    EXPECT_TRUE(error_of(head + rest).contains(pointer)) << rest << ": " << error_of(head + rest);
  EXPECT_NE(error_of("[]"), "");
  EXPECT_NE(error_of("null"), "");
}

TEST(Rule, APatchReplacesWhatItNames) {
  Rule rule = default_rules(AppId("wx1"), 7).front();
  rule.id = RuleId(3);
  const auto changed = patched(rule, json::parse(R"({"enabled":false,"for_ms":600000})"));
  ASSERT_TRUE(changed);
  EXPECT_FALSE(changed->enabled);
  EXPECT_EQ(changed->for_ms, 600'000);
  EXPECT_EQ(changed->condition, rule.condition);
  EXPECT_EQ(changed->id, rule.id);
  EXPECT_EQ(changed->default_key, rule.default_key);
  EXPECT_FALSE(patched(rule, json::parse(R"({"kind":"traffic"})")));
  EXPECT_FALSE(patched(rule, json::parse("3")));
  EXPECT_FALSE(patched(rule, json::parse(R"({"name":""})")));
}

TEST(Rule, TheDefaultsHaveKeysOfTheirOwn) {
  std::set<std::string> keys;
  for (const Rule& rule : default_rules(AppId("wx1"), 7)) EXPECT_TRUE(keys.insert(rule.default_key).second);
}

// ---- the life of an alert ----

Rule plain() {
  Rule rule;
  rule.id = RuleId(1);
  rule.for_ms = 60'000;
  rule.clear_ms = 120'000;
  return rule;
}
Seen breach(double value = 10) { return {Seen::What::breach, Cause::condition, value, 1, 100}; }
Seen clear() { return {Seen::What::clear, Cause::condition, 0, 1, 100}; }
Seen unknown() { return {Seen::What::unknown, Cause::query_failed, 0, 0, 0}; }

// Applies steps as the recorder does, without a database.
class Life {
 public:
  explicit Life(Rule rule) : rule_(std::move(rule)) {}
  std::string see(const Seen& seen, TimeMs at) {
    const auto step = next_step(rule_, "", open_ ? &*open_ : nullptr, lately_ ? &*lately_ : nullptr, seen, at);
    if (!step) return "";
    switch (step->move) {
      case Move::forget:
        open_.reset();
        return "forget";
      case Move::resolve:
        lately_ = step->alert;
        open_.reset();
        return "resolve";
      case Move::begin:
      case Move::mark:
        open_ = step->alert;
        return step->move == Move::begin ? "begin" : "mark";
      case Move::fire:
      case Move::reopen:
        open_ = step->alert;
        return step->move == Move::fire ? "fire" : "reopen";
    }
    return "?";
  }
  std::optional<Alert> open_, lately_;
  Rule rule_;
};

TEST(Life, WaitsFiresAndResolves) {
  Life life(plain());
  EXPECT_EQ(life.see(clear(), 0), "");
  EXPECT_EQ(life.see(breach(), 15'000), "begin");
  EXPECT_EQ(life.see(breach(), 60'000), "");
  EXPECT_EQ(life.see(breach(), 75'000), "fire");
  EXPECT_EQ(life.see(breach(), 90'000), "");
  EXPECT_EQ(life.see(breach(30), 105'000), "mark");  // much worse
  EXPECT_EQ(life.open_->worst, 30);
  EXPECT_EQ(life.see(clear(), 120'000), "mark");
  EXPECT_EQ(life.see(breach(), 135'000), "mark");  // not clear after all
  EXPECT_EQ(life.see(clear(), 150'000), "mark");
  EXPECT_EQ(life.see(clear(), 255'000), "");
  EXPECT_EQ(life.see(clear(), 270'000), "resolve");
}

TEST(Life, WhatDoesNotHoldIsForgotten) {
  for (const Seen& seen : {clear(), unknown()}) {
    Life life(plain());
    EXPECT_EQ(life.see(breach(), 0), "begin");
    EXPECT_EQ(life.see(seen, 45'000), "forget");
  }
}

TEST(Life, ThePastMayTellHowLongItHeld) {
  Life life(plain());
  Seen seen = breach();
  seen.held = false;
  EXPECT_EQ(life.see(seen, 0), "begin");
  EXPECT_EQ(life.see(seen, 90'000), "");
  seen.held = true;
  EXPECT_EQ(life.see(seen, 105'000), "fire");
  Life other(plain());
  EXPECT_EQ(other.see(seen, 0), "fire");
}

TEST(Life, WhatCannotBeSeenLeavesAFiringAlertAsItIs) {
  Life life(plain());
  life.rule_.for_ms = 0;
  EXPECT_EQ(life.see(breach(), 0), "fire");
  EXPECT_EQ(life.see(unknown(), 3'600'000), "");
  EXPECT_EQ(life.open_->state, State::firing);
}

TEST(Life, ComesBackAsTheSameAlertAndMustBeClearForLonger) {
  Life life(plain());
  life.rule_.for_ms = 0;
  EXPECT_EQ(life.see(breach(), 0), "fire");
  const TimeMs begun = life.open_->fired_at;
  TimeMs at = 0;
  for (int i = 1; i <= 2; ++i) {
    EXPECT_EQ(life.see(clear(), at += 15'000), "mark");
    EXPECT_EQ(life.see(clear(), at += clear_needed(life.rule_, *life.open_)), "resolve");
    EXPECT_EQ(life.see(breach(), at += 15'000), "reopen");
    EXPECT_EQ(life.open_->reopened, i);
    EXPECT_EQ(clear_needed(life.rule_, *life.open_), life.rule_.clear_ms << i);
  }
  EXPECT_TRUE(is_flapping(*life.open_));
  EXPECT_EQ(life.open_->fired_at, begun);
  life.open_->reopened = 50;
  EXPECT_EQ(clear_needed(life.rule_, *life.open_), life.rule_.clear_ms * 8);
}

TEST(Life, AfterHalfAnHourItIsAnotherAlert) {
  Life life(plain());
  life.rule_.for_ms = 0;
  life.see(breach(), 0);
  life.see(clear(), 15'000);
  EXPECT_EQ(life.see(clear(), 200'000), "resolve");
  EXPECT_EQ(life.see(breach(), 200'000 + reopens_within_ms + 1), "fire");
  EXPECT_EQ(life.open_->reopened, 0);
}

TEST(Life, PeopleMoveItInOneDirection) {
  Alert alert;
  alert.state = State::pending;
  EXPECT_FALSE(acknowledged(alert, "wang", 1));
  EXPECT_FALSE(resolved(alert, 1));
  alert.state = State::firing;
  alert.repeat_at = alert.escalate_at = 99;
  const auto taken = acknowledged(alert, "wang", 5);
  ASSERT_TRUE(taken);
  EXPECT_EQ(taken->acknowledged_by, "wang");
  EXPECT_EQ(taken->repeat_at + taken->escalate_at, 0);  // silent until clear
  EXPECT_FALSE(acknowledged(*taken, "li", 6));
  EXPECT_FALSE(closed(*taken, {"x", Opinion::noise}, "wang", 6));
  const auto over = resolved(*taken, 7);
  ASSERT_TRUE(over);
  const auto done = closed(*over, {"误报", Opinion::noise}, "wang", 8);
  ASSERT_TRUE(done);
  EXPECT_EQ(done->note, "误报");
  EXPECT_FALSE(resolved(*done, 9));
}

TEST(Life, APersonsWordCountsUntilTheWindowHoldsNothingOlder) {
  Life life(plain());
  life.rule_.for_ms = 0;
  life.see(breach(), 0);
  life.open_->window_ms = 300'000;
  life.lately_ = *resolved(*life.open_, 10'000);
  life.open_.reset();
  EXPECT_EQ(life.see(breach(), 15'000), "");
  EXPECT_EQ(life.see(breach(), 315'000), "reopen");
}

TEST(Life, PoliciesForWhatCannotBeSeen) {
  Rule rule = plain();
  rule.no_data = Policy::ok;
  rule.too_little_data = Policy::keep;
  rule.query_failed = Policy::alert;
  const auto what = [&](Sight sight) { return seen_of(rule, Verdict{sight}, 0, 0).what; };
  EXPECT_EQ(what(Sight::no_data), Seen::What::clear);
  EXPECT_EQ(what(Sight::too_little_data), Seen::What::unknown);
  EXPECT_EQ(what(Sight::query_failed), Seen::What::breach);
  EXPECT_EQ(what(Sight::no_reference), Seen::What::unknown);
  EXPECT_EQ(seen_of(rule, Verdict{Sight::query_failed}, 0, 0).cause, Cause::query_failed);
}

// ---- who is told ----

TEST(Receivers, TheFirstRouteThatMatchesDecides) {
  const auto parsed = parse_receivers(json::parse(R"({
    "receivers":[{"name":"pay","channels":["1","2"]},{"name":"web","channels":["3"]},{"name":"boss","channels":["4"]}],
    "routes":[{"page_prefix":"pages/pay","receivers":["pay"]},{"error_name":"TypeError","receivers":["web"]},
              {"severity_min":"critical","receivers":["web","boss"]}],
    "otherwise":["web"],"escalation":{"first":["boss"],"second":[]},
    "response_ms":{"P0":300000,"P1":900000,"P2":3600000,"P3":28800000},
    "group_wait_ms":5000,"group_interval_ms":15000,"repeat_ms":14400000,"digest_ms":3600000,"language":"zh"})"));
  ASSERT_TRUE(parsed) << parsed.error().message;
  const auto names = [&](Alert alert, std::vector<std::string> by_rule = {}) {
    std::string out;
    for (const std::string& name : parsed->of(by_rule, alert)) out += name + " ";
    return out;
  };
  Alert alert;
  EXPECT_EQ(names(alert), "web ");
  alert.severity = Severity::critical;
  EXPECT_EQ(names(alert), "web boss ");
  alert.error_name = "TypeError";
  EXPECT_EQ(names(alert), "web ");
  alert.page = "pages/pay/index";
  EXPECT_EQ(names(alert), "pay ");
  EXPECT_EQ(names(alert, {"boss"}), "boss ");
  EXPECT_EQ(names(alert, {"gone"}), "pay ");  // a receiver that is no more
  EXPECT_EQ(json::serialize(to_json(*parse_receivers(to_json(*parsed)))), json::serialize(to_json(*parsed)));
  auto unknown = to_json(*parsed);
  unknown["otherwise"] = json::array{"nobody"};
  EXPECT_FALSE(parse_receivers(unknown));
}

TEST(Silence, AllThatIsGivenMustMatch) {
  Alert alert;
  alert.rule = RuleId(7);
  alert.kind = RuleKind::traffic;
  alert.severity = Severity::warning;
  alert.group = "广东";
  alert.page = "pages/pay/index";
  Silence silence;
  silence.starts_at = 10;
  silence.ends_at = 20;
  silence.rule = RuleId(7);
  silence.severity_max = Severity::warning;
  silence.page_prefix = "pages/";
  EXPECT_TRUE(silences(silence, alert, 10));
  EXPECT_FALSE(silences(silence, alert, 20));
  EXPECT_FALSE(silences(silence, alert, 9));
  alert.severity = Severity::critical;
  EXPECT_FALSE(silences(silence, alert, 10));
  alert.severity = Severity::notice;
  silence.group = "江苏";
  EXPECT_FALSE(silences(silence, alert, 10));
}

}  // namespace
}  // namespace miniops::alerts
