// Settings, groups and skills.
#include "teams/service.hpp"

#include "teams/errors.hpp"
#include "teams/service_parts.hpp"

namespace miniops::teams {

namespace {

std::string object_of(const AppId& appid) { return "teams_settings:" + appid.str(); }
std::string object_of(GroupId id) { return "group:" + id.str(); }
std::string object_of(SkillId id) { return "skill:" + id.str(); }

template <class Named>
bool name_taken(const std::vector<Named>& all, const std::string& name, decltype(Named::id) but) {
  return std::ranges::any_of(all, [&](const Named& one) { return one.name == name && one.id != but; });
}

template <class Named>
Result<Named> find(std::vector<Named> all, decltype(Named::id) id, std::string_view what) {
  const auto found = std::ranges::find(all, id, &Named::id);
  if (found == all.end()) return fail(errors::not_found(what));
  return std::move(*found);
}

std::vector<GroupShown> shown(sql::Transaction& tx, const AppId& appid, std::vector<Group> groups) {
  const auto settings = store::agents(tx, appid);
  std::map<GroupId, std::size_t> counts;
  for (const identity::Member& member : agents_of(tx, appid)) {
    const auto found = settings.find(member.account);
    for (const GroupId group : groups_of(found == settings.end() ? AgentSettings{} : found->second)) ++counts[group];
  }
  std::vector<GroupShown> out;
  for (Group& group : groups) {
    const std::size_t agents = counts[group.id];
    out.push_back({std::move(group), agents});
  }
  return out;
}

GroupShown shown(sql::Transaction& tx, const AppId& appid, const Group& group) {
  return shown(tx, appid, std::vector{group}).front();
}

// [{id, name}] of the rules for which `uses` holds.
template <class Uses>
json::array rules_that(sql::Transaction& tx, const AppId& appid, Uses uses) {
  json::array out;
  for (const PlacedRule& placed : store::rules(tx, appid))
    if (uses(placed.rule.target)) out.push_back(json::object{{"id", placed.rule.id.str()}, {"name", placed.rule.name}});
  return out;
}

bool goes_to(const routing::Target& target, GroupId group) {
  return target.group == group || std::ranges::any_of(target.overflow, [group](const routing::Overflow& step) {
           return std::ranges::find(step.groups, group) != step.groups.end();
         });
}

bool asks_for(const routing::Target& target, SkillId skill) {
  return std::ranges::find(target.skills, skill, &routing::SkillNeeded::skill) != target.skills.end();
}

Result<void> check_may_join(sql::Transaction& tx, const AppId& appid, const std::vector<AccountId>& accounts) {
  std::set<AccountId> there;
  for (const identity::Member& member : agents_of(tx, appid)) there.insert(member.account);
  const auto settings = store::agents(tx, appid);
  for (const AccountId account : accounts) {
    if (!there.contains(account)) return fail(errors::not_an_agent(account.str()));
    const auto found = settings.find(account);
    if (found != settings.end() && found->second.groups.size() >= agent_groups_max)
      return fail(errors::too_many("groups of an agent", agent_groups_max));
  }
  return {};
}

json::array ids_json(const std::vector<AccountId>& accounts) {
  json::array out;
  for (const AccountId account : accounts) out.emplace_back(account.str());
  return out;
}

}  // namespace

// ---- settings ----

Task<Result<Settings>> Service::settings(Access access) {
  auto read = [=](sql::Transaction& tx) -> Result<Settings> { return store::settings(tx, access.appid()); };
  co_return co_await with_.database.read(std::move(read));
}

Task<Result<Settings>> Service::change_settings(Access access, SettingsPatch patch) {
  const TimeMs now = with_.clock.now();
  auto change = [=, this](sql::Transaction& tx, json::object& changes) -> Result<Settings> {
    const Settings before = store::settings(tx, access.appid());
    if (before.version != patch.version) return fail(errors::changed());
    const Settings after{before.version + 1, patch.points_per_minute.value_or(before.points_per_minute),
                         patch.reasons.value_or(before.reasons)};
    store::put_settings(tx, access.appid(), after);
    if (after.points_per_minute != before.points_per_minute)
      if (auto moved = with_.queues.reorder(tx, access.appid(), after.points_per_minute, now); !moved)
        return std::unexpected(moved.error());
    changes["settings"] = from_to(to_json(before), to_json(after));
    return after;
  };
  Note note{"teams.settings.update", object_of(access.appid()), Part::settings};
  co_return co_await configure<Settings>(access, std::move(note), std::move(change));
}

// ---- groups ----

Task<Result<std::vector<GroupShown>>> Service::groups(Access access) {
  auto read = [=](sql::Transaction& tx) -> Result<std::vector<GroupShown>> {
    return shown(tx, access.appid(), store::groups(tx, access.appid()));
  };
  co_return co_await with_.database.read(std::move(read));
}

Task<Result<GroupShown>> Service::group(Access access, GroupId id) {
  auto read = [=](sql::Transaction& tx) -> Result<GroupShown> {
    const auto group = find(store::groups(tx, access.appid()), id, "group");
    if (!group) return std::unexpected(group.error());
    return shown(tx, access.appid(), *group);
  };
  co_return co_await with_.database.read(std::move(read));
}

Task<Result<GroupShown>> Service::add_group(Access access, Group group) {
  group.id = with_.ids.next_as<GroupId>();
  group.created_at = group.updated_at = with_.clock.now();
  auto change = [=](sql::Transaction& tx, json::object& changes) -> Result<GroupShown> {
    const auto all = store::groups(tx, access.appid());
    if (all.size() >= groups_max) return fail(errors::too_many("groups", groups_max));
    if (name_taken(all, group.name, group.id)) return fail(errors::name_taken());
    store::put_group(tx, access.appid(), group);
    changes["group"] = from_to(nullptr, to_json(group));
    return GroupShown{group};
  };
  Note note{"teams.group.create", object_of(group.id), Part::groups};
  co_return co_await configure<GroupShown>(access, std::move(note), std::move(change));
}

Task<Result<GroupShown>> Service::change_group(Access access, GroupId id, GroupPatch patch) {
  const TimeMs now = with_.clock.now();
  auto change = [=](sql::Transaction& tx, json::object& changes) -> Result<GroupShown> {
    const auto all = store::groups(tx, access.appid());
    const auto before = find(all, id, "group");
    if (!before) return std::unexpected(before.error());
    if (before->version != patch.version) return fail(errors::changed());
    Group after = *before;
    ++after.version;
    after.name = patch.name.value_or(after.name);
    after.calendar = patch.calendar.value_or(after.calendar);
    after.busy = patch.busy.value_or(after.busy);
    after.tier = patch.tier.value_or(after.tier);
    after.escalation = patch.escalation.value_or(after.escalation);
    after.updated_at = now;
    if (name_taken(all, after.name, id)) return fail(errors::name_taken());
    store::put_group(tx, access.appid(), after);
    changes["group"] = from_to(to_json(*before), to_json(after));
    return shown(tx, access.appid(), after);
  };
  Note note{"teams.group.update", object_of(id), Part::groups};
  co_return co_await configure<GroupShown>(access, std::move(note), std::move(change));
}

Task<Result<void>> Service::remove_group(Access access, GroupId id) {
  const TimeMs now = with_.clock.now();
  auto change = [=, this](sql::Transaction& tx, json::object& changes) -> Result<bool> {
    const auto group = find(store::groups(tx, access.appid()), id, "group");
    if (!group) return std::unexpected(group.error());
    if (id == default_group) return fail(errors::default_group());
    auto rules = rules_that(tx, access.appid(), [id](const routing::Target& target) { return goes_to(target, id); });
    if (!rules.empty()) return fail(errors::group_in_use(std::move(rules)));
    if (auto moved = with_.queues.move_queue(tx, access.appid(), id, default_group, now); !moved)
      return std::unexpected(moved.error());
    store::delete_group(tx, access.appid(), id);
    changes["group"] = from_to(to_json(*group), nullptr);
    return true;
  };
  Note note{"teams.group.delete", object_of(id), Part::groups};
  const auto done = co_await configure<bool>(access, std::move(note), std::move(change));
  if (!done) co_return std::unexpected(done.error());
  co_return Result<void>{};
}

Task<Result<GroupShown>> Service::assign(Access access, GroupId id, std::vector<AccountId> add,
                                         std::vector<AccountId> remove) {
  auto change = [=](sql::Transaction& tx, json::object& changes) -> Result<GroupShown> {
    const auto group = find(store::groups(tx, access.appid()), id, "group");
    if (!group) return std::unexpected(group.error());
    if (auto ok = check_may_join(tx, access.appid(), add); !ok) return std::unexpected(ok.error());
    store::join(tx, access.appid(), id, add);
    store::leave(tx, access.appid(), id, remove);
    changes["agents"] = {{"added", ids_json(add)}, {"removed", ids_json(remove)}};
    return shown(tx, access.appid(), *group);
  };
  Note note{"teams.group.assign", object_of(id), Part::agents};
  co_return co_await configure<GroupShown>(access, std::move(note), std::move(change));
}

// ---- skills ----

Task<Result<std::vector<Skill>>> Service::skills(Access access) {
  auto read = [=](sql::Transaction& tx) -> Result<std::vector<Skill>> { return store::skills(tx, access.appid()); };
  co_return co_await with_.database.read(std::move(read));
}

Task<Result<Skill>> Service::add_skill(Access access, std::string name) {
  const Skill skill{with_.ids.next_as<SkillId>(), std::move(name)};
  auto change = [=](sql::Transaction& tx, json::object& changes) -> Result<Skill> {
    const auto all = store::skills(tx, access.appid());
    if (all.size() >= skills_max) return fail(errors::too_many("skills", skills_max));
    if (name_taken(all, skill.name, skill.id)) return fail(errors::name_taken());
    store::put_skill(tx, access.appid(), skill);
    changes["name"] = from_to(nullptr, json::value(skill.name));
    return skill;
  };
  Note note{"teams.skill.create", object_of(skill.id), Part::skills};
  co_return co_await configure<Skill>(access, std::move(note), std::move(change));
}

Task<Result<Skill>> Service::rename_skill(Access access, SkillId id, std::string name) {
  const Skill after{id, std::move(name)};
  auto change = [=](sql::Transaction& tx, json::object& changes) -> Result<Skill> {
    const auto all = store::skills(tx, access.appid());
    const auto before = find(all, id, "skill");
    if (!before) return before;
    if (name_taken(all, after.name, id)) return fail(errors::name_taken());
    store::put_skill(tx, access.appid(), after);
    changes["name"] = from_to(json::value(before->name), json::value(after.name));
    return after;
  };
  Note note{"teams.skill.update", object_of(id), Part::skills};
  co_return co_await configure<Skill>(access, std::move(note), std::move(change));
}

Task<Result<void>> Service::remove_skill(Access access, SkillId id) {
  auto change = [=](sql::Transaction& tx, json::object& changes) -> Result<bool> {
    const auto skill = find(store::skills(tx, access.appid()), id, "skill");
    if (!skill) return std::unexpected(skill.error());
    auto rules = rules_that(tx, access.appid(), [id](const routing::Target& target) { return asks_for(target, id); });
    if (!rules.empty()) return fail(errors::skill_in_use(std::move(rules)));
    store::delete_skill(tx, access.appid(), id);
    changes["name"] = from_to(json::value(skill->name), nullptr);
    return true;
  };
  Note note{"teams.skill.delete", object_of(id), Part::skills};
  const auto done = co_await configure<bool>(access, std::move(note), std::move(change));
  if (!done) co_return std::unexpected(done.error());
  co_return Result<void>{};
}

}  // namespace miniops::teams
