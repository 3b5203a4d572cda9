// Automation rules on real conversations: in the transaction of what happened, once, bounded, and never in a circle.
#include <random>

#include "automation/service.hpp"
#include "desk/tests/desk_fixture.hpp"
#include "service_levels/service.hpp"
#include "teams/store.hpp"

namespace miniops::desk {
namespace {

using automation::Outcome;
using automation::RuleId;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

const routing::GroupId refunds(7);

json::object opened() { return {{"event", "opened"}}; }
json::object event(const std::string& kind) { return {{"event", kind}}; }
json::object after(const std::string& kind, int minutes) { return {{"event", kind}, {"minutes", minutes}}; }
json::object says_text(const std::string& text) { return {{"kind", "send_text"}, {"text", text}}; }
json::object tags_with(const std::string& tag) { return {{"kind", "add_tag"}, {"tag", tag}}; }
json::object to_group(routing::GroupId id) { return {{"kind", "transfer_group"}, {"group_id", id.str()}}; }
json::object text_has(const std::string& word) {
  return {{"field", "text"}, {"op", "has"}, {"value", json::array{word}}};
}
json::object one(const std::string& kind) { return {{"kind", kind}}; }

class AutomationTest : public DeskTest {
 protected:
  void SetUp() override {
    DeskTest::SetUp();
    rules_.emplace(
        automation::Service::Collaborators{db(), *version_, clock_, ids_, *rule_sets_, desk_->automation_port()});
  }
  RuleId when(json::object when, std::vector<json::object> actions, json::value condition = nullptr) {
    json::array all;
    for (json::object& one : actions) all.push_back(std::move(one));
    const std::string name = "规则" + std::to_string(++made_);
    json::object body{{"name", name}, {"when", std::move(when)}, {"condition", std::move(condition)}, {"actions", all}};
    return must(sql::run(rules_->add(admin(), body, {}))).placed.rule.id;
  }
  void add_group(routing::GroupId id, std::vector<std::int64_t> accounts,
                 routing::Tier tier = routing::Tier::ordinary) {
    auto write = [&](sql::Transaction& tx) -> Result<void> {
      teams::Group group{id};
      group.name = "退款组";
      group.tier = tier;
      teams::store::put_group(tx, AppId("wxapp"), group);
      for (const std::int64_t account : accounts) {
        teams::AgentSettings agent = teams::store::agent(tx, AppId("wxapp"), AccountId(account));
        agent.groups.push_back({id});
        teams::store::put_agent(tx, AppId("wxapp"), AccountId(account), agent);
      }
      sql::raise_config_version(tx);
      return {};
    };
    must(db().write_blocking(write));
    must(sql::run(setups_->load(true)));
  }
  void take(std::int64_t account, ConversationId id) {
    must(sql::run(service().take(access_of(account), id, std::nullopt)));
  }
  void close(ConversationId id, std::int64_t account = 1) {
    must(sql::run(service().close(access_of(account), id, "", "resolved", std::nullopt)));
  }
  void fire_timers() {
    while (must(sql::run(desk_->timer_step()))) {
    }
  }
  void pass(TimeMs time) {
    clock_.advance(time);
    fire_timers();
  }

  std::vector<automation::LogEntry> log(automation::store::LogFilter filter = {}) {
    auto found = must(sql::run(rules_->log(admin(), filter, {}, 100))).items;
    std::ranges::reverse(found);
    return found;
  }
  std::size_t fired(std::optional<RuleId> rule = {}) { return log({.rule = rule, .outcome = Outcome::fired}).size(); }
  // What became of the actions of the newest firing: "close:done".
  std::vector<std::string> results() {
    std::vector<std::string> out;
    const auto all = log({.outcome = Outcome::fired});
    for (const auto& step : all.back().steps)
      out.push_back(fmt::format("{}:{}", word(step.kind),
                                !step.refused.empty() ? step.refused
                                : step.effect         ? "done"
                                                      : "no_effect"));
    return out;
  }
  // What rules said, oldest first.
  std::vector<std::string> said(ConversationId id) {
    std::vector<std::string> out;
    for (const Message& one : messages(id))
      if (one.sender_id.starts_with(automation_sender) && one.direction == Direction::out) out.push_back(content(one));
    return out;
  }
  std::string tags(const std::string& openid = "o1") {
    return query("SELECT tags FROM desk_threads WHERE openid = $1", {openid}).at(0).text(0);
  }
  std::vector<std::string> changes() {
    std::vector<std::string> out;
    for (const sql::Row& row : query("SELECT data FROM live_pending WHERE topic = 'automation' ORDER BY id"))
      out.emplace_back(json::parse(row.text(0)).at("kind").as_string());
    return out;
  }

