#include "reports/store.hpp"

#include <algorithm>

#include "reports/changes.hpp"

namespace miniops::reports {

void note_change(sql::Transaction& tx, IdSource& ids, ConversationId conversation) {
  tx.execute_later("INSERT INTO reports_pending (id, conversation_id) VALUES ($1, $2)", {ids.next(), conversation});
}

namespace store {

namespace {

std::string joined(const sql::Rows& rows) {
  std::string facts;
  for (const sql::Row& row : rows) facts += row.blob(0);
  return facts;
}

}  // namespace

// ---- what is to be derived ----

Pending pending(sql::Transaction& tx, int rows_max, std::size_t conversations_max) {
  Pending out;
  for (const sql::Row& row :
       tx.query("SELECT id, conversation_id FROM reports_pending ORDER BY id LIMIT $1", {rows_max})) {
    const auto conversation = row.id<ConversationId>(1);
    if (std::ranges::find(out.conversations, conversation) == out.conversations.end()) {
      if (out.conversations.size() == conversations_max) break;
      out.conversations.push_back(conversation);
    }
    out.ids.push_back(row.integer(0));
  }
  return out;
}

void remove_pending(sql::Transaction& tx, const std::vector<std::int64_t>& ids) {
  std::vector<sql::Params> rows;
  for (const std::int64_t id : ids) rows.push_back({id});
  if (!rows.empty()) tx.execute_many("DELETE FROM reports_pending WHERE id = $1", rows);
}

std::int64_t count_pending(sql::Transaction& tx, int count_max) {
  return tx.query_one("SELECT COUNT(*) FROM (SELECT 1 AS one FROM reports_pending LIMIT $1) AS counted", {count_max})
      .value()
      .integer(0);
}

// ---- facts ----

std::optional<Stored> find(sql::Transaction& tx, ConversationId id) {
  const auto row =
      tx.query_one("SELECT id, appid, day, last_at, previous_id, facts FROM reports_conversations WHERE id = $1", {id});
  if (!row) return std::nullopt;
  return Stored{row->id<ConversationId>(0), row->id<AppId>(1), row->integer(2), row->integer(3),
                row->id<ConversationId>(4), row->blob(5)};
}

void put(sql::Transaction& tx, const Stored& stored) {
  tx.execute(
      "INSERT INTO reports_conversations (id, appid, day, last_at, previous_id, facts) VALUES ($1, $2, $3, $4, $5, $6) "
      "ON CONFLICT (id) DO UPDATE SET appid = excluded.appid, day = excluded.day, last_at = excluded.last_at, "
      "previous_id = excluded.previous_id, facts = excluded.facts",
      {stored.id, stored.appid, stored.day, stored.last_at, stored.previous, sql::BlobView{stored.facts}});
}

void remove(sql::Transaction& tx, ConversationId id) {
  tx.execute("DELETE FROM reports_conversations WHERE id = $1", {id});
}

std::vector<ConversationId> stored_between(sql::Transaction& tx, ConversationId after, ConversationId until,
                                           int limit) {
  std::vector<ConversationId> ids;
  for (const sql::Row& row :
       tx.query("SELECT id FROM reports_conversations WHERE id > $1 AND id <= $2 ORDER BY id LIMIT $3",
                {after, until, limit}))
    ids.push_back(row.id<ConversationId>(0));
  return ids;
}

std::string moved_since(sql::Transaction& tx, const AppId& appid, TimeMs since, int limit) {
  return joined(tx.query(
      "SELECT facts FROM reports_conversations WHERE appid = $1 AND last_at >= $2 ORDER BY last_at DESC LIMIT $3",
      {appid, since, limit}));
}

// ---- days ----

void touch_day(sql::Transaction& tx, const AppId& appid, std::int64_t day, TimeMs now) {
  tx.execute(
      "INSERT INTO reports_days (appid, day, generation, packed, changed_at, facts) VALUES ($1, $2, 1, 0, $3, $4) "
      "ON CONFLICT (appid, day) DO UPDATE SET generation = reports_days.generation + 1, changed_at = "
      "excluded.changed_at",
      {appid, day, now, sql::BlobView{}});
}

std::string facts_of_day(sql::Transaction& tx, const AppId& appid, std::int64_t day) {
  return joined(
      tx.query("SELECT facts FROM reports_conversations WHERE appid = $1 AND day = $2 ORDER BY id", {appid, day}));
}

std::vector<std::string> facts_of_days(sql::Transaction& tx, const AppId& appid, std::int64_t from, std::int64_t to) {
  std::vector<std::string> facts;
  for (const sql::Row& row : tx.query("SELECT facts FROM reports_days WHERE appid = $1 AND day >= $2 AND day <= $3 AND "
                                      "packed = generation ORDER BY day",
                                      {appid, from, to}))
    facts.push_back(row.blob(0));
  for (const sql::Row& row : tx.query("SELECT day FROM reports_days WHERE appid = $1 AND day >= $2 AND day <= $3 AND "
                                      "packed <> generation ORDER BY day",
                                      {appid, from, to}))
    facts.push_back(facts_of_day(tx, appid, row.integer(0)));
  return facts;
}

std::optional<Day> day_to_pack(sql::Transaction& tx, TimeMs quiet_since) {
  const auto row = tx.query_one(
      "SELECT appid, day, generation FROM reports_days WHERE packed <> generation AND changed_at <= $1 ORDER BY "
      "changed_at LIMIT 1",
      {quiet_since});
  if (!row) return std::nullopt;
  return Day{row->id<AppId>(0), row->integer(1), row->integer(2)};
}

void pack(sql::Transaction& tx, const Day& day, const std::string& facts) {
  tx.execute("UPDATE reports_days SET packed = $3, facts = $4 WHERE appid = $1 AND day = $2 AND generation = $3",
             {day.appid, day.day, day.generation, sql::BlobView{facts}});
}

// ---- rebuilding ----

Rebuild rebuild(sql::Transaction& tx) {
  const auto row = tx.query_one("SELECT version, running, after_id FROM reports_rebuild WHERE id = 1");
  if (!row) return {};
  return {row->integer(0), row->integer(1) != 0, row->id<ConversationId>(2)};
}

void put_rebuild(sql::Transaction& tx, const Rebuild& rebuild) {
  tx.execute(
      "INSERT INTO reports_rebuild (id, version, running, after_id) VALUES (1, $1, $2, $3) ON CONFLICT (id) DO UPDATE "
      "SET version = excluded.version, running = excluded.running, after_id = excluded.after_id",
      {rebuild.version, rebuild.running ? 1 : 0, rebuild.after});
}

}  // namespace store

}  // namespace miniops::reports
