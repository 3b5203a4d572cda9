// The messages' half of store.hpp.
#include <fmt/format.h>

#include "base/json.hpp"
#include "desk/records_store.hpp"
#include "desk/sealing.hpp"
#include "desk/store.hpp"

namespace miniops::desk::store {

namespace {

constexpr std::string_view message_columns =
    "m.id, m.appid, m.thread_id, m.conversation_id, m.seq, m.direction, m.sender_kind, m.sender_id, m.sender_name, "
    "m.cause, m.msgtype, m.body, m.original, m.raw, m.state, m.errcode, m.errmsg, m.reason, m.possibly_repeated, "
    "m.attempts, m.flagged, m.answered_since, m.client_id, m.queued_at, m.accepted_at, m.failed_at, m.create_time, "
    "m.created_at, m.whispered_to, m.hidden";

std::string hidden_text(const std::vector<HiddenPlace>& hidden) {
  if (hidden.empty()) return {};
  json::array list;
  for (const HiddenPlace& one : hidden)
    list.push_back(json::array{one.position, one.kind, one.field, one.at, one.length});
  return json::serialize(list);
}

std::vector<HiddenPlace> hidden_in(const std::string& text) {
  std::vector<HiddenPlace> hidden;
  if (text.empty()) return hidden;
  const json::value list = json::parse(text);
  for (const json::value& value : list.as_array()) {
    const json::array& one = value.as_array();
    hidden.push_back({one.at(0).as_int64(), std::string(one.at(1).as_string()), std::string(one.at(2).as_string()),
                      one.at(3).as_int64(), one.at(4).as_int64()});
  }
  return hidden;
}

Message read_message(const sql::Row& row) {
  Message message;
  message.id = row.id<MessageId>(0);
  message.appid = row.id<AppId>(1);
  message.thread_id = row.id<ThreadId>(2);
  message.conversation_id = row.id<ConversationId>(3);
  message.seq = row.integer(4);
  message.direction = parse_direction(row.text(5)).value();
  message.sender_kind = parse_sender_kind(row.text(6)).value();
  message.sender_id = row.text(7);
  message.sender_name = row.text(8);
  message.cause = row.text(9);
  message.msgtype = row.text(10);
  message.body = row.text(11);
  message.original = row.text(12);
  message.raw = row.text(13);
  message.state = row.text(14);
  message.errcode = static_cast<int>(row.integer(15));
  message.errmsg = row.text(16);
  message.reason = row.text(17);
  message.possibly_repeated = row.integer(18) != 0;
  message.attempts = static_cast<int>(row.integer(19));
  message.flagged = row.text(20);
  message.answered_since = row.integer(21);
  message.client_id = row.optional_text(22);
  message.queued_at = row.integer(23);
  message.accepted_at = row.integer(24);
  message.failed_at = row.integer(25);
  message.create_time = row.integer(26);
  message.created_at = row.integer(27);
  message.whispered_to = row.id<AccountId>(28);
  message.hidden = hidden_in(row.text(29));
  return message;
}

std::vector<Message> read_messages(const sql::Rows& rows) {
  std::vector<Message> messages;
  messages.reserve(rows.size());
  for (const sql::Row& row : rows) messages.push_back(read_message(row));
  return messages;
}

std::string select_messages(std::string_view where) {
  return fmt::format("SELECT {} FROM desk_messages m WHERE {}", message_columns, where);
}

void insert_media(sql::Transaction& tx, const Message& m) {
  const json::value body = json::parse(m.body);
  if (!body.is_object()) return;
  for (const std::string& media_id : media_of(body.get_object()))
    tx.execute_later(
        "INSERT INTO desk_media (appid, media_id, message_id) VALUES ($1, $2, $3) ON CONFLICT (appid, media_id) DO "
        "NOTHING",
        {m.appid, media_id, m.id});
}

}  // namespace

void insert_message(sql::Transaction& tx, const Message& m) {
  const std::string hidden = hidden_text(m.hidden);
  tx.execute_later(
      "INSERT INTO desk_messages (id, appid, thread_id, conversation_id, seq, direction, sender_kind, sender_id, "
      "sender_name, cause, msgtype, body, original, raw, state, errcode, errmsg, reason, possibly_repeated, attempts, "
      "flagged, answered_since, client_id, queued_at, accepted_at, failed_at, create_time, created_at, whispered_to, "
      "hidden) VALUES "
      "($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17,$18,$19,$20,$21,$22,$23,$24,$25,$26,$27,$28,$29,$"
      "30)",
      {m.id,
       m.appid,
       m.thread_id,
       m.conversation_id,
       m.seq,
       to_string(m.direction),
       to_string(m.sender_kind),
       m.sender_id,
       m.sender_name,
       m.cause,
       m.msgtype,
       m.body,
       m.original,
       m.raw,
       m.state,
       m.errcode,
       m.errmsg,
       m.reason,
       m.possibly_repeated,
       m.attempts,
       m.flagged,
       m.answered_since,
       m.client_id,
       m.queued_at,
       m.accepted_at,
       m.failed_at,
       m.create_time,
       m.created_at,
       m.whispered_to,
       hidden});
  insert_sealed(tx, m);
  // The full-text index follows a moment later, in chunks (search.hpp). Whispers are not for all who search.
  if (m.whispered_to.empty()) tx.execute_later("INSERT INTO desk_search_pending (message_id) VALUES ($1)", {m.id});
  if (m.direction == Direction::in && m.msgtype != "text") insert_media(tx, m);
}

std::optional<Message> find_message(sql::Transaction& tx, MessageId id) {
  static const std::string sql = select_messages("m.id = $1");
  const auto row = tx.query_one(sql, {id});
  return row ? std::optional(read_message(*row)) : std::nullopt;
}

std::optional<Message> find_by_client_id(sql::Transaction& tx, ConversationId id, std::string_view client_id) {
  static const std::string sql =
      select_messages("m.conversation_id = $1 AND m.client_id = $2 AND m.client_id IS NOT NULL");
  const auto row = tx.query_one(sql, {id, client_id});
  return row ? std::optional(read_message(*row)) : std::nullopt;
}

std::vector<Message> answers_after(sql::Transaction& tx, ThreadId thread, std::int64_t seq, std::string_view besides,
                                   int limit) {
  static const std::string sql = select_messages(
      "m.thread_id = $1 AND m.seq > $2 AND m.direction = 'out' AND m.sender_kind = 'agent' AND m.sender_id <> $3 "
      "AND m.state <> 'failed' ORDER BY m.seq LIMIT $4");
  return read_messages(tx.query(sql, {thread, seq, besides, limit}));
}

std::vector<Message> messages_before(sql::Transaction& tx, const Conversation& conversation, const ReadScope& scope,
                                     std::int64_t before_seq, int limit) {
  const std::int64_t before = before_seq == 0 ? conversation.last_seq + 1 : before_seq;
  sql::Params params{conversation.thread_id, conversation.id, conversation.first_seq, before, limit};
  const std::string heard = heard_by(scope, params);
  return read_messages(tx.query(select_messages("m.thread_id = $1 AND m.conversation_id = $2 AND m.seq >= $3 AND m.seq "
                                                "< $4" +
                                                heard + " ORDER BY m.seq DESC LIMIT $5"),
                                params));
}

std::vector<Message> thread_messages_before(sql::Transaction& tx, const Conversation& conversation,
                                            const ReadScope& scope, std::int64_t before_seq, int limit) {
  const std::int64_t before = before_seq == 0 ? conversation.last_seq + 1 : before_seq;
  sql::Params params{conversation.thread_id, before, limit};
  const std::string covered = covered_by(scope, params);
  const std::string among = covered.empty()
                                ? ""
                                : fmt::format(
                                      " AND m.conversation_id IN (SELECT c.id FROM desk_conversations c WHERE "
                                      "c.thread_id = $1{})",
                                      covered);
  return read_messages(tx.query(select_messages("m.thread_id = $1 AND m.seq < $2 AND m.conversation_id <> 0" + among +
                                                heard_by(scope, params) + " ORDER BY m.seq DESC LIMIT $3"),
                                params));
}

std::vector<Message> thread_messages_after(sql::Transaction& tx, ThreadId thread, std::int64_t after_seq, int limit) {
  static const std::string sql = select_messages("m.thread_id = $1 AND m.seq > $2 ORDER BY m.seq LIMIT $3");
  return read_messages(tx.query(sql, {thread, after_seq, limit}));
}

void save_delivery(sql::Transaction& tx, const Message& m) {
  tx.execute(
      "UPDATE desk_messages SET state = $2, errcode = $3, errmsg = $4, reason = $5, possibly_repeated = $6, "
      "attempts = $7, queued_at = $8, accepted_at = $9, failed_at = $10, answered_since = $11 WHERE id = $1",
      {m.id, m.state, m.errcode, m.errmsg, m.reason, m.possibly_repeated, m.attempts, m.queued_at, m.accepted_at,
       m.failed_at, m.answered_since});
}

std::int64_t count_unread(sql::Transaction& tx, const Conversation& conversation) {
  return tx
      .query_one(
          "SELECT COUNT(*) FROM desk_messages WHERE thread_id = $1 AND conversation_id = $2 AND seq > $3 "
          "AND direction = 'in' AND cause = ''",
          {conversation.thread_id, conversation.id, conversation.read_seq})
      .value()
      .integer(0);
}

std::int64_t last_asked(sql::Transaction& tx, ThreadId thread) {
  const auto row = tx.query_one(
      "SELECT seq FROM desk_messages WHERE thread_id = $1 AND direction = 'in' ORDER BY seq DESC LIMIT 1", {thread});
  return row ? row->integer(0) : 0;
}

std::int64_t automated_since_asked(sql::Transaction& tx, ThreadId thread) {
  static const std::string sql = fmt::format(
      "SELECT COUNT(*) FROM desk_messages WHERE thread_id = $1 AND seq > $2 AND direction = 'out' AND sender_kind = "
      "'rule' AND sender_id LIKE '{}%'",
      automation_sender);
  return tx.query_one(sql, {thread, last_asked(tx, thread)})->integer(0);
}

bool answered_after(sql::Transaction& tx, const Message& message) {
  return tx
      .query_one(
          "SELECT 1 FROM desk_messages WHERE thread_id = $1 AND seq > $2 AND direction = 'out' "
          "AND sender_kind = 'agent' AND state IN ('queued', 'sending', 'sent') LIMIT 1",
          {message.thread_id, message.seq})
      .has_value();
}

TimeMs unanswered_since(sql::Transaction& tx, const Conversation& conversation) {
  return tx
      .query_one(
          "SELECT COALESCE(MIN(created_at), 0) FROM desk_messages WHERE thread_id = $1 AND seq >= $2 AND "
          "direction = 'in' AND cause = '' AND seq > (SELECT COALESCE(MAX(seq), 0) FROM desk_messages WHERE "
          "thread_id = $1 AND seq >= $2 AND direction = 'out' AND sender_kind = 'agent' AND state IN ('queued', "
          "'sending', 'sent')) AND created_at > (SELECT COALESCE(MAX(at), 0) FROM desk_events WHERE "
          "conversation_id = $3 AND kind = 'closed')",
          {conversation.thread_id, conversation.first_seq, conversation.id})
      ->integer(0);
}

bool human_answered(sql::Transaction& tx, const Conversation& conversation) {
  return tx
      .query_one(
          "SELECT 1 FROM desk_messages WHERE thread_id = $1 AND conversation_id = $2 AND seq >= $3 AND direction = "
          "'out' AND sender_kind = 'agent' AND state IN ('queued', 'sending', 'sent') LIMIT 1",
          {conversation.thread_id, conversation.id, conversation.first_seq})
      .has_value();
}

bool machine_spoke_last(sql::Transaction& tx, ThreadId thread) {
  const auto last = tx.query_one(
      "SELECT cause, sender_kind FROM desk_messages WHERE thread_id = $1 AND direction = 'out' ORDER BY seq DESC LIMIT "
      "1",
      {thread});
  return last && last->text(0) != rating_cause && last->text(1) != to_string(SenderKind::agent);
}

TimeMs asked_after_answers(sql::Transaction& tx, const Conversation& conversation) {
  return tx
      .query_one(
          "SELECT COALESCE(MIN(created_at), 0) FROM desk_messages WHERE thread_id = $1 AND seq >= $2 AND "
          "direction = 'in' AND cause = '' AND created_at > (SELECT COALESCE(MAX(queued_at), 0) FROM desk_messages "
          "WHERE thread_id = $1 AND seq >= $2 AND direction = 'out' AND sender_kind = 'agent' AND state = 'sent')",
          {conversation.thread_id, conversation.first_seq})
      ->integer(0);
}

void read_whose_turn(sql::Transaction& tx, Conversation& conversation) {
  // What an earlier closing ended is over.
  const TimeMs since = tx.query_one(
                             "SELECT COALESCE(MAX(at), 0) FROM desk_events WHERE conversation_id = $1 AND kind = "
                             "'closed' AND at < $2",
                             {conversation.id, conversation.closed_at})
                           ->integer(0);
  const auto answer = tx.query_one(
      "SELECT seq, created_at FROM desk_messages WHERE thread_id = $1 AND seq >= $2 AND created_at > $3 AND direction "
      "= 'out' AND sender_kind = 'agent' AND state IN ('queued', 'sending', 'sent') ORDER BY seq DESC LIMIT 1",
      {conversation.thread_id, conversation.first_seq, since});
  const std::int64_t answered_seq = answer ? answer->integer(0) : conversation.first_seq - 1;
  conversation.waiting_since = tx.query_one(
                                     "SELECT COALESCE(MIN(created_at), 0) FROM desk_messages WHERE thread_id = $1 AND "
                                     "seq > $2 AND created_at > $3 AND direction = 'in'",
                                     {conversation.thread_id, answered_seq, since})
                                   ->integer(0);
  conversation.answered_at = answer && conversation.waiting_since == 0 ? answer->integer(1) : 0;
}

// ---- the lobby ----

Message insert_lobby(sql::Transaction& tx, Thread& thread, Message message) {
  // Somebody who enters again and again and never writes has the latest entries only; what they write stays.
  const bool written = message.direction == Direction::in;
  if (written || thread.lobby < lobby_max || !drop_from_lobby(tx, thread.id)) ++thread.lobby;
  message.appid = thread.appid;
  message.thread_id = thread.id;
  message.conversation_id = {};
  message.seq = ++thread.last_seq;
  insert_message(tx, message);
  return message;
}

std::vector<Message> take_lobby(sql::Transaction& tx, Thread& thread) {
  if (thread.lobby == 0) return {};
  thread.lobby = 0;
  static const std::string sql = select_messages("m.thread_id = $1 AND m.conversation_id = 0 ORDER BY m.seq");
  return read_messages(tx.query(sql, {thread.id}));
}

void save_place(sql::Transaction& tx, const Message& message) {
  tx.execute("UPDATE desk_messages SET conversation_id = $2 WHERE id = $1", {message.id, message.conversation_id});
}

}  // namespace miniops::desk::store
