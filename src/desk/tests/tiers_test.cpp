// Tiers: who goes up by hand, who by itself, when, and what is left behind.
#include "desk/escalation.hpp"
#include "desk/simulator.hpp"
#include "desk/tests/desk_fixture.hpp"
#include "teams/store.hpp"

namespace miniops::desk {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

const routing::GroupId experts(8), chiefs(9);

class TiersTest : public DeskTest {
 protected:
  void put(teams::Group group) {
    auto write = [&](sql::Transaction& tx) -> Result<void> {
      teams::store::put_group(tx, AppId("wxapp"), group);
      sql::raise_config_version(tx);
      return {};
    };
    must(db().write_blocking(write));
    must(sql::run(setups_->load(true)));
  }
  // The ordinary one, which the agents 1 and 2 are in.
  void limit_default(teams::Escalation escalation, calendar::Calendar calendar = {}) {
    teams::Group group = teams::default_group_at_first();
    group.escalation = escalation;
    group.calendar = std::move(calendar);
    put(std::move(group));
  }
  void add_experts(routing::GroupId id = experts, const std::string& name = "专家组") {
    teams::Group group{id};
    group.name = name;
    group.tier = routing::Tier::expert;
    put(group);
    auto write = [&](sql::Transaction& tx) -> Result<void> {
      teams::AgentSettings agent = teams::store::agent(tx, AppId("wxapp"), AccountId(3));
      agent.groups.push_back({id});
      teams::store::put_agent(tx, AppId("wxapp"), AccountId(3), agent);
      sql::raise_config_version(tx);
      return {};
    };
    must(db().write_blocking(write));
    must(sql::run(setups_->load(true)));
  }
  void pass(TimeMs ms) {
    clock_.advance(ms);
    while (must(sql::run(desk_->timer_step()))) {
    }
  }
  std::vector<std::string> timers() {
    std::vector<std::string> kinds;
    for (const auto& row : query("SELECT kind FROM desk_timers ORDER BY kind")) kinds.push_back(row.text(0));
    return kinds;
  }
  // Of nothing else, so that what is seen is of escalation.
  void switch_others_off() {
    Settings settings = must(sql::run(desk_->settings().settings(admin())));
    settings.agent_remind_minutes = settings.agent_return_minutes = 0;
    settings.silence_warn_minutes = settings.silence_close_minutes = 0;
    must(sql::run(desk_->settings().set_settings(admin(), settings)));
  }
  std::string transfers(std::int64_t account, routing::Tier tier, const std::string& note = "") {
    return code_of(sql::run(service().transfer_to_tier(access_of(account), only().id, tier, note, std::nullopt)));
  }
};

TEST_P(TiersTest, WhoWaitsForTooLongGoesUpOnceAndKeepsTheWaitingTime) {
  add_experts();
  limit_default({10, 0});
  says("o1", "在吗");
  const Conversation before = only();
  EXPECT_THAT(timers(), Contains("escalation"));
  pass(10 * minute_ms - 20);
  EXPECT_EQ(only().placement.group, teams::default_group);
  pass(20);
  const Conversation up = only();
  EXPECT_EQ(up.placement.group, experts);
  EXPECT_EQ(up.stage, Stage::queued);
  EXPECT_EQ(up.queue_since, before.queue_since);
  EXPECT_EQ(up.escalated_at, clock_.now());
  EXPECT_THAT(event_kinds(up.id), ElementsAre("opened", "escalated"));
  const auto event = must(sql::run(service().events(admin(), up.id, std::nullopt, 1))).items.front().event;
  EXPECT_EQ(event.from + "|" + event.to + "|" + event.note, "|group:8|waiting");
  const Message note = messages(up.id).back();
  EXPECT_EQ(note.direction, Direction::note);
  EXPECT_EQ(content(note), "等待超过 10 分钟，会话已升级到专家组");
  EXPECT_EQ(body_of(note).at("reason"), "waiting");
  EXPECT_EQ(body_of(note).at("to"), "8");
  EXPECT_THAT(timers(), Not(Contains("escalation")));

  online(1);
  assign_all();
  EXPECT_EQ(only().stage, Stage::queued) << "not to the ordinary ones any more";
  online(3);
  assign_all();
  EXPECT_EQ(only().assignee, AccountId(3));
  // An expert who gives it back knows why.
  must(sql::run(service().transfer_to_group(access_of(3), up.id, teams::default_group, "", std::nullopt)));
  pass(hour_ms);
  EXPECT_EQ(only().placement.group, teams::default_group);
}

TEST_P(TiersTest, WhatAnAgentDoesNotSolveInTimeGoesUpAndTheyAreTold) {
  switch_others_off();
  add_experts();
  limit_default({0, 30});
  online(1);
  says("o1", "在吗");
  assign_all();
  const auto id = only().id;
  clock_.advance(minute_ms);
  must(sends(1, id, "请稍等"));
  pass(28 * minute_ms);
  EXPECT_EQ(only().assignee, AccountId(1));
  pass(minute_ms);
  EXPECT_EQ(only().placement.group, experts);
  EXPECT_EQ(only().stage, Stage::queued);
  EXPECT_THAT(event_kinds(id), ElementsAre("opened", "assigned", "escalated"));
  const auto told = query("SELECT data FROM live_pending WHERE topic = 'transfer'");
  ASSERT_EQ(told.size(), 1U);
  EXPECT_THAT(told[0].text(0), HasSubstr("\"outcome\":\"escalated\""));
  EXPECT_THAT(told[0].text(0), HasSubstr("\"from_id\":\"1\""));
}

TEST_P(TiersTest, NothingGoesUpUnlessItIsSetAndThereIsATierAboveIt) {
  says("o1", "在吗");
  add_experts();
  says("o1", "?");
  EXPECT_THAT(timers(), Not(Contains("escalation"))) << "off by default";
  limit_default({10, 10});
  says("o1", "??");
  EXPECT_THAT(timers(), Contains("escalation"));
  teams::Group ordinary{experts};
  ordinary.name = "专家组";
  put(ordinary);
  pass(10 * minute_ms);
  EXPECT_EQ(only().placement.group, teams::default_group) << "there is no expert tier any more";
  EXPECT_THAT(event_kinds(only().id), ElementsAre("opened"));
  EXPECT_THAT(timers(), Not(Contains("escalation")));
}

TEST_P(TiersTest, WhoIsTakenInTimeDoesNotGoUpForWaiting) {
  add_experts();
  limit_default({10, 0});
  says("o1", "在吗");
  online(1);
  assign_all();
  EXPECT_THAT(timers(), Not(Contains("escalation")));
  pass(11 * minute_ms);
  EXPECT_EQ(only().assignee, AccountId(1));
}

TEST_P(TiersTest, AContactThatIsReopenedMayGoUpAgain) {
  add_experts();
  limit_default({10, 0});
  says("o1", "在吗");
  pass(10 * minute_ms);
  online(3);
  assign_all();
  const auto id = only().id;
  must(sql::run(service().close(access_of(3), id, "", "resolved", std::nullopt)));
  says("o1", "还有");
  EXPECT_EQ(only().id, id);
  EXPECT_EQ(only().escalated_at, 0);
}

TEST(Escalation, CountsTheWorkingTimeOfTheGroup) {
  // 2025-11-21, a Friday, 13:00 in China; the group works from 09:00 until 13:05.
  constexpr TimeMs friday = 1763701200000;
  teams::Group group = teams::default_group_at_first();
  group.escalation = {10, 60};
  for (std::size_t day = 0; day < 5; ++day) group.calendar.days[day] = {calendar::Span{9 * 60, 13 * 60 + 5}};
  teams::Group above{experts};
  above.tier = routing::Tier::expert;
  const teams::Setup setup({}, teams::Roster{{group, above}, {}}, {}, {});
  Conversation waits;
  waits.queue_since = friday;
  EXPECT_EQ(escalates_at(waits, setup), friday + 3 * day_ms - 4 * hour_ms + 5 * minute_ms) << "Monday, 09:05";
  Conversation works = waits;
  works.state = State::active;
  works.stage = Stage::assigned;
  works.assigned_at = friday - 30 * minute_ms;
  EXPECT_EQ(escalates_at(works, setup), friday + 3 * day_ms - 4 * hour_ms + 25 * minute_ms);
  works.stage = Stage::parked;
  EXPECT_EQ(escalates_at(works, setup), 0);
  waits.placement.group = experts;
  EXPECT_EQ(escalates_at(waits, setup), 0) << "they are up already";
}

// ---- by hand ----

TEST_P(TiersTest, AConversationIsTransferredToATier) {
  online(1);
  says("o1", "在吗");
  assign_all();
  EXPECT_EQ(transfers(1, routing::Tier::expert), "desk.empty_tier");
  EXPECT_EQ(only().assignee, AccountId(1)) << "nothing was changed";
  add_experts(chiefs, "主管");
  add_experts();
  const Conversation had = only();
  EXPECT_EQ(transfers(2, routing::Tier::expert), "desk.already_taken");
  EXPECT_EQ(transfers(1, routing::Tier::expert, "请专家看一下"), "ok");
  const Conversation up = only();
  EXPECT_EQ(up.placement.group, experts) << "the one that was made first";
  EXPECT_EQ(up.queue_since, had.waiting_since);
  EXPECT_EQ(up.escalated_at, 0) << "not by itself";
  EXPECT_EQ(content(messages(up.id).back()), "请专家看一下");
  EXPECT_THAT(event_kinds(up.id), ElementsAre("opened", "assigned", "transferred"));
  online(3);
  assign_all();
  EXPECT_EQ(only().assignee, AccountId(3));
  EXPECT_EQ(transfers(3, routing::Tier::ordinary), "ok");
  EXPECT_EQ(only().placement.group, teams::default_group);
}

TEST_P(TiersTest, TheSimulatorSaysWhereATierWouldTakeIt) {
  const Placer placer({*setups_, directory_, desk_->configs()});
  Simulator simulator({db(), clock_, placer, desk_->configs()});
  const Simulator::Asked asked{std::nullopt, routing::Tier::expert};
  EXPECT_EQ(code_of(sql::run(simulator.try_facts(admin(), {}, asked))), "desk.empty_tier");
  add_experts();
  online(3);
  const auto said = must(sql::run(simulator.try_facts(admin(), {}, asked)));
  EXPECT_EQ(said.at("queue").at("group"), "8");
  EXPECT_EQ(said.at("agents").at("agent"), "3");
}

MINIOPS_ON_BOTH_ENGINES(TiersTest);

}  // namespace
}  // namespace miniops::desk
