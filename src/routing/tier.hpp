// Tiers 服务级别: 自动 → 普通客服 → 专家/主管. Each group of people belongs to one; a conversation goes up by hand, or
// by itself when it waits or is worked on for too long (src/desk/escalation.hpp). Pure.
#pragma once

#include "routing/decide.hpp"

namespace miniops::routing {

// automatic is before people: no group belongs to it.
enum class Tier { automatic, ordinary, expert };
inline constexpr std::array<std::string_view, 3> tier_words{"automatic", "ordinary", "expert"};
inline std::span<const std::string_view> words_of(Tier) { return tier_words; }

// By its name, of a tier that people work in.
inline Tier tier_named(std::string_view name) { return parse_word<Tier>(name).value_or(Tier::ordinary); }

// A tier that has groups. Immutable; copies share; safe from any thread.
class TierRules {
 public:
  // groups: those of the tier, at least one.
  TierRules(std::vector<Rule> rules, std::vector<GroupId> groups);

  const RuleSet& rules() const { return rules_; }
  bool has(GroupId group) const { return std::ranges::binary_search(groups_, group); }
  GroupId first() const { return groups_.front(); }

 private:
  std::vector<GroupId> groups_;  // in the order in which they were made
  RuleSet rules_;                // which lead nowhere else
};

// Its best group by the rules: where the first rule leads that matches and leads into the tier; else the first group of
// the tier that the conversation's own rule overflows to; else the tier's first group. `all`: the rules that its queue
// was chosen by.
Placement route_to_tier(const Facts& facts, const RuleSet& all, const TierRules& tier, TimeMs now,
                        Explanation* explanation = nullptr);

}  // namespace miniops::routing
