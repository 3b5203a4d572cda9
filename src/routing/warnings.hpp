// What is suspicious about rules, though it is allowed.
#pragma once

#include "routing/agents.hpp"
#include "routing/rule.hpp"

namespace miniops::routing {

enum class WarningKind {
  matches_everything,  // and rules follow
  unreachable,         // `other` takes all that it could match
  no_such_group,       // of the target or of overflow
  empty_group,         // nobody is in the target's group, nor in those of overflow
  nobody_has_skill     // at that level, in these groups
};

struct Warning {
  RuleId rule{};
  WarningKind kind{};
  RuleId other{};
  GroupId group{};
  SkillId skill{};
};

// Of the enabled rules, in their order; at most 500.
std::vector<Warning> warnings_of(const std::vector<Rule>& rules, const Snapshot& snapshot);
json::object to_json(const Warning& warning);

inline constexpr std::array<std::string_view, 5> warning_words{"matches_everything", "unreachable", "no_such_group",
                                                               "empty_group", "nobody_has_skill"};
inline std::span<const std::string_view> words_of(WarningKind) { return warning_words; }

}  // namespace miniops::routing
