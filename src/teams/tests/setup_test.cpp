// What routing is told of groups and agents, and that it is what is stored.
#include "teams/tests/teams_fixture.hpp"

namespace miniops::teams {
namespace {

using calendar::china;
using calendar::date;
using testing::ElementsAre;

constexpr AccountId li{1}, chen{2};
constexpr GroupId sales{5}, night_shift{6};
const TimeMs noon = china(date(2026, 3, 2), 12, 30);  // a Monday, in the lunch break
const TimeMs morning = china(date(2026, 3, 2), 10);
const TimeMs midnight = china(date(2026, 3, 2), 23);

Roster example() {
  Roster roster;
  roster.groups.push_back({sales, 1, "售前", calendar::calendar(calendar::shop_days)});
  roster.groups.push_back({night_shift, 1, "夜班", calendar::calendar(calendar::nights)});
  roster.groups[1].busy = {routing::BusySwitch::on, 0, 150};
  roster.agents[li].groups = {{sales}, {night_shift}};
  roster.agents[chen].groups = {{sales, calendar::calendar(calendar::nights)}};
  return roster;
}

std::string duties_of(const Roster& roster, AccountId account, TimeMs at) {
  AtDesk desk;
  desk.agents.push_back({account, Presence::online});
  std::string out;
  for (const auto& one : roster.snapshot(desk, at).agents.at(0).groups)
    out += fmt::format("{}{} ", one.group.str(), one.on_duty ? "" : " off");
  return out;
}

TEST(Roster, DutyIsByTheShiftOrElseTheGroupsCalendar) {
  const Roster roster = example();
  struct Case {
    AccountId account;
    TimeMs at;
    std::string expected;
  };
  const std::vector<Case> cases{
      {li, morning, "5 6 off "},      {li, noon, "5 off 6 off "}, {li, midnight, "5 off 6 "},
      {chen, morning, "5 off "},      {chen, midnight, "5 "},     {AccountId(3), morning, "1 "},
      {AccountId(3), midnight, "1 "},
  };
  for (const Case& one : cases) EXPECT_EQ(duties_of(roster, one.account, one.at), one.expected);
  Roster closed = roster;
  closed.groups.front().calendar = calendar::calendar(calendar::shop_days);
  EXPECT_EQ(duties_of(closed, AccountId(3), midnight), "1 off ");
}

TEST(Roster, ALimitIsWhatIsSetOrLess) {
  struct Case {
    std::int64_t set, chosen, expected;
  };
  const std::vector<Case> cases{{0, 0, 10}, {0, 3, 3}, {0, 30, 30}, {20, 0, 20}, {20, 5, 5}, {20, 50, 20}, {4, 0, 4}};
  for (const Case& one : cases) {
    Roster roster;
    roster.agents[li].load_max = one.set;
    AtDesk desk;
    desk.load_max = 10;
    desk.agents.push_back({li, Presence::online, 2, one.chosen, 77});
    const routing::Agent agent = roster.snapshot(desk, morning).agents.at(0);
    EXPECT_EQ(agent.limit, one.expected) << one.set << " " << one.chosen;
    EXPECT_EQ(agent.load, 2);
    EXPECT_EQ(agent.assigned_at, 77);
    EXPECT_EQ(agent.presence, Presence::online);
  }
}

TEST(Roster, EachGroupHasItsQueueAndBusyMode) {
  AtDesk desk;
  desk.waiting[sales] = 12;
  const routing::Snapshot snapshot = example().snapshot(desk, morning);
  ASSERT_EQ(snapshot.groups.size(), 3U);
  EXPECT_EQ(snapshot.groups[0].id, default_group);
  EXPECT_EQ(snapshot.groups[0].waiting, 0);
  EXPECT_EQ(snapshot.groups[1].waiting, 12);
  EXPECT_TRUE(routing::is_busy(snapshot.groups[1]));
  EXPECT_FALSE(routing::is_busy(snapshot.groups[2]));
}

TEST(Setup, WhatIsGoneIsLeftOutOfATarget) {
  const teams::Setup setup({}, example(), {{SkillId(1), "英语"}}, {});
  routing::Target target{sales, {{SkillId(1), 2}, {SkillId(2), 1}}};
  target.overflow = {{60, {night_shift, GroupId(99)}}, {120, {GroupId(99)}, true}};
  const routing::Target left = setup.standing(target);
  EXPECT_EQ(left.group, sales);
  ASSERT_EQ(left.skills.size(), 1U);
  EXPECT_EQ(left.skills[0].skill, SkillId(1));
  ASSERT_EQ(left.overflow.size(), 2U);
  EXPECT_THAT(left.overflow[0].groups, ElementsAre(night_shift));
  EXPECT_TRUE(left.overflow[1].groups.empty());
  EXPECT_TRUE(left.overflow[1].drop_skills);
  target.group = GroupId(99);
  EXPECT_EQ(setup.standing(target).group, default_group);
}

class SetupsTest : public TeamsTest {};

TEST_P(SetupsTest, WhatAnotherNodeChangesActsAfterTheNextLook) {
  must(sql::run(setups_->load()));
  EXPECT_FALSE(must(sql::run(setups_->load()))) << "nothing changed";
  const auto before = setup();
  within([&](sql::Transaction& tx) {
    store::put_group(tx, shop, {sales, 1, "售前", {}, {}, 1, 1});
    sql::raise_config_version(tx);
  });
  EXPECT_EQ(setup()->roster().find(sales), nullptr);
  sql::run(version_->refresh());
  EXPECT_TRUE(must(sql::run(setups_->load())));
  EXPECT_NE(setup()->roster().find(sales), nullptr);
  EXPECT_EQ(before->roster().find(sales), nullptr) << "who has the one before keeps it";
  EXPECT_EQ(setup(bank)->roster().groups.size(), 1U);
}

TEST_P(SetupsTest, AConversationGoesFromTheRulesToAnAgent) {
  const AccountId anna = account("anna"), bo = account("bo");
  const GroupId group = add_group("退货").id;
  const SkillId refunds = add_skill("退款");
  AgentPatch patch{};
  patch.skills = {{refunds, 3}};
  patch.groups = {{group}};
  must(change_agent(anna, patch));
  must(try_add_rule(rule_body("退货", group, fmt::format(R"(,"skills":[{{"skill":"{}","level":3}}])", refunds.str()))));
  routing::Facts facts;
  facts.tags = {"退货"};
  const auto placement = routing::route(facts, setup()->rules(), clock_.now());
  EXPECT_EQ(placement.target.group, group);
  EXPECT_EQ(routing::route({}, setup()->rules(), clock_.now()).target.group, default_group);

  AtDesk desk;
  desk.load_max = 5;
  desk.agents = {{bo, Presence::online}, {anna, Presence::online}};
  routing::Waiting waiting;
  waiting.conversation = routing::ConversationId(1);
  waiting.waiting_since = clock_.now();
  waiting.target = setup()->standing(placement.target);
  const auto snapshot = setups_->snapshot(shop, desk, clock_.now());
  const auto assigned = routing::match(std::span(&waiting, 1), snapshot, clock_.now());
  ASSERT_EQ(assigned.size(), 1U);
  EXPECT_EQ(snapshot.agents[assigned[0].agent].account, anna);
}

MINIOPS_ON_BOTH_ENGINES(SetupsTest);

}  // namespace
}  // namespace miniops::teams
