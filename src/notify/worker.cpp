#include "notify/worker.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>

#include "base/log.hpp"
#include "storage/sql/lease.hpp"

namespace miniops::notify {

namespace {

constexpr int chunk = 50;
constexpr TimeMs look_after_ms = 3 * second_ms;
constexpr TimeMs prune_every_ms = 10 * minute_ms;
constexpr std::chrono::milliseconds record_pause{500};
constexpr std::chrono::seconds stop_grace{5};

Task<void> pause(std::chrono::milliseconds time) {
  boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor, time);
  co_await timer.async_wait(boost::asio::use_awaitable);
}

template <class T>
void log_failure(std::string_view what, const Result<T>& done) {
  if (!done) log::warn("notify.step_failed", {{"step", what}, {"code", done.error().code}});
}

}  // namespace

Worker::Worker(sql::Database& database, Sender& sender, const Clock& clock, Random& random,
               boost::asio::any_io_executor executor, Settings settings)
    : database_(database),
      sender_(sender),
      clock_(clock),
      random_(random),
      executor_(std::move(executor)),
      settings_(std::move(settings)),
      timer_(std::make_shared<boost::asio::steady_timer>(executor_)) {}

// ---- sending ----

Task<Result<int>> Worker::claim_step() {
  if (stopping_) co_return 0;
  const TimeMs now = clock_.now();
  auto look = [this, now](sql::Transaction& tx) -> Result<std::vector<DueChannel>> {
    return channels_due(tx, now, settings_.channels_max);
  };
  const auto due = co_await database_.read(std::move(look));
  if (!due) co_return std::unexpected(due.error());
  int looked_at = 0;
  for (const DueChannel& one : *due) {
    {
      const std::scoped_lock lock(mutex_);
      if (!in_hand_.insert(one.channel).second) continue;
    }
    // Whether another node was faster is seen in the transaction itself.
    auto work = [this, one, now](sql::Transaction& tx) -> Result<std::optional<Job>> {
      if (something_claimed(tx, one.channel)) return std::nullopt;
      return claim(tx, one, settings_.owner, settings_.digest_max, now);
    };
    auto job = co_await database_.write(std::move(work));
    ++looked_at;
    if (job && *job) {
      boost::asio::co_spawn(executor_, deliver(std::move(**job)), boost::asio::detached);
      continue;
    }
    const std::scoped_lock lock(mutex_);
    in_hand_.erase(one.channel);
    // In conflict with another node: nothing is stored, and the next look tells who was faster.
    if (!job && job.error().code != "storage.conflict") co_return std::unexpected(job.error());
  }
  co_return looked_at;
}

Task<void> Worker::deliver(Job job) {
  const ChannelId channel = job.channel.id;
  Attempted attempted{Outcome::uncertain("the server failed while this was being sent"), {}};
  try {
    Message message = message_of(job.message_id(), job.channel.language, job.items);
    attempted = co_await sender_.send(job.channel, std::move(message));
  } catch (const std::exception& problem) {
    log::error("notify.send_threw", {{"channel", channel.str()}, {"problem", problem.what()}});
  }
  co_await record(std::move(job), std::move(attempted));
  {
    const std::scoped_lock lock(mutex_);
    in_hand_.erase(channel);
  }
  changed_.notify_all();
  wake();
}

// What was sent must be written down, or it is sent again: it is tried until the database takes it.
Task<void> Worker::record(Job job, Attempted attempted) {
  const std::uint64_t random = random_.number();
  const auto shared = std::make_shared<const std::pair<Job, Attempted>>(std::move(job), std::move(attempted));
  for (;;) {
    const TimeMs now = clock_.now();
    auto work = [this, shared, now, random](sql::Transaction& tx) -> Result<void> {
      const auto& [sent, result] = *shared;
      bool settled = false;
      for (const Delivery& delivery : sent.deliveries) {
        auto row = load_delivery(tx, delivery.notification, delivery.position);
        // Taken for dead and recovered by another process: its history is written already.
        if (!row || row->claim_owner != settings_.owner || row->attempts != delivery.attempts) continue;
        settle(tx, sent.channel, std::move(*row), result, now, random);
        settled = true;
      }
      if (settled) note_attempt(tx, sent.channel, result.outcome, now);
      return {};
    };
    const auto recorded = co_await database_.write(std::move(work));
    if (recorded) co_return;
    log::warn("notify.not_recorded", {{"channel", shared->first.channel.id.str()}, {"code", recorded.error().code}});
    if (stopping_) co_return;  // the next start makes it uncertain
    co_await pause(record_pause);
  }
}

