// What alerts asks of others; `app` plugs it in.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/task.hpp"
#include "notify/notifier.hpp"
#include "storage/events/predicate.hpp"

namespace miniops::alerts {

// The query language, which is the logs module's.
class QueryParser {
 public:
  virtual ~QueryParser() = default;
  // Fails with whatever the language says of a text that is none of its own.
  virtual Result<events::Matching> parse(std::string_view text) const = 0;
  // The text of a saved query; not found: it is gone.
  virtual Task<Result<std::string>> saved(AppId appid, std::int64_t id) = 0;
};

// A figure of the server itself, or of the mini program's part of it, as it is now.
struct HealthFigure {
  std::string name;  // "journal_lag_ms", "outbox_failed", "disk_used_share" …
  double value = 0;
  std::string unit;  // "ms" "bytes" "share" "count"
};

class HealthSource {
 public:
  virtual ~HealthSource() = default;
  virtual Task<Result<std::vector<HealthFigure>>> figures(AppId appid) = 0;
};

// How people are told: notify::Notifier, and a list in tests.
class Sender {
 public:
  virtual ~Sender() = default;
  // In the transaction that decided it; what was queued under its dedupe_key is not queued again.
  virtual Result<void> queue(sql::Transaction& tx, const notify::Notification& notification, TimeMs now) = 0;
  virtual void wake() = 0;  // after the commit
};

class NotifierSender final : public Sender {
 public:
  explicit NotifierSender(const notify::Notifier& notifier) : notifier_(notifier) {}
  Result<void> queue(sql::Transaction& tx, const notify::Notification& notification, TimeMs now) override {
    auto queued = notifier_.queue(tx, notification, now);
    if (!queued) return std::unexpected(queued.error());
    return {};
  }
  void wake() override { notifier_.wake(); }

 private:
  const notify::Notifier& notifier_;
};

// News of an issue, from the issues module's transaction.
struct IssueNews {
  AppId appid;
  std::int64_t issue = 0;
  bool regressed = false;  // else new
  std::string title;       // one line for people, without personal data
  std::string error_name;  // the error's type
  std::string page, release;
  TimeMs at = 0;
};

}  // namespace miniops::alerts
