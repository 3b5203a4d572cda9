#include "storage/sql/job_queue.hpp"

#include "storage/sql/engine.hpp"

namespace miniops::sql {

void JobQueue::push(Database::Job job) {
  {
    const std::lock_guard lock(mutex_);
    if (!closed_) {
      (job.options.urgent ? urgent_ : waiting_).push_back(std::move(job));
      wake_.notify_one();
      return;
    }
  }
  job.done(std::unexpected(closed_error()));
}

void JobQueue::push_again(std::vector<Database::Job> jobs) {
  const std::lock_guard lock(mutex_);
  for (auto job = jobs.rbegin(); job != jobs.rend(); ++job) again_.push_front(std::move(*job));
  wake_.notify_all();
}

std::optional<Database::Job> JobQueue::pop() {
  for (auto* queue : {&again_, &urgent_, &waiting_}) {
    if (queue->empty()) continue;
    std::optional<Database::Job> job(std::move(queue->front()));
    queue->pop_front();
    return job;
  }
  return std::nullopt;
}

std::optional<Database::Job> JobQueue::wait() {
  std::unique_lock lock(mutex_);
  wake_.wait(lock, [this] { return closed_ || !again_.empty() || !urgent_.empty() || !waiting_.empty(); });
  return pop();
}

std::optional<Database::Job> JobQueue::try_pop() {
  const std::lock_guard lock(mutex_);
  return pop();
}

void JobQueue::close() {
  const std::lock_guard lock(mutex_);
  closed_ = true;
  wake_.notify_all();
}

std::int64_t JobQueue::size() const {
  const std::lock_guard lock(mutex_);
  return static_cast<std::int64_t>(again_.size() + urgent_.size() + waiting_.size());
}

}  // namespace miniops::sql
