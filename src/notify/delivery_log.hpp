// What people read of deliveries: the log, one of them, its attempts.
#pragma once

#include "notify/delivery_store.hpp"

namespace miniops::notify {

struct DeliveryFilter {
  std::optional<ChannelId> channel{};
  std::optional<State> state{};
  std::string subject{};
};
struct LoggedDelivery {
  Delivery delivery;
  Notification notification;
  std::optional<std::string> channel_name{}, channel_kind{};  // nullopt: it was removed
};
struct Place {
  NotificationId notification;
  int position = 0;
};
// Newest first, from behind `after`.
std::vector<LoggedDelivery> list_deliveries(sql::Transaction& tx, const AppId& appid, const DeliveryFilter& filter,
                                            std::optional<Place> after, int limit);
std::optional<LoggedDelivery> find_logged(sql::Transaction& tx, const AppId& appid, Place place);
std::vector<LoggedDelivery> chain_of(sql::Transaction& tx, const AppId& appid, NotificationId notification);

struct LoggedAttempt {
  int attempt = 0;
  TimeMs at = 0, ended_at = 0;
  std::string state, reason, detail, steps;  // steps: JSON
};
std::vector<LoggedAttempt> attempts_of(sql::Transaction& tx, Place place);

}  // namespace miniops::notify
