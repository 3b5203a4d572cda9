// Queues, groups and rules as the desk uses them; the rules themselves are src/routing's tests.
#include "desk/simulator.hpp"
#include "desk/tests/desk_fixture.hpp"
#include "teams/store.hpp"

namespace miniops::desk {
namespace {

using testing::ElementsAre;

const routing::GroupId refunds(7), experts(8);

class RoutingTest : public DeskTest {
 protected:
  template <class F>
  void set_up(F act) {
    auto write = [&](sql::Transaction& tx) -> Result<void> {
      act(tx);
      sql::raise_config_version(tx);
      return {};
    };
    must(db().write_blocking(write));
    must(sql::run(setups_->load(true)));
  }
  void add_group(routing::GroupId id, const std::string& name, std::vector<std::int64_t> accounts) {
    set_up([&](sql::Transaction& tx) {
      teams::Group group{id};
      group.name = name;
      teams::store::put_group(tx, AppId("wxapp"), group);
      for (const std::int64_t account : accounts) {
        teams::AgentSettings agent = teams::store::agent(tx, AppId("wxapp"), AccountId(account));
        agent.groups.push_back({id});
        teams::store::put_agent(tx, AppId("wxapp"), AccountId(account), agent);
      }
    });
  }
  void route(std::int64_t id, const std::string& name, json::value condition, json::object target) {
    auto rule =
        must(routing::parse_rule({{"name", name}, {"condition", std::move(condition)}, {"target", std::move(target)}}));
    rule.id = routing::RuleId(id);
    set_up([&](sql::Transaction& tx) {
      const auto position = teams::store::rules(tx, AppId("wxapp")).size();
      teams::store::insert_rule(tx, AppId("wxapp"), {rule, 1, "test", clock_.now()}, position);
    });
  }
  static json::object asks(const std::string& word) {
    return {{"field", "text"}, {"op", "has"}, {"value", json::array{word}}};
  }
  static json::object comes_from(const std::string& page) {
    return {{"field", "page"}, {"op", "starts_with"}, {"value", json::array{page}}};
  }
  Simulator simulator() {
    placer_.emplace(Placer::Collaborators{*setups_, directory_, desk_->configs()});
    return Simulator({db(), clock_, *placer_, desk_->configs()});
  }
  // The first page.
  static json::object replay(Simulator& simulator, TimeMs since, Draft draft) {
    return must(sql::run(simulator.replay(admin(), {since}, std::move(draft)))).page;
  }
  static Draft refunds_to(routing::GroupId group, json::object target = {}) {
    target["group"] = group.str();
    auto rule =
        must(routing::parse_rule({{"name", "退款"}, {"condition", asks("退款")}, {"target", std::move(target)}}));
    rule.id = routing::RuleId(1);
    return Draft{{rule}};
  }
  std::string group_of(const std::string& openid) { return conversation_of(openid).placement.group.str(); }
  std::string agent_of(const std::string& openid) { return conversation_of(openid).assignee.str(); }

