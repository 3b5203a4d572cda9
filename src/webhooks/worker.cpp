#include "webhooks/worker.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/this_coro.hpp>

#include "base/log.hpp"
#include "identity/audit.hpp"
#include "live/change_log.hpp"
#include "storage/sql/config_version.hpp"

namespace miniops::webhooks {

namespace {

constexpr std::chrono::milliseconds poll{500};
constexpr std::chrono::milliseconds record_pause{500};
constexpr std::chrono::seconds stop_grace{5};
constexpr TimeMs prune_every_ms = 10 * minute_ms;
constexpr int pruned_at_once = 100;

Task<void> pause(std::chrono::milliseconds time) {
  boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor, time);
  co_await timer.async_wait(boost::asio::use_awaitable);
}

}  // namespace

Worker::Worker(const Collaborators& with, boost::asio::any_io_executor executor, Settings settings)
    : with_(with), executor_(std::move(executor)), settings_(settings), hosts_(settings.limits) {}

// ---- sending ----

Task<Result<int>> Worker::claim_step() {
  if (stopping_) co_return 0;
  const TimeMs now = with_.clock.now();
  auto look = [now](sql::Transaction& tx) -> Result<std::vector<store::Due>> { return store::due(tx, now); };
  const auto due = co_await with_.database.read(std::move(look));
  if (!due) co_return std::unexpected(due.error());
  int count = 0;
  for (const store::Due& one : *due) {
    const int places = hosts_.free(one.host, now);
    if (places == 0) continue;
    auto work = [id = one.subscription, places, now](sql::Transaction& tx) -> Result<Claimed> {
      return claim(tx, id, places, now);
    };
    auto claimed = co_await with_.database.write(std::move(work));
    // In conflict with another node: nothing is claimed, and the next look tells who was faster.
    if (!claimed && claimed.error().code == "storage.conflict") continue;
    if (!claimed) co_return std::unexpected(claimed.error());
    count += claimed->dropped + static_cast<int>(claimed->jobs.size());
    for (Job& job : claimed->jobs) {
      hosts_.begin(job.subscription.host, now);
      boost::asio::co_spawn(executor_, deliver(std::move(job)), boost::asio::detached);
    }
  }
  co_return count;
}

Task<void> Worker::deliver(Job job) {
  const auto shared = std::make_shared<const Job>(std::move(job));
  try {
    Call call{shared->delivery.event, shared->delivery.kind, shared->body};
    Outcome outcome = co_await with_.sender.send(shared->subscription, std::move(call));
    co_await record(shared, std::move(outcome));
  } catch (const std::exception& problem) {
    // Its claim lapses, and it is tried again.
    log::error("webhooks.send_threw", {{"subscription", shared->subscription.id.str()}, {"problem", problem.what()}});
  }
  wake();
  const std::scoped_lock lock(mutex_);
  hosts_.end(shared->subscription.host);
  changed_.notify_all();
}

// What was sent must be written down, or it is sent again: it is tried until the database takes it or the claim lapses.
Task<void> Worker::record(std::shared_ptr<const Job> job, Outcome outcome) {
  const std::uint64_t random = with_.random.number();
  const TimeMs lapses_at = job->delivery.last_at + lease_ms;
  for (;;) {
    const TimeMs now = with_.clock.now();
    auto work = [=](sql::Transaction& tx) -> Result<Verdict> { return settle(tx, *job, outcome, now, random); };
    const auto verdict = co_await with_.database.write(std::move(work));
    if (verdict) {
      if (*verdict != Verdict::fine) co_await switch_off(job, std::move(outcome), *verdict);
      co_return;
    }
    log::warn("webhooks.not_recorded", {{"event", job->delivery.event.str()}, {"code", verdict.error().code}});
    if (stopping_ || now >= lapses_at) co_return;
    co_await pause(record_pause);
  }
}

// Should this be lost, the next delivery that fails for good does it.
Task<void> Worker::switch_off(std::shared_ptr<const Job> job, Outcome outcome, Verdict verdict) {
  const TimeMs now = with_.clock.now();
  const std::int64_t notice_id = with_.ids.next(), audit_id = with_.ids.next(), change_id = with_.ids.next();
  const std::string reason = verdict == Verdict::gone ? "gone" : "failing";
  auto work = [=](sql::Transaction& tx) -> Result<void> {
    const Subscription& one = job->subscription;
    if (!store::switch_off(tx, one.id, reason, now)) return {};
    store::insert_notice(tx, {notice_id, one.appid, one.id, now, reason, outcome.detail});
    identity::audit(
        tx, identity::Access::system(one.appid, "webhooks"),
        {audit_id, now, "webhooks.subscription.switch_off", "webhook:" + one.id.str(), {{"reason", {{"to", reason}}}}});
    live::append_change(tx, change_id, now,
                        {one.appid,
                         "webhooks",
                         identity::Permission::desk_configure,
                         {{"id", one.id.str()}, {"switched_off", reason}}});
    sql::raise_config_version(tx);
    return {};
  };
  const auto done = co_await with_.database.write(std::move(work));
  log::warn("webhooks.switched_off", {{"subscription", job->subscription.id.str()},
                                      {"reason", reason},
                                      {"code", done ? std::string() : done.error().code}});
}

// ---- the loop ----

Task<Result<bool>> Worker::prune_step() {
  const TimeMs before = with_.clock.now() - settings_.keep_ms;
  auto work = [before](sql::Transaction& tx) -> Result<bool> {
    return store::prune(tx, before, pruned_at_once) == pruned_at_once;
  };
  co_return co_await with_.database.write(std::move(work));
}

Task<void> Worker::step() {
  const auto claimed = co_await claim_step();
  if (!claimed) log::warn("webhooks.step_failed", {{"step", "claim"}, {"code", claimed.error().code}});
  const TimeMs now = with_.clock.now();
  if (now - pruned_at_ < prune_every_ms) co_return;
  const auto more = co_await prune_step();
  if (!more) log::warn("webhooks.step_failed", {{"step", "prune"}, {"code", more.error().code}});
  if (!more || !*more) pruned_at_ = now;
}

Task<void> Worker::run() {
  {
    const std::scoped_lock lock(mutex_);
    running_ = true;
  }
  while (!stopping_) {
    try {
      co_await step();
    } catch (const std::exception& problem) {
      log::error("webhooks.step_threw", {{"problem", problem.what()}});
    }
    if (!stopping_) co_await wakeup_.wait(poll);
  }
  const std::scoped_lock lock(mutex_);
  running_ = false;
  changed_.notify_all();
}

void Worker::wake() { wakeup_.wake(); }

void Worker::stop() {
  stopping_ = true;
  wake();
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, stop_grace, [this] { return !running_ && hosts_.under_way() == 0; });
}

// Whoever sees 0 may destroy this: the last deliver() has let go of it.
int Worker::under_way() const {
  const std::scoped_lock lock(mutex_);
  return hosts_.under_way();
}

Task<Result<void>> Worker::drain() {
  for (;;) {
    const bool idle = under_way() == 0;
    const auto count = co_await claim_step();
    if (!count) co_return std::unexpected(count.error());
    if (idle && *count == 0) co_return Result<void>{};
    co_await pause(std::chrono::milliseconds(1));
  }
}

}  // namespace miniops::webhooks
