// The background loops of the gateway: each calls a step, then sleeps until it is woken or its time has come.
#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "gateway/wakeup.hpp"
#include "net/server.hpp"

namespace miniops::gateway {

class Loops {
 public:
  // True: more may be done at once.
  using Step = std::function<Task<Result<bool>>()>;

  explicit Loops(net::IoThreads& io) : io_(io) {}

  // A loop on io thread `index`, from go() until stop(). An error is logged and tried again after a pause.
  std::shared_ptr<Wakeup> add(std::string name, TimeMs every_ms, Step step, std::size_t index);
  // Starts them all, when everything that one may wake in another is in its place.
  void go();
  // Returns when all loops have ended, at most 5 s later. From a thread that is no io thread.
  void stop();

 private:
  struct Loop {
    std::string name;
    TimeMs every_ms;
    Step step;
    std::size_t index;
    std::shared_ptr<Wakeup> wakeup;
  };
  net::IoThreads& io_;
  std::atomic<bool> stopping_{false};
  std::mutex mutex_;
  std::condition_variable ended_;
  int running_ = 0;
  std::vector<std::shared_ptr<Loop>> loops_;

  Task<void> run(std::shared_ptr<Loop> loop);
};

}  // namespace miniops::gateway
