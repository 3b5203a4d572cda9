#include "notify/delivery_log.hpp"

#include <limits>

#include "notify/delivery_rows.hpp"

namespace miniops::notify {

namespace {

std::string log_statement(std::string_view rest) {
  return fmt::format(
      "SELECT {}, n.id, n.appid, n.dedupe_key, n.subject, n.chain, n.content, c.name, c.kind FROM notify_deliveries d "
      "JOIN notify_notifications n ON n.appid = d.appid AND n.id = d.notification_id LEFT JOIN notify_channels c ON "
      "c.appid = d.appid AND c.id = d.channel_id WHERE d.appid = $1 {}",
      delivery_columns, rest);
}

std::vector<LoggedDelivery> logged(sql::Transaction& tx, std::string_view statement, const sql::Params& params) {
  std::vector<LoggedDelivery> all;
  for (const sql::Row& row : tx.query(statement, params))
    all.push_back({delivery_of(row), notification_of(row, delivery_width), row.optional_text(delivery_width + 6),
                   row.optional_text(delivery_width + 7)});
  return all;
}

}  // namespace

std::vector<LoggedDelivery> list_deliveries(sql::Transaction& tx, const AppId& appid, const DeliveryFilter& filter,
                                            std::optional<Place> after, int limit) {
  // What is compared with a column comes first, so that PostgreSQL takes each parameter for that column's type.
  static const std::string statement = log_statement(
      "AND (d.channel_id = $2 OR $2 = 0) AND (d.state = $3 OR $3 = '') AND (n.subject = $4 OR $4 = '') "
      "AND (d.notification_id < $5 OR (d.notification_id = $5 AND d.position < $6)) "
      "ORDER BY d.notification_id DESC, d.position DESC LIMIT $7");
  const Place from = after.value_or(Place{NotificationId(std::numeric_limits<std::int64_t>::max()), 0});
  const std::string_view state = filter.state ? to_string(*filter.state) : std::string_view();
  return logged(
      tx, statement,
      {appid, filter.channel.value_or(ChannelId()), state, filter.subject, from.notification, from.position, limit});
}

std::optional<LoggedDelivery> find_logged(sql::Transaction& tx, const AppId& appid, Place place) {
  static const std::string statement = log_statement("AND d.notification_id = $2 AND d.position = $3");
  auto found = logged(tx, statement, {appid, place.notification, place.position});
  return found.empty() ? std::nullopt : std::optional(std::move(found.front()));
}

std::vector<LoggedDelivery> chain_of(sql::Transaction& tx, const AppId& appid, NotificationId notification) {
  static const std::string statement = log_statement("AND d.notification_id = $2 ORDER BY d.position");
  return logged(tx, statement, {appid, notification});
}

std::vector<LoggedAttempt> attempts_of(sql::Transaction& tx, Place place) {
  std::vector<LoggedAttempt> all;
  for (const sql::Row& row : tx.query("SELECT attempt, at, ended_at, state, reason, detail, steps FROM notify_attempts "
                                      "WHERE notification_id = $1 AND position = $2 ORDER BY attempt",
                                      {place.notification, place.position}))
    all.push_back({static_cast<int>(row.integer(0)), row.integer(1), row.integer(2), row.text(3), row.text(4),
                   row.text(5), row.text(6)});
  return all;
}

}  // namespace miniops::notify
