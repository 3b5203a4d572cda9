// The sender: takes what is due in the outbox, sends it, writes down what became of it.
//
// An attempt is recorded as `sending`, committed, before its first byte leaves. One message of a user is under way at a
// time. Claims and results are written in batches. A claim belongs to this process (`owner`): when the process is dead,
// another recovers its claims as uncertain. Safe from any thread; sending runs on `executor`.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <utility>
#include <vector>

#include "gateway/async_lock.hpp"
#include "gateway/delivery.hpp"
#include "gateway/miniprograms.hpp"
#include "gateway/uploads.hpp"
#include "gateway/wechat_client.hpp"

namespace miniops::gateway {

class Sender {
 public:
  struct Settings {
    std::string owner;
    int at_once_per_app = 32;
    int claim_max = 200;  // in one transaction
    int record_max = 200;
    TimeMs claim_ms = minute_ms;  // outlives token, upload and sending with their timeouts
    TimeMs alive_ms = 10 * second_ms;
  };
  Sender(sql::Database& database, Outbox& outbox, MiniPrograms& programs, WeChatClient& wechat, Uploads& uploads,
         const Clock& clock, Random& random, boost::asio::any_io_executor executor, Settings settings);

  void set_listener(DeliveryListener& listener) { listener_ = &listener; }
  // Called when an outcome has come and record_step() has something to do.
  void on_outcome(std::function<void()> waker) { outcome_waker_ = std::move(waker); }

  Task<Result<int>> claim_step();   // claims what is due and begins to send it; how many
  Task<Result<int>> record_step();  // writes outcomes that have come; how many
  Task<Result<int>> expire_step();  // fails what is too late; how many
  Task<Result<void>> alive_step();  // tells the others that this process lives
  // Claims of dead processes become uncertain. `alone`: there can be no other process on this database (SQLite).
  Task<Result<int>> recover_step(bool alone);
  // Claims of this process that it has not in hand, because the answer to their COMMIT was lost: not a byte of them has
  // left, they are tried again.
  Task<Result<int>> reclaim_step();

  int under_way() const;
  // Everything that is due, to its end. For tests and for shutting down.
  Task<Result<void>> drain();

 private:
  struct Outcome {
    OutboxRow row;
    AttemptResult result;
  };
  using Attempt = std::pair<OutboxId, int>;
  Task<void> deliver(OutboxRow row);
  Task<AttemptResult> send(const OutboxRow& row);
  Task<Result<void>> record(std::vector<Outcome> outcomes, DeliveryListener* listener);
  std::map<AppId, int> capacity(const std::vector<std::shared_ptr<const MiniProgram>>& programs) const;
  std::vector<OutboxRow> claim(sql::Transaction& tx, const std::map<AppId, int>& capacity, TimeMs now) const;

  sql::Database& database_;
  Outbox& outbox_;
  MiniPrograms& programs_;
  WeChatClient& wechat_;
  Uploads& uploads_;
  const Clock& clock_;
  Random& random_;
  boost::asio::any_io_executor executor_;
  const Settings settings_;
  DeliveryListener* listener_ = nullptr;
  std::function<void()> outcome_waker_;
  mutable std::mutex mutex_;
  std::map<AppId, std::set<Attempt>> in_hand_;
  std::vector<Outcome> outcomes_;
  AsyncLock claiming_;  // from before a claim's COMMIT until it is in hand
};

}  // namespace miniops::gateway
