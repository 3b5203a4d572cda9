#include "storage/events/askers.hpp"

namespace miniops::events {

Askers::Askers(DuckDatabase& database, int count, int question_ms_max) : time_max_(question_ms_max) {
  for (int i = 0; i < count; ++i) askers_.push_back(std::make_unique<Asker>(database));
  watch_ = std::thread([this] { watch(); });
}

Askers::~Askers() {
  {
    const std::lock_guard lock(mutex_);
    closing_ = true;
  }
  changed_.notify_all();
  watch_.join();
}

Askers::Asker& Askers::take() {
  std::unique_lock lock(mutex_);
  for (;;) {
    for (const auto& asker : askers_) {
      if (asker->busy || paused_) continue;
      asker->busy = true;
      asker->until = std::chrono::steady_clock::now() + time_max_;
      changed_.notify_one();
      return *asker;
    }
    freed_.wait(lock);
  }
}

void Askers::give_back(Asker& asker) {
  {
    const std::lock_guard lock(mutex_);
    asker.busy = false;
    asker.until = Time::max();
  }
  freed_.notify_all();
}

Askers::Pause::Pause(Askers& askers_given) : askers(askers_given) {
  std::unique_lock lock(askers.mutex_);
  askers.paused_ = true;
  askers.freed_.wait(lock,
                     [&] { return std::ranges::none_of(askers.askers_, [](const auto& one) { return one->busy; }); });
}

Askers::Pause::~Pause() {
  {
    const std::lock_guard lock(askers.mutex_);
    askers.paused_ = false;
  }
  askers.freed_.notify_all();
}

Error Askers::told(const DuckFailure& failure) {
  const bool slow = failure.kind() == DuckFailure::Kind::interrupted;
  return slow ? to_error(failure) : noted("events.question_failed", failure);
}

// An interrupt acts on what the connection does at that moment, so it is sent under the lock: a question that began
// meanwhile on the same connection has a later end.
void Askers::watch() {
  std::unique_lock lock(mutex_);
  while (!closing_) {
    Time next = Time::max();
    const Time now = std::chrono::steady_clock::now();
    for (const auto& asker : askers_) {
      if (asker->until <= now) {
        asker->connection.interrupt();
        asker->until = now + std::chrono::milliseconds(10);  // it may have been between two statements
      }
      next = std::min(next, asker->until);
    }
    if (next == Time::max()) {
      changed_.wait(lock);
    } else {
      changed_.wait_until(lock, next);
    }
  }
}

}  // namespace miniops::events
