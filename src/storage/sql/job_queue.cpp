#include "storage/sql/job_queue.hpp"

#include "storage/sql/engine.hpp"

namespace miniops::sql {

void JobQueue::push(Database::Job job) {
  {
    const std::lock_guard lock(mutex_);
    if (!closed_) {
      auto& queue = job.options.urgent ? urgent_ : job.options.background ? background_ : waiting_;
      queue.push_back(std::move(job));
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

std::optional<Database::Job> JobQueue::pop(Time background_from) {
  const bool hold_back = !closed_ && !background_.empty() && std::chrono::steady_clock::now() < background_from;
  for (auto* queue : {&again_, &urgent_, &waiting_, &background_}) {
    if (queue->empty() || (queue == &background_ && hold_back)) continue;
    std::optional<Database::Job> job(std::move(queue->front()));
    queue->pop_front();
    return job;
  }
  return std::nullopt;
}

std::optional<Database::Job> JobQueue::wait(Time background_from) {
  std::unique_lock lock(mutex_);
  for (;;) {
    if (auto job = pop(background_from)) return job;
    if (closed_) return std::nullopt;
    if (background_.empty()) {
      wake_.wait(lock);
    } else {
      wake_.wait_until(lock, background_from);
    }
  }
}

std::optional<Database::Job> JobQueue::try_pop(Time background_from) {
  const std::lock_guard lock(mutex_);
  return pop(background_from);
}

void JobQueue::close() {
  const std::lock_guard lock(mutex_);
  closed_ = true;
  wake_.notify_all();
}

std::int64_t JobQueue::size() const {
  const std::lock_guard lock(mutex_);
  return static_cast<std::int64_t>(again_.size() + urgent_.size() + waiting_.size() + background_.size());
}

}  // namespace miniops::sql