  std::optional<automation::Service> rules_;
  int made_ = 0;
};

TEST_P(AutomationTest, ARuleGivesAwayWhatNobodyHasWithoutAsking) {
  Settings settings;
  settings.transfer_accept_seconds = 30;
  must(sql::run(desk_->settings().set_settings(admin(), settings)));
  when(opened(), {{{"kind", "transfer_agent"}, {"account_id", "2"}}});
  online(2);
  says("o1", "在吗");
  EXPECT_EQ(only().assignee, AccountId(2));
  EXPECT_TRUE(only().offer.to.empty());
}

TEST_P(AutomationTest, ARuleHandsItToTheExperts) {
  const json::object to_experts{{"kind", "transfer_tier"}, {"tier", "expert"}};
  const json::object body{{"name", "升级"}, {"when", opened()}, {"actions", json::array{to_experts}}};
  EXPECT_EQ(code_of(sql::run(rules_->add(admin(), body, {}))), "automation.no_such_target");
  add_group(routing::GroupId(8), {}, routing::Tier::expert);
  when(opened(), {to_experts}, text_has("投诉"));
  says("o1", "我要投诉");
  EXPECT_EQ(conversation_of("o1").placement.group, routing::GroupId(8));
  EXPECT_THAT(results(), ElementsAre("transfer_tier:done"));
  says("o2", "在吗");
  EXPECT_NE(conversation_of("o2").placement.group, routing::GroupId(8));
}

TEST_P(AutomationTest, EverythingThatARuleCanDo) {
  add_group(refunds, {});
  when(opened(),
       {says_text("您好{{customer.nickname|亲}}"),
        {{"kind", "note"}, {"text", "退款客户"}},
        tags_with("退款"),
        {{"kind", "set_level"}, {"level", 3}},
        {{"kind", "set_priority"}, {"priority", 50}},
        {{"kind", "notify_supervisor"}, {"text", "请看"}},
        to_group(refunds)},
       text_has("退款"));
  says("o1", "我要退款");
  const ConversationId id = only().id;
  EXPECT_THAT(results(), ElementsAre("send_text:done", "note:done", "add_tag:done", "set_level:done",
                                     "set_priority:done", "notify_supervisor:done", "transfer_group:done"));
  EXPECT_THAT(said(id), ElementsAre("您好亲"));
  EXPECT_EQ(only().priority, 50);
  EXPECT_EQ(only().placement.group, refunds);
  EXPECT_EQ(only().state, State::waiting) << "a rule's message is no answer";
  EXPECT_NE(only().waiting_since, 0);
  EXPECT_EQ(tags(), R"(["退款"])");
  EXPECT_EQ(query("SELECT level FROM people_profiles")[0].integer(0), 3);
  EXPECT_THAT(event_kinds(id), ElementsAre("opened", "priority", "supervisor_notified", "transferred"));
  EXPECT_THAT(changes(), ElementsAre("notice"));
  says("o2", "在吗");
  EXPECT_EQ(conversation_of("o2").priority, 0);
  EXPECT_EQ(log({.conversation = conversation_of("o2").id.value()}).at(0).outcome, Outcome::not_matched);
}

TEST_P(AutomationTest, EachEventBeginsItsRules) {
  online(1);
  online(2);
  std::map<std::string, RuleId> rules;
  for (const std::string kind :
       {"opened", "reopened", "message_received", "assigned", "transferred", "parked", "closed"})
    rules[kind] = when(event(kind), {{{"kind", "note"}, {"text", kind}}});
  const auto all = [&] {
    std::vector<std::string> out;
    for (const auto& [kind, id] : rules)
      if (fired(id) != 0) out.push_back(kind);
    execute("DELETE FROM automation_log");
    execute("DELETE FROM automation_turns");
    return out;
  };
  says("o1", "在吗");
  const ConversationId id = only().id;
  EXPECT_THAT(all(), ElementsAre("message_received", "opened"));
  take(1, id);
  EXPECT_THAT(all(), ElementsAre("assigned"));
  must(sql::run(service().transfer(access_of(1), id, AccountId(2), "", std::nullopt)));
  EXPECT_THAT(all(), ElementsAre("transferred"));
  must(sql::run(service().park(access_of(2), id, 0, "", std::nullopt)));
  EXPECT_THAT(all(), ElementsAre("parked"));
  close(id, 2);
  EXPECT_THAT(all(), ElementsAre("closed"));
  says("o1", "还有");
  EXPECT_THAT(all(), ElementsAre("message_received", "reopened"));
  assign_all();
  EXPECT_THAT(all(), ElementsAre("assigned")) << "also by itself";
}

TEST_P(AutomationTest, TextIsThatOfTheMessage) {
  const RuleId id = when(event("message_received"), {tags_with("退款")}, text_has("退款"));
  says("o1", "在吗");
  EXPECT_EQ(fired(), 0U);
  says("o1", "我要退款");
  EXPECT_EQ(fired(id), 1U);
  says("o1", "快点");
  EXPECT_EQ(fired(id), 1U) << "not again, for what was said before";
  says("o1", "退款退款");
  EXPECT_EQ(fired(id), 2U);
  EXPECT_THAT(results(), ElementsAre("add_tag:no_effect"));
}

TEST_P(AutomationTest, WaitingAndSilenceAreTimed) {
  const RuleId waits = when(after("waiting", 5), {says_text("请稍候")});
  const RuleId longer = when(after("waiting", 20), {{{"kind", "set_priority"}, {"priority", 9}}});
  const RuleId silent = when(after("customer_silent", 10), {says_text("还在吗")});
  says("o1", "在吗");
  const ConversationId id = only().id;
  pass(4 * minute_ms);
  EXPECT_EQ(fired(), 0U);
  pass(minute_ms);
  EXPECT_EQ(fired(waits), 1U);
  pass(minute_ms);
  says("o1", "喂");
  EXPECT_EQ(fired(waits), 1U) << "still the same waiting";
  pass(14 * minute_ms);
  EXPECT_EQ(fired(waits), 1U);
  EXPECT_EQ(fired(longer), 1U);
  must(sends(1, id, "您好"));
  pass(9 * minute_ms);
  EXPECT_EQ(fired(silent), 0U);
  pass(minute_ms);
  EXPECT_EQ(fired(silent), 1U);
  pass(10 * minute_ms);
  EXPECT_EQ(fired(silent), 1U) << "what a rule says begins no silence";
  EXPECT_THAT(said(id), ElementsAre("请稍候", "还在吗"));
}

TEST_P(AutomationTest, TimersAreRowsThatFireOnce) {
  when(after("waiting", 5), {{{"kind", "note"}, {"text", "等"}}});
  says("o1", "在吗");
  EXPECT_EQ(query("SELECT 1 FROM desk_timers WHERE kind = 'automation'").size(), 1U);
  clock_.advance(hour_ms);  // the program was away
  fire_timers();
  fire_timers();
  EXPECT_EQ(fired(), 1U);
  EXPECT_THAT(query("SELECT 1 FROM desk_timers WHERE kind = 'automation'"), IsEmpty());
}

TEST_P(AutomationTest, WhatWasDueBeforeARuleIsNotMadeUpFor) {
  says("o1", "在吗");
  clock_.advance(hour_ms);
  const RuleId id = when(after("waiting", 5), {tags_with("久等")});
  says("o1", "喂");
  pass(hour_ms);
  EXPECT_EQ(fired(id), 0U);
}

TEST_P(AutomationTest, ARuleThatIsOffBeforeItsTimeDoesNothing) {
  const RuleId id = when(after("waiting", 5), {tags_with("久等")});
  says("o1", "在吗");
  must(sql::run(rules_->change(admin(), id, 1, {{"enabled", false}})));
  pass(hour_ms);
  EXPECT_EQ(fired(), 0U);
}

TEST_P(AutomationTest, ServiceLevelsBeginRules) {
  service_levels::Service levels({db(), clock_, ids_});
  service_levels::Targets targets;
  targets.items.push_back({.first_answer_ms = 10 * minute_ms, .business = false});
  const RuleId warned = when(event("service_level_warned"), {{{"kind", "set_priority"}, {"priority", 20}}});
  const RuleId breached = when(event("service_level_breached"), {{{"kind", "notify_supervisor"}, {"text", "超时"}}});
  must(sql::run(levels.set_targets(admin(), targets)));
  says("o1", "在吗");
  pass(6 * minute_ms);
  EXPECT_EQ(fired(warned), 1U);
  EXPECT_EQ(only().priority, 20);
  pass(5 * minute_ms);
  EXPECT_EQ(fired(breached), 1U);
}

TEST_P(AutomationTest, ScoresBeginRulesUnlessTheyAreAnonymous) {
  const RuleId low =
      when({{"event", "scored"}, {"score_max", 2}}, {tags_with("不满意"), {{"kind", "note"}, {"text", "回访"}}});
  ask_customers();
  const auto rate = [&](const std::string& openid, const std::string& score) {
    says(openid, "在吗");
    const ConversationId id = conversation_of(openid).id;
    const Message answer = must(sends(1, id, "您好"));
    deliver(answer.id, gateway::DeliveryState::sending, 1);
    deliver(answer.id, gateway::DeliveryState::sent, 1);
    close(id);
    says(openid, score);
    EXPECT_EQ(conversation_of(openid).state, State::closed);
  };
  rate("o1", "4");
  EXPECT_EQ(fired(low), 0U);
  rate("o2", "1");
  EXPECT_EQ(fired(low), 1U);
  EXPECT_EQ(tags("o2"), R"(["不满意"])");
  ask_customers({{"anonymous", true}, {"follow_up", {{"owner", "nobody"}}}});
  rate("o3", "1");
  EXPECT_EQ(fired(low), 1U);
}

// ---- what bounds them ----

TEST_P(AutomationTest, ThreeMessagesForOneOfTheCustomersAndTwoAreLeftToPeople) {
  when(opened(), {says_text("一"), says_text("二")});
  when(event("message_received"), {says_text("三"), says_text("四")});
  says("o1", "在吗");
  const ConversationId id = only().id;
  EXPECT_THAT(said(id), ElementsAre("一", "二", "三"));
  EXPECT_THAT(results(), ElementsAre("send_text:done", "send_text:automation.too_many_messages"));
  EXPECT_EQ(must(sql::run(service().get(admin(), id))).budget->remaining, 2);
  must(sends(1, id, "我来"));
  EXPECT_EQ(must(sql::run(service().get(admin(), id))).budget->remaining, 1);
  when(event("transferred"), {says_text("五")});
  online(2);
  must(sql::run(service().transfer(access_of(1), id, AccountId(2), "", std::nullopt)));
  EXPECT_EQ(said(id).size(), 3U);
  execute("DELETE FROM gateway_outbox");  // all of it was sent
  says("o1", "还在吗");
  EXPECT_EQ(said(id).size(), 5U) << "the customer wrote";
  EXPECT_GE(must(sql::run(service().get(admin(), id))).budget->remaining, 2);
}

TEST_P(AutomationTest, WhatIsRefusedStopsNothing) {
  must(sql::run(desk_->settings().add_word(admin(), {"加微信", WordAction::block})));
  when(opened(),
       {says_text("请加微信"), {{"kind", "note"}, {"text", "看"}}, {{"kind", "transfer_agent"}, {"account_id", "2"}}});
  says("o1", "在吗");
  EXPECT_THAT(results(), ElementsAre("send_text:desk.blocked_word", "note:done", "transfer_agent:desk.agent_offline"));
  EXPECT_EQ(only().state, State::waiting);
}

TEST_P(AutomationTest, WhoIsOnTheBlacklistIsNoRulesBusiness) {
  says("o1", "在吗");
  const auto profile = must(sql::run(service().customer(admin(), OpenId("o1")))).thread.profile;
  const people::Reach everywhere(std::nullopt, std::nullopt, std::nullopt);
  must(sql::run(people_->block(admin(), everywhere, profile.value(), "骚扰", 0)));
  when(event("message_received"), {says_text("您好")});
  says("o1", "喂");
  EXPECT_THAT(log(), IsEmpty());
}

TEST_P(AutomationTest, TooManyFiringsPauseTheRuleAndAreTold) {
  const RuleId id = when(opened(), {tags_with("新")});
  execute("INSERT INTO automation_rates (appid, minute, rule_id, fired) VALUES ('wxapp', $1, $2, $3)",
          {clock_.now() / minute_ms, id, automation::firings_per_minute_max});
  says("o1", "在吗");
  EXPECT_EQ(tags(), "[]");
  EXPECT_THAT(changes(), ElementsAre("paused"));
  EXPECT_EQ(log({.outcome = Outcome::paused}).size(), 1U);
  EXPECT_EQ(log({.outcome = Outcome::too_often}).size(), 1U);
  EXPECT_NE(must(sql::run(rules_->rule(admin(), id))).placed.paused_at, 0);
}

// ---- no loops ----

TEST_P(AutomationTest, WhatRulesDoBeginsNoRules) {
  when(opened(), {one("close")});
  const RuleId closed = when(event("closed"), {tags_with("结束")});
  says("o1", "在吗");
  EXPECT_EQ(only().state, State::closed);
  EXPECT_EQ(fired(closed), 0U);
  EXPECT_EQ(tags(), "[]");
}

TEST_P(AutomationTest, NothingGoesRoundByWayOfTheAssignment) {
  add_group(refunds, {2});
  online(2);
  const RuleId id = when(event("assigned"), {to_group(refunds)});
  says("o1", "在吗");
  must(sql::run(service().transfer_to_group(admin(), only().id, refunds, "", std::nullopt)));
  for (int i = 0; i < 10; ++i) {
    assign_all();
    clock_.advance(second_ms);
  }
  EXPECT_EQ(fired(id), 1U);
  EXPECT_EQ(log({.outcome = Outcome::repeated}).size(), 1U);
  EXPECT_EQ(only().assignee, AccountId(2));
}

// Whatever the rules and whatever happens: nothing fails, a rule fires at most once for each message of a customer, no
// more than three messages are sent for one, and two of the budget stay.
TEST_P(AutomationTest, NoRulesLoopOrSendWithoutBound) {
  add_group(refunds, {2, 3});
  for (const std::int64_t account : {1, 2, 3}) online(account);
  constexpr std::array events{"opened", "reopened", "message_received", "assigned", "transferred", "parked", "closed"};
  for (unsigned seed = 1; seed <= 6; ++seed) {
    std::mt19937 random(seed);
    const auto upto = [&](int max) { return std::uniform_int_distribution(0, max)(random); };
    execute("DELETE FROM automation_rules");
    execute("DELETE FROM automation_log");
    const std::vector<json::object> last{one("close"),
                                         to_group(refunds),
                                         to_group(teams::default_group),
                                         {{"kind", "transfer_agent"}, {"account_id", "3"}},
                                         {{"kind", "park"}, {"minutes", 1}}};
    constexpr int rules = 8;
    for (int i = 0; i < rules; ++i) {
      const int kind = upto(8);
      const json::object begins = kind < 7 ? event(events[static_cast<std::size_t>(kind)])
                                           : after(kind == 7 ? "waiting" : "customer_silent", 1 + upto(2));
      std::vector<json::object> actions{tags_with("标签" + std::to_string(upto(2)))};
      const bool over = kind == 6;
      if (!over && upto(1) == 0) actions.push_back(says_text("自动"));
      if (!over && upto(1) == 0) actions.push_back(last[static_cast<std::size_t>(upto(4))]);
      when(begins, actions);
    }
    const std::string openid = "p" + std::to_string(seed);
    int asked = 0;
    for (int step = 0; step < 40; ++step) {
      const int what = asked == 0 ? 0 : upto(5);
      if (what == 0) {
        execute("DELETE FROM gateway_outbox");  // all of it was sent
        says(openid, "在吗" + std::to_string(step));
        ++asked;
      }
      const Conversation now = conversation_of(openid);
      if (what == 1) std::ignore = sends(1, now.id, "您好");
      if (what == 2) std::ignore = sql::run(service().close(admin(), now.id, "", "resolved", std::nullopt));
      if (what == 3)
        std::ignore = sql::run(service().transfer(admin(), now.id, AccountId(1 + upto(2)), "", std::nullopt));
      if (what == 4) assign_all();
      if (what == 5) pass(minute_ms);
      const auto budget = must(sql::run(service().get(admin(), now.id))).budget.value();
      if (what == 0) EXPECT_GE(budget.remaining, 2) << "seed " << seed << " step " << step;
    }
    EXPECT_LE(fired(), static_cast<std::size_t>(asked * rules)) << "seed " << seed;
    // Of the log at most 100 are read; the rows say it exactly.
    const auto worst = query(
        "SELECT COUNT(*) FROM automation_log WHERE outcome = 'fired' GROUP BY rule_id ORDER BY COUNT(*) DESC LIMIT 1");
    if (!worst.empty()) EXPECT_LE(worst[0].integer(0), asked) << "seed " << seed;
    std::int64_t sent = 0;
    for (const sql::Row& row :
         query("SELECT m.direction, m.sender_id FROM desk_messages m JOIN desk_threads t ON t.id = m.thread_id WHERE "
               "t.openid = $1 ORDER BY m.seq",
               {openid})) {
      if (row.text(0) == "in") sent = 0;
      if (row.text(1).starts_with(automation_sender) && row.text(0) == "out")
        EXPECT_LE(++sent, automation::messages_max) << "seed " << seed;
    }
    EXPECT_THAT(query("SELECT 1 FROM automation_log WHERE outcome = 'paused'"), IsEmpty());
  }
}

// ---- the dry run ----

TEST_P(AutomationTest, TheDryRunSaysWhatWouldHaveFired) {
  says("o1", "我要退款");
  says("o1", "快");
  says("o2", "在吗");
  pass(10 * minute_ms);
  must(sends(1, conversation_of("o1").id, "您好"));
  const auto tried = [&](json::object when, json::value condition) {
    json::object body{{"name", "试"},
                      {"when", std::move(when)},
                      {"condition", std::move(condition)},
                      {"actions", json::array{tags_with("试")}}};
    std::map<std::string, std::int64_t> out;
    const auto run = must(sql::run(rules_->dry_run(admin(), body)));
    for (const auto& one : run.tried) out[one.conversation->openid] = one.firings;
    return out;
  };
  using Out = std::map<std::string, std::int64_t>;
  EXPECT_EQ(tried(opened(), text_has("退款")), (Out{{"o1", 1}, {"o2", 0}}));
  EXPECT_EQ(tried(event("message_received"), nullptr), (Out{{"o1", 2}, {"o2", 1}}));
  EXPECT_EQ(tried(event("message_received"), text_has("退款")), (Out{{"o1", 1}, {"o2", 0}}));
  EXPECT_EQ(tried(after("waiting", 5), nullptr), (Out{{"o1", 1}, {"o2", 1}}));
  EXPECT_EQ(tried(after("waiting", 11), nullptr), (Out{{"o1", 0}, {"o2", 0}}));
  EXPECT_EQ(tried(event("assigned"), nullptr), (Out{{"o1", 1}, {"o2", 0}}));
  clock_.advance(hour_ms);
  EXPECT_EQ(tried(after("customer_silent", 30), nullptr), (Out{{"o1", 1}, {"o2", 0}}));
  EXPECT_EQ(tags(), "[]") << "nothing was done";
  EXPECT_THAT(log(), IsEmpty());
}

MINIOPS_ON_BOTH_ENGINES(AutomationTest);

}  // namespace
}  // namespace miniops::desk
