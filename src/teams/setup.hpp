// What is set up in each mini program, in memory: groups, agents, skills, and the routing rules compiled. Checked
// against config_version and rebuilt off the io threads; readers get an immutable snapshot and never wait.
#pragma once

#include <memory>
#include <mutex>
#include <set>

#include "base/task.hpp"
#include "net/workers.hpp"
#include "routing/tier.hpp"
#include "storage/sql/config_version.hpp"
#include "teams/roster.hpp"

namespace miniops::teams {

// Of one mini program. Immutable; safe from any thread.
class Setup {
 public:
  Setup() : Setup({}, {}, {}, {}) {}
  Setup(Settings settings, Roster roster, const std::vector<Skill>& skills, std::vector<routing::Rule> rules);

  const Settings& settings() const { return settings_; }
  const Roster& roster() const { return roster_; }
  const routing::RuleSet& rules() const { return rules_; }
  // nullptr: no group belongs to it.
  const routing::TierRules* tier(routing::Tier tier) const;
  // Ordinary of a group that is no longer there.
  routing::Tier tier_of(GroupId group) const;
  // What is left of the target of somebody who waits, for matching: instead of a group that was deleted the default
  // one, without skills that were, so that nobody waits for ever.
  routing::Target standing(routing::Target target) const;

 private:
  Settings settings_;
  Roster roster_;
  std::set<SkillId> skills_;
  routing::RuleSet rules_;
  std::map<routing::Tier, routing::TierRules> tiers_;
};

// of() is safe from any thread; load() too, and is called by a loop, and by whoever changed something.
class Setups {
 public:
  Setups(sql::Database& database, const sql::ConfigVersion& version, net::Workers& workers)
      : database_(database), version_(version), workers_(workers) {}

  // The default group and no rules where nobody has set up anything. Never nullptr.
  std::shared_ptr<const Setup> of(const AppId& appid) const;
  // As routing sees the mini program at this moment; AtDesk is read in the transaction that assigns.
  routing::Snapshot snapshot(const AppId& appid, const AtDesk& desk, TimeMs now) const {
    return of(appid)->roster().snapshot(desk, now);
  }
  // Reads anew when config_version moved, or always with `force`. True: it did.
  Task<Result<bool>> load(bool force = false);

 private:
  using ByApp = std::map<AppId, std::shared_ptr<const Setup>>;

  sql::Database& database_;
  const sql::ConfigVersion& version_;
  net::Workers& workers_;
  mutable std::mutex mutex_;
  std::shared_ptr<const ByApp> current_ = std::make_shared<const ByApp>();
  std::int64_t loaded_version_ = -1;
};

}  // namespace miniops::teams
