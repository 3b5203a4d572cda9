// Settings, groups and skills.
#include <thread>

#include "teams/tests/teams_fixture.hpp"

namespace miniops::teams {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class GroupsTest : public TeamsTest {
 protected:
  std::vector<std::string> names(const AppId& appid = shop) {
    std::vector<std::string> out;
    for (const GroupShown& one : must(sql::run(service_->groups(access(appid))))) out.push_back(one.group.name);
    return out;
  }
  std::string rename(GroupId id, std::int64_t version, const std::string& name, const AppId& appid = shop) {
    GroupPatch patch{version};
    patch.name = name;
    return code_of(sql::run(service_->change_group(access(appid), id, patch)));
  }
  std::size_t agents_in(GroupId id) { return must(sql::run(service_->group(access(), id))).agents; }
};

TEST_P(GroupsTest, TheDefaultGroupIsThereFromTheStartAndStays) {
  ASSERT_THAT(names(), ElementsAre("默认客服组"));
  EXPECT_EQ(rows("teams_groups"), 0);
  EXPECT_NE(setup()->roster().find(default_group), nullptr);
  EXPECT_EQ(remove_group(default_group), "teams.default_group");

  EXPECT_EQ(rename(default_group, 1, "前台"), "ok");
  add_group("一线");
  EXPECT_THAT(names(), ElementsAre("前台", "一线")) << "it is the first, whatever it is called";
  EXPECT_EQ(group(default_group).version, 2);
  EXPECT_EQ(setup()->roster().find(default_group)->name, "前台");
  EXPECT_THAT(names(bank), ElementsAre("默认客服组")) << "each mini program has its own";
  EXPECT_EQ(remove_group(default_group), "teams.default_group");
}

TEST_P(GroupsTest, AChangeIsOfTheVersionThatWasSeen) {
  const GroupId id = add_group("售后").id;
  GroupPatch patch{1};
  patch.calendar = calendar::calendar(calendar::shop_days);
  patch.busy = routing::BusyMode{routing::BusySwitch::automatic, 20, 200};
  clock_.advance(1000);
  const Group changed = must(sql::run(service_->change_group(access(), id, patch))).group;
  EXPECT_EQ(changed.version, 2);
  EXPECT_EQ(changed.name, "售后");
  EXPECT_EQ(changed.updated_at - changed.created_at, 1000);
  EXPECT_EQ(rename(id, 1, "退货"), "teams.changed");
  const Group stored = group(id);
  EXPECT_EQ(stored.calendar, *patch.calendar);
  EXPECT_EQ(stored.busy.set, routing::BusySwitch::automatic);
  EXPECT_EQ(stored.busy.from_waiting, 20);
  EXPECT_EQ(stored.busy.limit_percent, 200);
  EXPECT_EQ(rename(id, 2, "退货"), "ok");
  EXPECT_EQ(group(id).busy.limit_percent, 200);
  EXPECT_EQ(rename(id, 3, "x", bank), "teams.not_found");
  EXPECT_EQ(remove_group(GroupId(12345)), "teams.not_found");
}

TEST_P(GroupsTest, AGroupBelongsToATierAndSaysWhenItsConversationsGoUp) {
  const GroupId id = add_group("专家组").id;
  EXPECT_EQ(group(id).tier, routing::Tier::ordinary);
  EXPECT_EQ(group(id).escalation, Escalation{}) << "nothing goes up by itself";
  EXPECT_EQ(setup()->tier(routing::Tier::expert), nullptr);
  GroupPatch patch{1};
  patch.tier = routing::Tier::expert;
  must(sql::run(service_->change_group(access(), id, patch)));
  GroupPatch limits{1};
  limits.escalation = Escalation{10, 60};
  must(sql::run(service_->change_group(access(), default_group, limits)));
  EXPECT_EQ(group(id).tier, routing::Tier::expert);
  EXPECT_EQ(group(default_group).escalation, (Escalation{10, 60}));
  EXPECT_EQ(rename(id, 2, "主管"), "ok");
  EXPECT_EQ(group(id).tier, routing::Tier::expert) << "what is not given stays";
  ASSERT_NE(setup()->tier(routing::Tier::expert), nullptr);
  EXPECT_EQ(setup()->tier(routing::Tier::expert)->first(), id);
  EXPECT_FALSE(setup()->tier(routing::Tier::ordinary)->has(id));
}

TEST_P(GroupsTest, NamesAreUniqueInAMiniProgram) {
  const auto add = [&](const std::string& name, const AppId& appid) {
    Group wanted;
    wanted.name = name;
    return code_of(sql::run(service_->add_group(access(appid), wanted)));
  };
  const GroupId id = add_group("售后").id;
  EXPECT_EQ(add("售后", shop), "teams.name_taken");
  EXPECT_EQ(add("默认客服组", shop), "teams.name_taken");
  EXPECT_EQ(add("售后", bank), "ok");
  EXPECT_EQ(rename(id, 1, "默认客服组"), "teams.name_taken");
  EXPECT_EQ(rename(id, 1, "售后"), "ok") << "its own";
  EXPECT_EQ(rename(default_group, 1, "售后"), "teams.name_taken");
}

TEST_P(GroupsTest, OfTwoWhoTakeANameAtOnceOneGetsIt) {
  std::atomic<int> taken{0};
  const auto add = [&] {
    for (int i = 0; i < 10; ++i) {
      Group wanted;
      wanted.name = fmt::format("组{}", i);
      std::string code = "storage.conflict";
      while (code == "storage.conflict") code = code_of(sql::run(service_->add_group(access(), wanted)));
      if (code == "ok") ++taken;
      EXPECT_TRUE(code == "ok" || code == "teams.name_taken") << code;
    }
  };
  std::thread first(add), second(add);
  first.join();
  second.join();
  EXPECT_EQ(taken, 10);
  EXPECT_EQ(rows("teams_groups"), 10);
}

TEST_P(GroupsTest, AMiniProgramHas200GroupsAnd200Skills) {
  within([&](sql::Transaction& tx) {
    for (std::int64_t i = 2; i < 200; ++i)
      store::put_group(tx, shop, {GroupId(i), 1, fmt::format("g{}", i), {}, {}, 1, 1});
    for (std::int64_t i = 1; i < 200; ++i) store::put_skill(tx, shop, {SkillId(i), fmt::format("s{}", i)});
  });
  add_group("the last");
  add_skill("the last");
  Group wanted;
  wanted.name = "one more";
  EXPECT_EQ(code_of(sql::run(service_->add_group(access(), wanted))), "teams.too_many");
  EXPECT_EQ(code_of(sql::run(service_->add_group(access(bank), wanted))), "ok");
  EXPECT_EQ(code_of(sql::run(service_->add_skill(access(), "one more"))), "teams.too_many");
  EXPECT_EQ(names().size(), 200U);
}

TEST_P(GroupsTest, AGroupThatRulesGoToStaysUntilTheyDoNot) {
  const GroupId target = add_group("售后").id, overflow = add_group("后援").id;
  const auto rule = must(try_add_rule(
      rule_body("退货", target, fmt::format(R"(,"overflow":[{{"after_s":60,"groups":["{}"]}}])", overflow.str()))));
  for (const GroupId id : {target, overflow}) {
    const auto refused = sql::run(service_->remove_group(access(), id));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, "teams.group_in_use");
    EXPECT_EQ(json::serialize(refused.error().details),
              fmt::format(R"({{"rules":[{{"id":"{}","name":"退货"}}]}})", rule.placed.rule.id.str()));
  }
  EXPECT_EQ(rows("test_moves"), 0);
  const json::object patch{{"enabled", false}};
  must(sql::run(service_->change_rule(access(), rule.placed.rule.id, 1, patch)));
  EXPECT_EQ(remove_group(target), "teams.group_in_use") << "it may be enabled again";
  must(sql::run(service_->remove_rule(access(), rule.placed.rule.id)));
  EXPECT_EQ(remove_group(target), "ok");
  EXPECT_EQ(remove_group(overflow), "ok");
}

