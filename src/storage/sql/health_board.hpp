// What Database::health() shows, kept by the engine threads. Private to storage/sql. Safe from any thread.
#pragma once

#include <atomic>
#include <mutex>
#include <string>

#include "storage/sql/database.hpp"

namespace miniops::sql {

class HealthBoard {
 public:
  void committed(std::int64_t closures) {
    commits_ += closures;
    if (!broken_.load()) return;
    const std::lock_guard lock(mutex_);
    problem_.clear();
    broken_ = false;
  }
  void broke(std::string problem) {
    const std::lock_guard lock(mutex_);
    problem_ = std::move(problem);
    broken_ = true;
  }
  void retried() { ++retries_; }

  Database::Health read(std::int64_t queued) const {
    const std::lock_guard lock(mutex_);
    return {!broken_.load(), problem_, queued, commits_.load(), retries_.load()};
  }

 private:
  mutable std::mutex mutex_;
  std::string problem_;
  std::atomic<bool> broken_{false};
  std::atomic<std::int64_t> commits_{0};
  std::atomic<std::int64_t> retries_{0};
};

}  // namespace miniops::sql
