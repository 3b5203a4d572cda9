#include "automation/plan.hpp"

#include <algorithm>

namespace miniops::automation {

namespace {

bool has_tag(const Facts& facts, const std::string& tag) {
  return std::ranges::find(facts.tags, tag) != facts.tags.end();
}

bool is_begun_by(const Rule& rule, const Occasion& occasion) {
  if (is_timed(occasion.kind)) return std::ranges::find(occasion.due, rule.id) != occasion.due.end();
  return occasion.kind != EventKind::scored || occasion.score <= rule.when.score_max;
}

}  // namespace

std::vector<Decision> decide(const RuleSet& rules, const Occasion& occasion, const routing::Facts& facts, TimeMs now) {
  std::vector<Decision> out;
  const RuleSet::Begun& begun = rules.begun_by(occasion.kind);
  const bool any =
      std::ranges::any_of(begun.rules, [&](const PlacedRule* one) { return is_begun_by(one->rule, occasion); });
  if (!any) return out;
  const auto considered = routing::consider(facts, *begun.conditions, now);
  for (std::size_t i = 0; i < begun.rules.size(); ++i) {
    if (!is_begun_by(begun.rules[i]->rule, occasion)) continue;
    Decision decision{begun.rules[i], considered[i].verdict == routing::Verdict::matches};
    for (const routing::Compared& one : considered[i].compared)
      decision.compared.push_back({one.index, one.field, one.comparison, one.key, one.held});
    out.push_back(std::move(decision));
  }
  return out;
}

bool has_effect(const Step& step, const Facts& facts) {
  switch (step.kind) {
    case StepKind::send_text:
    case StepKind::send_reply:
    case StepKind::note:
    case StepKind::notify_supervisor:
      return true;
    case StepKind::add_tag:
      return !has_tag(facts, step.text);
    case StepKind::remove_tag:
      return has_tag(facts, step.text);
    case StepKind::set_level:
      return facts.level != step.number;
    case StepKind::set_priority:
      return facts.priority != step.number;
    case StepKind::transfer_agent:
      return facts.closed || facts.assignee.value() != step.number;
    case StepKind::transfer_group:
      return facts.closed || !facts.queued || facts.group != step.number;
    case StepKind::transfer_tier:
      return facts.closed || !facts.queued || facts.tier != step.text;
    case StepKind::park:
      return !facts.parked;
    case StepKind::close:
      return !facts.closed;
  }
  std::unreachable();
}

}  // namespace miniops::automation
