// Use cases of teams: settings, groups, skills, agents, routing rules, and the history of presence.
//
// Each takes the proof of access to the mini program. Each change is audited, told to browsers, raises config_version,
// and acts on this node before the call returns.
#pragma once

#include "identity/accounts.hpp"
#include "identity/audit.hpp"
#include "routing/warnings.hpp"
#include "teams/ports.hpp"
#include "teams/setup.hpp"
#include "teams/store.hpp"

namespace miniops::teams {

using identity::Access;

struct SettingsPatch {
  std::int64_t version = 0;
  std::optional<std::int64_t> points_per_minute{};
  std::optional<std::vector<std::string>> reasons{};
};

struct GroupShown {
  Group group;
  std::size_t agents = 0;
};
struct GroupPatch {
  std::int64_t version = 0;
  std::optional<std::string> name{};
  std::optional<Calendar> calendar{};
  std::optional<routing::BusyMode> busy{};
  std::optional<routing::Tier> tier{};
  std::optional<Escalation> escalation{};
};

struct AgentShown {
  identity::Member member;
  AgentSettings settings{};
  std::optional<Stay> stay{};  // nullopt: never was here
};
struct AgentFilter {
  std::optional<GroupId> group{};  // who works in it: in the default one also those who are in none
  std::optional<SkillId> skill{};
  std::optional<Presence> presence{};
  std::string language{}, text{};  // text: of the name
};
struct AgentPatch {
  std::int64_t version = 0;
  std::optional<std::int64_t> load_max{};
  std::optional<std::vector<AgentSkill>> skills{};
  std::optional<std::vector<std::string>> languages{};
  std::optional<std::vector<Membership>> groups{};
};

struct RuleShown {
  PlacedRule placed;
  std::size_t position = 0;
  std::vector<routing::Warning> warnings{};  // that concern it
};

template <class T, class Next>
struct PageOf {
  std::vector<T> items{};
  std::optional<Next> next{};  // nullopt: that was all
};

class Service {
 public:
  struct Collaborators {
    sql::Database& database;
    sql::ConfigVersion& version;
    const Clock& clock;
    IdSource& ids;
    Setups& setups;
    QueueMover& queues;
    ChangeListener& listener;
  };
  explicit Service(const Collaborators& with) : with_(with) {}

  Task<Result<Settings>> settings(Access access);
  Task<Result<Settings>> change_settings(Access access, SettingsPatch patch);

  // ---- groups ----
  Task<Result<std::vector<GroupShown>>> groups(Access access);
  Task<Result<GroupShown>> group(Access access, GroupId id);
  Task<Result<GroupShown>> add_group(Access access, Group group);
  Task<Result<GroupShown>> change_group(Access access, GroupId id, GroupPatch patch);
  // Who waits there waits in the default group. teams.default_group, teams.group_in_use
  Task<Result<void>> remove_group(Access access, GroupId id);
  // All or none of them; at most assigned_at_once.
  Task<Result<GroupShown>> assign(Access access, GroupId id, std::vector<AccountId> add, std::vector<AccountId> remove);

  // ---- skills ----
  Task<Result<std::vector<Skill>>> skills(Access access);
  Task<Result<Skill>> add_skill(Access access, std::string name);
  Task<Result<Skill>> rename_skill(Access access, SkillId id, std::string name);
  Task<Result<void>> remove_skill(Access access, SkillId id);  // teams.skill_in_use

  // ---- agents ----
  // By account.
  Task<Result<PageOf<AgentShown, AccountId>>> agents(Access access, AgentFilter filter, AccountId after, int limit);
  Task<Result<AgentShown>> agent(Access access, AccountId account);
  Task<Result<AgentShown>> change_agent(Access access, AccountId account, AgentPatch patch);
  // The newest first.
  Task<Result<PageOf<Stay, store::Before::value_type>>> stays(Access access, store::StayFilter filter,
                                                              store::Before before, int limit);

  // ---- routing rules ----
  // In their order.
  Task<Result<std::vector<RuleShown>>> rules(Access access);
  Task<Result<RuleShown>> rule(Access access, RuleId id);
  // Before another one; without one behind all others.
  Task<Result<RuleShown>> add_rule(Access access, json::value rule, RuleId before);
  // The fields that the patch has are other ones.
  Task<Result<RuleShown>> change_rule(Access access, RuleId id, std::int64_t version, json::object patch);
  Task<Result<RuleShown>> move_rule(Access access, RuleId id, RuleId before);
  Task<Result<void>> remove_rule(Access access, RuleId id);

 private:
  struct Note {
    std::string action, object;  // of the audit log
    Part part;
  };
  template <class Value, class Change>
  Task<Result<Value>> configure(Access access, Note note, Change change);

  const Collaborators with_;
};

// ---- implementation ----

// One change. `change` is Result<Value>(tx, changes), where `changes` goes into the audit log.
template <class Value, class Change>
Task<Result<Value>> Service::configure(Access access, Note note, Change change) {
  const std::int64_t audit_id = with_.ids.next();
  const TimeMs now = with_.clock.now();
  auto write = [=, this](sql::Transaction& tx) -> Result<Value> {
    json::object changes;
    auto value = change(tx, changes);
    if (!value) return value;
    sql::raise_config_version(tx);
    with_.listener.changed(tx, access.appid(), note.part, now);
    identity::audit(tx, access, {audit_id, now, note.action, note.object, std::move(changes)});
    return value;
  };
  auto value = co_await with_.database.write(std::move(write));
  if (!value) co_return value;
  co_await with_.version.refresh();
  // Should it fail, the loop loads it a moment later.
  std::ignore = co_await with_.setups.load(true);
  co_return value;
}

}  // namespace miniops::teams
