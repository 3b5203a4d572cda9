#include "storage/sql/notices.hpp"

namespace miniops::sql {

namespace {
constexpr std::size_t waiting_max = 1000;
}

void PendingNotices::add(std::string topic, std::string payload) {
  Notice notice(std::move(topic), std::move(payload));
  if (std::ranges::find(waiting_, notice) != waiting_.end()) return;
  if (waiting_.size() >= waiting_max) waiting_.pop_front();
  waiting_.push_back(std::move(notice));
}

void Listeners::add(std::string topic, Database::Listener listener) {
  const std::lock_guard lock(mutex_);
  listeners_.emplace(std::move(topic), std::move(listener));
}

void Listeners::call(const std::string& topic, const std::string& payload) const {
  std::vector<Database::Listener> called;  // a listener may listen or notify in turn: not under the lock
  {
    const std::lock_guard lock(mutex_);
    const auto [begin, end] = listeners_.equal_range(topic);
    for (auto it = begin; it != end; ++it) called.push_back(it->second);
  }
  for (const auto& listener : called) listener(payload);
}

LocalNotices::LocalNotices() : thread_([this] { loop(); }) {}

LocalNotices::~LocalNotices() {
  {
    const std::lock_guard lock(mutex_);
    closing_ = true;
  }
  wake_.notify_all();
  thread_.join();
}

void LocalNotices::notify(std::string topic, std::string payload) {
  {
    const std::lock_guard lock(mutex_);
    pending_.add(std::move(topic), std::move(payload));
  }
  wake_.notify_one();
}

void LocalNotices::listen(std::string topic, Database::Listener listener) {
  listeners_.add(std::move(topic), std::move(listener));
}

void LocalNotices::loop() {
  std::unique_lock lock(mutex_);
  for (;;) {
    wake_.wait(lock, [this] { return closing_ || !pending_.empty(); });
    if (closing_) return;
    const auto notices = pending_.take();
    lock.unlock();
    for (const auto& [topic, payload] : notices) listeners_.call(topic, payload);
    lock.lock();
    wake_.wait_for(lock, notice_interval, [this] { return closing_; });
  }
}

}  // namespace miniops::sql