  std::optional<Placer> placer_;
};

TEST_P(RoutingTest, WithoutRulesEverybodyWaitsInTheDefaultGroup) {
  says("o1", "在吗");
  EXPECT_EQ(only().placement.group, teams::default_group);
  EXPECT_TRUE(only().placement.rule.empty());
  EXPECT_THAT(event_kinds(only().id), ElementsAre("opened"));
  online(3);
  assign_all();
  EXPECT_EQ(only().assignee, AccountId(3));
}

TEST_P(RoutingTest, TheFirstRuleThatMatchesChoosesTheQueue) {
  add_group(refunds, "退款组", {2});
  route(1, "退款", asks("退款"), {{"group", refunds.str()}, {"priority", 50}});
  online(1);
  online(2);
  says("o1", "我要退款");
  says("o2", "你好");
  EXPECT_EQ(group_of("o1"), "7");
  EXPECT_EQ(group_of("o2"), "1");
  EXPECT_EQ(conversation_of("o1").priority, 50);
  EXPECT_THAT(event_kinds(conversation_of("o1").id), ElementsAre("opened", "routed"));
  assign_all();
  EXPECT_EQ(agent_of("o1"), "2");
  EXPECT_EQ(agent_of("o2"), "1") << "who is in a group is not in the default one";
}

TEST_P(RoutingTest, WhatSessionFromSaysIsAskedOfTheContactThatFollows) {
  add_group(refunds, "退款组", {2});
  route(1, "订单页", comes_from("pages/order"), {{"group", refunds.str()}});
  enters("o1", "page=pages%2Forder%2Fdetail&language=zh_TW");
  says("o1", "在吗");
  EXPECT_EQ(group_of("o1"), "7");
  EXPECT_EQ(only().placement.language, "zh_TW");
}

TEST_P(RoutingTest, WhatSessionFromSaidIsForgottenWithThePerson) {
  enters("o1", "page=pages%2Forder&phone=13800138000");
  says("o1", "在吗");
  const auto parameters = [&] { return query("SELECT parameters FROM desk_threads").at(0).text(0); };
  EXPECT_THAT(parameters(), testing::HasSubstr("13800138000"));
  auto forget = [&](sql::Transaction& tx) -> Result<void> {
    if (auto done = erasure_.forget(tx, AppId("wxapp"), OpenId("o1"), clock_.now()); !done)
      return std::unexpected(done.error());
    return {};
  };
  must(db().write_blocking(forget));
  EXPECT_EQ(parameters(), "");
}

TEST_P(RoutingTest, NobodyOfAnotherGroupStopsThoseBehind) {
  add_group(refunds, "退款组", {2});
  route(1, "退款", asks("退款"), {{"group", refunds.str()}});
  for (int i = 0; i < 60; ++i) says("r" + std::to_string(i), "退款");
  says("o1", "你好");
  online(1);
  assign_all();
  EXPECT_EQ(agent_of("o1"), "1") << "sixty wait before, for somebody who is not there";
}

TEST_P(RoutingTest, OverflowWidensTheGroupsAndKeepsThePlace) {
  add_group(refunds, "退款组", {2});
  add_group(experts, "专家组", {3});
  route(1, "退款", asks("退款"),
        {{"group", refunds.str()},
         {"overflow", json::array{json::object{{"after_s", 60}, {"groups", json::array{experts.str()}}}}}});
  says("o1", "退款");
  const std::int64_t place = only().placement.place;
  online(3);
  assign_all();
  EXPECT_EQ(only().state, State::waiting);
  clock_.advance(minute_ms);
  online(3);
  assign_all();
  EXPECT_EQ(only().assignee, AccountId(3));
  EXPECT_EQ(only().placement.place, place);
}

TEST_P(RoutingTest, ATransferToAGroupKeepsTheWaitingTime) {
  add_group(experts, "专家组", {3});
  online(1);
  says("o1", "在吗");
  assign_all();
  const Conversation had = only();
  clock_.advance(minute_ms);
  must(sql::run(service().transfer_to_group(access_of(1), had.id, experts, "请专家看一下", std::nullopt)));
  const Conversation waits = only();
  EXPECT_EQ(waits.stage, Stage::queued);
  EXPECT_EQ(waits.placement.group, experts);
  EXPECT_EQ(waits.queue_since, had.waiting_since);
  assign_all();
  EXPECT_EQ(only().stage, Stage::queued) << "not back to whoever gave it away";
  online(3);
  assign_all();
  EXPECT_EQ(only().assignee, AccountId(3));
  EXPECT_THAT(event_kinds(had.id), ElementsAre("opened", "assigned", "transferred", "assigned"));
  EXPECT_EQ(messages(had.id).back().direction, Direction::note);
  EXPECT_EQ(code_of(sql::run(service().transfer_to_group(access_of(3), had.id, routing::GroupId(99), "", {}))),
            "desk.not_found");
}

TEST_P(RoutingTest, WhoComesBackIsInTheSameQueue) {
  add_group(refunds, "退款组", {2, 3});
  route(1, "退款", asks("退款"), {{"group", refunds.str()}});
  online(2);
  says("o1", "退款");
  assign_all();
  set_up([&](sql::Transaction& tx) { teams::store::delete_rule(tx, AppId("wxapp"), routing::RuleId(1), 0); });
  must(sql::run(service().release(access_of(2), only().id, std::nullopt)));
  EXPECT_EQ(only().placement.group, refunds) << "rules that changed do not move those who are here";
}

TEST_P(RoutingTest, WhoIsHandedFromQueueToQueueKeepsTheirWaitingTime) {
  add_group(refunds, "退款组", {2});
  online(1);
  says("o1", "在吗");
  assign_all();
  must(sends(1, only().id, "您好"));
  must(sql::run(service().release(access_of(1), only().id, std::nullopt)));
  const TimeMs since = only().queue_since;
  clock_.advance(5 * minute_ms);
  must(sql::run(service().transfer_to_group(admin(), only().id, refunds, "", std::nullopt)));
  EXPECT_EQ(only().placement.group, refunds);
  EXPECT_EQ(only().queue_since, since);
}

// Half an hour in the queue, an answer that says so, and on to those who can help.
TEST_P(RoutingTest, WhoIsHandedOnAfterAnAnswerKeepsWhatTheyWaited) {
  add_group(refunds, "退款组", {2});
  says("o1", "在吗");
  clock_.advance(30 * minute_ms);
  online(1);
  assign_all();
  EXPECT_GE(only().waited, 30 * minute_ms);
  EXPECT_LT(only().waited, 31 * minute_ms);
  clock_.advance(minute_ms);
  must(sends(1, only().id, "请稍等，帮您转接"));
  must(sql::run(service().transfer_to_group(access_of(1), only().id, refunds, "", std::nullopt)));
  EXPECT_EQ(only().queue_since, clock_.now() - only().waited) << "the minute with the agent was no waiting";
  online(2);
  assign_all();
  clock_.advance(hour_ms);
  must(sql::run(service().close(access_of(2), only().id, "", "resolved", std::nullopt)));
  clock_.advance(minute_ms);
  says("o1", "还有一件事");
  EXPECT_EQ(only().reopened, 1);
  EXPECT_GT(only().queue_since, clock_.now() - second_ms) << "of another contact";
}

TEST_P(RoutingTest, ARuleThatAsksHowLongSomebodyWaitsHoldsWhenTheyHave) {
  const auto step = [&](TimeMs wait) {
    clock_.advance(wait);
    while (must(sql::run(desk_->timer_step()))) {
    }
  };
  add_group(refunds, "退款组", {2});
  add_group(experts, "专家", {3});
  route(1, "久等", {{"field", "waiting"}, {"op", "at_least"}, {"value", 600}},
        {{"group", experts.str()}, {"priority", 50}});
  route(2, "退款", asks("退款"), {{"group", refunds.str()}, {"priority", 20}});
  says("o1", "退款");
  says("o2", "退款");
  const ConversationId id = conversation_of("o1").id;
  must(sql::run(service().transfer_to_group(admin(), conversation_of("o2").id, teams::default_group, "", {})));
  const TimeMs since = conversation_of("o1").queue_since;
  EXPECT_EQ(conversation_of("o1").placement.group, refunds);
  step(9 * minute_ms);
  EXPECT_EQ(conversation_of("o1").placement.group, refunds);
  step(minute_ms);
  const Conversation moved = conversation_of("o1");
  EXPECT_EQ(moved.placement.group, experts);
  EXPECT_EQ(moved.placement.rule, routing::RuleId(1));
  EXPECT_EQ(moved.queue_since, since) << "in another queue, at the same place";
  EXPECT_EQ(moved.priority, 50) << "not both rules' points";
  EXPECT_THAT(event_kinds(id), ElementsAre("opened", "routed", "routed"));
  EXPECT_EQ(conversation_of("o2").placement.group, teams::default_group) << "a person chose";
  step(day_ms);
  EXPECT_EQ(event_kinds(id).size(), 3U) << "once";
}

TEST_P(RoutingTest, WhoLetsACustomerGoDoesNotGetThemBack) {
  online(1);
  says("o1", "在吗");
  assign_all();
  must(sql::run(service().release(access_of(1), only().id, std::nullopt)));
  online(2);
  assign_all();
  EXPECT_EQ(only().assignee, AccountId(2));
  must(sql::run(service().release(access_of(2), only().id, std::nullopt)));
  must(sql::run(desk_->agents().set_own(access_of(1), Presence::offline, "", std::nullopt)));
  assign_all();
  EXPECT_EQ(only().assignee, AccountId(2)) << "nobody else is there";
}

TEST_P(RoutingTest, TheQueueOfAGroupThatIsDeletedIsTheDefaultOnes) {
  add_group(refunds, "退款组", {2});
  route(1, "退款", asks("退款"), {{"group", refunds.str()}});
  says("o1", "退款");
  set_up([&](sql::Transaction& tx) {
    must(desk_->queue_mover().move_queue(tx, AppId("wxapp"), refunds, teams::default_group, clock_.now()));
    teams::store::delete_rule(tx, AppId("wxapp"), routing::RuleId(1), 0);
    teams::store::delete_group(tx, AppId("wxapp"), refunds);
  });
  EXPECT_EQ(only().placement.group, teams::default_group);
  EXPECT_THAT(event_kinds(only().id), ElementsAre("opened", "routed", "routed"));
  online(1);
  assign_all();
  EXPECT_EQ(only().assignee, AccountId(1));
}

TEST_P(RoutingTest, WhoComesBackToAGroupThatIsGoneIsInTheDefaultOne) {
  add_group(refunds, "退款组", {2});
  route(1, "退款", asks("退款"), {{"group", refunds.str()}});
  online(2);
  says("o1", "退款");
  assign_all();
  must(sql::run(service().close(access_of(2), only().id, "", "resolved", std::nullopt)));
  set_up([&](sql::Transaction& tx) {
    must(desk_->queue_mover().move_queue(tx, AppId("wxapp"), refunds, teams::default_group, clock_.now()));
    teams::store::delete_rule(tx, AppId("wxapp"), routing::RuleId(1), 0);
    teams::store::delete_group(tx, AppId("wxapp"), refunds);
  });
  says("o1", "还没到账");
  EXPECT_EQ(only().placement.group, teams::default_group);
  EXPECT_EQ(event_kinds(only().id).back(), "routed");
}

TEST_P(RoutingTest, WhatAnAgentTakesCountsByBusyMode) {
  Settings settings;
  settings.load_max_default = 2;
  settings.auto_assign = false;
  must(sql::run(desk_->settings().set_settings(admin(), settings)));
  set_up([&](sql::Transaction& tx) {
    teams::Group group = teams::default_group_at_first();
    group.busy = {routing::BusySwitch::automatic, 3, 150};
    teams::store::put_group(tx, AppId("wxapp"), group);
  });
  online(1);
  for (const std::string openid : {"o1", "o2", "o3", "o4", "o5"}) says(openid, "在吗");
  const auto take = [&](const std::string& openid) {
    return code_of(sql::run(service().take(access_of(1), conversation_of(openid).id, std::nullopt)));
  };
  EXPECT_EQ(take("o1"), "ok");
  EXPECT_EQ(take("o2"), "ok");
  EXPECT_EQ(take("o3"), "ok") << "three wait: half as many more";
  EXPECT_EQ(take("o4"), "desk.agent_full") << "two wait";
}

TEST_P(RoutingTest, OtherPointsMakeAnotherOrder) {
  says("o1", "早");
  clock_.advance(10 * minute_ms);
  says("o2", "晚");
  execute("UPDATE desk_conversations SET priority = 20 WHERE openid = $1", {"o2"});
  const auto first_of = [&](std::int64_t points) {
    set_up([&](sql::Transaction& tx) { must(desk_->queue_mover().reorder(tx, AppId("wxapp"), points, clock_.now())); });
    return query("SELECT openid FROM desk_conversations ORDER BY place, id").at(0).text(0);
  };
  EXPECT_EQ(first_of(1), "o2") << "20 points are more than 10 minutes";
  EXPECT_EQ(first_of(3), "o1") << "and less than 30";
}

TEST_P(RoutingTest, AnAgentWhoIsAwaySaysWhyAndGetsNobody) {
  says("o1", "在吗");
  must(sql::run(desk_->agents().set_own(access_of(1), Presence::away, "lunch", std::nullopt)));
  assign_all();
  EXPECT_EQ(only().state, State::waiting);
  EXPECT_EQ(must(sql::run(desk_->agents().own(access_of(1)))).agent.reason, "lunch");
  EXPECT_EQ(code_of(sql::run(desk_->agents().set_own(access_of(1), Presence::away, "nap", std::nullopt))),
            "teams.unknown_reason");
  const auto rows = query("SELECT presence, reason FROM teams_presence WHERE to_at = 0");
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].text(0) + " " + rows[0].text(1), "away lunch");
}

