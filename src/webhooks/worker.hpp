// The worker: takes what is due, sends it, writes down what became of it, and switches off what fails for days.
//
// Safe from any thread; everything runs on `executor`.
#pragma once

#include <atomic>
#include <condition_variable>

#include "base/random.hpp"
#include "live/wakeup.hpp"
#include "webhooks/claims.hpp"
#include "webhooks/hosts.hpp"

namespace miniops::webhooks {

class Worker {
 public:
  struct Collaborators {
    sql::Database& database;
    const Sender& sender;
    const Clock& clock;
    Random& random;
    IdSource& ids;
  };
  struct Settings {
    Hosts::Limits limits{};
    TimeMs keep_ms = 30 * day_ms;
  };
  Worker(const Collaborators& with, boost::asio::any_io_executor executor, Settings settings);

  Task<void> run();  // until stop()
  void wake();
  // Nothing new is begun; waits for what is under way, at most 5 s, and for run() to end. From a thread that is no io
  // thread.
  void stop();

  // Claims what is due and begins to send it; how many were claimed or dropped.
  Task<Result<int>> claim_step();
  // Removes a piece of what is old enough; true: there is more.
  Task<Result<bool>> prune_step();
  int under_way() const;
  // Everything that is due and may leave now, to its end. For tests.
  Task<Result<void>> drain();

 private:
  Task<void> deliver(Job job);
  Task<void> record(std::shared_ptr<const Job> job, Outcome outcome);
  Task<void> switch_off(std::shared_ptr<const Job> job, Outcome outcome, Verdict verdict);
  Task<void> step();

  const Collaborators with_;
  boost::asio::any_io_executor executor_;
  const Settings settings_;
  Hosts hosts_;
  live::Wakeup wakeup_;
  std::atomic<bool> stopping_{false};
  TimeMs pruned_at_ = 0;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool running_ = false;
};

}  // namespace miniops::webhooks
