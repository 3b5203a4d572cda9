#include "live/live.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/log.hpp"

namespace miniops::live {

namespace {

using std::chrono::milliseconds;

// Without a call of wake() (another node's change, the gateway's) the sequencer looks by itself: often while there is
// something to do, seldom in a quiet program.
constexpr milliseconds busy_look{5};
constexpr milliseconds quiet_look{25};
constexpr auto quiet_after = std::chrono::seconds(2);
constexpr auto prune_every = std::chrono::seconds(10);
constexpr milliseconds hub_poll{1000};  // a notice can be lost
constexpr milliseconds watch_every{50};
constexpr milliseconds lists_every{1000};
constexpr milliseconds failure_pause{500};

void report(std::string_view event, const Error& error) { log::warn(event, {{"code", error.code}}); }

}  // namespace

Live::Live(sql::Database& database, const sql::ConfigVersion& version, identity::Service& identity, const Clock& clock,
           LiveOptions options)
    : sequencer_(database, clock, {std::move(options.owner), database.engine() == sql::Engine::sqlite}),
      hub_(database, version, identity.authenticator(), clock, options.hub),
      hub_wakeup_(std::make_shared<Wakeup>()) {
  // The database outlives the threads that the timer of a wakeup belongs to.
  database.listen(std::string(changes_topic), [wakeup = std::weak_ptr(hub_wakeup_)](const std::string&) {
    if (const auto there = wakeup.lock()) there->wake();
  });
}

void Live::mount(identity::Guard& guard) {
  guard.websocket_route("/api/v1/live", identity::Permission::account_self,
                        [this](net::Request&, const identity::Caller& caller, net::WebSocket& socket) {
                          return hub_.serve(caller, socket);
                        });
}

void Live::start(net::IoThreads& io) {
  io.spawn("live.sequencer", run_sequencer(), 0);
  io.spawn("live.hub", run_hub(), 1);
  io.spawn("live.watch", run_watch(), 1);
  io.spawn("live.lists", run_lists(), 1);
}

void Live::stop() {
  stopped_ = true;
  hub_.close_all(1001, "the server stops");
  sequencer_wakeup_.wake();
  hub_wakeup_->wake();
}

Task<void> Live::run_sequencer() {
  using Steady = std::chrono::steady_clock;
  auto busy_until = Steady::now();
  auto prune_at = Steady::now() + prune_every;
  while (!stopped_) {
    const auto before = sequencer_.numbered();
    const auto more = co_await sequencer_.step();
    if (!more) {
      report("live.sequencer", more.error());
      co_await sequencer_wakeup_.wait(failure_pause);
      continue;
    }
    const auto now = Steady::now();
    if (sequencer_.numbered() > before) busy_until = now + quiet_after;
    if (now >= prune_at) {
      const auto pruned = co_await sequencer_.prune_step();
      if (!pruned) report("live.prune", pruned.error());
      if (!pruned || !*pruned) prune_at = now + prune_every;
    }
    if (!*more) co_await sequencer_wakeup_.wait(now < busy_until ? busy_look : quiet_look);
  }
  co_await sequencer_.give_back();
}

Task<void> Live::run_hub() {
  while (!stopped_) {
    const auto more = co_await hub_.step();
    if (!more) report("live.hub", more.error());
    if (!more || !*more) co_await hub_wakeup_->wait(more ? hub_poll : failure_pause);
  }
}

Task<void> Live::run_lists() {
  boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor);
  while (!stopped_) {
    co_await hub_.lists_step();
    timer.expires_after(lists_every);
    co_await timer.async_wait(boost::asio::use_awaitable);
  }
}

Task<void> Live::run_watch() {
  boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor);
  while (!stopped_) {
    co_await hub_.watch_step();
    timer.expires_after(watch_every);
    co_await timer.async_wait(boost::asio::use_awaitable);
  }
}

}  // namespace miniops::live
