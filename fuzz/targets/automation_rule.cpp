// The input is an automation rule as JSON: it is refused, with the fields that are wrong, or survives being written;
// and it is decided for each event without more than its condition.
#include "automation/plan.hpp"
#include "targets/fuzz.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace miniops;
  const auto value = parse_json(std::string_view(reinterpret_cast<const char*>(data), size));
  if (!value) return 0;
  auto rule = automation::parse_rule(*value);
  if (!rule) {
    fuzz::require(rule.error().code == "request.invalid" && !rule.error().fields.empty());
    return 0;
  }
  fuzz::require(automation::parse_rule(automation::rule_json(*rule)) == *rule);
  rule->id = automation::RuleId(1);
  const automation::RuleSet rules({{*rule}});
  routing::Facts facts;
  facts.texts = {"a"};
  for (std::size_t i = 0; i < automation::event_kinds; ++i) {
    const automation::Occasion occasion{static_cast<automation::EventKind>(i), 1, {rule->id}};
    const auto decided = automation::decide(rules, occasion, facts, 1763701200000);
    fuzz::require(decided.size() == (rule->enabled && rule->when.kind == occasion.kind ? 1U : 0U));
    for (const auto& one : decided) fuzz::require(one.compared.size() <= routing::comparisons_max);
  }
  return 0;
}
