// Several coroutines side by side on the caller's executor; their results in the order given.
#pragma once

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/experimental/channel.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <memory>
#include <optional>
#include <vector>

#include "base/task.hpp"

namespace miniops::gateway {

// The executor must run on a single thread. What a coroutine throws is thrown here, after all have ended.
template <class T>
Task<std::vector<T>> gather(std::vector<Task<T>> tasks) {
  using Signal = boost::asio::experimental::channel<void(boost::system::error_code)>;
  auto executor = co_await boost::asio::this_coro::executor;
  std::vector<std::optional<T>> kept(tasks.size());
  std::exception_ptr problem;
  Signal ended(executor, tasks.size());
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    auto note = [&kept, &problem, &ended, i](std::exception_ptr thrown, T value) {
      if (thrown) {
        problem = thrown;
      } else {
        kept[i] = std::move(value);
      }
      ended.try_send(boost::system::error_code{});
    };
    boost::asio::co_spawn(executor, std::move(tasks[i]), std::move(note));
  }
  for (std::size_t i = 0; i < tasks.size(); ++i) co_await ended.async_receive(boost::asio::use_awaitable);
  if (problem) std::rethrow_exception(problem);
  std::vector<T> results;
  for (auto& value : kept) results.push_back(std::move(*value));
  co_return results;
}

}  // namespace miniops::gateway
