#include "automation/rule_set.hpp"

#include "automation/store.hpp"

namespace miniops::automation {

namespace {

constexpr routing::GroupId no_group(1);  // routing's rules have one; here nobody is sent anywhere by it

std::vector<PlacedRule> working(std::vector<PlacedRule> rules) {
  std::erase_if(rules, [](const PlacedRule& one) { return !one.works(); });
  return rules;
}

std::unique_ptr<const routing::RuleSet> conditions_of(const std::vector<const PlacedRule*>& rules) {
  if (rules.empty()) return nullptr;
  std::vector<routing::Rule> asked;
  for (const PlacedRule* one : rules) {
    routing::Rule rule{routing::RuleId(one->rule.id.value()), one->rule.name};
    rule.condition = one->rule.condition;
    rule.target.group = no_group;
    asked.push_back(std::move(rule));
  }
  return std::make_unique<const routing::RuleSet>(std::move(asked), std::vector<routing::GroupId>{}, no_group);
}

}  // namespace

RuleSet::RuleSet(std::vector<PlacedRule> rules) : rules_(working(std::move(rules))) {
  for (const PlacedRule& one : rules_) {
    const Trigger& when = one.rule.when;
    begun_[static_cast<std::size_t>(when.kind)].rules.push_back(&one);
    if (is_timed(when.kind)) waits_.push_back({one.rule.id, when.kind, when.minutes * minute_ms, one.since});
  }
  for (Begun& begun : begun_) begun.conditions = conditions_of(begun.rules);
}

std::shared_ptr<const RuleSet> RuleSets::of(const AppId& appid) const {
  static const auto none = std::make_shared<const RuleSet>();
  std::shared_ptr<const ByApp> current;
  {
    const std::lock_guard lock(mutex_);
    current = current_;
  }
  const auto found = current->find(appid);
  return found == current->end() ? none : found->second;
}

Task<Result<bool>> RuleSets::load(bool force) {
  const std::int64_t version = version_.current();  // before reading: a later change is then read again
  {
    const std::lock_guard lock(mutex_);
    if (!force && version == loaded_version_) co_return false;
  }
  using Rows = std::map<AppId, std::vector<PlacedRule>>;
  auto read = [](sql::Transaction& tx) -> Result<Rows> { return store::rules_by_app(tx); };
  auto rows = co_await database_.read(std::move(read));
  if (!rows) co_return std::unexpected(rows.error());
  auto build = [rows = std::move(*rows)]() mutable {
    auto built = std::make_shared<ByApp>();
    for (auto& [appid, rules] : rows) (*built)[appid] = std::make_shared<const RuleSet>(std::move(rules));
    return std::shared_ptr<const ByApp>(std::move(built));
  };
  auto built = co_await workers_.run(std::move(build));
  if (!built) co_return std::unexpected(built.error());
  const std::lock_guard lock(mutex_);
  // Of two that load at once, the one that began earlier may end later.
  if (version < loaded_version_) co_return true;
  current_ = std::move(*built);
  loaded_version_ = version;
  co_return true;
}

}  // namespace miniops::automation
