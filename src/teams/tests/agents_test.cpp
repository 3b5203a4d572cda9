// Agents: who is one, what is set for them, and how they are found.
#include "teams/tests/teams_fixture.hpp"

namespace miniops::teams {
namespace {

using testing::ElementsAre;
using testing::UnorderedElementsAre;

class AgentsTest : public TeamsTest {
 protected:
  std::vector<std::string> found(const AgentFilter& filter, const AppId& appid = shop) {
    std::vector<std::string> out;
    const auto page = must(sql::run(service_->agents(access(appid), filter, AccountId(), 100)));
    for (const AgentShown& one : page.items) out.push_back(one.member.username);
    return out;
  }
};

TEST_P(AgentsTest, AreTheMembersWhoMayAnswer) {
  account("li");
  account("analyst", identity::Role::analyst);
  account("developer", identity::Role::developer);
  account("operator", identity::Role::operator_);
  const AccountId elsewhere = account("elsewhere", identity::Role::agent, bank);
  EXPECT_THAT(found({}), UnorderedElementsAre("li", "operator"));
  EXPECT_THAT(found({}, bank), ElementsAre("elsewhere"));
  EXPECT_EQ(code_of(sql::run(service_->agent(access(), elsewhere))), "teams.not_found");
  EXPECT_EQ(code_of(sql::run(service_->change_agent(access(), elsewhere, {1}))), "teams.not_found");
}

TEST_P(AgentsTest, AreFoundByWhatIsSetForThem) {
  const AccountId li = account("li"), chen = account("chen"), zhao = account("zhao");
  const GroupId sales = add_group("售前").id;
  const SkillId english = add_skill("英语");
  AgentPatch patch{};
  patch.skills = {{english, 4}};
  patch.languages = {"zh", "en_US"};
  patch.groups = {{sales}, {default_group}};
  must(change_agent(li, patch));
  EXPECT_EQ(put_in(sales, {chen}), "ok");
  const PresenceLog log(ids_);
  within([&](sql::Transaction& tx) {
    log.changed(tx, shop, li, Presence::online, "", clock_.now());
    log.changed(tx, shop, zhao, Presence::away, "lunch", clock_.now());
  });

  const auto by = [](auto AgentFilter::* field, auto value) {
    AgentFilter filter;
    filter.*field = value;
    return filter;
  };
  EXPECT_THAT(found(by(&AgentFilter::group, sales)), UnorderedElementsAre("li", "chen"));
  EXPECT_THAT(found(by(&AgentFilter::group, default_group)), UnorderedElementsAre("li", "zhao"));
  EXPECT_THAT(found(by(&AgentFilter::skill, english)), ElementsAre("li"));
  EXPECT_THAT(found(by(&AgentFilter::presence, Presence::online)), ElementsAre("li"));
  EXPECT_THAT(found(by(&AgentFilter::presence, Presence::away)), ElementsAre("zhao"));
  EXPECT_THAT(found(by(&AgentFilter::presence, Presence::offline)), ElementsAre("chen"));
  EXPECT_THAT(found(by(&AgentFilter::language, "zh_TW")), ElementsAre("li"));
  EXPECT_THAT(found(by(&AgentFilter::language, "fr")), ElementsAre());
  EXPECT_THAT(found(by(&AgentFilter::text, "H")), UnorderedElementsAre("chen", "zhao"));
}

TEST_P(AgentsTest, ThePagesAreOfThoseWhoFit) {
  const GroupId sales = add_group("售前").id;
  std::vector<AccountId> all;
  for (int i = 0; i < 6; ++i) all.push_back(account(fmt::format("agent{}", i)));
  EXPECT_EQ(put_in(sales, {all[0], all[1], all[3], all[5]}), "ok");
  AgentFilter filter;
  filter.group = sales;
  std::vector<AccountId> got;
  AccountId after;
  int pages = 0;
  for (bool more = true; more; ++pages) {
    const auto page = must(sql::run(service_->agents(access(), filter, after, 2)));
    for (const AgentShown& one : page.items) got.push_back(one.member.account);
    more = page.next.has_value();
    after = page.next.value_or(AccountId());
  }
  EXPECT_THAT(got, ElementsAre(all[0], all[1], all[3], all[5]));
  EXPECT_EQ(pages, 2);
}

TEST_P(AgentsTest, AreChangedByTheVersionThatWasSeen) {
  const AccountId li = account("li");
  const GroupId sales = add_group("售前").id;
  const SkillId english = add_skill("英语");
  AgentPatch patch{1};
  patch.load_max = 20;
  patch.skills = {{english, 2}};
  patch.groups = {{sales, calendar::calendar(calendar::nights)}};
  EXPECT_EQ(must(change_agent(li, patch)).settings.version, 2);
  EXPECT_EQ(code_of(change_agent(li, patch)), "teams.changed");

  AgentPatch languages{2};
  languages.languages = {"en"};
  must(change_agent(li, languages));
  const AgentSettings after = agent(li);
  EXPECT_EQ(after.load_max, 20);
  ASSERT_EQ(after.skills.size(), 1U);
  EXPECT_EQ(after.skills[0].level, 2);
  EXPECT_EQ(after.groups, *patch.groups);
  EXPECT_THAT(after.languages, ElementsAre("en"));
  EXPECT_EQ(setup()->roster().of(li).load_max, 20) << "it acts at once";

  AgentPatch nothing{3};
  nothing.skills = std::vector<AgentSkill>{};
  nothing.groups = std::vector<Membership>{};
  must(change_agent(li, nothing));
  EXPECT_TRUE(agent(li).skills.empty());
  EXPECT_TRUE(agent(li).groups.empty());
}

TEST_P(AgentsTest, GetOnlyWhatTheMiniProgramHas) {
  const AccountId li = account("li");
  const GroupId elsewhere = add_group("别处", bank).id;
  AgentPatch group{};
  group.groups = {{elsewhere}};
  EXPECT_EQ(code_of(change_agent(li, group)), "teams.no_such_target");
  AgentPatch skill{};
  skill.skills = {{SkillId(12345), 1}};
  EXPECT_EQ(code_of(change_agent(li, skill)), "teams.no_such_target");
  EXPECT_EQ(rows("teams_agents"), 0);
}

TEST_P(AgentsTest, AnAgentIsInFiftyGroups) {
  const AccountId li = account("li");
  within([&](sql::Transaction& tx) {
    for (std::int64_t i = 2; i < 53; ++i) {
      store::put_group(tx, shop, {GroupId(i), 1, fmt::format("g{}", i), {}, {}, 1, 1});
      if (i < 52) store::join(tx, shop, GroupId(i), {li});
    }
  });
  EXPECT_EQ(put_in(GroupId(52), {li}), "teams.too_many");
  EXPECT_EQ(put_in(GroupId(51), {}, {li}), "ok");
  EXPECT_EQ(put_in(GroupId(52), {li}), "ok");
}

MINIOPS_ON_BOTH_ENGINES(AgentsTest);

}  // namespace
}  // namespace miniops::teams
