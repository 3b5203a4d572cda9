// The rows of timers. Called inside closures; stateless.
#pragma once

#include <optional>
#include <vector>

#include "desk/conversation.hpp"
#include "storage/sql/database.hpp"

namespace miniops::desk::store {

struct DueTimer {
  ConversationId conversation;
  AppId appid;
  std::string kind;
  std::int64_t generation = 0;
  TimeMs due_at = 0;
};

// Brings the rows to what the conversation wants, and notes in it which there are. Before each save of a conversation;
// the save that follows must store its `timers`.
void arm(sql::Transaction& tx, Conversation& conversation, const Delays& delays);

// In the order in which they are due.
std::vector<DueTimer> due_timers(sql::Transaction& tx, TimeMs now, int limit);
// When the next one is due, if there is any.
std::optional<TimeMs> next_due(sql::Transaction& tx);
// Takes it away if it is still the same: whoever does has to bring about its effect in this transaction.
bool take_timer(sql::Transaction& tx, const DueTimer& timer);
void put_off(sql::Transaction& tx, const DueTimer& timer, TimeMs until);

}  // namespace miniops::desk::store