TEST_P(RoutingTest, WhatIsSetForAnAgentLimitsWhatTheyChoose) {
  set_up([&](sql::Transaction& tx) {
    teams::AgentSettings agent;
    agent.load_max = 1;
    teams::store::put_agent(tx, AppId("wxapp"), AccountId(1), agent);
  });
  online(1, 5);
  says("o1", "a");
  says("o2", "b");
  assign_all();
  EXPECT_EQ(agent_of("o1"), "1");
  EXPECT_EQ(conversation_of("o2").state, State::waiting);
  EXPECT_EQ(code_of(sql::run(service().take(access_of(1), conversation_of("o2").id, std::nullopt))), "desk.agent_full");
}

// ---- trial ----

TEST_P(RoutingTest, TheSimulatorSaysWhatThenHappens) {
  add_group(refunds, "退款组", {2});
  route(1, "退款", asks("退款"), {{"group", refunds.str()}});
  online(1);
  online(2);
  Simulator simulator = this->simulator();
  routing::Facts facts;
  facts.texts = {"我要退款"};
  const json::object said = must(sql::run(simulator.try_facts(admin(), facts, {})));
  EXPECT_EQ(said.at("queue").at("group"), "7");
  EXPECT_EQ(said.at("agents").at("agent"), "2");
  says("o1", "我要退款");
  const auto id = only().id;
  EXPECT_EQ(must(sql::run(simulator.try_conversation(admin(), id, {}))).at("agents").at("agent"), "2");
  assign_all();
  EXPECT_EQ(only().assignee, AccountId(2));
  EXPECT_EQ(code_of(sql::run(simulator.try_conversation(admin(), ConversationId(1), {}))), "desk.not_found");
}

