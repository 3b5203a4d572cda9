#include "desk/timer_store.hpp"

namespace miniops::desk::store {

void arm(sql::Transaction& tx, Conversation& conversation, const Delays& delays) {
  TimerChange change = change_timers(conversation.timers, timers_of(conversation, delays));
  for (const TimerKind kind : change.cancelled)
    tx.execute_later("DELETE FROM desk_timers WHERE conversation_id = $1 AND kind = $2",
                     {conversation.id, to_string(kind)});
  for (const Timer& timer : change.set)
    tx.execute_later(
        "INSERT INTO desk_timers (conversation_id, kind, appid, generation, due_at) VALUES ($1,$2,$3,$4,$5) "
        "ON CONFLICT (conversation_id, kind) DO UPDATE SET generation = excluded.generation, due_at = excluded.due_at",
        {conversation.id, to_string(timer.kind), conversation.appid, conversation.version, timer.due_at});
  conversation.timers = std::move(change.armed);
}

std::vector<DueTimer> due_timers(sql::Transaction& tx, TimeMs now, int limit) {
  std::vector<DueTimer> due;
  for (const sql::Row& row : tx.query("SELECT conversation_id, appid, kind, generation, due_at FROM desk_timers "
                                      "WHERE due_at <= $1 ORDER BY due_at, conversation_id, kind LIMIT $2",
                                      {now, limit}))
    due.push_back({row.id<ConversationId>(0), row.id<AppId>(1), row.text(2), row.integer(3), row.integer(4)});
  return due;
}

std::optional<TimeMs> next_due(sql::Transaction& tx) {
  const auto row = tx.query_one("SELECT due_at FROM desk_timers ORDER BY due_at, conversation_id, kind LIMIT 1", {});
  return row ? std::optional(row->integer(0)) : std::nullopt;
}

bool take_timer(sql::Transaction& tx, const DueTimer& timer) {
  return tx.execute(
             "DELETE FROM desk_timers WHERE conversation_id = $1 AND kind = $2 AND generation = $3 AND due_at = $4",
             {timer.conversation, timer.kind, timer.generation, timer.due_at}) == 1;
}

void put_off(sql::Transaction& tx, const DueTimer& timer, TimeMs until) {
  tx.execute(
      "UPDATE desk_timers SET due_at = $5 WHERE conversation_id = $1 AND kind = $2 AND generation = $3 AND "
      "due_at = $4",
      {timer.conversation, timer.kind, timer.generation, timer.due_at, until});
}

}  // namespace miniops::desk::store
