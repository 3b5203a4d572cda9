// Which rules fire at an event, and what they do to the conversation. Pure: the transaction in which it happens and the
// dry run over past conversations call the same functions.
#pragma once

#include "automation/rule_set.hpp"
#include "identity/access.hpp"

namespace miniops::automation {

using identity::AccountId;

// What did not hold, without the customer's words: where it stands in the rule, as it is read.
struct Compared {
  std::size_t index = 0;
  routing::Field field{};
  routing::Comparison comparison{};
  std::string key{};
  bool held = false;
};

struct Decision {
  const PlacedRule* rule = nullptr;  // of the set
  bool fires = false;
  std::vector<Compared> compared{};
};

// Of the rules that this event begins, in their order, each once.
std::vector<Decision> decide(const RuleSet& rules, const Occasion& occasion, const routing::Facts& facts, TimeMs now);

// A conversation and its customer at one moment. Ids that are none are 0.
struct Facts {
  bool closed = false, queued = false, parked = false;
  AccountId assignee{};
  std::int64_t group = 0;
  std::string_view tier{};  // of the group
  std::int64_t priority = 0;
  int level = 0;
  std::vector<std::string> tags{};
};

// Whether the conversation is already as the step makes it. Of what is said there is no such thing.
bool has_effect(const Step& step, const Facts& facts);

}  // namespace miniops::automation
