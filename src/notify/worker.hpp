// The worker: takes what is due, sends it, writes down what became of it.
//
// One message of a channel is under way at a time, in all nodes. An attempt is recorded as `sending`, committed, before
// its first byte leaves.
// Safe from any thread; everything runs on `executor`, which must be a single thread's.
#pragma once

#include <atomic>
#include <condition_variable>

#include "base/random.hpp"
#include "notify/claims.hpp"
#include "notify/sender.hpp"

namespace miniops::notify {

class Worker {
 public:
  struct Settings {
    std::string owner;
    bool alone = true;  // no other process works on this database (SQLite)
    int channels_max = 32;
    int digest_max = 200;
    TimeMs poll_ms = 500;
    TimeMs alive_ms = 10 * second_ms;
    TimeMs keep_ms = 90 * day_ms;
  };
  Worker(sql::Database& database, Sender& sender, const Clock& clock, Random& random,
         boost::asio::any_io_executor executor, Settings settings);

  Task<void> run();  // until stop()
  void wake();
  // No new message is begun; waits for those under way, at most 5 s, and for run() to end. From a thread that is no io
  // thread.
  void stop();

  Task<Result<int>> claim_step();    // claims what is due and begins to send it; of how many channels
  Task<Result<int>> overdue_step();  // falls through where patience is over
  // Claims that nobody works on any more, see claims.hpp; how many.
  Task<Result<int>> recover_step();
  Task<Result<void>> alive_step();  // tells the others that this process lives
  Task<Result<int>> prune_step();
  int under_way() const;
  // Everything that is due, to its end. For tests.
  Task<Result<void>> drain();

 private:
  Task<void> deliver(Job job);
  Task<void> record(Job job, Attempted attempted);
  Task<void> step();

  sql::Database& database_;
  Sender& sender_;
  const Clock& clock_;
  Random& random_;
  boost::asio::any_io_executor executor_;
  const Settings settings_;
  std::shared_ptr<boost::asio::steady_timer> timer_;
  std::atomic<bool> stopping_{false};
  TimeMs looked_after_at_ = 0, pruned_at_ = 0;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::set<ChannelId> in_hand_;
  bool running_ = false;
};

}  // namespace miniops::notify
