#include "reports/reports.hpp"

#include <boost/asio/steady_timer.hpp>

#include "base/log.hpp"
#include "reports/keeper.hpp"
#include "reports/routes.hpp"
#include "storage/sql/lease.hpp"

namespace miniops::reports {

namespace {

constexpr TimeMs lease_ms = 30 * second_ms;
constexpr std::chrono::seconds round_every{1};
constexpr int steps_together = 50;

}  // namespace

struct Reports::Parts {
  explicit Parts(Collaborators given)
      : with(std::move(given)),
        keeper({with.database, with.clock, with.source}),
        service({with.database, with.clock, with.ids, with.source, with.programs}) {}

  const Collaborators with;
  Keeper keeper;
  ReportService service;

  Task<void> loop(Reports& reports);
};

Reports::Reports(Collaborators with) : parts_(std::make_unique<Parts>(std::move(with))) {}
Reports::~Reports() = default;

void Reports::mount(identity::Guard& guard) { reports::mount(guard, parts_->service); }
void Reports::start(net::IoThreads& io) { io.spawn("reports.loop", parts_->loop(*this)); }

Task<void> Reports::Parts::loop(Reports& reports) {
  boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor);
  for (;;) {
    bool more = false;
    try {
      const auto done = co_await reports.step();
      more = done && *done;
      if (!done) log::warn("reports.step_failed", {{"code", done.error().code}});
    } catch (const std::exception& problem) {
      log::error("reports.step_failed", {{"what", problem.what()}});
    }
    if (more) continue;
    timer.expires_after(round_every);
    co_await timer.async_wait(boost::asio::use_awaitable);
  }
}

// What changed goes first; what takes long, a piece at a time.
Task<Result<bool>> Reports::step() {
  Keeper& keeper = parts_->keeper;
  auto take = [this](sql::Transaction& tx) -> Result<bool> {
    return sql::take_lease(tx, "reports", parts_->with.owner, lease_ms);
  };
  const auto mine = co_await parts_->with.database.write(std::move(take));
  if (!mine || !*mine) co_return mine;
  bool behind = true;
  for (int i = 0; behind && i < steps_together; ++i) {
    const auto more = co_await keeper.derive_step();
    if (!more) co_return more;
    behind = *more;
  }
  const auto rebuilding = co_await keeper.rebuild_step();
  if (!rebuilding) co_return rebuilding;
  const auto packing = co_await keeper.pack_step();
  if (!packing) co_return packing;
  co_return behind || *rebuilding || *packing;
}

}  // namespace miniops::reports
