// Who sees what: by permission, by group, by what it has open.
#include "live/tests/hub_fixture.hpp"

namespace miniops::live {
namespace {

using identity::Permission;
using identity::Role;

class AudienceTest : public HubTest {};
MINIOPS_ON_BOTH_ENGINES(AudienceTest);

TEST_P(AudienceTest, EachSeesWhatItMay) {
  auto& agent = connect(agent_);
  auto& boss = connect(operator_);
  auto& analyst = connect(analyst_);
  change("call 13812345678");
  change("gateway", Permission::gateway_read);
  number_and_deliver();
  EXPECT_EQ(agent.numbers(), "1 ");
  EXPECT_EQ(boss.numbers(), "1 2 ");
  EXPECT_EQ(analyst.numbers(), "");
  const auto content = [](FakeSocket& socket) {
    return std::string(socket.got("change").at(0).at("data").at("text").at("content").as_string());
  };
  EXPECT_EQ(content(agent), "call 138****5678");
  EXPECT_EQ(content(boss), "call 13812345678");
  EXPECT_EQ(connect(agent_, "null", "wxother").got("error").at(0).at("code").as_string(), "identity.not_found");
}

TEST_P(AudienceTest, AGroupsChangesAreSeenByItAndByWhomTheyConcern) {
  std::map<std::string, Hub::Groups> groups{{"agent", {{"7"}}}, {"operator", std::nullopt}};
  hub_->set_groups([&](const identity::Caller& caller, const AppId&) { return groups.at(caller.username); });
  auto& agent = connect(agent_);
  auto& boss = connect(operator_);
  change();                                                     // 1: of no group
  change("", Permission::desk_read, {"7", {}});                 // 2: of the agent's
  change("", Permission::desk_read, {"8", {}});                 // 3: of another
  change("", Permission::desk_read, {"8", agent_.account});     // 4: of another, but with the agent
  change("", Permission::gateway_read, {"7", agent_.account});  // 5: without the permission nothing helps
  change("", Permission::desk_read, {"8", {}, {operator_.account, agent_.account}});  // 6: the agent is named besides
  number_and_deliver();
  EXPECT_EQ(agent.numbers(), "1 2 4 6 ");
  EXPECT_EQ(boss.numbers(), "1 2 3 4 5 6 ");
  EXPECT_EQ(connect(agent_, "0").numbers(), "1 2 4 6 ") << "what was missed, from the ring";
  groups.at("agent") = {{"8"}};
  change("", Permission::desk_read, {"8", {}});
  number_and_deliver();
  EXPECT_EQ(agent.numbers(), "1 2 4 6 ") << "before the next look";
  watch();
  change("", Permission::desk_read, {"8", {}});
  number_and_deliver();
  EXPECT_EQ(agent.numbers(), "1 2 4 6 8 ");
}

TEST_P(AudienceTest, WhatIsGrantedForAGroupIsHeardOfIt) {
  hub_->set_groups([](const identity::Caller&, const AppId&) -> Hub::Groups { return {{"7", "8"}}; });
  const auto access = identity::Access::system(AppId("wxa"), "test");
  const identity::AdjustmentsPatch granted{.group_grants = std::set{identity::Grant{Permission::desk_supervise, "7"}}};
  ASSERT_TRUE(sql::run(service_->adjust(access, agent_.account, granted)));
  auto& supervisor = connect(agent_);
  auto& boss = connect(operator_);
  change("", Permission::desk_supervise, {"7", {}});  // 1: of the group
  change("", Permission::desk_supervise, {"8", {}});  // 2: of another, which the supervisor reads
  change("", Permission::desk_supervise);             // 3: of no group
  number_and_deliver();
  EXPECT_EQ(supervisor.numbers(), "1 ");
  EXPECT_EQ(boss.numbers(), "1 2 3 ");
  EXPECT_EQ(connect(agent_, "0").numbers(), "1 ");
  const identity::AdjustmentsPatch taken{.group_grants = std::set<identity::Grant>()};
  ASSERT_TRUE(sql::run(service_->adjust(access, agent_.account, taken)));
  watch();
  change("", Permission::desk_supervise, {"7", {}});
  number_and_deliver();
  EXPECT_EQ(supervisor.numbers(), "1 ") << "taken away";
}

// What a change is about, a conversation, is the last of its audience.
TEST_P(AudienceTest, WhomAConversationDoesNotConcernIsToldCounts) {
  hub_->set_groups([](const identity::Caller& caller, const AppId&) -> Hub::Groups {
    return caller.username == "operator" ? std::nullopt : Hub::Groups({"7"});
  });
  std::int64_t waiting = 3;
  hub_->set_lists([&](AppId) -> Task<Result<std::shared_ptr<const Lists>>> {
    struct Fixed final : Lists {
      explicit Fixed(std::int64_t its_count) : count(its_count) {}
      boost::json::object of(identity::AccountId, const Groups& groups) const override {
        return {{"waiting", groups ? count : 10 * count}};
      }
      std::int64_t count;
    };
    co_return std::make_shared<Fixed>(waiting);
  });
  const auto other = make_caller("other", Role::agent);
  auto& agent = connect(agent_);
  auto& colleague = connect(other);
  auto& boss = connect(operator_);
  auto& keeps_a_copy = connect(operator_, "null", "wxa", R"(,"full":true)");
  auto& analyst = connect(analyst_);
  const auto told = [&](FakeSocket& socket) {
    std::string all;
    for (const auto& one : socket.got("counts"))
      all += fmt::format("{}:{} ", one.at("seq").as_int64(), one.at("counts").at("waiting").as_int64());
    return all;
  };
  change("", Permission::desk_read, {"7", agent_.account, {}, 50});   // 1: with the agent
  change("", Permission::desk_read, {"7", {}, {other.account}, 51});  // 2: the colleague is named
  change("", Permission::desk_read, {"8", {}, {}, 52});               // 3: of another group
  change("", Permission::desk_read, {"7", agent_.account});           // 4: about nothing: for all
  number_and_deliver();
  EXPECT_EQ(agent.numbers(), "1 4 ");
  EXPECT_EQ(colleague.numbers(), "2 4 ");
  EXPECT_EQ(boss.numbers(), "4 ");
  EXPECT_EQ(keeps_a_copy.numbers(), "1 2 3 4 ");
  EXPECT_EQ(told(agent), "") << "not before the turn";
  sql::run(hub_->lists_step());
  EXPECT_EQ(told(agent), "4:3 ");
  EXPECT_EQ(told(colleague), "4:3 ");
  EXPECT_EQ(told(boss), "4:30 ");
  EXPECT_EQ(told(keeps_a_copy) + told(analyst), "");
  sql::run(hub_->lists_step());
  EXPECT_EQ(told(agent), "4:3 ") << "nothing happened since";
  for (int i = 0; i < 30; ++i) change("", Permission::desk_read, {"7", agent_.account, {}, 50});
  number_and_deliver();
  sql::run(hub_->lists_step());
  EXPECT_EQ(told(agent), "4:3 ") << "it was told all of it, and counts are as they were";
  EXPECT_EQ(told(colleague), "4:3 34:3 ") << "once, whatever happened";
  waiting = 4;
  change("", Permission::desk_read, {"7", agent_.account, {}, 50});
  number_and_deliver();
  sql::run(hub_->lists_step());
  EXPECT_EQ(told(agent), "4:3 35:4 ");
}

TEST_P(AudienceTest, WhatIsOpenIsToldAsItIs) {
  hub_->set_groups([](const identity::Caller&, const AppId&) -> Hub::Groups { return {{"7"}}; });
  auto& agent = connect(agent_, "null", "wxa", R"(,"watch":{"wxa":["50"]})");
  const auto about = [&](std::int64_t id, const char* group = "7") {
    change("", Permission::desk_read, {group, {}, {}, id});
    number_and_deliver();
  };
  const auto watch = [&](const std::string& ids, std::int64_t since) {
    const auto before = agent.got("watching").size();
    agent.say(fmt::format(R"({{"type":"watch","appid":"wxa","ids":[{}],"since":{}}})", ids, since));
    until([&] { return agent.got("watching").size() > before; });
    return boost::json::serialize(agent.got("watching").back().at("missed"));
  };
  about(50);       // 1
  about(51);       // 2
  about(50, "8");  // 3: it went where the agent reads nothing
  EXPECT_EQ(agent.numbers(), "1 ");
  EXPECT_EQ(watch(R"("51")", 1), R"(["51"])") << "2 was about it, and was not told";
  EXPECT_EQ(watch(R"("51")", 1), "[]") << "it is told since";
  about(50);  // 4
  about(51);  // 5
  EXPECT_EQ(agent.numbers(), "1 5 ");
  EXPECT_EQ(watch(R"("50","51")", 4), "[]") << "nothing was about it after 4";
  for (int i = 0; i < 25; ++i) about(60);  // the ring keeps 20
  EXPECT_EQ(watch(R"("61")", 4), R"(["61"])") << "nobody knows";
  agent.say(R"({"type":"watch","appid":"wxother","ids":[]})");
  agent.say(R"({"type":"watch","appid":"wxa","ids":["x"]})");
  until([&] { return agent.got("error").size() == 2; });
  EXPECT_EQ(agent.got("error").at(0).at("code").as_string(), "live.malformed");
}

TEST_P(AudienceTest, WhatWasMissedIsCountsForWhomItDidNotConcern) {
  hub_->set_groups([](const identity::Caller&, const AppId&) -> Hub::Groups { return {{"7"}}; });
  changes(1);
  connect(operator_);
  for (int i = 0; i < 12; ++i)
    change("", Permission::desk_read, {"7", i % 4 == 0 ? agent_.account : identity::AccountId(), {}, 50 + i % 4});
  number_and_deliver();
  auto& agent = connect(agent_, "5", "wxa", R"(,"watch":{"wxa":["51"]})");
  EXPECT_EQ(agent.numbers(), "6 7 10 11 ") << "its own, and what it has open";
  sql::run(hub_->lists_step());
  EXPECT_EQ(agent.got("counts").size(), 1u);
  EXPECT_EQ(agent.got("counts").at(0).at("seq").as_int64(), 13);
  changes(30);  // now the ring does not reach back
  auto& later = connect(agent_, "5", "wxa", R"(,"watch":{"wxa":["51"]})");
  until([&] { return later.got("change").size() == 34; });
  EXPECT_TRUE(later.numbers().starts_with("6 7 10 11 14 15 "));
  auto& up_to_date = connect(agent_, "43");
  sql::run(hub_->lists_step());
  EXPECT_EQ(later.got("counts").size(), 1u);
  EXPECT_EQ(up_to_date.got("counts").size(), 0u) << "nothing was kept from it";
}

TEST_P(AudienceTest, ABroadcastOfAGroupGoesToThoseWhoSeeIt) {
  hub_->set_groups([](const identity::Caller& caller, const AppId&) -> Hub::Groups {
    return caller.username == "agent" ? Hub::Groups{{"7"}} : std::nullopt;
  });
  auto& agent = connect(agent_);
  for (const char* group : {"7", "8"})
    hub_->broadcast(AppId("wxa"), Permission::desk_read, {{"type", "typing"}, {"conversation_id", group}}, {group, {}});
  EXPECT_EQ(agent.got("typing").size(), 1u);
  hub_->broadcast(AppId("wxa"), Permission::desk_read, {{"type", "typing"}, {"conversation_id", "9"}});
  EXPECT_EQ(agent.got("typing").size(), 2u) << "of no group: to all";
}

TEST_P(AudienceTest, BroadcastsGoToFollowersWithThePermission) {
  auto& agent = connect(agent_);
  auto& analyst = connect(analyst_);
  hub_->broadcast(AppId("wxa"), Permission::desk_read, {{"type", "typing"}, {"conversation_id", "5"}});
  EXPECT_EQ(agent.got("typing").size(), 1u);
  EXPECT_EQ(analyst.got("typing").size(), 0u);
  EXPECT_EQ(hub_->connected(AppId("wxa")).size(), 2u);
  agent.say(R"({"type":"typing","conversation_id":"5"})");
  agent.say(R"({"type":"ping"})");
  agent.say("not json");
  until([&] { return agent.got("error").size() == 1; });
  EXPECT_EQ(messages_, "agent:typing ");
  EXPECT_EQ(agent.got("pong").size(), 1u);
  agent.leave();
  until([&] { return presence_ == "agent+ analyst+ agent- "; });
}

TEST_P(AudienceTest, RevokedOnesAreOut) {
  auto& agent = connect(agent_);
  auto& boss = connect(operator_);
  auto& analyst = connect(analyst_);
  watch();
  ASSERT_TRUE(sql::run(service_->sign_out(agent_)));
  const auto access = identity::Access::system(AppId("wxa"), "test");
  ASSERT_TRUE(sql::run(service_->remove_member(access, analyst_.account)));
  ASSERT_TRUE(sql::run(service_->set_role(access, operator_.account, Role::agent)));
  watch();
  EXPECT_EQ(agent.closed(), 4401);
  EXPECT_EQ(analyst.closed(), 4403);
  EXPECT_EQ(boss.closed(), 0);
  change("13812345678");
  number_and_deliver();
  EXPECT_EQ(agent.numbers(), "");
  EXPECT_EQ(boss.got("change").at(0).at("data").at("text").at("content").as_string(), "138****5678");
  EXPECT_EQ(connect(agent_).closed(), 4401) << "revoked between the upgrade and the first message";
}

}  // namespace
}  // namespace miniops::live
