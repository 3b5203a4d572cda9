#include "webhooks/webhooks.hpp"

#include "base/log.hpp"
#include "webhooks/routes.hpp"
#include "webhooks/subscribers.hpp"
#include "webhooks/worker.hpp"

namespace miniops::webhooks {

namespace {

constexpr std::size_t worker_thread = 1;
constexpr std::chrono::milliseconds look_every{100};

// Follows what was changed on other nodes. Shared with its coroutine, which ends a moment after stop().
Task<void> follow(Subscribers& subscribers, std::shared_ptr<const std::atomic<bool>> stopped) {
  boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor);
  while (!*stopped) {
    const auto loaded = co_await subscribers.load();
    if (!loaded) log::warn("webhooks.step_failed", {{"step", "load"}, {"code", loaded.error().code}});
    timer.expires_after(look_every);
    co_await timer.async_wait(boost::asio::use_awaitable);
  }
}

}  // namespace

struct Webhooks::Parts {
  Parts(const Collaborators& with, net::AddressGuard guard)
      : io(with.io),
        subscribers(with.database, with.version),
        events(subscribers, with.ids),
        sender(with.http, with.sealer, with.clock, std::move(guard)),
        worker({with.database, sender, with.clock, with.random, with.ids},
               with.io.context(worker_thread).get_executor(), {}),
        service({with.database, with.version, with.sealer, with.clock, with.random, with.ids, sender, subscribers}) {}

  net::IoThreads& io;
  Subscribers subscribers;
  Events events;
  Sender sender;
  Worker worker;
  Service service;
  const std::shared_ptr<std::atomic<bool>> stopped = std::make_shared<std::atomic<bool>>(false);
};

Webhooks::Webhooks(const Collaborators& with, net::AddressGuard guard)
    : parts_(std::make_unique<Parts>(with, std::move(guard))) {}
Webhooks::~Webhooks() = default;

const Events& Webhooks::events() const { return parts_->events; }
void Webhooks::mount(identity::Guard& guard) { webhooks::mount(guard, parts_->service); }
Result<void> Webhooks::prepare_blocking() { return parts_->subscribers.prepare_blocking(); }

void Webhooks::start() {
  parts_->io.spawn("webhooks.subscribers", follow(parts_->subscribers, parts_->stopped), worker_thread);
  parts_->io.spawn("webhooks.worker", parts_->worker.run(), worker_thread);
}

void Webhooks::stop() {
  *parts_->stopped = true;
  parts_->worker.stop();
}

}  // namespace miniops::webhooks
