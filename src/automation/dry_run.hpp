// What a rule would have done to past conversations: decided by the function that decides at events. Pure.
#pragma once

#include "automation/plan.hpp"

namespace miniops::automation {

inline constexpr int tried_max = 100;  // conversations

// When the rule's event happened to it, and what was known then. Tags and level are today's.
struct PastOccasion {
  Occasion occasion{};
  routing::Facts facts{};
  TimeMs at = 0;
};
struct PastConversation {
  std::int64_t id = 0;
  std::string openid{}, nickname{};
  TimeMs opened_at = 0;
  std::vector<PastOccasion> occasions{};
};

struct Tried {
  const PastConversation* conversation = nullptr;
  std::int64_t events = 0, firings = 0;
  TimeMs fired_at = 0;               // the last time; 0: not
  std::vector<Compared> compared{};  // the last time, when it did not fire at all
};

// In the order of `past`. The rule as if it were on.
std::vector<Tried> dry_run(const Rule& rule, const std::vector<PastConversation>& past);

}  // namespace miniops::automation
