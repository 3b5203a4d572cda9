#include "webhooks/store.hpp"

namespace miniops::webhooks::store {

namespace {

constexpr TimeMs success_noted_every_ms = 10 * second_ms;

constexpr std::string_view subscription_columns =
    "s.id, s.appid, s.version, s.address, s.host, s.description, s.kinds, s.enabled, s.secret, s.previous, "
    "s.previous_until, s.created_by, s.created_at, s.updated_at, s.last_success_at, s.last_failure_at, "
    "s.failing_since, s.reason, s.detail, s.off_reason, s.off_at";

std::string select_subscriptions(std::string_view rest) {
  return fmt::format("SELECT {} FROM webhooks_subscriptions s {}", subscription_columns, rest);
}

Stored stored_of(const sql::Row& row) {
  Stored out;
  Subscription& one = out.subscription;
  one.id = row.id<SubscriptionId>(0);
  one.appid = row.id<AppId>(1);
  one.version = row.integer(2);
  one.address = row.text(3);
  one.host = row.text(4);
  one.description = row.text(5);
  one.kinds = parse_kinds(row.text(6));
  one.enabled = row.integer(7) != 0;
  one.secret = row.blob(8);
  one.previous = row.blob(9);
  one.previous_until = row.integer(10);
  one.created_by = row.text(11);
  one.created_at = row.integer(12);
  one.updated_at = row.integer(13);
  out.health = {row.integer(14), row.integer(15), row.integer(16), row.text(17),
                row.text(18),    row.text(19),    row.integer(20)};
  return out;
}

}  // namespace

std::vector<Stored> subscriptions(sql::Transaction& tx, const AppId& appid) {
  static const std::string statement = select_subscriptions("WHERE s.appid = $1 ORDER BY s.id");
  std::vector<Stored> all;
  for (const sql::Row& row : tx.query(statement, {appid})) all.push_back(stored_of(row));
  return all;
}

std::optional<Stored> find(sql::Transaction& tx, const AppId& appid, SubscriptionId id) {
  static const std::string statement = select_subscriptions("WHERE s.id = $1 AND s.appid = $2");
  const auto row = tx.query_one(statement, {id, appid});
  return row ? std::optional(stored_of(*row)) : std::nullopt;
}

std::optional<Subscription> find(sql::Transaction& tx, SubscriptionId id) {
  static const std::string statement = select_subscriptions("WHERE s.id = $1");
  const auto row = tx.query_one(statement, {id});
  return row ? std::optional(stored_of(*row).subscription) : std::nullopt;
}

void insert(sql::Transaction& tx, const Subscription& one) {
  const std::string kinds = kinds_text(one.kinds);
  tx.execute(
      "INSERT INTO webhooks_subscriptions (id, appid, version, address, host, description, kinds, enabled, secret, "
      "previous, previous_until, created_by, created_at, updated_at) VALUES "
      "($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14)",
      {one.id, one.appid, one.version, one.address, one.host, one.description, kinds, one.enabled,
       sql::BlobView{one.secret}, sql::BlobView{one.previous}, one.previous_until, one.created_by, one.created_at,
       one.updated_at});
}

void update(sql::Transaction& tx, const Subscription& one) {
  const std::string kinds = kinds_text(one.kinds);
  tx.execute(
      "UPDATE webhooks_subscriptions SET version = $2, address = $3, host = $4, description = $5, kinds = $6, enabled "
      "= $7, secret = $8, previous = $9, previous_until = $10, updated_at = $11 WHERE id = $1",
      {one.id, one.version, one.address, one.host, one.description, kinds, one.enabled, sql::BlobView{one.secret},
       sql::BlobView{one.previous}, one.previous_until, one.updated_at});
}

void switched_on(sql::Transaction& tx, SubscriptionId id) {
  tx.execute("UPDATE webhooks_subscriptions SET off_reason = '', off_at = 0, failing_since = 0 WHERE id = $1", {id});
}

bool remove(sql::Transaction& tx, const AppId& appid, SubscriptionId id) {
  return tx.execute("DELETE FROM webhooks_subscriptions WHERE id = $1 AND appid = $2", {id, appid}) == 1;
}

bool switch_off(sql::Transaction& tx, SubscriptionId id, std::string_view reason, TimeMs now) {
  return tx.execute(
             "UPDATE webhooks_subscriptions SET enabled = 0, version = version + 1, off_reason = $2, off_at = $3, "
             "updated_at = $3 WHERE id = $1 AND enabled = 1",
             {id, reason, now}) == 1;
}

void note_health(sql::Transaction& tx, SubscriptionId id, const Outcome& outcome, TimeMs now) {
  if (outcome.delivered) {
    // Not with each of them: many deliveries end at once, and would wait for one another.
    tx.execute(
        "UPDATE webhooks_subscriptions SET last_success_at = $2, failing_since = 0 WHERE id = $1 AND (failing_since <> "
        "0 OR last_success_at <= $3)",
        {id, now, now - success_noted_every_ms});
    return;
  }
  tx.execute(
      "UPDATE webhooks_subscriptions SET last_failure_at = $2, reason = $3, detail = $4, failing_since = CASE WHEN "
      "failing_since = 0 THEN $2 ELSE failing_since END WHERE id = $1",
      {id, now, outcome.reason, outcome.detail});
}

TimeMs failing_since(sql::Transaction& tx, SubscriptionId id) {
  const auto row = tx.query_one("SELECT failing_since FROM webhooks_subscriptions WHERE id = $1", {id});
  return row ? row->integer(0) : 0;
}

std::int64_t waiting(sql::Transaction& tx, SubscriptionId id, std::int64_t most) {
  const auto row = tx.query_one(
      "SELECT COUNT(*) FROM (SELECT 1 FROM webhooks_deliveries WHERE state = 'pending' AND subscription_id = $1 LIMIT "
      "$2) AS few",
      {id, most});
  return row ? row->integer(0) : 0;
}

std::map<AppId, std::vector<Wanting>> wanting(sql::Transaction& tx) {
  std::map<AppId, std::vector<Wanting>> all;
  for (const sql::Row& row : tx.query("SELECT appid, id, kinds FROM webhooks_subscriptions WHERE enabled = 1"))
    all[row.id<AppId>(0)].push_back({row.id<SubscriptionId>(1), parse_kinds(row.text(2))});
  return all;
}

// ---- notices ----

void insert_notice(sql::Transaction& tx, const Notice& notice) {
  tx.execute("INSERT INTO webhooks_notices (id, appid, subscription_id, at, reason, detail) VALUES ($1,$2,$3,$4,$5,$6)",
             {notice.id, notice.appid, notice.subscription, notice.at, notice.reason, notice.detail});
}

std::vector<Notice> notices(sql::Transaction& tx, const AppId& appid, const Before& before, int limit) {
  constexpr std::int64_t newest = std::numeric_limits<std::int64_t>::max();
  const auto [at, id] = before.value_or(std::pair(newest, newest));
  std::vector<Notice> all;
  for (const sql::Row& row :
       tx.query("SELECT id, appid, subscription_id, at, reason, detail FROM webhooks_notices WHERE appid = $1 AND "
                "(at < $2 OR (at = $2 AND id < $3)) ORDER BY at DESC, id DESC LIMIT $4",
                {appid, at, id, limit}))
    all.push_back(
        {row.integer(0), row.id<AppId>(1), row.id<SubscriptionId>(2), row.integer(3), row.text(4), row.text(5)});
  return all;
}

}  // namespace miniops::webhooks::store
