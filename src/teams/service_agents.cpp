// Agents and the history of their presence.
#include "base/text.hpp"
#include "teams/errors.hpp"
#include "teams/service.hpp"
#include "teams/service_parts.hpp"

namespace miniops::teams {

namespace {

std::string object_of(AccountId account) { return "agent:" + account.str(); }

template <class T, class Value>
bool has(const std::vector<T>& all, const Value& value) {
  return std::ranges::find(all, value) != all.end();
}

bool fits(const AgentShown& agent, const AgentFilter& filter) {
  const AgentSettings& set = agent.settings;
  if (filter.group && !has(groups_of(set), *filter.group)) return false;
  if (filter.skill && std::ranges::find(set.skills, *filter.skill, &AgentSkill::skill) == set.skills.end())
    return false;
  if (filter.presence && (agent.stay ? agent.stay->presence : Presence::offline) != *filter.presence) return false;
  if (!filter.language.empty() && std::ranges::none_of(set.languages, [&](const std::string& one) {
        return routing::same_language(one, filter.language);
      }))
    return false;
  const std::string text = fold(filter.text);
  return fold(agent.member.display_name).contains(text) || fold(agent.member.username).contains(text);
}

// In the order of accounts.
std::vector<AgentShown> all_agents(sql::Transaction& tx, const AppId& appid) {
  auto settings = store::agents(tx, appid);
  auto stays = store::current_stays(tx, appid);
  std::vector<AgentShown> out;
  for (identity::Member& member : agents_of(tx, appid)) {
    const AccountId account = member.account;
    AgentShown agent{std::move(member), std::move(settings[account])};
    if (const auto stay = stays.find(account); stay != stays.end()) agent.stay = std::move(stay->second);
    out.push_back(std::move(agent));
  }
  std::ranges::sort(out, {}, [](const AgentShown& one) { return one.member.account; });
  return out;
}

Result<AgentShown> one_agent(sql::Transaction& tx, const AppId& appid, AccountId account) {
  auto member = identity::find_member_with(tx, appid, identity::Permission::desk_reply, account);
  if (!member) return fail(errors::not_found("agent"));
  return AgentShown{std::move(*member), store::agent(tx, appid, account), store::current_stay(tx, appid, account)};
}

// That the groups and skills are there.
Result<void> check(sql::Transaction& tx, const AppId& appid, const AgentSettings& after) {
  std::set<GroupId> groups;
  for (const Group& group : store::groups(tx, appid)) groups.insert(group.id);
  std::set<SkillId> skills;
  for (const Skill& skill : store::skills(tx, appid)) skills.insert(skill.id);
  for (const Membership& one : after.groups)
    if (!groups.contains(one.group)) return fail(errors::no_such_target("group"));
  for (const AgentSkill& one : after.skills)
    if (!skills.contains(one.skill)) return fail(errors::no_such_target("skill"));
  return {};
}

}  // namespace

Task<Result<PageOf<AgentShown, AccountId>>> Service::agents(Access access, AgentFilter filter, AccountId after,
                                                            int limit) {
  auto read = [=](sql::Transaction& tx) -> Result<PageOf<AgentShown, AccountId>> {
    PageOf<AgentShown, AccountId> page;
    for (AgentShown& agent : all_agents(tx, access.appid())) {
      if (agent.member.account <= after || !fits(agent, filter)) continue;
      if (page.items.size() == static_cast<std::size_t>(limit)) {
        page.next = page.items.back().member.account;
        break;
      }
      page.items.push_back(std::move(agent));
    }
    return page;
  };
  co_return co_await with_.database.read(std::move(read));
}

Task<Result<AgentShown>> Service::agent(Access access, AccountId account) {
  auto read = [=](sql::Transaction& tx) -> Result<AgentShown> { return one_agent(tx, access.appid(), account); };
  co_return co_await with_.database.read(std::move(read));
}

Task<Result<AgentShown>> Service::change_agent(Access access, AccountId account, AgentPatch patch) {
  auto change = [=](sql::Transaction& tx, json::object& changes) -> Result<AgentShown> {
    auto agent = one_agent(tx, access.appid(), account);
    if (!agent) return agent;
    const AgentSettings before = agent->settings;
    if (before.version != patch.version) return fail(errors::changed());
    AgentSettings& after = agent->settings;
    ++after.version;
    after.load_max = patch.load_max.value_or(before.load_max);
    after.skills = patch.skills.value_or(before.skills);
    after.languages = patch.languages.value_or(before.languages);
    after.groups = patch.groups.value_or(before.groups);
    if (auto ok = check(tx, access.appid(), after); !ok) return std::unexpected(ok.error());
    store::put_agent(tx, access.appid(), account, after);
    changes["agent"] = from_to(to_json(before), to_json(after));
    return agent;
  };
  Note note{"teams.agent.update", object_of(account), Part::agents};
  co_return co_await configure<AgentShown>(access, std::move(note), std::move(change));
}

Task<Result<PageOf<Stay, store::Before::value_type>>> Service::stays(Access access, store::StayFilter filter,
                                                                     store::Before before, int limit) {
  using Page = PageOf<Stay, store::Before::value_type>;
  auto read = [=](sql::Transaction& tx) -> Result<Page> {
    Page page{store::stays(tx, access.appid(), filter, before, limit + 1)};
    if (page.items.size() > static_cast<std::size_t>(limit)) {
      page.items.pop_back();
      page.next = std::pair(page.items.back().from, page.items.back().id);
    }
    return page;
  };
  co_return co_await with_.database.read(std::move(read));
}

}  // namespace miniops::teams
