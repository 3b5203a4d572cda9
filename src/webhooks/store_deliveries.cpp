#include "webhooks/store.hpp"

namespace miniops::webhooks::store {

namespace {

constexpr std::string_view delivery_columns =
    "d.event_id, d.subscription_id, d.kind, d.at, d.state, d.attempts, d.attempts_before, d.queued_at, d.next_at, "
    "d.last_at, d.finished_at, d.status, d.reason, d.detail, d.duration_ms, d.answer";
constexpr std::size_t width = 16;

std::string select_deliveries(std::string_view rest) {
  return fmt::format("SELECT {} FROM webhooks_deliveries d {}", delivery_columns, rest);
}
std::string select_with_body(std::string_view rest) {
  return fmt::format(
      "SELECT {}, COALESCE(e.body, '') FROM webhooks_deliveries d LEFT JOIN webhooks_events e ON e.id = d.event_id {}",
      delivery_columns, rest);
}

Delivery delivery_of(const sql::Row& row) {
  Delivery out;
  out.event = row.id<EventId>(0);
  out.subscription = row.id<SubscriptionId>(1);
  out.kind = row.text(2);
  out.at = row.integer(3);
  out.state = parse_word<State>(row.text(4)).value_or(State::dropped);
  out.attempts = row.integer(5);
  out.attempts_before = row.integer(6);
  out.queued_at = row.integer(7);
  out.next_at = row.integer(8);
  out.last_at = row.integer(9);
  out.finished_at = row.integer(10);
  out.status = static_cast<int>(row.integer(11));
  out.reason = row.text(12);
  out.detail = row.text(13);
  out.duration_ms = row.integer(14);
  out.answer = row.text(15);
  return out;
}

DueDelivery with_body(const sql::Row& row) { return {delivery_of(row), row.text(width)}; }

}  // namespace

// Nobody waits for these: they are read back with the next statement of the transaction that emits.
void insert_event(sql::Transaction& tx, EventId id, const Event& event, const std::string& body,
                  const std::vector<SubscriptionId>& to) {
  tx.execute_later("INSERT INTO webhooks_events (id, appid, kind, openid, at, body) VALUES ($1,$2,$3,$4,$5,$6)",
                   {id, event.appid, word(event.kind), event.openid, event.at, body});
  for (const SubscriptionId subscription : to)
    tx.execute_later(
        "INSERT INTO webhooks_deliveries (event_id, subscription_id, kind, at, state, queued_at, next_at) VALUES "
        "($1,$2,$3,$4,'pending',$5,$5)",
        {id, subscription, word(event.kind), event.at, event.at});
}

void forget(sql::Transaction& tx, const AppId& appid, const OpenId& openid) {
  if (openid.empty()) return;
  tx.execute(
      "UPDATE webhooks_deliveries SET answer = '' WHERE event_id IN (SELECT id FROM webhooks_events WHERE appid = $1 "
      "AND openid = $2 AND openid <> '')",
      {appid, openid});
  tx.execute("UPDATE webhooks_events SET body = '', openid = '' WHERE appid = $1 AND openid = $2 AND openid <> ''",
             {appid, openid});
}

std::vector<Told> told_before(sql::Transaction& tx, const AppId& appid, std::pair<TimeMs, std::int64_t> after,
                              TimeMs before, int limit) {
  std::vector<Told> out;
  for (const sql::Row& row :
       tx.query("SELECT id, openid, at FROM webhooks_events WHERE appid = $1 AND openid <> '' AND at < $2 AND (at, id) "
                "> ($3, $4) ORDER BY at, id LIMIT $5",
                {appid, before, after.first, after.second, limit}))
    out.push_back({row.id<EventId>(0), row.id<OpenId>(1), row.integer(2)});
  return out;
}

void empty_event(sql::Transaction& tx, EventId id) {
  tx.execute("UPDATE webhooks_deliveries SET answer = '' WHERE event_id = $1 AND answer <> ''", {id});
  tx.execute("UPDATE webhooks_events SET body = '', openid = '' WHERE id = $1", {id});
}

// ---- for the worker ----

// From one subscription to the next over the index of what is pending: however much waits, it reads a row for each.
std::vector<Due> due(sql::Transaction& tx, TimeMs now) {
  std::vector<Due> all;
  for (const sql::Row& row : tx.query(
           "WITH RECURSIVE waiting (id) AS (SELECT MIN(subscription_id) FROM webhooks_deliveries WHERE state = "
           "'pending' UNION ALL SELECT (SELECT MIN(d.subscription_id) FROM webhooks_deliveries d WHERE d.state = "
           "'pending' AND d.subscription_id > w.id) FROM waiting w WHERE w.id IS NOT NULL) "
           "SELECT w.id, COALESCE(s.host, ''), (SELECT MIN(d.next_at) FROM webhooks_deliveries d WHERE d.state = "
           "'pending' AND d.subscription_id = w.id) AS due_at FROM waiting w LEFT JOIN webhooks_subscriptions s ON "
           "s.id = w.id WHERE w.id IS NOT NULL ORDER BY due_at"))
    if (row.integer(2) <= now) all.push_back({row.id<SubscriptionId>(0), row.text(1)});
  return all;
}

std::vector<DueDelivery> due_of(sql::Transaction& tx, SubscriptionId subscription, TimeMs now, int limit) {
  static const std::string statement = select_with_body(
      "WHERE d.state = 'pending' AND d.subscription_id = $1 AND d.next_at <= $2 ORDER BY d.next_at LIMIT $3");
  std::vector<DueDelivery> all;
  for (const sql::Row& row : tx.query(statement, {subscription, now, limit})) all.push_back(with_body(row));
  return all;
}

bool claim(sql::Transaction& tx, const Delivery& delivery, TimeMs now, TimeMs lapses_at) {
  return tx.execute(
             "UPDATE webhooks_deliveries SET attempts = $4, last_at = $5, next_at = $6 WHERE event_id = $1 AND "
             "subscription_id = $2 AND state = 'pending' AND attempts = $3",
             {delivery.event, delivery.subscription, delivery.attempts, delivery.attempts + 1, now, lapses_at}) == 1;
}

// Of what was deleted meanwhile no answer is kept: receivers like to repeat what they got.
bool settle(sql::Transaction& tx, const Delivery& delivery) {
  return tx.execute(
             "UPDATE webhooks_deliveries SET state = $4, next_at = $5, finished_at = $6, status = $7, reason = $8, "
             "detail = $9, duration_ms = $10, answer = CASE WHEN EXISTS (SELECT 1 FROM webhooks_events e WHERE e.id = "
             "$1 "
             "AND e.body <> '') THEN $11 ELSE '' END WHERE event_id = $1 AND subscription_id = $2 AND state = "
             "'pending' AND attempts = $3",
             {delivery.event, delivery.subscription, delivery.attempts, word(delivery.state), delivery.next_at,
              delivery.finished_at, delivery.status, delivery.reason, delivery.detail, delivery.duration_ms,
              delivery.answer}) == 1;
}

void drop(sql::Transaction& tx, const Delivery& delivery, std::string_view reason, TimeMs now) {
  tx.execute(
      "UPDATE webhooks_deliveries SET state = 'dropped', finished_at = $3, reason = $4, detail = '' WHERE event_id = "
      "$1 AND subscription_id = $2 AND state = 'pending'",
      {delivery.event, delivery.subscription, now, reason});
}

// ---- the log ----

std::vector<Delivery> list(sql::Transaction& tx, SubscriptionId subscription, const DeliveryFilter& filter,
                           const Before& before, int limit) {
  constexpr std::string_view rest =
      "AND (d.state = $2 OR $2 = '') AND (d.kind = $3 OR $3 = '') AND d.at >= $4 AND d.at < $5 AND (d.at < $6 OR (d.at "
      "= $6 AND d.event_id < $7)) ORDER BY d.at DESC, d.event_id DESC LIMIT $8";
  static const std::string all = select_deliveries(fmt::format("WHERE d.subscription_id = $1 {}", rest));
  // Those are few among many, and have an index of their own.
  static const std::string unsent =
      select_deliveries(fmt::format("WHERE d.subscription_id = $1 AND d.state IN ('failed', 'dropped') {}", rest));
  const bool few = filter.state == State::failed || filter.state == State::dropped;
  constexpr std::int64_t newest = std::numeric_limits<std::int64_t>::max();
  const auto [at, event] = before.value_or(std::pair(newest, newest));
  const std::string_view state = filter.state ? word(*filter.state) : std::string_view();
  const std::string_view kind = filter.kind ? word(*filter.kind) : std::string_view();
  std::vector<Delivery> found;
  for (const sql::Row& row :
       tx.query(few ? unsent : all, {subscription, state, kind, filter.from, filter.to, at, event, limit}))
    found.push_back(delivery_of(row));
  return found;
}

std::optional<DueDelivery> find(sql::Transaction& tx, SubscriptionId subscription, EventId event) {
  static const std::string statement = select_with_body("WHERE d.event_id = $1 AND d.subscription_id = $2");
  const auto row = tx.query_one(statement, {event, subscription});
  return row ? std::optional(with_body(*row)) : std::nullopt;
}

std::vector<EventId> unsent(sql::Transaction& tx, SubscriptionId subscription, TimeMs from, TimeMs to, int limit) {
  std::vector<EventId> events;
  for (const sql::Row& row :
       tx.query("SELECT d.event_id FROM webhooks_deliveries d WHERE d.subscription_id = $1 AND d.state IN ('failed', "
                "'dropped') AND d.at >= $2 AND d.at < $3 AND EXISTS (SELECT 1 FROM webhooks_events e WHERE e.id = "
                "d.event_id AND e.body <> '') ORDER BY d.at, d.event_id LIMIT $4",
                {subscription, from, to, limit}))
    events.push_back(row.id<EventId>(0));
  return events;
}

void queue_again(sql::Transaction& tx, SubscriptionId subscription, const std::vector<EventId>& events, TimeMs now) {
  std::vector<sql::Params> rows;
  for (const EventId event : events) rows.push_back({event, subscription, now});
  tx.execute_many(
      "UPDATE webhooks_deliveries SET state = 'pending', attempts_before = attempts, queued_at = $3, next_at = $3, "
      "finished_at = 0, reason = '', detail = '' WHERE event_id = $1 AND subscription_id = $2 AND state <> 'pending'",
      rows);
}

int prune(sql::Transaction& tx, TimeMs before, int limit) {
  std::vector<sql::Params> events;
  for (const sql::Row& row :
       tx.query("SELECT e.id FROM webhooks_events e WHERE e.at < $1 AND NOT EXISTS (SELECT 1 FROM webhooks_deliveries "
                "d WHERE d.event_id = e.id AND d.state = 'pending') ORDER BY e.at LIMIT $2",
                {before, limit}))
    events.push_back({row.integer(0)});
  tx.execute_many("DELETE FROM webhooks_deliveries WHERE event_id = $1", events);
  tx.execute_many("DELETE FROM webhooks_events WHERE id = $1", events);
  tx.execute("DELETE FROM webhooks_notices WHERE at < $1", {before});
  return static_cast<int>(events.size());
}

}  // namespace miniops::webhooks::store
