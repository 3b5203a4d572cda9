#include "gateway/outbox_store.hpp"

namespace miniops::gateway {

namespace {

constexpr std::string_view outbox_columns =
    "SELECT o.id, o.appid, o.openid, o.seq, o.reference, o.message, o.blob, o.blob_content_type, o.automatic, o.state, "
    "o.reserved, o.attempts, o.uncertain, o.uploads_again, o.possibly_repeated, o.errcode, o.errmsg, o.reason, "
    "o.queued_at, o.due_at, o.expires_at, o.finished_at, o.claim_owner, o.claim_until, o.failures FROM gateway_outbox "
    "o ";

DeliveryState parse_state(std::string_view text) {
  for (const auto state : {DeliveryState::queued, DeliveryState::sending, DeliveryState::sent, DeliveryState::held}) {
    if (text == to_string(state)) return state;
  }
  return DeliveryState::failed;
}

OutboxRow row_of(const sql::Row& row) {
  OutboxRow out;
  out.id = row.id<OutboxId>(0);
  out.appid = row.id<AppId>(1);
  out.openid = row.id<OpenId>(2);
  out.seq = row.integer(3);
  out.reference = row.integer(4);
  out.message = row.text(5);
  out.blob = row.text(6);
  out.blob_content_type = row.text(7);
  out.automatic = row.integer(8) != 0;
  out.state = parse_state(row.text(9));
  out.reserved = row.integer(10) != 0;
  out.attempts = static_cast<int>(row.integer(11));
  out.uncertain = static_cast<int>(row.integer(12));
  out.uploads_again = static_cast<int>(row.integer(13));
  out.possibly_repeated = row.integer(14) != 0;
  out.errcode = static_cast<int>(row.integer(15));
  out.errmsg = row.text(16);
  out.reason = row.text(17);
  out.queued_at = row.integer(18);
  out.due_at = row.integer(19);
  out.expires_at = row.integer(20);
  out.finished_at = row.integer(21);
  out.claim_owner = row.text(22);
  out.claim_until = row.integer(23);
  out.failures = static_cast<int>(row.integer(24));
  return out;
}

std::vector<OutboxRow> rows_of(sql::Transaction& tx, std::string_view statement, const sql::Params& params) {
  std::vector<OutboxRow> rows;
  for (const sql::Row& row : tx.query(statement, params)) rows.push_back(row_of(row));
  return rows;
}

bool unfinished(DeliveryState state) { return state != DeliveryState::sent && state != DeliveryState::failed; }

}  // namespace

std::string_view to_string(DeliveryState state) {
  switch (state) {
    case DeliveryState::queued:
      return "queued";
    case DeliveryState::sending:
      return "sending";
    case DeliveryState::sent:
      return "sent";
    case DeliveryState::failed:
      return "failed";
    case DeliveryState::held:
      return "held";
  }
  return "failed";
}

std::string outgoing_text(const wechat::Outgoing& message) {
  boost::json::object object = wechat::outgoing_json(message);
  object["msgtype"] = wechat::msgtype_of(message);
  return boost::json::serialize(object);
}

void insert_row(sql::Transaction& tx, const OutboxRow& row) {
  tx.execute_later(
      "INSERT INTO gateway_outbox (id, appid, openid, seq, reference, message, blob, blob_content_type, automatic, "
      "state, unfinished, reserved, attempts, uncertain, uploads_again, possibly_repeated, errcode, errmsg, reason, "
      "queued_at, due_at, expires_at, finished_at, claim_owner, claim_until) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, "
      "$9, $10, 1, $11, 0, 0, 0, 0, 0, '', $12, $13, $14, $15, 0, '', 0)",
      {row.id, row.appid, row.openid, row.seq, row.reference, row.message, row.blob, row.blob_content_type,
       row.automatic, to_string(row.state), row.reserved, row.reason, row.queued_at, row.due_at, row.expires_at});
}

void put_message(sql::Transaction& tx, const OutboxRow& row) {
  tx.execute_later("UPDATE gateway_outbox SET message = $2 WHERE id = $1", {row.id, row.message});
}

void update_row(sql::Transaction& tx, const OutboxRow& row) {
  tx.execute_later(
      "UPDATE gateway_outbox SET seq = $2, state = $3, unfinished = $4, reserved = $5, attempts = $6, uncertain = $7, "
      "uploads_again = $8, possibly_repeated = $9, errcode = $10, errmsg = $11, reason = $12, queued_at = $13, "
      "due_at = $14, expires_at = $15, finished_at = $16, claim_owner = $17, claim_until = $18, failures = $19 WHERE "
      "id = $1",
      {row.id, row.seq, to_string(row.state), unfinished(row.state), row.reserved, row.attempts, row.uncertain,
       row.uploads_again, row.possibly_repeated, row.errcode, row.errmsg, row.reason, row.queued_at, row.due_at,
       row.expires_at, row.finished_at, row.claim_owner, row.claim_until, row.failures});
}

std::optional<OutboxRow> load_row(sql::Transaction& tx, OutboxId id) {
  static const std::string statement = std::string(outbox_columns) + "WHERE o.id = $1";
  const auto row = tx.query_one(statement, {id});
  return row ? std::optional(row_of(*row)) : std::nullopt;
}

std::vector<OutboxRow> find_due(sql::Transaction& tx, const AppId& appid, TimeMs now, int limit) {
  static const std::string statement =
      std::string(outbox_columns) +
      "WHERE o.unfinished = 1 AND o.appid = $1 AND o.due_at <= $2 AND o.state <> 'held' AND o.claim_owner = '' "
      "AND o.expires_at > $2 AND NOT EXISTS (SELECT 1 FROM gateway_outbox e WHERE e.unfinished = 1 "
      "AND e.appid = o.appid AND e.openid = o.openid AND e.seq < o.seq AND e.state <> 'held') "
      "ORDER BY o.due_at, o.id LIMIT $3";
  return rows_of(tx, statement, {appid, now, limit});
}

std::vector<OutboxRow> unfinished_of(sql::Transaction& tx, const AppId& appid, const OpenId& openid) {
  static const std::string statement =
      std::string(outbox_columns) + "WHERE o.unfinished = 1 AND o.appid = $1 AND o.openid = $2 ORDER BY o.seq";
  return rows_of(tx, statement, {appid, openid});
}

std::vector<OutboxRow> find_expired(sql::Transaction& tx, TimeMs now, int limit) {
  static const std::string statement =
      std::string(outbox_columns) +
      "WHERE o.unfinished = 1 AND o.expires_at <= $1 AND o.claim_owner = '' ORDER BY o.expires_at LIMIT $2";
  return rows_of(tx, statement, {now, limit});
}

std::vector<OutboxRow> find_claimed_by(sql::Transaction& tx, std::string_view owner) {
  static const std::string statement = std::string(outbox_columns) + "WHERE o.unfinished = 1 AND o.claim_owner = $1";
  return rows_of(tx, statement, {owner});
}

std::vector<OutboxRow> find_claimed_by_others(sql::Transaction& tx, std::string_view owner, int limit) {
  static const std::string statement =
      std::string(outbox_columns) +
      "WHERE o.unfinished = 1 AND o.claim_owner <> '' AND o.claim_owner <> $1 ORDER BY o.claim_until LIMIT $2";
  return rows_of(tx, statement, {owner, limit});
}

int count_reserved(sql::Transaction& tx, const AppId& appid, const OpenId& openid) {
  const auto row = tx.query_one(
      "SELECT COUNT(*) FROM gateway_outbox WHERE unfinished = 1 AND appid = $1 AND openid = $2 AND reserved = 1",
      {appid, openid});
  return static_cast<int>(row->integer(0));
}

TimeMs next_due(sql::Transaction& tx, const AppId& appid) {
  const auto row = tx.query_one(
      "SELECT due_at FROM gateway_outbox WHERE unfinished = 1 AND appid = $1 AND state <> 'held' AND claim_owner = '' "
      "ORDER BY due_at LIMIT 1",
      {appid});
  return row ? row->integer(0) : 0;
}

void begin_attempt(sql::Transaction& tx, OutboxId id, int attempt, TimeMs now) {
  tx.execute(
      "INSERT INTO gateway_attempts (outbox_id, attempt, at, ended_at, state, errcode, errmsg) "
      "VALUES ($1, $2, $3, 0, 'sending', 0, '')",
      {id, attempt, now});
}

void end_attempt(sql::Transaction& tx, OutboxId id, int attempt, std::string_view state, int errcode,
                 std::string_view errmsg, TimeMs now) {
  tx.execute(
      "UPDATE gateway_attempts SET state = $3, errcode = $4, errmsg = $5, ended_at = $6 "
      "WHERE outbox_id = $1 AND attempt = $2",
      {id, attempt, state, errcode, errmsg, now});
}

DeliveryUpdate update_of(const OutboxRow& row, TimeMs at) {
  DeliveryUpdate update;
  update.id = row.id;
  update.appid = row.appid;
  update.openid = row.openid;
  update.reference = row.reference;
  update.state = row.state;
  update.errcode = row.errcode;
  update.errmsg = row.errmsg;
  update.reason = row.reason;
  update.possibly_repeated = row.possibly_repeated;
  update.attempts = row.attempts;
  update.at = at;
  return update;
}

}  // namespace miniops::gateway