TEST_P(GroupsTest, DeletingOneMovesItsQueueInTheSameTransaction) {
  const AccountId li = account("li");
  const GroupId id = add_group("售后").id;
  EXPECT_EQ(put_in(id, {li}), "ok");
  const auto version = agent(li).version;
  const auto told = rows("test_told"), audited = rows("audit_entries");

  queues_.fails = true;
  EXPECT_EQ(remove_group(id), "test.queue");
  EXPECT_EQ(rows("test_moves"), 0);
  EXPECT_EQ(rows("test_told"), told);
  EXPECT_EQ(rows("audit_entries"), audited);
  EXPECT_EQ(agents_in(id), 1U);

  queues_.fails = false;
  EXPECT_EQ(remove_group(id), "ok");
  const auto moves = query("SELECT appid, from_group, to_group FROM test_moves");
  ASSERT_EQ(moves.size(), 1U);
  EXPECT_EQ(moves[0].text(0), shop.str());
  EXPECT_EQ(moves[0].id<GroupId>(1), id);
  EXPECT_EQ(moves[0].id<GroupId>(2), default_group);
  EXPECT_EQ(rows("teams_memberships"), 0);
  EXPECT_EQ(agent(li).version, version + 1);
  EXPECT_EQ(agents_in(default_group), 1U);
  EXPECT_EQ(setup()->roster().find(id), nullptr);
}

