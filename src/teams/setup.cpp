#include "teams/setup.hpp"

#include "teams/store.hpp"

namespace miniops::teams {

namespace {

struct Rows {
  std::map<AppId, Settings> settings{};
  std::map<AppId, Roster> rosters{};
  std::map<AppId, std::vector<Skill>> skills{};
  std::map<AppId, std::vector<routing::Rule>> rules{};
};

Rows read_all(sql::Transaction& tx) {
  Rows rows{store::settings_by_app(tx)};
  for (auto& [appid, groups] : store::groups_by_app(tx)) rows.rosters[appid].groups = std::move(groups);
  for (auto& [appid, agents] : store::agents_by_app(tx)) rows.rosters[appid].agents = std::move(agents);
  rows.skills = store::skills_by_app(tx);
  for (auto& [appid, placed] : store::rules_by_app(tx))
    for (PlacedRule& one : placed) rows.rules[appid].push_back(std::move(one.rule));
  return rows;
}

std::set<AppId> apps_in(const Rows& rows) {
  std::set<AppId> apps;
  const auto take = [&apps](const auto& by_app) {
    for (const auto& [appid, value] : by_app) apps.insert(appid);
  };
  take(rows.settings);
  take(rows.rosters);
  take(rows.skills);
  take(rows.rules);
  return apps;
}

std::vector<GroupId> ids_of(const Roster& roster) {
  std::vector<GroupId> ids;
  for (const Group& group : roster.groups) ids.push_back(group.id);
  return ids;
}

}  // namespace

Setup::Setup(Settings settings, Roster roster, const std::vector<Skill>& skills, std::vector<routing::Rule> rules)
    : settings_(std::move(settings)),
      roster_(std::move(roster)),
      rules_(std::move(rules), ids_of(roster_), default_group) {
  for (const Skill& skill : skills) skills_.insert(skill.id);
  std::map<routing::Tier, std::vector<GroupId>> tiers;
  for (const Group& group : roster_.groups) tiers[group.tier].push_back(group.id);
  for (auto& [tier, groups] : tiers) tiers_.try_emplace(tier, rules_.rules(), std::move(groups));
}

const routing::TierRules* Setup::tier(routing::Tier tier) const {
  const auto found = tiers_.find(tier);
  return found == tiers_.end() ? nullptr : &found->second;
}

routing::Tier Setup::tier_of(GroupId group) const {
  const Group* found = roster_.find(group);
  return found == nullptr ? routing::Tier::ordinary : found->tier;
}

routing::Target Setup::standing(routing::Target target) const {
  const auto gone = [this](GroupId group) { return roster_.find(group) == nullptr; };
  if (gone(target.group)) target.group = default_group;
  std::erase_if(target.skills, [this](const routing::SkillNeeded& one) { return !skills_.contains(one.skill); });
  for (routing::Overflow& step : target.overflow) std::erase_if(step.groups, gone);
  return target;
}

std::shared_ptr<const Setup> Setups::of(const AppId& appid) const {
  static const auto nothing_set = std::make_shared<const Setup>();
  std::shared_ptr<const ByApp> current;
  {
    const std::lock_guard lock(mutex_);
    current = current_;
  }
  const auto found = current->find(appid);
  return found == current->end() ? nothing_set : found->second;
}

Task<Result<bool>> Setups::load(bool force) {
  const std::int64_t version = version_.current();  // before reading: a later change is then read again
  {
    const std::lock_guard lock(mutex_);
    if (!force && version == loaded_version_) co_return false;
  }
  auto read = [](sql::Transaction& tx) -> Result<Rows> { return read_all(tx); };
  auto rows = co_await database_.read(std::move(read));
  if (!rows) co_return std::unexpected(rows.error());
  auto build = [rows = std::move(*rows)]() mutable {
    auto built = std::make_shared<ByApp>();
    for (const AppId& appid : apps_in(rows))
      (*built)[appid] = std::make_shared<const Setup>(std::move(rows.settings[appid]), std::move(rows.rosters[appid]),
                                                      rows.skills[appid], std::move(rows.rules[appid]));
    return std::shared_ptr<const ByApp>(std::move(built));
  };
  auto built = co_await workers_.run(std::move(build));
  if (!built) co_return std::unexpected(built.error());
  const std::lock_guard lock(mutex_);
  // Of two that load at once, the one that began earlier may end later.
  if (version < loaded_version_) co_return true;
  current_ = std::move(*built);
  loaded_version_ = version;
  co_return true;
}

}  // namespace miniops::teams
