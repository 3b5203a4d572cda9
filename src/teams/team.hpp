// The module's values: groups, skills, and what is set for an agent. Who is an agent says identity: a member with
// desk.reply.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "calendar/calendar.hpp"
#include "identity/access.hpp"
#include "routing/agents.hpp"
#include "routing/rule.hpp"
#include "routing/tier.hpp"

namespace miniops::teams {

using calendar::Calendar;
using identity::AccountId;
using routing::AgentSkill;
using routing::GroupId;
using routing::Presence;
using routing::RuleId;
using routing::SkillId;

inline constexpr std::size_t groups_max = 200, skills_max = 200;  // of a mini program
inline constexpr std::size_t agent_groups_max = 50, agent_skills_max = 100, languages_max = 20;
inline constexpr std::size_t assigned_at_once = 200;
inline constexpr std::size_t reasons_max = 30;
inline constexpr std::int64_t load_max_max = 200;

// Takes whom no rule matches, and works for them with all agents who are in no group. Each mini program has its own,
// from the start.
inline constexpr GroupId default_group{1};

// When its conversations go to the expert tier by themselves, in minutes of the group's working time; 0: never. Only of
// an ordinary group.
struct Escalation {
  std::int64_t waiting_minutes = 0;   // nobody has it
  std::int64_t assigned_minutes = 0;  // an agent has it, and it is not closed
  bool operator==(const Escalation&) const = default;
};
inline constexpr std::int64_t escalation_minutes_max = 7 * 24 * 60;

struct Group {
  GroupId id{};
  std::int64_t version = 1;  // of what people change: compared and set
  std::string name{};
  Calendar calendar{};  // when it works; of those members who have no shift
  routing::BusyMode busy{};
  TimeMs created_at = 0, updated_at = 0;
  routing::Tier tier = routing::Tier::ordinary;
  Escalation escalation{};
};

struct Skill {
  SkillId id{};
  std::string name{};
};

struct Membership {
  GroupId group{};
  std::optional<Calendar> shift{};  // nullopt: the group's calendar
  bool operator==(const Membership&) const = default;
};

struct AgentSettings {
  std::int64_t version = 1;
  std::int64_t load_max = 0;  // conversations at once; 0: the mini program's limit
  std::vector<AgentSkill> skills{};
  std::vector<std::string> languages{};
  std::vector<Membership> groups{};  // none: works in the default group
};

// A rule in its place.
struct PlacedRule {
  routing::Rule rule{};
  std::int64_t version = 1;
  std::string updated_by{};
  TimeMs updated_at = 0;
};

struct Settings {
  std::int64_t version = 1;
  std::int64_t points_per_minute = 1;  // that a conversation gains in its queue
  // Why agents are busy or away, for them to choose from. The console translates these four.
  std::vector<std::string> reasons{"lunch", "break", "training", "meeting"};
};

Group default_group_at_first();
// The default group alone for who is in none.
std::vector<GroupId> groups_of(const AgentSettings& agent);

json::object to_json(const Group& group);
json::object to_json(const Skill& skill);
json::object to_json(const AgentSettings& agent);
json::object to_json(const Settings& settings);

}  // namespace miniops::teams
