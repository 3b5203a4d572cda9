#include "live/wakeup.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace miniops::live {

Task<void> Wakeup::wait(std::chrono::milliseconds interval) {
  const auto timer = std::make_shared<boost::asio::steady_timer>(co_await boost::asio::this_coro::executor, interval);
  bool sleeps = false;
  {
    const std::scoped_lock lock(mutex_);
    sleeps = !woken_;
    if (sleeps) timer_ = timer;
  }
  if (sleeps) {
    boost::system::error_code cancelled;
    auto token = boost::asio::redirect_error(boost::asio::use_awaitable, cancelled);
    co_await timer->async_wait(token);
  }
  const std::scoped_lock lock(mutex_);
  timer_.reset();
  woken_ = false;
}

void Wakeup::wake() {
  const std::scoped_lock lock(mutex_);
  if (woken_) return;
  woken_ = true;
  // Posted: a timer is touched on its own executor only.
  if (timer_) boost::asio::post(timer_->get_executor(), [timer = timer_] { timer->cancel(); });
}

}  // namespace miniops::live