TEST_P(GroupsTest, ManyAgentsArePutIntoAGroupOrNone) {
  const AccountId li = account("li"), chen = account("chen"), reader = account("reader", identity::Role::analyst);
  const GroupId id = add_group("售后").id;
  EXPECT_EQ(agents_in(default_group), 2U) << "whoever is in no group works there";
  EXPECT_EQ(put_in(id, {li, reader}), "teams.not_an_agent");
  EXPECT_EQ(put_in(id, {li, AccountId(12345)}), "teams.not_an_agent");
  EXPECT_EQ(rows("teams_memberships"), 0);
  EXPECT_EQ(put_in(id, {li, chen}), "ok");
  EXPECT_EQ(agents_in(id), 2U);
  EXPECT_EQ(agents_in(default_group), 0U);
  EXPECT_EQ(agent(li).version, 2);

  AgentPatch patch{};
  patch.groups = {{id, calendar::calendar(calendar::nights)}};
  must(change_agent(li, patch));
  EXPECT_EQ(put_in(id, {li}, {chen}), "ok");
  EXPECT_TRUE(agent(li).groups.front().shift) << "who is there already stays as they are";
  EXPECT_TRUE(agent(chen).groups.empty());
  EXPECT_EQ(put_in(GroupId(12345), {li}), "teams.not_found");
}

TEST_P(GroupsTest, ASkillIsRenamedAndGoesWhenNoRuleAsksForIt) {
  const AccountId li = account("li");
  const SkillId english = add_skill("英语"), refunds = add_skill("退款");
  AgentPatch patch{};
  patch.skills = {{english, 3}, {refunds, 5}};
  must(change_agent(li, patch));
  EXPECT_EQ(code_of(sql::run(service_->add_skill(access(), "英语"))), "teams.name_taken");
  EXPECT_EQ(code_of(sql::run(service_->rename_skill(access(), english, "退款"))), "teams.name_taken");
  EXPECT_EQ(must(sql::run(service_->rename_skill(access(), english, "English"))).name, "English");
  EXPECT_EQ(code_of(sql::run(service_->rename_skill(access(bank), english, "x"))), "teams.not_found");

  const auto rule = must(try_add_rule(
      rule_body("退货", default_group, fmt::format(R"(,"skills":[{{"skill":"{}","level":2}}])", refunds.str()))));
  const auto refused = sql::run(service_->remove_skill(access(), refunds));
  EXPECT_EQ(code_of(refused), "teams.skill_in_use");
  EXPECT_THAT(json::serialize(refused.error().details), HasSubstr(rule.placed.rule.id.str()));
  const auto version = agent(li).version;
  must(sql::run(service_->remove_skill(access(), english)));
  ASSERT_EQ(agent(li).skills.size(), 1U);
  EXPECT_EQ(agent(li).skills[0].skill, refunds);
  EXPECT_EQ(agent(li).version, version + 1);
  EXPECT_EQ(code_of(sql::run(service_->remove_skill(access(), english))), "teams.not_found");
}

TEST_P(GroupsTest, OtherPointsMakeAnotherOrderOfAllQueues) {
  const Settings first = must(sql::run(service_->settings(access())));
  EXPECT_EQ(first.points_per_minute, 1);
  EXPECT_THAT(first.reasons, ElementsAre("lunch", "break", "training", "meeting"));
  SettingsPatch patch{1};
  patch.reasons = std::vector<std::string>{"午餐"};
  must(sql::run(service_->change_settings(access(), patch)));
  EXPECT_EQ(rows("test_reorders"), 0);
  EXPECT_EQ(code_of(sql::run(service_->change_settings(access(), patch))), "teams.changed");
  SettingsPatch faster{2};
  faster.points_per_minute = 5;
  const Settings after = must(sql::run(service_->change_settings(access(), faster)));
  EXPECT_THAT(after.reasons, ElementsAre("午餐"));
  EXPECT_EQ(query("SELECT points FROM test_reorders")[0].integer(0), 5);
  EXPECT_EQ(setup()->settings().points_per_minute, 5);
  EXPECT_EQ(setup(bank)->settings().points_per_minute, 1);
}

MINIOPS_ON_BOTH_ENGINES(GroupsTest);

}  // namespace
}  // namespace miniops::teams
