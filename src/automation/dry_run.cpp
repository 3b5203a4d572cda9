#include "automation/dry_run.hpp"

namespace miniops::automation {

std::vector<Tried> dry_run(const Rule& rule, const std::vector<PastConversation>& past) {
  PlacedRule placed{rule};
  placed.rule.enabled = true;
  const RuleSet rules({placed});
  std::vector<Tried> out;
  for (const PastConversation& conversation : past) {
    Tried tried{&conversation, std::ssize(conversation.occasions)};
    for (const PastOccasion& one : conversation.occasions) {
      for (Decision& decision : decide(rules, one.occasion, one.facts, one.at)) {
        if (decision.fires) {
          ++tried.firings;
          tried.fired_at = one.at;
        }
        tried.compared = std::move(decision.compared);
      }
    }
    if (tried.firings > 0) tried.compared.clear();
    out.push_back(std::move(tried));
  }
  return out;
}

}  // namespace miniops::automation
