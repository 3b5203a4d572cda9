#include "alerts/alerts.hpp"

#include <boost/asio/steady_timer.hpp>

#include "alerts/preview.hpp"
#include "alerts/routes.hpp"
#include "base/log.hpp"
#include "storage/sql/lease.hpp"

namespace miniops::alerts {

namespace {

constexpr TimeMs lease_ms = 30 * second_ms;
constexpr std::chrono::seconds round_every{2};

}  // namespace

struct Alerts::Parts {
  explicit Parts(Collaborators given)
      : with(std::move(given)),
        sender(with.notifier),
        signals(with.records, [this] { return TelemetrySignals::Loading{with.awake(), with.behind()}; }),
        watcher({signals, with.health, with.queries}),
        evaluator({with.database, with.version, with.clock, with.ids, watcher}),
        teller({with.database, sender, with.clock, with.ids, with.public_url}),
        preview({with.database, signals, with.health, with.queries}),
        service({with.database, with.version, with.clock, with.ids, with.health, with.queries, sender, with.releases}) {
  }

  const Collaborators with;
  NotifierSender sender;
  TelemetrySignals signals;
  Watcher watcher;
  Evaluator evaluator;
  Teller teller;
  Preview preview;
  Service service;

  Task<void> loop(Alerts& alerts);
};

Alerts::Alerts(Collaborators with) : parts_(std::make_unique<Parts>(std::move(with))) {}
Alerts::~Alerts() = default;

void Alerts::mount(identity::Guard& guard) {
  alerts::mount(guard, {parts_->service, parts_->preview, parts_->with.clock});
}

void Alerts::start(net::IoThreads& io) { io.spawn("alerts.loop", parts_->loop(*this)); }

void Alerts::issue_appeared(sql::Transaction& tx, const IssueNews& news) {
  Recorder(tx, parts_->with.ids, parts_->with.clock.now()).issue_appeared(news);
}

void Alerts::issue_over(sql::Transaction& tx, const AppId& appid, std::int64_t issue) {
  Recorder(tx, parts_->with.ids, parts_->with.clock.now()).issue_over(appid, issue);
}

Task<void> Alerts::Parts::loop(Alerts& alerts) {
  boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor);
  for (;;) {
    const auto done = co_await alerts.step();
    if (!done) log::warn("alerts.step_failed", {{"code", done.error().code}});
    timer.expires_after(round_every);
    co_await timer.async_wait(boost::asio::use_awaitable);
  }
}

Task<Result<void>> Alerts::step() {
  Parts& parts = *parts_;
  auto take = [&parts](sql::Transaction& tx) -> Result<bool> {
    return sql::take_lease(tx, "alerts", parts.with.owner, lease_ms);
  };
  const auto mine = co_await parts.with.database.write(std::move(take));
  if (!mine) co_return std::unexpected(mine.error());
  if (!*mine) co_return Result<void>{};
  for (const Program& program : co_await parts.with.programs()) {
    parts.teller.name(program.appid, program.name);
    // One mini program that fails does not stop the others.
    if (auto ok = co_await parts.evaluator.welcome(program.appid); !ok) {
      log::warn("alerts.not_welcomed", {{"appid", program.appid.str()}, {"code", ok.error().code}});
      continue;
    }
    if (const auto done = co_await parts.evaluator.evaluate(program.appid); !done)
      log::warn("alerts.not_evaluated", {{"appid", program.appid.str()}, {"code", done.error().code}});
  }
  if (const auto done = co_await parts.teller.remind(); !done) co_return std::unexpected(done.error());
  if (const auto done = co_await parts.teller.tell(); !done) co_return std::unexpected(done.error());
  co_return Result<void>{};
}

}  // namespace miniops::alerts
