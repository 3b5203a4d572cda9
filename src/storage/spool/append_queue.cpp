#include "storage/spool/append_queue.hpp"

namespace miniops::spool {

bool AppendQueue::push(Pending& pending) {
  const std::lock_guard lock(mutex_);
  if (closed_) return false;
  bytes_ += pending.bytes();
  waiting_.push_back(std::move(pending));
  wake_.notify_one();
  return true;
}

std::vector<Pending> AppendQueue::take(std::int64_t bytes_max) {
  std::unique_lock lock(mutex_);
  wake_.wait(lock, [this] { return closed_ || !waiting_.empty(); });
  std::vector<Pending> taken;
  std::int64_t bytes = 0;
  while (!waiting_.empty() && bytes < bytes_max) {
    bytes += waiting_.front().bytes();
    taken.push_back(std::move(waiting_.front()));
    waiting_.pop_front();
  }
  return taken;
}

void AppendQueue::answered(std::int64_t bytes) {
  const std::lock_guard lock(mutex_);
  bytes_ -= bytes;
}

void AppendQueue::close() {
  const std::lock_guard lock(mutex_);
  closed_ = true;
  wake_.notify_all();
}

std::int64_t AppendQueue::bytes() const {
  const std::lock_guard lock(mutex_);
  return bytes_;
}

}  // namespace miniops::spool
