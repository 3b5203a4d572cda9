// Closures that wait for an engine thread: those to be run again first, then urgent ones, then in order of arrival,
// then those in the background, which an engine may hold back for a while.
// Private to storage/sql. Safe from any thread.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <vector>

#include "storage/sql/database.hpp"

namespace miniops::sql {

class JobQueue {
 public:
  // A job that comes after close() is answered at once with storage.unavailable.
  void push(Database::Job job);
  // These go first, in their order.
  void push_again(std::vector<Database::Job> jobs);
  using Time = std::chrono::steady_clock::time_point;
  // Waits for a job; nullopt when closed and empty: what was queued before the end is still run. Before
  // `background_from` jobs in the background are not taken.
  std::optional<Database::Job> wait(Time background_from = {});
  std::optional<Database::Job> try_pop(Time background_from = {});
  void close();
  std::int64_t size() const;

 private:
  std::optional<Database::Job> pop(Time background_from);

  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Database::Job> again_;
  std::deque<Database::Job> urgent_;
  std::deque<Database::Job> waiting_;
  std::deque<Database::Job> background_;
  bool closed_ = false;
};

}  // namespace miniops::sql
