// A sleep that others can end: a background loop waits for its interval, or until somebody has work for it.
#pragma once

#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <memory>
#include <mutex>

#include "base/task.hpp"

namespace miniops::live {

// One loop waits; wake() is safe from any thread, also when nobody waits: the next wait() then returns at once.
class Wakeup {
 public:
  Task<void> wait(std::chrono::milliseconds interval);
  void wake();

 private:
  std::mutex mutex_;
  bool woken_ = false;
  std::shared_ptr<boost::asio::steady_timer> timer_;
};

}  // namespace miniops::live
