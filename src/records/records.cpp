#include "records/records.hpp"

#include <boost/asio/steady_timer.hpp>
#include <condition_variable>

#include "base/log.hpp"
#include "records/eraser.hpp"
#include "records/exporter.hpp"
#include "records/routes.hpp"
#include "records/store.hpp"
#include "records/sweeper.hpp"
#include "storage/sql/lease.hpp"

namespace miniops::records {

namespace {

constexpr TimeMs lease_ms = minute_ms;
constexpr TimeMs tidy_every_ms = minute_ms;
constexpr std::chrono::milliseconds idle_pause{500};
constexpr std::chrono::seconds pause_after_error{5};
constexpr std::chrono::seconds stop_patience{5};
constexpr int disk_threads = 1;
constexpr int disk_jobs_waiting_max = 64;

}  // namespace

struct Records::Parts {
  Parts(const Collaborators& given, std::filesystem::path folder)
      : with(given),
        files(std::move(folder)),
        service({with.database, with.archive, with.erasures, files, workers, with.clock, with.ids}),
        exporter({with.database, with.archive, keepers, files, workers, with.clock, with.listener}, {}),
        sweeper({with.database, with.archive, with.clock}),
        eraser({with.database, keepers, files, with.clock, with.listener}) {}

  Task<void> loop(Records& records);
  void ended() {
    const std::scoped_lock lock(mutex);
    running = false;
    idle.notify_all();
  }

  const Collaborators with;
  net::Workers workers{disk_threads, disk_jobs_waiting_max};
  const ExportFiles files;
  Keepers keepers;
  Service service;
  Exporter exporter;
  Sweeper sweeper;
  Eraser eraser;
  TimeMs tidied_at = 0;
  std::atomic<bool> stopping{false};
  std::mutex mutex;
  std::condition_variable idle;
  bool running = false;
};

Records::Records(const Collaborators& with, std::filesystem::path folder)
    : parts_(std::make_unique<Parts>(with, std::move(folder))) {}
Records::~Records() = default;

void Records::add_keeper(Keeper& keeper) { parts_->keepers.push_back(&keeper); }
void Records::mount(identity::Guard& guard) { records::mount(guard, parts_->service); }

void Records::start(net::IoThreads& io) {
  parts_->running = true;
  io.spawn("records.loop", parts_->loop(*this));
}

void Records::stop() {
  parts_->stopping = true;
  std::unique_lock lock(parts_->mutex);
  parts_->idle.wait_for(lock, stop_patience, [this] { return !parts_->running; });
}

void Records::erase(sql::Transaction& tx, const Person& person, std::string_view asked_by, TimeMs now) {
  const auto id = parts_->with.ids.next_as<ErasureId>();
  ask(tx, parts_->with.erasures, new_erasure(id, person, std::string(asked_by), "", now));
}

Result<std::int64_t> Records::forget(const Person& person) { return parts_->eraser.forget(person); }

Task<Result<bool>> Records::step() {
  Parts& parts = *parts_;
  const TimeMs now = parts.with.clock.now();
  const bool tidies = now - parts.tidied_at >= tidy_every_ms;
  auto look = [now](sql::Transaction& tx) -> Result<bool> { return store::work_waits(tx, now); };
  const auto waits = co_await parts.with.database.read(std::move(look));
  if (!waits || (!*waits && !tidies)) co_return waits;
  auto take = [&parts](sql::Transaction& tx) -> Result<bool> {
    return sql::take_lease(tx, "records", parts.with.owner, lease_ms);
  };
  const auto mine = co_await parts.with.database.write(std::move(take), {.background = true});
  if (!mine || !*mine) co_return mine;
  if (tidies) {
    if (auto tidied = co_await parts.exporter.tidy(); !tidied) co_return std::unexpected(tidied.error());
    parts.tidied_at = now;
  }
  // In turn, so that none lets the others wait; what fails in one does not stop them.
  const auto swept = co_await parts.sweeper.step();
  const auto exported = co_await parts.exporter.step();
  for (const auto* done : {&swept, &exported})
    if (!*done) co_return *done;
  co_return *swept || *exported;
}

Task<void> Records::Parts::loop(Records& records) {
  boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor);
  while (!stopping) {
    std::chrono::milliseconds pause = pause_after_error;
    try {
      const auto more = co_await records.step();
      if (!more) log::warn("records.step_failed", {{"code", more.error().code}});
      if (more) pause = *more ? std::chrono::milliseconds(0) : idle_pause;
    } catch (const std::exception& problem) {
      log::error("records.step_failed", {{"what", problem.what()}});
    }
    // In short naps, so that stop() need not wait.
    for (auto slept = std::chrono::milliseconds(0); slept < pause && !stopping; slept += idle_pause) {
      timer.expires_after(std::min(pause, idle_pause));
      co_await timer.async_wait(boost::asio::use_awaitable);
    }
  }
  ended();
}

}  // namespace miniops::records
