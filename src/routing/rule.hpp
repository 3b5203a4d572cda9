// Routing rules 分配规则: which conversations, and where they go. What a person wrote becomes a tree of values, checked
// once. Pure.
//
//   {name, enabled, condition, target}
//   condition: as condition.hpp
//   target:    {group, skills: [{skill, level}], match_language, strategy, last_agent_first, priority,
//               overflow: [{after_s, groups: […], drop_skills, drop_language}]}
#pragma once

#include "routing/condition.hpp"
#include "routing/ids.hpp"

namespace miniops::routing {

inline constexpr std::size_t rules_max = 200;  // of a mini program
inline constexpr std::int64_t priority_max = 1000;

// ---- targets ----

enum class Strategy { least_busy, round_robin };

struct SkillNeeded {
  SkillId skill{};
  int level = 1;  // 1 … 5, at least
  auto operator<=>(const SkillNeeded&) const = default;
};

// What is allowed besides when a conversation has waited for so long. It keeps its place in every queue.
struct Overflow {
  std::int64_t after_s = 0;
  std::vector<GroupId> groups{};
  bool drop_skills = false, drop_language = false;
  bool operator==(const Overflow&) const = default;
};

struct Target {
  GroupId group{};
  std::vector<SkillNeeded> skills{};
  bool match_language = false;  // only agents who speak the customer's, when that is known
  Strategy strategy = Strategy::least_busy;
  bool last_agent_first = true;      // who had the customer within 7 days, before the strategy is asked
  std::int64_t priority = 0;         // is added to the conversation's own
  std::vector<Overflow> overflow{};  // after_s grows
  bool operator==(const Target&) const = default;
};

// ---- rules ----

struct Rule {
  RuleId id{};
  std::string name{};
  bool enabled = true;
  Condition condition{};
  Target target{};
  bool operator==(const Rule&) const = default;
};

// A whole rule but its id. routing.invalid_rule, which points at each field that is wrong. Whether groups and skills
// exist is not known here: warnings_of() tells.
Result<Rule> parse_rule(const json::value& body);
json::object rule_json(const Rule& rule);
// A target alone, as a waiting conversation keeps it.
Result<Target> parse_target(const json::value& body);
json::object target_json(const Target& target);

inline constexpr std::array<std::string_view, 2> strategy_words{"least_busy", "round_robin"};
inline std::span<const std::string_view> words_of(Strategy) { return strategy_words; }

}  // namespace miniops::routing
