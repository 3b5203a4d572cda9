// The SQL of notifications, their deliveries and attempts.
#pragma once

#include "notify/channels/outcome.hpp"
#include "notify/notifier.hpp"
#include "storage/sql/database.hpp"

namespace miniops::notify {

// queued 排队 → sending 发送中 → sent 已发送 | failed 失败; an attempt that may be repeated goes back to queued.
enum class State { queued, sending, sent, failed };
std::string_view to_string(State state);
std::optional<State> parse_state(std::string_view text);

struct Delivery {
  NotificationId notification;
  int position = 0;  // in the chain
  AppId appid;
  ChannelId channel;
  std::int64_t message = 0;  // whose message carries it: the leading notification's number; 0: none yet
  int in_message = 0;        // how many that message carries
  State state = State::queued;
  int attempts = 0;
  int uncertain = 0;  // of them, since it was queued or tried again by hand
  bool possibly_repeated = false;
  bool falls_through = true;  // false: tried again by hand, on this channel only
  std::string reason{}, detail{};
  TimeMs queued_at = 0, due_at = 0;
  TimeMs give_up_at = 0;  // then the next channel is tried
  TimeMs finished_at = 0;
  std::string claim_owner{};  // whose attempt is under way; empty: nobody's

  bool unfinished() const { return state == State::queued || state == State::sending; }
  std::string id() const { return fmt::format("{}-{}", notification.str(), position); }
};

// False: its dedupe_key is known.
bool insert_notification(sql::Transaction& tx, const Notification& notification, TimeMs now);
std::optional<Notification> load_notification(sql::Transaction& tx, const AppId& appid, NotificationId id);

void insert_delivery(sql::Transaction& tx, const Delivery& delivery);
void update_delivery(sql::Transaction& tx, const Delivery& delivery);
std::optional<Delivery> load_delivery(sql::Transaction& tx, NotificationId notification, int position);

// ---- for the worker ----

struct DueChannel {
  AppId appid;
  ChannelId channel;
};
// Channels that have something due and nothing under way.
std::vector<DueChannel> channels_due(sql::Transaction& tx, TimeMs now, int limit);
// Another node has begun to send through it.
bool something_claimed(sql::Transaction& tx, ChannelId channel);
// Due and unclaimed, in the order in which they were queued.
std::vector<Delivery> due_of(sql::Transaction& tx, ChannelId channel, TimeMs now, int limit);
// What is not finished of a message that has left before.
std::vector<Delivery> of_message(sql::Transaction& tx, ChannelId channel, std::int64_t message);
// What is due waits until then, because the channel has used up its minute.
void postpone(sql::Transaction& tx, ChannelId channel, TimeMs now, TimeMs until);
std::vector<Delivery> find_overdue(sql::Transaction& tx, TimeMs now, int limit);  // give_up_at is over, unclaimed
std::vector<Delivery> claimed_by(sql::Transaction& tx, std::string_view owner);
std::vector<Delivery> claimed_by_others(sql::Transaction& tx, std::string_view owner, int limit);
// When messages left through a channel after `since`, oldest first.
std::vector<TimeMs> left_since(sql::Transaction& tx, ChannelId channel, TimeMs since);

void begin_attempt(sql::Transaction& tx, const Delivery& delivery, bool leads, TimeMs now);
void end_attempt(sql::Transaction& tx, const Delivery& delivery, const Attempted& attempted, TimeMs now);

// Removes at most `limit` notifications that were queued before, with all that belongs to them; how many.
std::int64_t prune(sql::Transaction& tx, TimeMs before, int limit);

}  // namespace miniops::notify
