// The outbox: what is to be sent to customers is a row, written in the transaction that decided it; per user in order
// (design 3.3). Desk code calls queue(); the sender loop does the rest and tells each step to the listener.
#pragma once

#include <atomic>
#include <boost/json/array.hpp>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "storage/sql/database.hpp"
#include "wechat/api.hpp"

namespace miniops::gateway {

using OutboxId = NumberId<struct OutboxIdTag>;

// queued 排队 → sending 发送中 → sent 已被微信接受 | failed 失败; held 等待客户再次来信 (→ queued again, or failed at
// the end of its window). Only forward; a resend is a new attempt with its own history.
enum class DeliveryState { queued, sending, sent, failed, held };
std::string_view to_string(DeliveryState state);

struct OutgoingMessage {
  OutboxId id;  // drawn before the closure
  AppId appid;
  OpenId openid;
  wechat::Outgoing message;  // for pictures: media_id is filled in at sending time from `blob`
  std::string blob{};        // name of the picture in Blobs, when the message is one that we upload
  std::string blob_content_type{};
  bool automatic = false;      // nobody wrote it: leaves what is for people of the budget
  std::int64_t reference = 0;  // the desk's message id, handed back to the listener
};

// What may still be sent to one user, shown to the agent.
struct Budget {
  int remaining = 0;        // messages not yet reserved
  TimeMs expires_at = 0;    // end of the window; 0: none open
  std::string opened_by{};  // "message" | "enter"
};

// Told in the transaction that changes the state. Implemented by the desk.
struct DeliveryUpdate {
  OutboxId id;
  AppId appid;
  OpenId openid;
  std::int64_t reference = 0;
  DeliveryState state = DeliveryState::queued;
  int errcode = 0;       // WeChat's, when failed or held
  std::string errmsg{};  // WeChat's text
  std::string reason{};  // stable word: "window_closed", "budget_spent", "wechat_error", "no_token", "expired" …
  bool possibly_repeated = false;
  int attempts = 0;
  TimeMs at = 0;
};
class DeliveryListener {
 public:
  virtual ~DeliveryListener() = default;
  virtual void on_delivery(sql::Transaction& tx, const DeliveryUpdate& update) = 0;
  // The budget of a user changed (reserved, refunded, opened, told by WeChat to be spent).
  virtual void on_budget(sql::Transaction& tx, const AppId& appid, const OpenId& openid, const Budget& budget) = 0;
};

// The transactional half, called inside other modules' closures. Stateless but for its settings; safe from any thread.
class Outbox {
 public:
  struct Settings {  // wechat.window.*
    int message_count = 5;
    TimeMs message_ms = 48 * hour_ms;
    int enter_count = 2;
    TimeMs enter_ms = minute_ms;
    // What automatic messages of all kinds together leave to people.
    int message_for_people = 2, enter_for_people = 1;
  };
  explicit Outbox(Settings settings) : settings_(settings) {}
  // Before the first call; must outlive the outbox.
  void set_listener(DeliveryListener& listener) { listener_ = &listener; }

  // Reserves one message of the budget and writes the row. Fails with gateway.window_closed, gateway.budget_spent (the
  // last ones are kept from automatic messages), which an agent's message may override by `hold`: it is then stored as
  // held until the customer writes.
  Result<DeliveryState> queue(sql::Transaction& tx, const OutgoingMessage& message, TimeMs now, bool hold_if_closed);
  // A further attempt for a failed message; its history stays. `message` is what it says, whole: numbers of people are
  // masked here when it has ended. gateway.not_resendable
  Result<DeliveryState> resend(sql::Transaction& tx, OutboxId id, const wechat::Outgoing& message, TimeMs now);
  // A customer's message or entry opens the window; held messages of this user are queued again.
  struct Opened {
    std::vector<std::int64_t> released;  // ids of those that were held
    Budget budget;
  };
  Opened open_window(sql::Transaction& tx, const AppId& appid, const OpenId& openid, bool by_message, TimeMs now);
  Budget budget(sql::Transaction& tx, const AppId& appid, const OpenId& openid, TimeMs now) const;
  // The attempts of one message, oldest first, as JSON for the API: [{at, state, errcode, errmsg, uncertain}].
  boost::json::array attempts(sql::Transaction& tx, OutboxId id) const;
  // Called after the commit of a closure that queued something: wakes the sender.
  void wake();
  void on_wake(std::function<void()> waker) { waker_ = std::move(waker); }

  // What the sender learns from WeChat, in its own transactions.
  // A message reserved before was not spent after all.
  void refund(sql::Transaction& tx, const AppId& appid, const OpenId& openid, TimeMs now) const;
  // One more message for a retry; false: there is none (the last ones are kept from automatic messages).
  bool reserve(sql::Transaction& tx, const AppId& appid, const OpenId& openid, bool automatic, TimeMs now) const;
  // WeChat says that the window is closed (45015) or its messages are used up (45047).
  void close_window(sql::Transaction& tx, const AppId& appid, const OpenId& openid, TimeMs now) const;
  void empty_budget(sql::Transaction& tx, const AppId& appid, const OpenId& openid, TimeMs now) const;
  const Settings& settings() const { return settings_; }

 private:
  Settings settings_;
  std::function<void()> waker_;
  DeliveryListener* listener_ = nullptr;
};

}  // namespace miniops::gateway
