// The module's SQL. Private to the module.
#pragma once

#include <limits>
#include <map>

#include "storage/sql/database.hpp"
#include "webhooks/delivery.hpp"
#include "webhooks/subscription.hpp"

namespace miniops::webhooks {

struct Stored {
  Subscription subscription;
  Health health;
};

struct Notice {
  std::int64_t id = 0;
  AppId appid{};
  SubscriptionId subscription{};
  TimeMs at = 0;
  std::string reason{}, detail{};
};

struct DeliveryFilter {
  std::optional<State> state{};
  std::optional<Kind> kind{};
  TimeMs from = 0, to = std::numeric_limits<TimeMs>::max();  // of the event; `to` is not part of it
};

}  // namespace miniops::webhooks

namespace miniops::webhooks::store {

// What a list goes on before: the sort key and the id.
using Before = std::optional<std::pair<std::int64_t, std::int64_t>>;

// ---- subscriptions ----
std::vector<Stored> subscriptions(sql::Transaction& tx, const AppId& appid);  // the oldest first
std::optional<Stored> find(sql::Transaction& tx, const AppId& appid, SubscriptionId id);
std::optional<Subscription> find(sql::Transaction& tx, SubscriptionId id);
void insert(sql::Transaction& tx, const Subscription& subscription);
// All but health.
void update(sql::Transaction& tx, const Subscription& subscription);
bool remove(sql::Transaction& tx, const AppId& appid, SubscriptionId id);
// Nothing is held against it any more.
void switched_on(sql::Transaction& tx, SubscriptionId id);
// False: it is off already, or gone.
bool switch_off(sql::Transaction& tx, SubscriptionId id, std::string_view reason, TimeMs now);
void note_health(sql::Transaction& tx, SubscriptionId id, const Outcome& outcome, TimeMs now);
TimeMs failing_since(sql::Transaction& tx, SubscriptionId id);
// How many of its deliveries are pending, counted up to `most`.
std::int64_t waiting(sql::Transaction& tx, SubscriptionId id, std::int64_t most);

// What each of those that are switched on wants.
struct Wanting {
  SubscriptionId id{};
  Kinds kinds{};
};
std::map<AppId, std::vector<Wanting>> wanting(sql::Transaction& tx);

// ---- notices ----
void insert_notice(sql::Transaction& tx, const Notice& notice);
std::vector<Notice> notices(sql::Transaction& tx, const AppId& appid, const Before& before, int limit);

// ---- events and deliveries ----
void insert_event(sql::Transaction& tx, EventId id, const Event& event, const std::string& body,
                  const std::vector<SubscriptionId>& to);
// Empties the events about somebody, and what receivers answered to them.
void forget(sql::Transaction& tx, const AppId& appid, const OpenId& openid);
// The events about somebody that are not emptied, the oldest first; and emptying one of them in the same way.
std::vector<Told> told_before(sql::Transaction& tx, const AppId& appid, std::pair<TimeMs, std::int64_t> after,
                              TimeMs before, int limit);
void empty_event(sql::Transaction& tx, EventId id);

struct Due {
  SubscriptionId subscription{};
  std::string host{};  // empty: the subscription is gone
};
// The subscriptions that have something due, the most overdue first.
std::vector<Due> due(sql::Transaction& tx, TimeMs now);
struct DueDelivery {
  Delivery delivery;
  std::string body;  // empty: it was deleted
};
std::vector<DueDelivery> due_of(sql::Transaction& tx, SubscriptionId subscription, TimeMs now, int limit);
// Counts the attempt that begins now. False: somebody else has claimed it since.
bool claim(sql::Transaction& tx, const Delivery& delivery, TimeMs now, TimeMs lapses_at);
// What the attempt with that number led to. False: its claim had lapsed, or it is settled.
bool settle(sql::Transaction& tx, const Delivery& delivery);
void drop(sql::Transaction& tx, const Delivery& delivery, std::string_view reason, TimeMs now);

std::vector<Delivery> list(sql::Transaction& tx, SubscriptionId subscription, const DeliveryFilter& filter,
                           const Before& before, int limit);
std::optional<DueDelivery> find(sql::Transaction& tx, SubscriptionId subscription, EventId event);
// Failed and dropped ones whose event is still known, the oldest first.
std::vector<EventId> unsent(sql::Transaction& tx, SubscriptionId subscription, TimeMs from, TimeMs to, int limit);
void queue_again(sql::Transaction& tx, SubscriptionId subscription, const std::vector<EventId>& events, TimeMs now);

// Removes at most `limit` events that happened before and are settled, with their deliveries, and notices; how many.
int prune(sql::Transaction& tx, TimeMs before, int limit);

}  // namespace miniops::webhooks::store
