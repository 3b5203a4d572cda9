// Who gets which customer: one pure function of the agents' snapshot and the queue.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "desk/conversation.hpp"

namespace miniops::desk {

enum class Presence { online, busy, offline };
std::string_view to_string(Presence presence);
std::optional<Presence> parse_presence(std::string_view text);

// An agent as assignment sees one.
struct AgentLoad {
  AccountId account;
  std::string display_name;
  Presence presence = Presence::offline;
  std::int64_t load = 0, load_max = 0;
  TimeMs assigned_at = 0;  // when the last conversation was assigned
};

struct Assignment {
  std::size_t conversation;  // index in the queue
  std::size_t agent;         // index in the agents
  std::string_view why;      // "returning", "least_load"
};

inline constexpr TimeMs returning_ms = 7 * day_ms;

// The queue must be in order: highest priority first, then whoever waits longest. Only agents who are online and below
// their limit get a customer: the one who had the customer within 7 days, otherwise the one with the smallest share of
// the limit, then the one whose last assignment is longest ago. Stops when all are full; nobody jumps ahead.
std::vector<Assignment> assign_queue(std::vector<AgentLoad> agents, const std::vector<Conversation>& queue, TimeMs now);

}  // namespace miniops::desk
