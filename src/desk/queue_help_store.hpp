// The rows of what customers who wait are told. Called inside closures; stateless.
#pragma once

#include <optional>
#include <vector>

#include "desk/conversation.hpp"
#include "desk/queue_settings.hpp"
#include "storage/sql/database.hpp"

namespace miniops::desk::store {

std::vector<std::pair<AppId, QueueSettings>> all_queue_settings(sql::Transaction& tx);
std::optional<QueueSettings> find_queue_settings(sql::Transaction& tx, const AppId& appid);
void put_queue_settings(sql::Transaction& tx, const AppId& appid, const QueueSettings& settings);

// 1: the next one of its group's queue. It need not be stored, but its place worked out.
std::int64_t position_of(sql::Transaction& tx, const Conversation& conversation);

// How long they waited who came to an agent of the group after `since`, the latest of them.
void note_wait(sql::Transaction& tx, const Conversation& conversation, TimeMs waited, TimeMs ended_at);
std::vector<TimeMs> waits_after(sql::Transaction& tx, const AppId& appid, routing::GroupId group, TimeMs since);

struct QueueNotice {
  std::int64_t position = 0;
  std::optional<WaitRange> wait{};
  bool operator==(const QueueNotice&) const = default;
};
std::optional<QueueNotice> last_notice(sql::Transaction& tx, ConversationId id);
void put_notice(sql::Transaction& tx, ConversationId id, const QueueNotice& notice, TimeMs at);

// What nobody asks for any more; how many, of each kind at most `limit`.
std::int64_t clean_queue_help(sql::Transaction& tx, TimeMs now, int limit);

}  // namespace miniops::desk::store
