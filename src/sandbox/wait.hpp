// Real time passes.
#pragma once

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/clock.hpp"
#include "base/task.hpp"

namespace miniops::sandbox {

inline Task<void> wait_ms(TimeMs delay_ms) {
  boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor, std::chrono::milliseconds(delay_ms));
  co_await timer.async_wait(boost::asio::use_awaitable);
}

}  // namespace miniops::sandbox
