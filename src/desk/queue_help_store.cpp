#include "desk/queue_help_store.hpp"

#include "base/json.hpp"

namespace miniops::desk::store {

namespace {

constexpr int waits_read = 500;
constexpr int position_max = 10'000;
constexpr TimeMs notices_kept_ms = 7 * day_ms;

// Stored by us; should a row be damaged, customers are told nothing.
QueueSettings read_settings(const std::string& text) {
  boost::system::error_code problem;
  const json::value stored = json::parse(text, problem);
  return problem ? QueueSettings{} : parse_queue_settings(stored, {}).value_or(QueueSettings{});
}

}  // namespace

std::vector<std::pair<AppId, QueueSettings>> all_queue_settings(sql::Transaction& tx) {
  std::vector<std::pair<AppId, QueueSettings>> all;
  for (const sql::Row& row : tx.query("SELECT appid, settings FROM desk_queue_settings", {}))
    all.emplace_back(row.id<AppId>(0), read_settings(row.text(1)));
  return all;
}

std::optional<QueueSettings> find_queue_settings(sql::Transaction& tx, const AppId& appid) {
  const auto row = tx.query_one("SELECT settings FROM desk_queue_settings WHERE appid = $1", {appid});
  return row ? std::optional(read_settings(row->text(0))) : std::nullopt;
}

void put_queue_settings(sql::Transaction& tx, const AppId& appid, const QueueSettings& settings) {
  tx.execute(
      "INSERT INTO desk_queue_settings (appid, settings) VALUES ($1, $2) ON CONFLICT (appid) DO UPDATE SET settings = "
      "excluded.settings",
      {appid, json::serialize(to_json(settings))});
}

std::int64_t position_of(sql::Transaction& tx, const Conversation& c) {
  const auto row = tx.query_one(
      "SELECT COUNT(*) FROM (SELECT 1 FROM desk_conversations WHERE appid = $1 AND stage = 'queued' AND "
      "state <> 'closed' AND group_id = $2 AND (place, queue_since, id) < ($3, $4, $5) LIMIT $6) in_front",
      {c.appid, c.placement.group, c.placement.place, c.queue_since, c.id, position_max});
  return row->integer(0) + 1;
}

void note_wait(sql::Transaction& tx, const Conversation& c, TimeMs waited, TimeMs ended_at) {
  tx.execute_later(
      "INSERT INTO desk_queue_waits (appid, group_id, ended_at, conversation_id, ms) VALUES ($1, $2, $3, $4, $5) "
      "ON CONFLICT (appid, group_id, ended_at, conversation_id) DO NOTHING",
      {c.appid, c.placement.group, ended_at, c.id, waited});
}

std::vector<TimeMs> waits_after(sql::Transaction& tx, const AppId& appid, routing::GroupId group, TimeMs since) {
  std::vector<TimeMs> waits;
  for (const sql::Row& row : tx.query("SELECT ms FROM desk_queue_waits WHERE appid = $1 AND group_id = $2 AND "
                                      "ended_at > $3 ORDER BY ended_at DESC LIMIT $4",
                                      {appid, group, since, waits_read}))
    waits.push_back(row.integer(0));
  return waits;
}

std::optional<QueueNotice> last_notice(sql::Transaction& tx, ConversationId id) {
  const auto row = tx.query_one(
      "SELECT position, minutes_from, minutes_to FROM desk_queue_notices WHERE conversation_id = $1", {id});
  if (!row) return std::nullopt;
  QueueNotice notice{row->integer(0)};
  if (row->integer(1) != 0) notice.wait = WaitRange{row->integer(1), row->integer(2)};
  return notice;
}

void put_notice(sql::Transaction& tx, ConversationId id, const QueueNotice& notice, TimeMs at) {
  const WaitRange wait = notice.wait.value_or(WaitRange{});
  tx.execute(
      "INSERT INTO desk_queue_notices (conversation_id, position, minutes_from, minutes_to, told_at) VALUES "
      "($1, $2, $3, $4, $5) ON CONFLICT (conversation_id) DO UPDATE SET position = excluded.position, minutes_from = "
      "excluded.minutes_from, minutes_to = excluded.minutes_to, told_at = excluded.told_at",
      {id, notice.position, wait.from, wait.to, at});
}

std::int64_t clean_queue_help(sql::Transaction& tx, TimeMs now, int limit) {
  const std::int64_t waits = tx.execute(
      "DELETE FROM desk_queue_waits WHERE (appid, group_id, ended_at, conversation_id) IN (SELECT appid, group_id, "
      "ended_at, conversation_id FROM desk_queue_waits WHERE ended_at < $1 ORDER BY ended_at LIMIT $2)",
      {now - wait_samples_ms, limit});
  const std::int64_t notices = tx.execute(
      "DELETE FROM desk_queue_notices WHERE conversation_id IN (SELECT conversation_id FROM desk_queue_notices WHERE "
      "told_at < $1 ORDER BY told_at LIMIT $2)",
      {now - notices_kept_ms, limit});
  return std::max(waits, notices);
}

}  // namespace miniops::desk::store
