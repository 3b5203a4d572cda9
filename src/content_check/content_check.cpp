#include "content_check/content_check.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/log.hpp"
#include "content_check/routes.hpp"

namespace miniops::content_check {

namespace {

constexpr std::chrono::milliseconds look_every{100};

// Follows what was changed on other nodes. Shared with its coroutine, which ends a moment after stop().
Task<void> follow(Checks& checks, std::shared_ptr<const std::atomic<bool>> stopped) {
  boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor);
  while (!*stopped) {
    const auto loaded = co_await checks.load();
    if (!loaded) log::warn("content_check.step_failed", {{"step", "load"}, {"code", loaded.error().code}});
    timer.expires_after(look_every);
    co_await timer.async_wait(boost::asio::use_awaitable);
  }
}

}  // namespace

struct ContentCheck::Parts {
  Parts(const Collaborators& with, net::AddressGuard guard)
      : io(with.io),
        webhook({with.http, with.sealer, with.clock, with.ids}, std::move(guard)),
        checks({with.database, with.version, with.clock, with.wechat, webhook}),
        service({with.database, with.version, with.sealer, with.clock, with.random, with.ids, webhook, checks}) {}

  net::IoThreads& io;
  WebhookAsker webhook;
  Checks checks;
  Service service;
  const std::shared_ptr<std::atomic<bool>> stopped = std::make_shared<std::atomic<bool>>(false);
};

ContentCheck::ContentCheck(const Collaborators& with, net::AddressGuard guard)
    : parts_(std::make_unique<Parts>(with, std::move(guard))) {}
ContentCheck::~ContentCheck() = default;

Checker& ContentCheck::checker() { return parts_->checks; }
Figures ContentCheck::figures() const { return parts_->checks.figures(); }
void ContentCheck::mount(identity::Guard& guard) { content_check::mount(guard, parts_->service); }
Result<void> ContentCheck::prepare_blocking() { return parts_->checks.prepare_blocking(); }
void ContentCheck::start() { parts_->io.spawn("content_check.load", follow(parts_->checks, parts_->stopped), 1); }
void ContentCheck::stop() { *parts_->stopped = true; }

}  // namespace miniops::content_check
