// Why a decision was made: codes and values, no sentences, bounded, and nothing of what a customer wrote but the
// keyword that was found. The decision is the same whether it is explained or not.
#pragma once

#include <optional>

#include "routing/agents.hpp"
#include "routing/rule.hpp"

namespace miniops::routing {

// ---- why this queue ----

// Passed over: no_group, its group is gone; other_tier, a group of one tier is looked for, and it leads to another.
enum class Verdict { matches, does_not_match, disabled, no_group, not_reached, other_tier };

struct Compared {
  std::size_t index = 0;  // of the rule's comparisons, as they are read: 0, 1, …
  Field field{};
  Comparison comparison{};
  std::string key{};
  std::string seen{};  // what was there, 100 characters of it; of texts and tags what was found of the list
  bool held = false;
  bool trusted = true;  // false: the phone said so
};

struct Considered {
  RuleId rule{};
  Verdict verdict{};
  std::vector<Compared> compared{};
};

// Every rule is told, comparisons until there are 500 of them.
struct Explanation {
  RuleId rule{};  // none: the default group
  GroupId group{};
  std::int64_t priority = 0;
  std::vector<Considered> considered{};
  bool cut = false;  // there were more comparisons
};
json::object to_json(const Explanation& explanation);

// ---- why this agent ----

enum class Why { last_agent, least_busy, round_robin };

// Why somebody does not get the conversation: of those that apply the last in this order. taken: he could, another
// gets it. away: not online. off_duty: in no group that may take it, by its shifts.
enum class Obstacle { none, taken, full, away, skill, language, off_duty, other_group };

struct Candidate {
  AccountId account{};
  Obstacle obstacle{};
  Presence presence{};
  SkillId skill{};  // that is missing
  std::int64_t load = 0, limit = 0;
};

// Who gets it comes first, then who could, then the others by how little is missing; 100 of them.
struct AgentsExplanation {
  AccountId agent{};  // none: it waits
  std::optional<Why> why{};
  int overflow = 0;  // how many steps of overflow were needed; when it waits, how many hold
  std::vector<Candidate> candidates{};
  std::size_t left_out = 0;
};
json::object to_json(const AgentsExplanation& explanation);

inline constexpr std::array<std::string_view, 6> verdict_words{"matches",  "does_not_match", "disabled",
                                                               "no_group", "not_reached",    "other_tier"};
inline constexpr std::array<std::string_view, 3> why_words{"last_agent", "least_busy", "round_robin"};
inline constexpr std::array<std::string_view, 8> obstacle_words{"none",  "taken",    "full",     "away",
                                                                "skill", "language", "off_duty", "other_group"};
inline std::span<const std::string_view> words_of(Verdict) { return verdict_words; }
inline std::span<const std::string_view> words_of(Why) { return why_words; }
inline std::span<const std::string_view> words_of(Obstacle) { return obstacle_words; }

}  // namespace miniops::routing
