// Deletion of records: the second half of records_store.hpp.
#include <fmt/format.h>

#include "base/json.hpp"
#include "desk/records_store.hpp"
#include "desk/sealing.hpp"
#include "desk/search.hpp"
#include "desk/store.hpp"
#include "gateway/traces.hpp"
#include "people/session_from.hpp"
#include "reports/changes.hpp"

namespace miniops::desk::store {

namespace {

std::int64_t forget_media_of(sql::Transaction& tx, const AppId& appid, std::string_view body) {
  const json::value said = json::parse(body);
  if (!said.is_object()) return 0;
  std::int64_t files = 0;
  for (const std::string& id : media_of(said.get_object()))
    if (gateway::forget_media(tx, appid, id)) ++files;
  return files;
}

// Nobody can ask for them any more, so nobody need be known to be allowed to.
void disown_media_of(sql::Transaction& tx, const AppId& appid, std::string_view body) {
  const json::value said = json::parse(body);
  if (!said.is_object()) return;
  for (const std::string& id : media_of(said.get_object()))
    tx.execute("DELETE FROM desk_media WHERE appid = $1 AND media_id = $2", {appid, id});
}

// When it was said, by whom of the team, and how it was delivered stays. That somebody entered names them, too.
void empty_message(sql::Transaction& tx, MessageId id) {
  tx.execute(
      "UPDATE desk_messages SET msgtype = $2, body = '{}', original = '', raw = '', hidden = '', errmsg = '', "
      "reason = '', flagged = '', sender_id = CASE WHEN sender_kind IN ('customer', 'system') THEN '' ELSE sender_id "
      "END, sender_name = CASE WHEN sender_kind IN ('customer', 'system') THEN '' ELSE sender_name END WHERE id = $1",
      {id, erased_type});
  delete_sealed(tx, id);
}

constexpr std::string_view removal_columns = "id, appid, direction, msgtype, body, whispered_to";
constexpr std::size_t removal_column_count = 6;

// What others keep of one message: the outbox, its files, the search. False: it is on its way, and nothing was done.
bool forget_traces(sql::Transaction& tx, const sql::Row& row, Removed& out) {
  const MessageId id = row.id<MessageId>(0);
  const AppId appid = row.id<AppId>(1);
  if (row.text(2) == "out" && !gateway::forget_outgoing(tx, gateway::OutboxId(id.value()))) return false;
  if (row.text(2) == "in") {
    out.media += forget_media_of(tx, appid, row.text(4));
    disown_media_of(tx, appid, row.text(4));
  }
  // A whisper was never in the search, and what is taken out of it unseen breaks it.
  if (row.integer(5) == 0) unindex_message(tx, id, appid, row.text(3), row.text(4));
  return true;
}

sql::Rows rows_of(sql::Transaction& tx, ThreadId thread, std::optional<ConversationId> of, int limit) {
  static const std::string all =
      fmt::format("SELECT {} FROM desk_messages WHERE thread_id = $1 AND msgtype <> 'erased' ORDER BY seq LIMIT $2",
                  removal_columns);
  static const std::string of_one = fmt::format(
      "SELECT {} FROM desk_messages WHERE thread_id = $1 AND conversation_id = $2 AND seq >= $3 AND msgtype <> "
      "'erased' ORDER BY seq LIMIT $4",
      removal_columns);
  if (!of) return tx.query(all, {thread, limit});
  const auto stretch = stretch_of(tx, *of);
  return stretch ? tx.query(of_one, {thread, *of, stretch->first_seq, limit}) : sql::Rows{};
}

// With its traces. False: it is being sent, and nothing was done.
bool drop_message(sql::Transaction& tx, const sql::Row& row) {
  Removed traces;
  if (!forget_traces(tx, row, traces)) return false;
  const MessageId id = row.id<MessageId>(0);
  delete_sealed(tx, id);
  tx.execute("DELETE FROM desk_messages WHERE id = $1", {id});
  return true;
}

// Figures count by the page; whatever else session-from said goes.
void keep_page_alone(sql::Transaction& tx, IdSource& ids, ConversationId id) {
  const auto row = tx.query_one("SELECT source FROM desk_conversations WHERE id = $1", {id});
  const std::string source = row ? row->text(0) : "";
  const std::string kept = people::plain_source(source);
  if (kept == source) return;
  tx.execute("UPDATE desk_conversations SET source = $2, version = version + 1 WHERE id = $1", {id, kept});
  reports::note_change(tx, ids, reports::ConversationId(id.value()));
}

}  // namespace

std::vector<records::Closed> closed_before(sql::Transaction& tx, const AppId& appid, records::Place after,
                                           TimeMs before, int limit) {
  std::vector<records::Closed> out;
  for (const sql::Row& row :
       tx.query("SELECT id, openid, closed_at FROM desk_conversations WHERE appid = $1 AND closed_at <> 0 AND "
                "closed_at < $2 AND (closed_at, id) > ($3, $4) AND state = 'closed' ORDER BY closed_at, id LIMIT $5",
                {appid, before, after.first, after.second, limit}))
    out.push_back({row.id<records::ConversationId>(0), row.text(1), row.integer(2)});
  return out;
}

Removed remove_messages(sql::Transaction& tx, ThreadId thread, std::optional<ConversationId> of, int limit) {
  Removed out;
  for (const sql::Row& row : rows_of(tx, thread, of, limit)) {
    if (!forget_traces(tx, row, out)) {
      out.in_flight = true;
      return out;
    }
    empty_message(tx, row.id<MessageId>(0));
    ++out.messages;
  }
  return out;
}

bool drop_from_lobby(sql::Transaction& tx, ThreadId thread) {
  static const std::string eldest = fmt::format(
      "SELECT {} FROM desk_messages WHERE thread_id = $1 AND conversation_id = 0 AND direction <> 'in' ORDER BY seq "
      "LIMIT 1",
      removal_columns);
  const auto row = tx.query_one(eldest, {thread});
  return row && drop_message(tx, *row);
}

std::vector<records::Aged> lobby_before(sql::Transaction& tx, const AppId& appid, records::Place after, TimeMs before,
                                        int limit) {
  std::vector<records::Aged> out;
  for (const sql::Row& row :
       tx.query("SELECT m.id, t.openid, m.created_at FROM desk_messages m JOIN desk_threads t ON t.id = m.thread_id "
                "WHERE m.appid = $1 AND m.conversation_id = 0 AND m.created_at < $2 AND (m.created_at, m.id) > ($3, "
                "$4) ORDER BY m.created_at, m.id LIMIT $5",
                {appid, before, after.first, after.second, limit}))
    out.push_back({row.integer(0), row.text(1), row.integer(2)});
  return out;
}

bool drop_from_lobby(sql::Transaction& tx, MessageId id) {
  static const std::string one =
      fmt::format("SELECT {}, thread_id FROM desk_messages WHERE id = $1 AND conversation_id = 0", removal_columns);
  const auto row = tx.query_one(one, {id});
  if (!row) return true;
  if (!drop_message(tx, *row)) return false;
  tx.execute("UPDATE desk_threads SET lobby = lobby - 1 WHERE id = $1 AND lobby > 0",
             {row->id<ThreadId>(removal_column_count)});
  return true;
}

records::Archive::MediaRemoved remove_media(sql::Transaction& tx, ConversationId id, std::int64_t after_seq,
                                            int limit) {
  records::Archive::MediaRemoved out;
  const auto stretch = stretch_of(tx, id);
  if (!stretch) return out;
  const std::int64_t after = std::max(after_seq, stretch->first_seq - 1);
  const auto rows = tx.query(
      "SELECT appid, seq, body FROM desk_messages WHERE thread_id = $1 AND conversation_id = $2 AND seq > $3 AND "
      "direction = 'in' AND msgtype NOT IN ('text', 'link', 'location') ORDER BY seq LIMIT $4",
      {stretch->thread, id, after, limit});
  for (const sql::Row& row : rows) out.files += forget_media_of(tx, row.id<AppId>(0), row.text(2));
  if (std::ssize(rows) == limit) out.last_seq = rows.back().integer(1);
  return out;
}

void empty_conversation(sql::Transaction& tx, IdSource& ids, ConversationId id) {
  keep_page_alone(tx, ids, id);
  tx.execute(
      "UPDATE desk_conversations SET last_message = '', fields = '{}', version = version + 1 WHERE id = $1 AND "
      "(last_message <> '' OR fields <> '{}')",
      {id});
  tx.execute("UPDATE desk_events SET note = '' WHERE conversation_id = $1 AND note <> ''", {id});
}

std::int64_t make_anonymous(sql::Transaction& tx, IdSource& ids, ThreadId thread, int limit) {
  const auto rows =
      tx.query("SELECT id FROM desk_conversations WHERE thread_id = $1 AND openid <> '' ORDER BY number LIMIT $2",
               {thread, limit});
  for (const sql::Row& row : rows) {
    const ConversationId id = row.id<ConversationId>(0);
    empty_conversation(tx, ids, id);
    tx.execute("UPDATE desk_conversations SET openid = '', timers = '', version = version + 1 WHERE id = $1", {id});
    tx.execute(
        "UPDATE desk_events SET actor_id = '', actor_name = '' WHERE conversation_id = $1 AND actor_kind = 'customer'",
        {id});
    tx.execute("DELETE FROM desk_timers WHERE conversation_id = $1", {id});
    tx.execute("DELETE FROM desk_mentions WHERE conversation_id = $1", {id});
  }
  return std::ssize(rows);
}

void delete_thread(sql::Transaction& tx, const Thread& thread) {
  unindex_customer(tx, thread);
  tx.execute("DELETE FROM desk_rule_firings WHERE thread_id = $1", {thread.id});
  tx.execute("DELETE FROM desk_privacy_notices WHERE thread_id = $1", {thread.id});
  tx.execute("DELETE FROM desk_threads WHERE id = $1", {thread.id});
}

}  // namespace miniops::desk::store
