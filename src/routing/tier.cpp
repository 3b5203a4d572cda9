#include "routing/tier.hpp"

namespace miniops::routing {

namespace {

std::vector<GroupId> sorted(std::vector<GroupId> groups) {
  std::ranges::sort(groups);
  return groups;
}

// Of the first rule that matches, wherever it leads.
std::optional<GroupId> overflow_into(const Facts& facts, const RuleSet& all, const TierRules& tier, TimeMs now) {
  for (const Overflow& step : route(facts, all, now).target.overflow) {
    const auto found = std::ranges::find_if(step.groups, [&](GroupId group) { return tier.has(group); });
    if (found != step.groups.end()) return *found;
  }
  return std::nullopt;
}

// Their groups are there, but in another tier.
void tell_other_tiers(Explanation& explanation, const std::vector<Rule>& rules, const TierRules& tier) {
  for (Considered& one : explanation.considered) {
    const auto rule = std::ranges::find(rules, one.rule, &Rule::id);
    if (one.verdict == Verdict::no_group && rule != rules.end() && !tier.has(rule->target.group))
      one.verdict = Verdict::other_tier;
  }
}

}  // namespace

TierRules::TierRules(std::vector<Rule> rules, std::vector<GroupId> groups)
    : groups_(sorted(std::move(groups))), rules_(std::move(rules), groups_, groups_.front()) {}

Placement route_to_tier(const Facts& facts, const RuleSet& all, const TierRules& tier, TimeMs now,
                        Explanation* explanation) {
  Placement placed = route(facts, tier.rules(), now, explanation);
  if (placed.rule.empty()) placed.target.group = overflow_into(facts, all, tier, now).value_or(tier.first());
  if (explanation != nullptr) {
    explanation->group = placed.target.group;
    tell_other_tiers(*explanation, tier.rules().rules(), tier);
  }
  return placed;
}

}  // namespace miniops::routing
