// A lock for coroutines: who waits is suspended, not blocked, and comes in order of arrival. Safe from any thread.
#pragma once

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>

#include "base/task.hpp"

namespace miniops::gateway {

class AsyncLock {
 public:
  // Gives the lock back when it goes.
  class Held {
   public:
    explicit Held(AsyncLock& lock) : lock_(&lock) {}
    Held(Held&& other) noexcept : lock_(std::exchange(other.lock_, nullptr)) {}
    Held& operator=(Held&&) = delete;
    ~Held() {
      if (lock_) lock_->release();
    }

   private:
    AsyncLock* lock_;
  };

  Task<Held> acquire() {
    auto initiate = [this](auto handler) {
      auto executor = boost::asio::get_associated_executor(handler);
      auto kept = std::make_shared<decltype(handler)>(std::move(handler));
      auto guard = boost::asio::make_work_guard(executor);
      enqueue([kept, executor, guard = std::move(guard)]() mutable {
        boost::asio::post(executor, [kept]() mutable { std::move (*kept)(); });
        guard.reset();
      });
    };
    auto token = boost::asio::use_awaitable;
    auto entered = boost::asio::async_initiate<const boost::asio::use_awaitable_t<>, void()>(initiate, token);
    co_await std::move(entered);
    co_return Held(*this);
  }

 private:
  using Waiter = std::move_only_function<void()>;

  void enqueue(Waiter waiter) {
    {
      const std::scoped_lock lock(mutex_);
      if (taken_) {
        waiting_.push_back(std::move(waiter));
        return;
      }
      taken_ = true;
    }
    waiter();
  }

  void release() {
    Waiter next;
    {
      const std::scoped_lock lock(mutex_);
      if (waiting_.empty()) {
        taken_ = false;
        return;
      }
      next = std::move(waiting_.front());
      waiting_.pop_front();
    }
    next();
  }

  std::mutex mutex_;
  bool taken_ = false;
  std::deque<Waiter> waiting_;
};

}  // namespace miniops::gateway
