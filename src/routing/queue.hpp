// The order of those who wait. Each group has a queue; all queues of a mini program have one order, since an agent of
// several groups takes the first of all that he can.
//
// A conversation's effective priority is its own and what it gained by waiting, so many points a minute. As all gain
// alike, who is before whom never changes while they wait: a place is one number, which can be stored and indexed.
#pragma once

#include "routing/rule.hpp"

namespace miniops::routing {

inline constexpr std::int64_t points_per_minute_max = 1000;  // 1 at least: nobody starves

// One who waits.
struct Waiting {
  ConversationId conversation{};
  std::int64_t place = 0;    // of place_of()
  TimeMs waiting_since = 0;  // kept over transfer, return and overflow
  std::string language{};
  AccountId last_agent{};  // who had the customer before, and when
  TimeMs last_agent_at = 0;
  AccountId relieved{};  // who had it until now: theirs only while nobody else is there whom it needs
  Target target{};
};

struct InQueue {
  std::int64_t priority = 0;  // Placement::priority
  TimeMs waiting_since = 0;
  bool ahead = false;  // an agent let the customer wait: before all others
};

// The smaller is the earlier. One setting of the mini program for all its groups: another `points_per_minute` makes
// other places.
std::int64_t place_of(const InQueue& waiting, std::int64_t points_per_minute);
// For people: own points and those gained by waiting, whole ones.
std::int64_t effective_priority(const InQueue& waiting, std::int64_t points_per_minute, TimeMs now);
// ORDER BY place, waiting_since, conversation.
bool before(const Waiting& a, const Waiting& b);

}  // namespace miniops::routing
