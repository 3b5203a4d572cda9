// Closures that wait for an engine thread: those to be run again first, then urgent ones, then in order of arrival.
// Private to storage/sql. Safe from any thread.
#pragma once

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
  // Waits for a job; nullopt when closed and empty: what was queued before the end is still run.
  std::optional<Database::Job> wait();
  std::optional<Database::Job> try_pop();
  void close();
  std::int64_t size() const;

 private:
  std::optional<Database::Job> pop();

  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Database::Job> again_;
  std::deque<Database::Job> urgent_;
  std::deque<Database::Job> waiting_;
  bool closed_ = false;
};

}  // namespace miniops::sql
