// What a background loop sleeps on between two steps. wake() is safe from any thread and never lost: a wake that comes
// while the loop works ends its next wait at once. One waiter; `executor` must run on a single thread.
#pragma once

#include <atomic>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <memory>

#include "base/clock.hpp"
#include "base/task.hpp"

namespace miniops::gateway {

class Wakeup {
 public:
  explicit Wakeup(const boost::asio::any_io_executor& executor) : state_(std::make_shared<State>(executor)) {}

  void wake() {
    if (state_->woken.exchange(true)) return;
    boost::asio::post(state_->timer.get_executor(), [state = state_] { state->timer.cancel(); });
  }

  Task<void> wait(TimeMs at_most_ms) {
    auto state = state_;
    if (!state->woken.exchange(false)) {
      state->timer.expires_after(std::chrono::milliseconds(at_most_ms));
      co_await state->timer.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
      state->woken = false;
    }
  }

 private:
  struct State {
    explicit State(const boost::asio::any_io_executor& executor) : timer(executor) {}
    boost::asio::steady_timer timer;
    std::atomic<bool> woken{false};
  };
  std::shared_ptr<State> state_;
};

}  // namespace miniops::gateway
