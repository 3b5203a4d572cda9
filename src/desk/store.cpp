#include "desk/store.hpp"

#include <fmt/format.h>

#include "base/json.hpp"
#include "desk/errors.hpp"

namespace miniops::desk::store {

namespace {

constexpr std::string_view thread_columns =
    "t.id, t.appid, t.channel, t.openid, t.nickname, t.note, t.tags, t.conversation_id, t.conversations, "
    "t.last_seq, t.lobby, t.source, t.first_seen_at, t.last_seen_at, t.profile, t.parameters";
constexpr std::size_t thread_column_count = 16;

constexpr std::string_view conversation_columns =
    "c.id, c.appid, c.thread_id, c.openid, c.number, c.channel, c.state, c.stage, c.assignee_id, c.assignee_name, "
    "c.priority, c.unread, c.waiting_since, c.queue_since, c.first_seq, c.last_seq, c.read_seq, c.last_message, "
    "c.last_message_at, c.opened_at, c.closed_at, c.closed_by, c.reopened, c.source, c.last_agent_id, c.last_agent_at, "
    "c.customer_at, c.answered_at, c.assigned_at, c.parked_until, c.warned_at, c.reminded_at, c.raised_at, c.timers, "
    "c.version, t.nickname, c.group_id, c.rule_id, c.target, c.place, c.ahead, c.language, c.service_due_at, "
    "c.reason, c.reason_name, c.tags, c.fields, c.offer_to, c.offer_name, c.offer_until, c.mentioned, "
    "c.automated_until, c.leave_offered_at, c.left_due_at, c.escalated_at, c.relieved_id, c.waited_ms, "
    "c.routed_at";

// As the index desk_conversations_waiting has it.
constexpr std::string_view waiting_key =
    "(CASE WHEN waiting_since <> 0 THEN waiting_since ELSE 9000000000000000 - last_message_at END)";

Thread read_thread(const sql::Row& row) {
  Thread thread;
  thread.id = row.id<ThreadId>(0);
  thread.appid = row.id<AppId>(1);
  thread.channel = row.text(2);
  thread.openid = row.id<OpenId>(3);
  thread.nickname = row.text(4);
  thread.note = row.text(5);
  thread.tags = row.text(6);
  thread.conversation_id = row.id<ConversationId>(7);
  thread.conversations = row.integer(8);
  thread.last_seq = row.integer(9);
  thread.lobby = row.integer(10);
  thread.source = row.text(11);
  thread.first_seen_at = row.integer(12);
  thread.last_seen_at = row.integer(13);
  thread.profile = row.id<people::ProfileId>(14);
  thread.parameters = row.text(15);
  return thread;
}

// Nearly all conversations have neither tags nor fields.
std::vector<std::string> texts_in(const std::string& array) {
  std::vector<std::string> texts;
  if (array == "[]") return texts;
  for (const json::value& one : json::parse(array).as_array()) texts.emplace_back(one.as_string());
  return texts;
}

json::object object_in(const std::string& object) {
  return object == "{}" ? json::object() : json::parse(object).as_object();
}

Conversation read_conversation(const sql::Row& row, std::size_t at = 0) {
  Conversation conversation;
  conversation.id = row.id<ConversationId>(at);
  conversation.appid = row.id<AppId>(at + 1);
  conversation.thread_id = row.id<ThreadId>(at + 2);
  conversation.openid = row.id<OpenId>(at + 3);
  conversation.number = row.integer(at + 4);
  conversation.channel = row.text(at + 5);
  conversation.state = parse_state(row.text(at + 6)).value();
  conversation.stage = parse_stage(row.text(at + 7)).value();
  conversation.assignee = row.id<AccountId>(at + 8);
  conversation.assignee_name = row.text(at + 9);
  conversation.priority = row.integer(at + 10);
  conversation.unread = row.integer(at + 11);
  conversation.waiting_since = row.integer(at + 12);
  conversation.queue_since = row.integer(at + 13);
  conversation.first_seq = row.integer(at + 14);
  conversation.last_seq = row.integer(at + 15);
  conversation.read_seq = row.integer(at + 16);
  conversation.last_message = row.text(at + 17);
  conversation.last_message_at = row.integer(at + 18);
  conversation.opened_at = row.integer(at + 19);
  conversation.closed_at = row.integer(at + 20);
  conversation.closed_by = row.text(at + 21);
  conversation.reopened = row.integer(at + 22);
  conversation.source = row.text(at + 23);
  conversation.last_agent = row.id<AccountId>(at + 24);
  conversation.last_agent_at = row.integer(at + 25);
  conversation.customer_at = row.integer(at + 26);
  conversation.answered_at = row.integer(at + 27);
  conversation.assigned_at = row.integer(at + 28);
  conversation.parked_until = row.integer(at + 29);
  conversation.warned_at = row.integer(at + 30);
  conversation.reminded_at = row.integer(at + 31);
  conversation.raised_at = row.integer(at + 32);
  conversation.timers = timers_in(row.text(at + 33));
  conversation.version = row.integer(at + 34);
  conversation.nickname = row.text(at + 35);
  conversation.placement = {row.id<routing::GroupId>(at + 36),
                            row.id<routing::RuleId>(at + 37),
                            row.text(at + 38),
                            row.integer(at + 39),
                            row.integer(at + 40) != 0,
                            row.text(at + 41),
                            row.integer(at + 57)};
  conversation.service_due_at = row.integer(at + 42);
  conversation.wrap_up = {row.id<wrapup::ReasonId>(at + 43), row.text(at + 44), texts_in(row.text(at + 45)),
                          object_in(row.text(at + 46))};
  conversation.offer = {row.id<AccountId>(at + 47), row.text(at + 48), row.integer(at + 49)};
  conversation.mentioned = live::accounts_in(row.text(at + 50));
  conversation.automated_until = row.integer(at + 51);
  conversation.leave_offered_at = row.integer(at + 52);
  conversation.left_due_at = row.integer(at + 53);
  conversation.escalated_at = row.integer(at + 54);
  conversation.relieved = row.id<AccountId>(at + 55);
  conversation.waited = row.integer(at + 56);
  conversation.as_read = {true,
                          conversation.state,
                          conversation.stage,
                          conversation.waiting_since,
                          conversation.closed_at,
                          conversation.queue_since,
                          conversation.waited};
  conversation.shown_to = {conversation.placement.group, conversation.assignee, named_readers(conversation)};
  return conversation;
}

std::vector<Conversation> read_conversations(const sql::Rows& rows) {
  std::vector<Conversation> conversations;
  conversations.reserve(rows.size());
  for (const sql::Row& row : rows) conversations.push_back(read_conversation(row));
  return conversations;
}

// Few lengths, so that few texts are prepared.
template <class Id>
std::string among(std::string_view column, const std::vector<Id>& ids, sql::Params& params) {
  std::string where = fmt::format(" AND {} IN (-1", column);
  const std::size_t padded = ids.size() <= 16 ? 16 : ids.size() <= 64 ? 64 : 256;
  for (std::size_t i = 0; i < padded; ++i) {
    params.emplace_back(i < ids.size() ? ids[i] : Id(-1));
    where += fmt::format(", ${}", params.size());
  }
  return where + ")";
}

// The start of every query for conversations.
std::string select_conversations(std::string_view where) {
  return fmt::format("SELECT {} FROM desk_conversations c JOIN desk_threads t ON t.id = c.thread_id WHERE {}",
                     conversation_columns, where);
}

}  // namespace

// ---- threads ----

std::optional<Contact> find_contact(sql::Transaction& tx, const AppId& appid, const OpenId& openid,
                                    std::string_view channel) {
  static const std::string sql = fmt::format(
      "SELECT {}, {} FROM desk_threads t LEFT JOIN desk_conversations c ON c.id = t.conversation_id "
      "WHERE t.appid = $1 AND t.channel = $2 AND t.openid = $3",
      thread_columns, conversation_columns);
  const auto row = tx.query_one(sql, {appid, channel, openid});
  if (!row) return std::nullopt;
  Contact contact{read_thread(*row), std::nullopt};
  if (!row->is_null(thread_column_count)) contact.conversation = read_conversation(*row, thread_column_count);
  return contact;
}

std::optional<Contact> find_contact(sql::Transaction& tx, ConversationId id) {
  static const std::string sql =
      fmt::format("SELECT {}, {} FROM desk_conversations c JOIN desk_threads t ON t.id = c.thread_id WHERE c.id = $1",
                  thread_columns, conversation_columns);
  const auto row = tx.query_one(sql, {id});
  if (!row) return std::nullopt;
  return Contact{read_thread(*row), read_conversation(*row, thread_column_count)};
}

std::optional<Contact> find_contact(sql::Transaction& tx, people::ProfileId profile) {
  const auto row = tx.query_one("SELECT appid, openid, channel FROM desk_threads WHERE profile = $1", {profile});
  return row ? find_contact(tx, row->id<AppId>(0), row->id<OpenId>(1), row->text(2)) : std::nullopt;
}

std::optional<Thread> find_thread(sql::Transaction& tx, const AppId& appid, const OpenId& openid) {
  static const std::string sql = fmt::format(
      "SELECT {} FROM desk_threads t WHERE t.appid = $1 AND t.channel = $2 AND t.openid = $3", thread_columns);
  const auto row = tx.query_one(sql, {appid, wechat_channel, openid});
  return row ? std::optional(read_thread(*row)) : std::nullopt;
}

void insert_thread(sql::Transaction& tx, const Thread& thread) {
  tx.execute_later(
      "INSERT INTO desk_threads (id, appid, channel, openid, nickname, note, tags, conversation_id, conversations, "
      "last_seq, lobby, source, first_seen_at, last_seen_at, profile, parameters) VALUES "
      "($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16)",
      {thread.id, thread.appid, thread.channel, thread.openid, thread.nickname, thread.note, thread.tags,
       thread.conversation_id, thread.conversations, thread.last_seq, thread.lobby, thread.source, thread.first_seen_at,
       thread.last_seen_at, thread.profile, thread.parameters});
}

void save_thread(sql::Transaction& tx, const Thread& thread) {
  tx.execute_later(
      "UPDATE desk_threads SET conversation_id = $2, conversations = $3, last_seq = $4, lobby = $5, source = $6, "
      "last_seen_at = $7, profile = $8 WHERE id = $1",
      {thread.id, thread.conversation_id, thread.conversations, thread.last_seq, thread.lobby, thread.source,
       thread.last_seen_at, thread.profile});
}

void save_texts(sql::Transaction& tx, const Thread& thread) {
  tx.execute("UPDATE desk_threads SET nickname = $2, note = $3, tags = $4, profile = $5 WHERE id = $1",
             {thread.id, thread.nickname, thread.note, thread.tags, thread.profile});
}

std::vector<std::string> sources_of(sql::Transaction& tx, const Thread& thread, int limit) {
  std::vector<std::string> sources;
  if (!thread.source.empty()) sources.push_back(thread.source);
  const auto rows = tx.query(
      "SELECT source FROM desk_conversations WHERE thread_id = $1 AND source <> '' ORDER BY number DESC LIMIT $2",
      {thread.id, limit});
  for (const sql::Row& row : rows) {
    if (std::ranges::find(sources, row.text(0)) == sources.end()) sources.push_back(row.text(0));
  }
  return sources;
}

// ---- conversations ----

std::optional<Conversation> find_conversation(sql::Transaction& tx, ConversationId id) {
  static const std::string sql = select_conversations("c.id = $1");
  const auto row = tx.query_one(sql, {id});
  return row ? std::optional(read_conversation(*row)) : std::nullopt;
}

std::vector<ConversationId> conversations_of(sql::Transaction& tx, ThreadId thread, int limit) {
  std::vector<ConversationId> ids;
  for (const sql::Row& row : tx.query(
           "SELECT id FROM desk_conversations WHERE thread_id = $1 ORDER BY number DESC LIMIT $2", {thread, limit})) {
    ids.push_back(row.id<ConversationId>(0));
  }
  return ids;
}

void insert_conversation(sql::Transaction& tx, const Conversation& c) {
  const std::string timers = to_text(c.timers);
  tx.execute_later(
      "INSERT INTO desk_conversations (id, appid, thread_id, openid, number, channel, state, stage, assignee_id, "
      "assignee_name, priority, unread, waiting_since, queue_since, first_seq, last_seq, read_seq, last_message, "
      "last_message_at, opened_at, closed_at, closed_by, reopened, source, last_agent_id, last_agent_at, "
      "customer_at, answered_at, assigned_at, parked_until, warned_at, reminded_at, raised_at, timers, version, "
      "group_id, rule_id, target, place, ahead, language, service_due_at, automated_until, routed_at) VALUES "
      "($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17,$18,$19,$20,$21,$22,$23,$24,$25,$26,$27,$28,$29,"
      "$30,$31,$32,$33,$34,$35,$36,$37,$38,$39,$40,$41,$42,$43,$44)",
      {c.id,
       c.appid,
       c.thread_id,
       c.openid,
       c.number,
       c.channel,
       to_string(c.state),
       to_string(c.stage),
       c.assignee,
       c.assignee_name,
       c.priority,
       c.unread,
       c.waiting_since,
       c.queue_since,
       c.first_seq,
       c.last_seq,
       c.read_seq,
       c.last_message,
       c.last_message_at,
       c.opened_at,
       c.closed_at,
       c.closed_by,
       c.reopened,
       c.source,
       c.last_agent,
       c.last_agent_at,
       c.customer_at,
       c.answered_at,
       c.assigned_at,
       c.parked_until,
       c.warned_at,
       c.reminded_at,
       c.raised_at,
       timers,
       c.version,
       c.placement.group,
       c.placement.rule,
       c.placement.target,
       c.placement.place,
       static_cast<std::int64_t>(c.placement.ahead),
       c.placement.language,
       c.service_due_at,
       c.automated_until,
       c.placement.routed_at});
}

Result<void> save_conversation(sql::Transaction& tx, Conversation& c) {
  const std::string timers = to_text(c.timers);
  const std::string mentioned = live::to_text(c.mentioned);
  const std::int64_t changed = tx.execute(
      "UPDATE desk_conversations SET state = $3, stage = $4, assignee_id = $5, assignee_name = $6, priority = $7, "
      "unread = $8, waiting_since = $9, queue_since = $10, first_seq = $11, last_seq = $12, read_seq = $13, "
      "last_message = $14, last_message_at = $15, closed_at = $16, closed_by = $17, reopened = $18, source = $19, "
      "last_agent_id = $20, last_agent_at = $21, customer_at = $22, answered_at = $23, assigned_at = $24, "
      "parked_until = $25, warned_at = $26, reminded_at = $27, raised_at = $28, timers = $29, group_id = $30, "
      "rule_id = $31, target = $32, place = $33, ahead = $34, language = $35, service_due_at = $36, offer_to = $37, "
      "offer_name = $38, offer_until = $39, mentioned = $40, "
      "automated_until = $41, escalated_at = $42, relieved_id = $43, waited_ms = $44, routed_at = $45, "
      "version = version + 1 "
      "WHERE id = $1 AND version = $2",
      {c.id,
       c.version,
       to_string(c.state),
       to_string(c.stage),
       c.assignee,
       c.assignee_name,
       c.priority,
       c.unread,
       c.waiting_since,
       c.queue_since,
       c.first_seq,
       c.last_seq,
       c.read_seq,
       c.last_message,
       c.last_message_at,
       c.closed_at,
       c.closed_by,
       c.reopened,
       c.source,
       c.last_agent,
       c.last_agent_at,
       c.customer_at,
       c.answered_at,
       c.assigned_at,
       c.parked_until,
       c.warned_at,
       c.reminded_at,
       c.raised_at,
       timers,
       c.placement.group,
       c.placement.rule,
       c.placement.target,
       c.placement.place,
       static_cast<std::int64_t>(c.placement.ahead),
       c.placement.language,
       c.service_due_at,
       c.offer.to,
       c.offer.name,
       c.offer.until,
       mentioned,
       c.automated_until,
       c.escalated_at,
       c.relieved,
       c.waited,
       c.placement.routed_at});
  if (changed != 1) return fail(errors::conversation_changed());
  ++c.version;
  return {};
}

Result<void> save_arrival(sql::Transaction& tx, Conversation& c) {
  const std::string timers = to_text(c.timers);
  const std::int64_t changed = tx.execute(
      "UPDATE desk_conversations SET unread = $3, waiting_since = $4, last_seq = $5, last_message = $6, "
      "last_message_at = $7, source = $8, customer_at = $9, answered_at = $10, warned_at = $11, raised_at = $12, "
      "timers = $13, service_due_at = $14, version = version + 1 WHERE id = $1 AND version = $2",
      {c.id, c.version, c.unread, c.waiting_since, c.last_seq, c.last_message, c.last_message_at, c.source,
       c.customer_at, c.answered_at, c.warned_at, c.raised_at, timers, c.service_due_at});
  if (changed != 1) return fail(errors::conversation_changed());
  ++c.version;
  return {};
}

void save_wrap_up(sql::Transaction& tx, const Conversation& c) {
  const wrapup::WrapUp& said = c.wrap_up;
  const std::string tags = json::serialize(json::array(said.tags.begin(), said.tags.end()));
  const std::string fields = json::serialize(said.fields);
  tx.execute("UPDATE desk_conversations SET reason = $2, reason_name = $3, tags = $4, fields = $5 WHERE id = $1",
             {c.id, said.reason, said.reason_name, tags, fields});
  tx.execute("DELETE FROM desk_conversation_tags WHERE conversation_id = $1", {c.id});
  for (const std::string& tag : said.tags)
    tx.execute("INSERT INTO desk_conversation_tags (appid, tag, conversation_id) VALUES ($1, $2, $3)",
               {c.appid, tag, c.id});
}

std::int64_t sort_key(const Conversation& conversation, const ConversationFilter& filter) {
  if (!filter.waiting_longest) return conversation.last_message_at;
  return conversation.waiting_since != 0 ? conversation.waiting_since : 9000000000000000 - conversation.last_message_at;
}

std::vector<Conversation> list_conversations(sql::Transaction& tx, const AppId& appid, const ConversationFilter& filter,
                                             std::optional<std::pair<std::int64_t, std::int64_t>> after, int limit) {
  // Built from constants: one text for each combination of filters.
  sql::Params params{appid};
  std::string where = "c.appid = $1";
  auto add = [&](std::string_view condition, sql::Param value) {
    params.push_back(value);
    where += fmt::format(" AND {} = ${}", condition, params.size());
  };
  if (filter.state) add("c.state", to_string(*filter.state));
  if (filter.stage) add("c.stage", to_string(*filter.stage));
  if (filter.assignee) add("c.assignee_id", *filter.assignee);
  if (filter.assignee && !filter.assignee->empty()) where += " AND c.assignee_id <> 0";  // lets the partial index serve
  if (filter.group) add("c.group_id", *filter.group);
  if (filter.thread) add("c.thread_id", *filter.thread);
  if (filter.tag) {
    params.emplace_back(*filter.tag);
    where +=
        fmt::format(" AND c.id IN (SELECT conversation_id FROM desk_conversation_tags WHERE appid = $1 AND tag = ${})",
                    params.size());
  }
  if (filter.waiting_longest) where += " AND c.state <> 'closed'";
  if (filter.scope) where += covered_by(*filter.scope, params);
  if (filter.reasons) where += " AND c.reason > 0" + among("c.reason", *filter.reasons, params);
  if (filter.among) where += among("c.id", *filter.among, params);
  const std::string_view key = filter.waiting_longest ? waiting_key : std::string_view("c.last_message_at");
  if (after) {
    params.emplace_back(after->first);
    params.emplace_back(after->second);
    where += fmt::format(" AND ({}, c.id) {} (${}, ${})", key, filter.waiting_longest ? '>' : '<', params.size() - 1,
                         params.size());
  }
  params.emplace_back(limit);
  const std::string_view order = filter.waiting_longest ? "ASC" : "DESC";
  return read_conversations(tx.query(
      select_conversations(where) + fmt::format(" ORDER BY {} {}, c.id {} LIMIT ${}", key, order, order, params.size()),
      params));
}

Counts count_conversations(sql::Transaction& tx, const AppId& appid, const ReadScope& scope, TimeMs day_start) {
  auto count = [&](std::string_view which, sql::Param second) {
    sql::Params params{appid, second};
    const std::string covered = covered_by(scope, params);
    return tx
        .query_one(fmt::format("SELECT COUNT(*) FROM desk_conversations c WHERE c.appid = $1 AND {}{}", which, covered),
                   params)
        .value()
        .integer(0);
  };
  Counts counts;
  counts.mine = count("c.assignee_id = $2 AND c.assignee_id <> 0 AND c.state = 'active'", scope.account);
  counts.waiting = count("c.state = $2", "waiting");
  counts.active = count("c.state = $2", "active");
  counts.closed_today = count("c.closed_at <> 0 AND c.closed_at >= $2", day_start);
  return counts;
}

std::vector<Conversation> opened_before(sql::Transaction& tx, const AppId& appid, TimeMs since,
                                        std::pair<TimeMs, ConversationId> before, int limit) {
  static const std::string sql = select_conversations(
      "c.appid = $1 AND c.opened_at >= $2 AND (c.opened_at, c.id) < ($3, $4) ORDER BY c.opened_at DESC, c.id DESC "
      "LIMIT $5");
  return read_conversations(tx.query(sql, {appid, since, before.first, before.second, limit}));
}

std::vector<Conversation> unanswered_of(sql::Transaction& tx, const AppId& appid, AccountId agent, int limit) {
  static const std::string sql = select_conversations(
      "c.appid = $1 AND c.assignee_id = $2 AND c.assignee_id <> 0 AND c.state = 'active' AND c.stage = 'assigned' "
      "AND c.waiting_since <> 0 ORDER BY c.id LIMIT $3");
  return read_conversations(tx.query(sql, {appid, agent, limit}));
}

std::vector<Conversation> offered_to(sql::Transaction& tx, const AppId& appid, AccountId agent, int limit) {
  static const std::string sql =
      select_conversations("c.appid = $1 AND c.offer_to = $2 AND c.offer_to <> 0 ORDER BY c.id LIMIT $3");
  return read_conversations(tx.query(sql, {appid, agent, limit}));
}

// ---- events ----

void insert_event(sql::Transaction& tx, std::int64_t id, const Conversation& conversation, TimeMs at,
                  const Event& event) {
  tx.execute_later(
      "INSERT INTO desk_events (id, appid, conversation_id, at, kind, from_value, to_value, actor_kind, actor_id, "
      "actor_name, note, seq) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12)",
      {id, conversation.appid, conversation.id, at, event.kind, event.from, event.to, to_string(event.actor.kind),
       event.actor.id, event.actor.name, event.note, conversation.last_seq});
}

std::vector<StoredEvent> events_before(sql::Transaction& tx, ConversationId id,
                                       std::pair<std::int64_t, std::int64_t> before, int limit) {
  std::vector<StoredEvent> events;
  const auto rows = tx.query(
      "SELECT id, at, kind, from_value, to_value, actor_kind, actor_id, actor_name, note FROM desk_events "
      "WHERE conversation_id = $1 AND (at, id) < ($2, $3) ORDER BY at DESC, id DESC LIMIT $4",
      {id, before.first, before.second, limit});
  for (const sql::Row& row : rows) {
    Actor actor{parse_sender_kind(row.text(5)).value(), row.text(6), row.text(7)};
    events.push_back(
        {row.integer(0), row.integer(1), {row.text(2), row.text(3), row.text(4), std::move(actor), row.text(8)}});
  }
  return events;
}

}  // namespace miniops::desk::store