TEST_P(RoutingTest, LastWeekIsReplayedByOtherRules) {
  add_group(refunds, "退款组", {2});
  says("o1", "我要退款");
  says("o2", "你好");
  Simulator simulator = this->simulator();
  const auto replayed = replay(simulator, clock_.now() - day_ms, refunds_to(refunds));
  EXPECT_EQ(replayed.at("conversations"), 2);
  EXPECT_EQ(replayed.at("total"), 2);
  EXPECT_EQ(replayed.at("moved"), 1);
  EXPECT_EQ(replayed.at("changes").at(0).at("conversation_id"), json::value(conversation_of("o1").id.str()));
  EXPECT_EQ(replayed.at("changes").at(0).at("to_group"), "7");
  EXPECT_EQ(group_of("o1"), "1") << "nothing is changed";
  EXPECT_EQ(replay(simulator, clock_.now() + 1, refunds_to(refunds)).at("conversations"), 0);
}

TEST_P(RoutingTest, WhatHappenedAfterRoutingIsNoChangeOfTheRules) {
  add_group(refunds, "退款组", {2});
  add_group(experts, "专家组", {3});
  route(1, "退款", asks("退款"), {{"group", refunds.str()}});
  says("o1", "我要退款");
  must(sql::run(service().transfer_to_group(admin(), only().id, experts, "", std::nullopt)));
  Simulator simulator = this->simulator();
  EXPECT_EQ(replay(simulator, 0, std::nullopt).at("moved"), 0);
  EXPECT_EQ(replay(simulator, 0, refunds_to(experts)).at("moved"), 1);
}

