// The input is a routing rule as JSON: it is refused, with the fields that are wrong, or survives being written; then
// its decision does not depend on being explained.
#include "routing/decide.hpp"
#include "targets/fuzz.hpp"

namespace {

using namespace miniops;

constexpr TimeMs now = 1763701200000;

void check_decision(const routing::Rule& rule, const routing::Facts& facts) {
  const std::vector<routing::GroupId> groups{routing::GroupId(1), rule.target.group};
  const routing::RuleSet rules({rule}, groups, routing::GroupId(1));
  routing::Explanation why;
  const auto decided = routing::route(facts, rules, now), told = routing::route(facts, rules, now, &why);
  fuzz::require(decided.rule == told.rule && decided.target == told.target && why.rule == told.rule);
  fuzz::require(why.considered.size() == 1 && why.considered.front().compared.size() <= routing::comparisons_max);
  fuzz::require(parse_json(json::serialize(routing::to_json(why))).has_value());
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto value = parse_json(text);
  if (!value) return 0;
  auto rule = routing::parse_rule(*value);
  if (!rule) {
    fuzz::require(rule.error().code == "routing.invalid_rule" && !rule.error().fields.empty());
    return 0;
  }
  fuzz::require(routing::parse_rule(routing::rule_json(*rule)) == *rule);
  rule->id = routing::RuleId(1);
  check_decision(*rule, {});
  routing::Facts facts;
  facts.page = "/pages/pay?id=1";
  facts.parameters = {{"k", "v", true}, {"from", "ad"}};
  facts.tags = {"a"};
  facts.level = 5;
  facts.texts = {"a", std::string(text)};
  facts.msgtype = "text";
  facts.language = "zh_CN";
  facts.waiting_since = now - minute_ms;
  check_decision(*rule, facts);
  return 0;
}
