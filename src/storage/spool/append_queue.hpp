// Blocks on their way to the writer. Private to storage/spool. Safe from any thread.
#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>
#include <vector>

#include "storage/spool/writer.hpp"

namespace miniops::spool {

class AppendQueue {
 public:
  // False after close(); the pending one is untouched then.
  bool push(Pending& pending);
  // In their order: all that wait, or as many as make `bytes_max`, and at least one, for which it waits. Empty when
  // closed and empty.
  std::vector<Pending> take(std::int64_t bytes_max);
  // These were taken and are answered.
  void answered(std::int64_t bytes);
  void close();
  // Of all that are not yet answered.
  std::int64_t bytes() const;

 private:
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Pending> waiting_;
  std::int64_t bytes_ = 0;
  bool closed_ = false;
};

}  // namespace miniops::spool
