// Runs a coroutine to its end on the calling thread: for the command line, workers and the loader, never on an io
// thread.
#pragma once

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <exception>
#include <optional>

#include "base/task.hpp"

namespace miniops {

template <class T>
T wait(Task<T> task) {
  boost::asio::io_context context;
  std::optional<T> outcome;
  std::exception_ptr problem;
  // Wrapped, since co_spawn wants results that can be made from nothing.
  const auto keep = [](Task<T> inner, std::optional<T>& into) -> Task<void> {
    into.emplace(co_await std::move(inner));
  };
  boost::asio::co_spawn(context, keep(std::move(task), outcome), [&](std::exception_ptr error) { problem = error; });
  context.run();
  if (problem) std::rethrow_exception(problem);
  return std::move(*outcome);
}

}  // namespace miniops
