// Holds and retention.
#include "records/store.hpp"

namespace miniops::records::store {

namespace {

constexpr std::string_view hold_columns =
    "id, appid, kind, openid, conversation, reason, placed_by, placed_at, released_by, release_reason, released_at";

std::string select_holds(std::string_view condition) {
  return fmt::format("SELECT {} FROM records_holds WHERE {}", hold_columns, condition);
}

Hold hold_in(const sql::Row& row) {
  return {row.id<HoldId>(0),
          row.id<AppId>(1),
          parse_word<HoldKind>(row.text(2)).value(),
          row.text(3),
          row.id<ConversationId>(4),
          row.text(5),
          row.text(6),
          row.integer(7),
          row.text(8),
          row.text(9),
          row.integer(10)};
}

std::vector<Hold> holds_in(const sql::Rows& rows) {
  std::vector<Hold> out;
  for (const sql::Row& row : rows) out.push_back(hold_in(row));
  return out;
}

}  // namespace

void insert_hold(sql::Transaction& tx, const Hold& hold) {
  tx.execute(
      "INSERT INTO records_holds (id, appid, kind, openid, conversation, reason, placed_by, placed_at) VALUES ($1, $2, "
      "$3, $4, $5, $6, $7, $8)",
      {hold.id, hold.appid, word(hold.kind), hold.openid, hold.conversation, hold.reason, hold.placed_by,
       hold.placed_at});
}

std::optional<Hold> hold(sql::Transaction& tx, const AppId& appid, HoldId id) {
  static const std::string select = select_holds("appid = $1 AND id = $2");
  const auto row = tx.query_one(select, {appid, id});
  return row ? std::optional(hold_in(*row)) : std::nullopt;
}

bool hold_exists(sql::Transaction& tx, const Hold& wanted) {
  return tx
      .query_one(
          "SELECT 1 FROM records_holds WHERE appid = $1 AND kind = $2 AND openid = $3 AND conversation = $4 AND "
          "released_at = 0",
          {wanted.appid, word(wanted.kind), wanted.openid, wanted.conversation})
      .has_value();
}

void forget_in_holds(sql::Transaction& tx, const AppId& appid, const OpenId& openid) {
  tx.execute("UPDATE records_holds SET openid = '' WHERE appid = $1 AND openid = $2 AND released_at <> 0",
             {appid, openid});
}

std::int64_t count_holds(sql::Transaction& tx, const AppId& appid) {
  return tx.query_one("SELECT COUNT(*) FROM records_holds WHERE appid = $1 AND released_at = 0", {appid})->integer(0);
}

void release_hold(sql::Transaction& tx, const Hold& hold) {
  tx.execute("UPDATE records_holds SET released_by = $2, release_reason = $3, released_at = $4 WHERE id = $1",
             {hold.id, hold.released_by, hold.release_reason, hold.released_at});
}

std::vector<Hold> list_holds(sql::Transaction& tx, const AppId& appid, bool released_too, HoldId before, int limit) {
  static const std::string select =
      select_holds("appid = $1 AND ($2 = 1 OR released_at = 0) AND ($3 = 0 OR id < $3) ORDER BY id DESC LIMIT $4");
  return holds_in(tx.query(select, {appid, released_too ? 1 : 0, before, limit}));
}

bool holds_everything(sql::Transaction& tx, const AppId& appid) {
  return tx
      .query_one("SELECT 1 FROM records_holds WHERE appid = $1 AND kind = 'mini_program' AND released_at = 0 LIMIT 1",
                 {appid})
      .has_value();
}

bool holds_conversation(sql::Transaction& tx, const AppId& appid, std::string_view openid,
                        ConversationId conversation) {
  return holds_everything(tx, appid) ||
         tx.query_one(
               "SELECT 1 FROM records_holds WHERE appid = $1 AND kind = 'person' AND openid = $2 AND released_at = 0 "
               "LIMIT 1",
               {appid, openid})
             .has_value() ||
         tx.query_one(
               "SELECT 1 FROM records_holds WHERE appid = $1 AND kind = 'conversation' AND openid = $2 AND "
               "conversation = $3 AND released_at = 0 LIMIT 1",
               {appid, openid, conversation})
             .has_value();
}

std::vector<Hold> holds_on_person(sql::Transaction& tx, const Person& person) {
  static const std::string select =
      select_holds("appid = $1 AND released_at = 0 AND (kind = 'mini_program' OR openid = $2) ORDER BY id LIMIT 100");
  return holds_in(tx.query(select, {person.appid, person.openid}));
}

// ---- retention ----

Retention retention(sql::Transaction& tx, const AppId& appid) {
  Retention out;
  out.appid = appid;
  const auto row = tx.query_one(
      "SELECT version, messages_days, media_days, updated_by, updated_at, due_at, messages_at, messages_id, "
      "messages_deleted, messages_deleted_at, media_at, media_id, media_seq, media_deleted, media_deleted_at, "
      "waiting_at, waiting_id, told_at, told_id FROM records_retention WHERE appid = $1",
      {appid});
  if (!row) return out;
  out.version = row->integer(0);
  out.messages_days = row->integer(1);
  out.media_days = row->integer(2);
  out.updated_by = row->text(3);
  out.updated_at = row->integer(4);
  out.due_at = row->integer(5);
  out.messages = {{row->integer(6), row->integer(7)}, 0, row->integer(8), row->integer(9)};
  out.media = {{row->integer(10), row->integer(11)}, row->integer(12), row->integer(13), row->integer(14)};
  out.waiting = {row->integer(15), row->integer(16)};
  out.told = {row->integer(17), row->integer(18)};
  return out;
}

bool put_retention(sql::Transaction& tx, const Retention& wanted) {
  return tx.execute(
             "INSERT INTO records_retention (appid, version, messages_days, media_days, updated_by, updated_at, "
             "due_at) "
             "VALUES ($1, $8, $3, $4, $5, $6, $7) ON CONFLICT (appid) DO UPDATE SET version = excluded.version, "
             "messages_days = excluded.messages_days, media_days = excluded.media_days, updated_by = "
             "excluded.updated_by, updated_at = excluded.updated_at, due_at = excluded.due_at WHERE "
             "records_retention.version = $2",
             {wanted.appid, wanted.version, wanted.messages_days, wanted.media_days, wanted.updated_by,
              wanted.updated_at, wanted.due_at, wanted.version + 1}) == 1;
}

void save_sweeps(sql::Transaction& tx, const Retention& one) {
  const auto& [messages, media] = std::tie(one.messages, one.media);
  tx.execute(
      "UPDATE records_retention SET due_at = $2, messages_at = $3, messages_id = $4, messages_deleted = $5, "
      "messages_deleted_at = $6, media_at = $7, media_id = $8, media_seq = $9, media_deleted = $10, media_deleted_at = "
      "$11, waiting_at = $12, waiting_id = $13, told_at = $14, told_id = $15 WHERE appid = $1",
      {one.appid, one.due_at, messages.after.first, messages.after.second, messages.deleted, messages.last_deleted_at,
       media.after.first, media.after.second, media.seq, media.deleted, media.last_deleted_at, one.waiting.first,
       one.waiting.second, one.told.first, one.told.second});
}

void sweep_again(sql::Transaction& tx, const AppId& appid, TimeMs now) {
  tx.execute(
      "UPDATE records_retention SET due_at = $2, messages_at = 0, messages_id = 0, media_at = 0, media_id = 0, "
      "media_seq = 0, waiting_at = 0, waiting_id = 0, told_at = 0, told_id = 0 WHERE appid = $1",
      {appid, now});
}

std::optional<AppId> due_retention(sql::Transaction& tx, TimeMs now) {
  const auto row = tx.query_one(
      "SELECT appid FROM records_retention WHERE (messages_days <> 0 OR media_days <> 0) AND due_at <= $1 ORDER BY "
      "due_at, appid LIMIT 1",
      {now});
  return row ? std::optional(row->id<AppId>(0)) : std::nullopt;
}

}  // namespace miniops::records::store
