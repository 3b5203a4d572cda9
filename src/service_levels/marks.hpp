// What a list of conversations and a conversation show of their clocks: a countdown.
#pragma once

#include <map>
#include <span>
#include <vector>

#include "service_levels/clock.hpp"
#include "storage/sql/database.hpp"

namespace miniops::service_levels {

struct Mark {
  Kind kind{};
  Level level{};
  bool paused = false;
  TimeMs due_at = 0;   // none while it is paused, or when that never comes
  TimeMs left_ms = 0;  // while it is paused: how much there will be; less than 0: so much too late
  bool operator==(const Mark&) const = default;
};

// Of open clocks, the most pressing first: what is due, soonest first, then what is paused.
std::vector<Mark> marks_of(std::span<const ServiceClock> clocks, TimeMs now);

// Of many conversations, in one or a few reads; those without an open clock are left out.
std::map<ConversationId, std::vector<Mark>> marks(sql::Transaction& tx, std::span<const ConversationId> conversations,
                                                  TimeMs now);

}  // namespace miniops::service_levels