int Worker::under_way() const {
  const std::scoped_lock lock(mutex_);
  return static_cast<int>(in_hand_.size());
}

// ---- looking after ----

Task<Result<int>> Worker::overdue_step() {
  const TimeMs now = clock_.now();
  auto look = [now](sql::Transaction& tx) -> Result<bool> { return !find_overdue(tx, now, 1).empty(); };
  const auto any = co_await database_.read(std::move(look));
  if (!any) co_return std::unexpected(any.error());
  if (!*any) co_return 0;
  auto work = [now](sql::Transaction& tx) -> Result<int> {
    auto over = find_overdue(tx, now, chunk);
    for (Delivery& delivery : over) overdue(tx, std::move(delivery), now);
    return static_cast<int>(over.size());
  };
  co_return co_await database_.write(std::move(work));
}

Task<Result<void>> Worker::alive_step() {
  auto work = [this](sql::Transaction& tx) -> Result<void> {
    sql::take_lease(tx, worker_lease(settings_.owner), settings_.owner, settings_.alive_ms);
    return {};
  };
  co_return co_await database_.write(std::move(work));
}

Task<Result<int>> Worker::recover_step() {
  std::set<ChannelId> in_hand;
  {
    const std::scoped_lock lock(mutex_);
    in_hand = in_hand_;
  }
  auto look = [this, in_hand](sql::Transaction& tx) -> Result<bool> {
    if (!claimed_by_others(tx, settings_.owner, 1).empty()) return true;
    const auto own = claimed_by(tx, settings_.owner);
    return !std::ranges::all_of(own, [&](const Delivery& one) { return in_hand.contains(one.channel); });
  };
  const auto any = co_await database_.read(std::move(look));
  if (!any) co_return std::unexpected(any.error());
  if (!*any) co_return 0;
  const TimeMs now = clock_.now();
  const std::uint64_t random = random_.number();
  auto work = [this, in_hand, now, random](sql::Transaction& tx) -> Result<int> {
    return recover(tx, {settings_.owner, settings_.alone, in_hand}, now, random);
  };
  auto recovered = co_await database_.write(std::move(work));
  if (recovered && *recovered > 0) log::warn("notify.recovered", {{"deliveries", *recovered}});
  co_return recovered;
}

Task<Result<int>> Worker::prune_step() {
  const TimeMs before = clock_.now() - settings_.keep_ms;
  auto work = [before](sql::Transaction& tx) -> Result<int> { return static_cast<int>(prune(tx, before, chunk)); };
  co_return co_await database_.write(std::move(work));
}

// ---- the loop ----

Task<void> Worker::step() {
  const TimeMs now = clock_.now();
  if (now - looked_after_at_ >= look_after_ms) {
    looked_after_at_ = now;
    if (!settings_.alone) log_failure("alive", co_await alive_step());
    log_failure("recover", co_await recover_step());
    log_failure("overdue", co_await overdue_step());
  }
  if (now - pruned_at_ >= prune_every_ms) {
    pruned_at_ = now;
    log_failure("prune", co_await prune_step());
  }
  log_failure("claim", co_await claim_step());
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
      log::error("notify.step_threw", {{"problem", problem.what()}});
    }
    if (stopping_) break;
    timer_->expires_after(std::chrono::milliseconds(settings_.poll_ms));
    co_await timer_->async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
  }
  {
    const std::scoped_lock lock(mutex_);
    running_ = false;
  }
  changed_.notify_all();
}

// A wake that comes while the loop works is not kept: what is due is then found at the next look.
void Worker::wake() {
  boost::asio::post(executor_, [timer = timer_] { timer->cancel(); });
}

void Worker::stop() {
  stopping_ = true;
  wake();
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, stop_grace, [this] { return !running_ && in_hand_.empty(); });
}

Task<Result<void>> Worker::drain() {
  for (;;) {
    const bool idle = under_way() == 0;
    const auto looked_at = co_await claim_step();
    if (!looked_at) co_return std::unexpected(looked_at.error());
    if (idle && *looked_at == 0) co_return Result<void>{};
    co_await pause(std::chrono::milliseconds(1));
  }
}

}  // namespace miniops::notify
