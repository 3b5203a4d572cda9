// A bounded pool of threads for what would hold an io thread: password hashing, files, compression, large regular
// expressions.
#pragma once

#include <atomic>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <memory>
#include <type_traits>

#include "base/error.hpp"
#include "base/task.hpp"

namespace miniops::net {

class Workers {
 public:
  // At most `waiting_max` jobs wait or run; beyond that run() fails with net.overloaded.
  Workers(int threads, int waiting_max) : pool_(static_cast<std::size_t>(threads)), waiting_max_(waiting_max) {}
  ~Workers() { stop(); }

  // Returns when all jobs are done; none is begun afterwards, and whoever waits for one is not resumed.
  void stop() { pool_.join(); }

  // Runs `job` (returning a value, not void) on the pool and resumes the caller on its own executor.
  template <class F>
  Task<Result<std::invoke_result_t<F&>>> run(F job) {
    using Value = std::invoke_result_t<F&>;
    const Waiting one(waiting_);
    if (one.before >= waiting_max_) {
      co_return fail(ErrorKind::unavailable, "net.overloaded", "too much work is waiting; try again in a moment");
    }
    auto task = on_pool<F, Value>(std::move(job));
    Value value = co_await boost::asio::co_spawn(pool_, std::move(task), boost::asio::use_awaitable);
    co_return value;
  }

 private:
  using Count = std::shared_ptr<std::atomic<int>>;

  // Counted out also when the job throws, and when a caller who waits ends after the pool: with its io_context.
  struct Waiting {
    explicit Waiting(Count count_given) : count(std::move(count_given)), before(count->fetch_add(1)) {}
    ~Waiting() { count->fetch_sub(1); }
    Waiting(const Waiting&) = delete;
    Waiting& operator=(const Waiting&) = delete;
    const Count count;
    const int before;
  };

  template <class F, class Value>
  static Task<Value> on_pool(F job) {
    co_return job();
  }

  boost::asio::thread_pool pool_;
  const Count waiting_ = std::make_shared<std::atomic<int>>(0);
  const int waiting_max_;
};

}  // namespace miniops::net