TEST_P(RoutingTest, AReplayKnowsNoMoreThanTheFirstMessage) {
  add_group(refunds, "退款组", {2});
  route(1, "退款", asks("退款"), {{"group", refunds.str()}});
  says("o1", "你好");
  says("o1", "我要退款");
  EXPECT_EQ(group_of("o1"), "1");
  Simulator simulator = this->simulator();
  EXPECT_EQ(replay(simulator, 0, std::nullopt).at("moved"), 0);
}

TEST_P(RoutingTest, AReplaySaysWhetherTheAgentCouldHaveItStill) {
  add_group(refunds, "退款组", {2});
  route(1, "退款", asks("退款"), {{"group", refunds.str()}});
  online(2);
  online(1);
  says("o1", "我要退款");
  says("o2", "你好");
  assign_all();
  says("o3", "没人");
  Simulator simulator = this->simulator();
  const auto same = replay(simulator, 0, std::nullopt);
  EXPECT_EQ(json::serialize(same.at("agents")), R"({"had":2,"fit":2})");
  EXPECT_TRUE(same.at("changes").as_array().empty());
  const json::object needs_skill{{"skills", json::array{json::object{{"skill", "5"}, {"level", 3}}}}};
  const auto skilled = replay(simulator, 0, refunds_to(refunds, needs_skill));
  EXPECT_EQ(json::serialize(skilled.at("agents")), R"({"had":2,"fit":2})") << "nobody has heard of this skill";
  set_up([&](sql::Transaction& tx) { teams::store::put_skill(tx, AppId("wxapp"), {teams::SkillId(5), "大额"}); });
  const auto lacking = replay(simulator, 0, refunds_to(refunds, needs_skill));
  EXPECT_EQ(json::serialize(lacking.at("agents")), R"({"had":2,"fit":1})");
  EXPECT_EQ(lacking.at("moved"), 0);
  const json::value& change = lacking.at("changes").at(0);
  EXPECT_EQ(change.at("agent_id"), "2");
  EXPECT_EQ(change.at("agent_obstacle"), "skill");
}

