// What other modules ask of notify: to tell people something, from inside their own transaction.
//
// A notification 通知 is a row, written where it was decided; the worker sends it a moment later. It has a chain of
// channels 通知渠道: the first is tried, and when that has failed for good, or its patience is over, the next one. Who
// must be reached on two channels at once queues two notifications.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "storage/sql/database.hpp"

namespace miniops::notify {

using ChannelId = NumberId<struct ChannelIdTag>;
using NotificationId = NumberId<struct NotificationIdTag>;

enum class Severity { info, warning, critical };  // 提醒 · 警告 · 严重
std::string_view to_string(Severity severity);    // "info" …
std::optional<Severity> parse_severity(std::string_view text);

struct Notification {
  NotificationId id;  // drawn before the closure
  AppId appid;
  std::vector<ChannelId> channels;  // in order; at most chain_max
  // Of alert, transition and receiver ("alert:7:firing:3:oncall"): what was queued under it once is not queued again.
  std::string dedupe_key;
  std::string subject{};   // what it is about ("alert:7"): deliveries can be asked for by it, mails make one thread
  std::string title;       // one line
  std::string text;        // plain, several lines
  std::string markdown{};  // the same in WeCom's subset of Markdown; empty: `text` is used
  Severity severity = Severity::info;
  bool resolved = false;  // good news: green, and 'resolved' for Alertmanager's form
  std::string link{};     // to the page in the console
  // What templates of SMS and subscribe messages may name besides title, severity and time: {"rule": "支付失败率"}.
  std::map<std::string, std::string> variables{};
  TimeMs at = 0;     // when it happened; part of the message
  TimeMs since = 0;  // when that began; 0: at `at`
};
inline constexpr std::size_t chain_max = 10;

// What became of queue().
enum class Queued {
  yes,
  already,  // its dedupe_key was queued before: nothing was written
  nowhere,  // no channel of the chain is there and enabled: written down as failed
};

// The transactional half. Stateless but for the waker; safe from any thread.
class Notifier {
 public:
  // Writes the notification and its first delivery. Texts that are too long are cut. Fails with
  // notify.invalid_notification (no title, no dedupe_key, no channel or too many), which is a mistake of the caller.
  Result<Queued> queue(sql::Transaction& tx, const Notification& notification, TimeMs now) const;
  // After the commit of a closure that queued something: the worker looks at once.
  void wake() const;
  // Before the first wake().
  void on_wake(std::function<void()> waker) { waker_ = std::move(waker); }

 private:
  std::function<void()> waker_;
};

}  // namespace miniops::notify
