#include "notify/delivery_store.hpp"

#include "base/json.hpp"
#include "notify/delivery_rows.hpp"

namespace miniops::notify {

namespace {

std::string select(std::string_view rest) {
  return fmt::format("SELECT {} FROM notify_deliveries d {}", delivery_columns, rest);
}

std::vector<Delivery> deliveries(sql::Transaction& tx, std::string_view statement, const sql::Params& params) {
  std::vector<Delivery> all;
  for (const sql::Row& row : tx.query(statement, params)) all.push_back(delivery_of(row));
  return all;
}

std::string steps_text(const std::vector<Step>& steps) {
  json::array list;
  for (const Step& step : steps) list.push_back({{"step", step.step}, {"ok", step.ok}, {"detail", step.detail}});
  return json::serialize(list);
}

std::string_view attempt_word(Outcome::Kind kind) {
  switch (kind) {
    case Outcome::Kind::sent:
      return "sent";
    case Outcome::Kind::later:
      return "later";
    case Outcome::Kind::uncertain:
      return "uncertain";
    case Outcome::Kind::failed:
    case Outcome::Kind::broken:
      break;
  }
  return "failed";
}

}  // namespace

std::string_view to_string(State state) {
  switch (state) {
    case State::queued:
      return "queued";
    case State::sending:
      return "sending";
    case State::sent:
      return "sent";
    case State::failed:
      break;
  }
  return "failed";
}

std::optional<State> parse_state(std::string_view text) {
  for (const State state : {State::queued, State::sending, State::sent, State::failed})
    if (to_string(state) == text) return state;
  return std::nullopt;
}

bool insert_notification(sql::Transaction& tx, const Notification& notification, TimeMs now) {
  const std::string chain = chain_text(notification.channels);
  const std::string content = content_of(notification);
  return tx.execute(
             "INSERT INTO notify_notifications (appid, id, dedupe_key, subject, chain, content, queued_at) "
             "VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (appid, dedupe_key) DO NOTHING",
             {notification.appid, notification.id, notification.dedupe_key, notification.subject, chain, content,
              now}) == 1;
}

std::optional<Notification> load_notification(sql::Transaction& tx, const AppId& appid, NotificationId id) {
  const auto row = tx.query_one(
      "SELECT id, appid, dedupe_key, subject, chain, content FROM notify_notifications WHERE appid = $1 AND id = $2",
      {appid, id});
  return row ? std::optional(notification_of(*row, 0)) : std::nullopt;
}

void insert_delivery(sql::Transaction& tx, const Delivery& delivery) {
  tx.execute(
      "INSERT INTO notify_deliveries (notification_id, position, appid, channel_id, message_id, in_message, state, "
      "unfinished, attempts, uncertain, possibly_repeated, falls_through, reason, detail, queued_at, due_at, "
      "give_up_at, finished_at, claim_owner) VALUES ($1, $2, $3, $4, 0, 0, $5, $6, 0, 0, 0, 1, $7, '', $8, $9, $10, "
      "$11, '')",
      {delivery.notification, delivery.position, delivery.appid, delivery.channel, to_string(delivery.state),
       delivery.unfinished(), delivery.reason, delivery.queued_at, delivery.due_at, delivery.give_up_at,
       delivery.finished_at});
}

void update_delivery(sql::Transaction& tx, const Delivery& delivery) {
  tx.execute(
      "UPDATE notify_deliveries SET message_id = $3, in_message = $4, state = $5, unfinished = $6, attempts = $7, "
      "uncertain = $8, possibly_repeated = $9, falls_through = $10, reason = $11, detail = $12, queued_at = $13, "
      "due_at = $14, give_up_at = $15, finished_at = $16, claim_owner = $17 WHERE notification_id = $1 AND "
      "position = $2",
      {delivery.notification, delivery.position, delivery.message, delivery.in_message, to_string(delivery.state),
       delivery.unfinished(), delivery.attempts, delivery.uncertain, delivery.possibly_repeated, delivery.falls_through,
       delivery.reason, delivery.detail, delivery.queued_at, delivery.due_at, delivery.give_up_at, delivery.finished_at,
       delivery.claim_owner});
}

std::optional<Delivery> load_delivery(sql::Transaction& tx, NotificationId notification, int position) {
  static const std::string statement = select("WHERE d.notification_id = $1 AND d.position = $2");
  const auto row = tx.query_one(statement, {notification, position});
  return row ? std::optional(delivery_of(*row)) : std::nullopt;
}

// ---- for the worker ----

std::vector<DueChannel> channels_due(sql::Transaction& tx, TimeMs now, int limit) {
  std::vector<DueChannel> due;
  for (const sql::Row& row : tx.query(
           "SELECT d.appid, d.channel_id, MIN(d.due_at) FROM notify_deliveries d WHERE d.unfinished = 1 AND "
           "d.due_at <= $1 AND d.claim_owner = '' AND NOT EXISTS (SELECT 1 FROM notify_deliveries o WHERE "
           "o.unfinished = 1 AND o.channel_id = d.channel_id AND o.claim_owner <> '') GROUP BY d.appid, d.channel_id "
           "ORDER BY 3 LIMIT $2",
           {now, limit}))
    due.push_back({row.id<AppId>(0), row.id<ChannelId>(1)});
  return due;
}

bool something_claimed(sql::Transaction& tx, ChannelId channel) {
  return tx
      .query_one(
          "SELECT 1 FROM notify_deliveries WHERE unfinished = 1 AND channel_id = $1 AND claim_owner <> '' LIMIT 1",
          {channel})
      .has_value();
}

std::vector<Delivery> due_of(sql::Transaction& tx, ChannelId channel, TimeMs now, int limit) {
  static const std::string statement = select(
      "WHERE d.unfinished = 1 AND d.channel_id = $1 AND d.due_at <= $2 AND d.claim_owner = '' "
      "ORDER BY d.queued_at, d.notification_id LIMIT $3");
  return deliveries(tx, statement, {channel, now, limit});
}

std::vector<Delivery> of_message(sql::Transaction& tx, ChannelId channel, std::int64_t message) {
  static const std::string statement = select(
      "WHERE d.unfinished = 1 AND d.channel_id = $1 AND d.message_id = $2 AND d.claim_owner = '' "
      "ORDER BY d.queued_at, d.notification_id");
  return deliveries(tx, statement, {channel, message});
}

void postpone(sql::Transaction& tx, ChannelId channel, TimeMs now, TimeMs until) {
  tx.execute(
      "UPDATE notify_deliveries SET due_at = $3, reason = 'paced' WHERE unfinished = 1 AND channel_id = $1 AND "
      "due_at <= $2 AND claim_owner = ''",
      {channel, now, until});
}

std::vector<Delivery> find_overdue(sql::Transaction& tx, TimeMs now, int limit) {
  static const std::string statement =
      select("WHERE d.unfinished = 1 AND d.give_up_at <= $1 AND d.claim_owner = '' ORDER BY d.give_up_at LIMIT $2");
  return deliveries(tx, statement, {now, limit});
}

std::vector<Delivery> claimed_by(sql::Transaction& tx, std::string_view owner) {
  static const std::string statement =
      select("WHERE d.unfinished = 1 AND d.claim_owner = $1 ORDER BY d.notification_id");
  return deliveries(tx, statement, {owner});
}

std::vector<Delivery> claimed_by_others(sql::Transaction& tx, std::string_view owner, int limit) {
  static const std::string statement = select(
      "WHERE d.unfinished = 1 AND d.claim_owner <> '' AND d.claim_owner <> $1 ORDER BY d.notification_id LIMIT $2");
  return deliveries(tx, statement, {owner, limit});
}

std::vector<TimeMs> left_since(sql::Transaction& tx, ChannelId channel, TimeMs since) {
  std::vector<TimeMs> times;
  for (const sql::Row& row :
       tx.query("SELECT at FROM notify_attempts WHERE channel_id = $1 AND leads = 1 AND at > $2 ORDER BY at",
                {channel, since}))
    times.push_back(row.integer(0));
  return times;
}

void begin_attempt(sql::Transaction& tx, const Delivery& delivery, bool leads, TimeMs now) {
  tx.execute(
      "INSERT INTO notify_attempts (notification_id, position, attempt, channel_id, leads, at, ended_at, state, "
      "reason, detail, steps) VALUES ($1, $2, $3, $4, $5, $6, 0, 'sending', '', '', '[]')",
      {delivery.notification, delivery.position, delivery.attempts, delivery.channel, leads, now});
}

void end_attempt(sql::Transaction& tx, const Delivery& delivery, const Attempted& attempted, TimeMs now) {
  const std::string steps = steps_text(attempted.steps);
  const Outcome& outcome = attempted.outcome;
  tx.execute(
      "UPDATE notify_attempts SET ended_at = $4, state = $5, reason = $6, detail = $7, steps = $8 "
      "WHERE notification_id = $1 AND position = $2 AND attempt = $3",
      {delivery.notification, delivery.position, delivery.attempts, now, attempt_word(outcome.kind), outcome.reason,
       outcome.detail, steps});
}

std::int64_t prune(sql::Transaction& tx, TimeMs before, int limit) {
  std::int64_t count = 0;
  for (const sql::Row& row : tx.query(
           "SELECT n.appid, n.id FROM notify_notifications n WHERE n.queued_at < $1 AND NOT EXISTS (SELECT 1 FROM "
           "notify_deliveries d WHERE d.notification_id = n.id AND d.unfinished = 1) ORDER BY n.queued_at LIMIT $2",
           {before, limit})) {
    const auto id = row.id<NotificationId>(1);
    tx.execute("DELETE FROM notify_attempts WHERE notification_id = $1", {id});
    tx.execute("DELETE FROM notify_deliveries WHERE notification_id = $1", {id});
    tx.execute("DELETE FROM notify_notifications WHERE appid = $1 AND id = $2", {row.id<AppId>(0), id});
    ++count;
  }
  return count;
}

}  // namespace miniops::notify