TEST_P(RoutingTest, AReplayGoesThroughAllOfTheDaysInPages) {
  for (int i = 0; i < 5; ++i) says("o" + std::to_string(i), i % 2 == 0 ? "退款" : "你好");
  add_group(refunds, "退款组", {2});
  const auto pages_of = [&](const Simulator::Limits& limits) {
    Simulator simulator({db(), clock_, *placer_, desk_->configs()}, limits);
    std::vector<std::string> pages;
    std::optional<Simulator::ReplayPlace> at = Simulator::ReplayPlace{0};
    while (at) {
      auto replayed = must(sql::run(simulator.replay(admin(), *at, refunds_to(refunds))));
      pages.push_back(fmt::format("{} {} {}", replayed.page.at("conversations").as_int64(),
                                  replayed.page.at("moved").as_int64(), replayed.page.at("cut").as_bool()));
      at = replayed.next;
      // Whoever writes meanwhile is neither missed nor seen twice.
      says("o0", "还在吗");
    }
    return pages;
  };
  simulator();
  EXPECT_THAT(pages_of({2, 100}), ElementsAre("2 1 false", "2 1 false", "1 1 false"));
  EXPECT_THAT(pages_of({2, 4}), ElementsAre("2 1 false", "2 1 true"));
  EXPECT_THAT(pages_of({5, 5}), ElementsAre("5 3 false"));
}

TEST_P(RoutingTest, WhoWaitsIsFoundByTheIndexOfQueues) {
  if (GetParam() != sql::Engine::sqlite) GTEST_SKIP() << "SQLite chooses without figures";
  const std::string plan = query(fmt::format(
      "EXPLAIN QUERY PLAN SELECT 1 FROM desk_conversations WHERE appid = 'wxapp' AND {}", store::is_queued))[0]
                               .text(3);
  EXPECT_NE(plan.find("desk_conversations_queue"), std::string::npos) << plan;
}

MINIOPS_ON_BOTH_ENGINES(RoutingTest);

}  // namespace
}  // namespace miniops::desk
