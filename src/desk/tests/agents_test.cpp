#include "desk/tests/desk_fixture.hpp"

namespace miniops::desk {
namespace {

using testing::ElementsAre;

class AgentsTest : public DeskTest {
 protected:
  void reorder(std::int64_t points_per_minute) {
    auto write = [&](sql::Transaction& tx) -> Result<void> {
      return desk_->queue_mover().reorder(tx, AppId("wxapp"), points_per_minute, clock_.now());
    };
    must(db().write_blocking(write));
  }
  void presence_step() { must(sql::run(desk_->presence_step())); }
  Presence presence_of(std::int64_t account) {
    return must(sql::run(desk_->agents().own(access_of(account)))).agent.presence;
  }
};

TEST_P(AgentsTest, TheQueueDrainsWhenSomebodyComesOnline) {
  says("o1", "a");
  says("o2", "b");
  assign_all();
  EXPECT_EQ(conversation_of("o1").state, State::waiting);
  online(1, 1);
  assign_all();
  EXPECT_EQ(conversation_of("o1").assignee, AccountId(1)) << "oldest first";
  EXPECT_EQ(conversation_of("o2").state, State::waiting) << "the limit holds";
  must(sql::run(service().close(access_of(1), conversation_of("o1").id, "", "resolved", std::nullopt)));
  assign_all();
  EXPECT_EQ(conversation_of("o2").assignee, AccountId(1));
  EXPECT_THAT(event_kinds(conversation_of("o2").id), ElementsAre("opened", "assigned"));
}

TEST_P(AgentsTest, PriorityGoesFirst) {
  says("o1", "a");
  says("o2", "b");
  execute("UPDATE desk_conversations SET priority = 5 WHERE openid = $1", {"o2"});
  reorder(1);
  online(1, 1);
  assign_all();
  EXPECT_EQ(conversation_of("o2").assignee, AccountId(1));
  EXPECT_EQ(conversation_of("o1").state, State::waiting);
}

TEST_P(AgentsTest, ATransferredBackConversationKeepsItsPlace) {
  says("o1", "a");
  says("o2", "b");
  must(sql::run(service().take(access_of(3), conversation_of("o1").id, std::nullopt)));
  clock_.advance(hour_ms);
  must(sql::run(service().release(access_of(3), conversation_of("o1").id, std::nullopt)));
  online(1, 1);
  assign_all();
  EXPECT_EQ(conversation_of("o1").assignee, AccountId(1));
}

TEST_P(AgentsTest, AReturningCustomerGetsTheSameAgentOnlyWhenOnline) {
  says("o1", "a");
  online(1);
  online(2);
  must(sql::run(service().take(access_of(2), conversation_of("o1").id, std::nullopt)));
  must(sql::run(service().close(access_of(2), conversation_of("o1").id, "", "resolved", std::nullopt)));
  clock_.advance(2 * hour_ms);
  online(1);
  online(2);
  says("o1", "back");
  assign_all();
  EXPECT_EQ(conversation_of("o1").assignee, AccountId(2));
  must(sql::run(service().close(access_of(2), conversation_of("o1").id, "", "resolved", std::nullopt)));
  clock_.advance(2 * hour_ms);
  must(sql::run(desk_->agents().set_own(access_of(2), Presence::offline, "", std::nullopt)));
  online(1);
  says("o1", "again");
  assign_all();
  EXPECT_EQ(conversation_of("o1").assignee, AccountId(1));
}

TEST_P(AgentsTest, AutoAssignCanBeSwitchedOff) {
  Settings settings;
  settings.auto_assign = false;
  must(sql::run(desk_->settings().set_settings(admin(), settings)));
  says("o1", "a");
  online(1);
  assign_all();
  EXPECT_EQ(only().state, State::waiting);
}

TEST_P(AgentsTest, ALostConnectionGoesOfflineAfterTheGraceTimeOnly) {
  online(1);
  says("waits", "a");
  says("answered", "b");
  assign_all();
  must(sends(1, conversation_of("answered").id, "ok"));
  const TimeMs since = conversation_of("waits").waiting_since;
  clock_.advance(59 * second_ms);
  presence_step();
  EXPECT_EQ(presence_of(1), Presence::online);
  clock_.advance(2 * second_ms);
  presence_step();
  EXPECT_EQ(presence_of(1), Presence::offline);
  const Conversation back = conversation_of("waits");
  EXPECT_EQ(back.stage, Stage::queued);
  EXPECT_EQ(back.queue_since, since) << "the waiting time is kept";
  EXPECT_EQ(conversation_of("answered").assignee, AccountId(1)) << "nobody waits there";
  EXPECT_THAT(event_kinds(back.id), ElementsAre("opened", "assigned", "returned"));
}

TEST_P(AgentsTest, AHeartbeatKeepsThePresenceAndBringsItBack) {
  online(1);
  for (int i = 0; i < 10; ++i) {
    clock_.advance(30 * second_ms);
    desk_->heartbeat(AccountId(1));
    presence_step();
    EXPECT_EQ(presence_of(1), Presence::online);
  }
  clock_.advance(2 * minute_ms);
  presence_step();
  EXPECT_EQ(presence_of(1), Presence::offline);
  desk_->heartbeat(AccountId(1));
  presence_step();
  EXPECT_EQ(presence_of(1), Presence::online) << "what the agent chose is remembered";
}

TEST_P(AgentsTest, WhoWritesToAnOfflineAgentGoesBackToTheQueue) {
  says("o1", "a");
  online(1);
  assign_all();
  must(sends(1, conversation_of("o1").id, "here"));
  must(sql::run(desk_->agents().set_own(access_of(1), Presence::offline, "", std::nullopt)));
  EXPECT_EQ(conversation_of("o1").assignee, AccountId(1)) << "was answered: nobody waits";
  says("o1", "and now?");
  EXPECT_EQ(conversation_of("o1").state, State::waiting);
  EXPECT_TRUE(conversation_of("o1").assignee.empty());
  online(2);
  assign_all();
  EXPECT_EQ(conversation_of("o1").assignee, AccountId(2));
}

TEST_P(AgentsTest, WhoWaitsWithAnAgentThatGoesOfflineWaitsInTheQueue) {
  says("o1", "a");
  online(1);
  assign_all();
  const TimeMs since = conversation_of("o1").waiting_since;
  clock_.advance(minute_ms);
  must(sql::run(desk_->agents().set_own(access_of(1), Presence::offline, "", std::nullopt)));
  EXPECT_EQ(conversation_of("o1").stage, Stage::queued);
  EXPECT_EQ(conversation_of("o1").queue_since, since) << "with the time they have waited";
  online(2);
  assign_all();
  EXPECT_EQ(conversation_of("o1").assignee, AccountId(2));
}

TEST_P(AgentsTest, WhoMayNotAnswerAnyMoreIsNoAgentThoughTheyAreConnected) {
  online(1);
  says("o1", "a");
  assign_all();
  ASSERT_EQ(conversation_of("o1").assignee, AccountId(1));
  colleagues_.gone.insert(AccountId(1));
  colleagues_.names.erase(AccountId(1));
  clock_.advance(minute_ms);
  desk_->heartbeat(AccountId(1));  // of another mini program
  presence_step();
  EXPECT_EQ(presence_of(1), Presence::offline);
  EXPECT_EQ(conversation_of("o1").stage, Stage::queued);
  desk_->heartbeat(AccountId(1));
  presence_step();
  assign_all();
  EXPECT_EQ(presence_of(1), Presence::offline);
  EXPECT_TRUE(conversation_of("o1").assignee.empty());
}

TEST_P(AgentsTest, WhoChoseOfflineStaysOffline) {
  must(sql::run(desk_->agents().set_own(access_of(1), Presence::offline, "", std::nullopt)));
  desk_->heartbeat(AccountId(1));
  presence_step();
  EXPECT_EQ(presence_of(1), Presence::offline);
}

TEST_P(AgentsTest, TheListNamesEveryColleague) {
  online(1, 4);
  says("o1", "a");
  assign_all();
  const auto all = must(sql::run(desk_->agents().list(access_of(2))));
  ASSERT_EQ(all.size(), 3U);
  EXPECT_EQ(all[0].load, 1);
  EXPECT_EQ(all[0].load_max, 4);
  EXPECT_EQ(all[0].agent.presence, Presence::online);
  EXPECT_EQ(all[1].load_max, 10);
  EXPECT_EQ(all[1].agent.presence, Presence::offline);
}

MINIOPS_ON_BOTH_ENGINES(AgentsTest);

}  // namespace
}  // namespace miniops::desk
