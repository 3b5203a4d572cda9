#include "gateway/journal.hpp"

#include <atomic>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/steady_timer.hpp>
#include <limits>

#include "base/log.hpp"
#include "gateway/errors.hpp"
#include "gateway/journal_store.hpp"

namespace miniops::gateway {

// One request that waits for its push to be durable. Answered once, by the batch or by its deadline.
struct Journal::Waiter {
  JournalEntry entry;
  TimeMs deadline = 0;
  std::atomic<bool> answered{false};
  std::move_only_function<void(Result<AppendOutcome>)> done;

  void answer(Result<AppendOutcome> outcome) {
    if (!answered.exchange(true)) done(std::move(outcome));
  }
};

int partition_of(const AppId& appid, const OpenId& openid, sql::Engine engine) {
  // FNV-1a. Part of the stored format: an entry's partition must never change.
  std::uint64_t hash = 14695981039346656037ULL;
  const auto mix = [&hash](std::string_view text) {
    for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
    hash = (hash ^ 0xFFU) * 1099511628211ULL;
  };
  mix(appid.str());
  mix(openid.str());
  return static_cast<int>((hash ^ (hash >> 32)) % static_cast<unsigned>(partitions(engine)));
}

Journal::Journal(sql::Database& database, const Clock& clock, boost::asio::any_io_executor executor, Settings settings)
    : database_(database),
      clock_(clock),
      executor_(std::move(executor)),
      settings_(settings),
      batch_limit_(settings.batch_max) {}

Task<Result<AppendOutcome>> Journal::append(JournalEntry entry, TimeMs deadline) {
  auto waiter = std::make_shared<Waiter>();
  waiter->entry = std::move(entry);
  waiter->entry.partition = partition_of(waiter->entry.appid, waiter->entry.openid, database_.engine());
  waiter->deadline = deadline;
  auto initiate = [&](auto handler) {
    auto executor = boost::asio::get_associated_executor(handler);
    auto held = std::make_shared<decltype(handler)>(std::move(handler));
    auto guard = boost::asio::make_work_guard(executor);
    waiter->done = [held, executor, guard = std::move(guard)](Result<AppendOutcome> outcome) mutable {
      auto kept = std::make_shared<Result<AppendOutcome>>(std::move(outcome));
      boost::asio::post(executor, [held, kept]() mutable { std::move (*held)(std::move(*kept)); });
      guard.reset();
    };
    enqueue(waiter);
  };
  auto token = boost::asio::use_awaitable;
  using Token = const boost::asio::use_awaitable_t<>;
  auto answer = boost::asio::async_initiate<Token, void(Result<AppendOutcome>)>(initiate, token);
  co_return co_await std::move(answer);
}

void Journal::enqueue(WaiterPtr waiter) {
  bool start = false;
  {
    const std::scoped_lock lock(mutex_);
    if (waiting_.size() >= settings_.waiting_max) {
      waiter->answer(fail(errors::not_stored()));
      return;
    }
    waiting_.push_back(std::move(waiter));
    if (in_flight_ < settings_.in_flight_max) {
      ++in_flight_;
      start = true;
    }
  }
  if (start) boost::asio::co_spawn(executor_, run_batches(), boost::asio::detached);
}

// Whether anybody waits for the next batch; otherwise the loop that asks ends.
bool Journal::more_or_end() {
  const std::scoped_lock lock(mutex_);
  if (waiting_.empty()) --in_flight_;
  return !waiting_.empty();
}

// Called by the closure when it runs, not when it is queued: what came while it waited for its turn goes along. A
// closure that runs again has its entries already.
void Journal::fill(const BatchPtr& batch) {
  const std::scoped_lock lock(mutex_);
  if (!batch->empty()) return;
  while (!waiting_.empty() && batch->size() < batch_limit_) {
    // Whose deadline has passed is not tried any more: the connection is closed, WeChat will come again.
    if (!waiting_.front()->answered) batch->push_back(std::move(waiting_.front()));
    waiting_.pop_front();
  }
  if (!batch->empty()) committing_.push_back(batch);
}

// A batch that failed goes to the front again, in halves; an entry that fails alone goes to the end.
void Journal::put_back(std::vector<WaiterPtr> batch) {
  const std::scoped_lock lock(mutex_);
  if (batch.empty()) return;
  batch_limit_ = std::max<std::size_t>(1, batch.size() / 2);
  if (batch.size() == 1) {
    waiting_.push_back(std::move(batch.front()));
  } else {
    waiting_.insert(waiting_.begin(), std::make_move_iterator(batch.begin()), std::make_move_iterator(batch.end()));
  }
}

Task<void> Journal::run_batches() {
  while (more_or_end()) {
    const auto batch = std::make_shared<std::vector<WaiterPtr>>();
    auto work = [this, batch](sql::Transaction& tx) -> Result<std::vector<AppendOutcome>> {
      fill(batch);
      std::vector<const JournalEntry*> entries;
      entries.reserve(batch->size());
      for (const WaiterPtr& waiter : *batch) entries.push_back(&waiter->entry);
      return append_entries(tx, entries);
    };
    sql::WriteOptions options;
    options.urgent = true;
    options.waiting_for_it = [batch] { return batch->size(); };
    options.isolation = sql::Isolation::read_committed;
    auto outcomes = co_await database_.write(std::move(work), std::move(options));
    {
      const std::scoped_lock lock(mutex_);
      std::erase(committing_, batch);
    }
    if (outcomes) {
      bool stored = false;
      for (std::size_t i = 0; i < batch->size(); ++i) {
        stored = stored || (*outcomes)[i] == AppendOutcome::stored;
        (*batch)[i]->answer((*outcomes)[i]);
      }
      {
        const std::scoped_lock lock(mutex_);
        batch_limit_ = std::min(settings_.batch_max, batch_limit_ * 2);
      }
      if (stored && listener_) listener_();
      continue;
    }
    log::warn("journal.append_failed", {{"code", outcomes.error().code}, {"entries", batch->size()}});
    put_back(std::move(*batch));
    boost::asio::steady_timer pause(executor_, std::chrono::milliseconds(settings_.pause_after_failure_ms));
    co_await pause.async_wait(boost::asio::use_awaitable);
  }
}

void Journal::expire_waiting() {
  const TimeMs now = clock_.now();
  std::vector<WaiterPtr> late;
  {
    const std::scoped_lock lock(mutex_);
    for (const WaiterPtr& waiter : waiting_) {
      if (waiter->deadline <= now && !waiter->answered) late.push_back(waiter);
    }
    for (const auto& batch : committing_) {
      for (const WaiterPtr& waiter : *batch) {
        if (waiter->deadline <= now && !waiter->answered) late.push_back(waiter);
      }
    }
  }
  for (const WaiterPtr& waiter : late) waiter->answer(fail(errors::not_stored()));
}

std::size_t Journal::waiting() const {
  const std::scoped_lock lock(mutex_);
  return waiting_.size();
}

Task<Result<bool>> Journal::clean_step(std::vector<std::string> consumers, int partition) {
  constexpr int chunk = 200;
  const TimeMs before = clock_.now() - journal_kept_ms;
  auto work = [consumers = std::move(consumers), partition, before](sql::Transaction& tx) -> Result<bool> {
    std::int64_t passed = std::numeric_limits<std::int64_t>::max();
    for (const std::string& consumer : consumers) {
      const auto row = tx.query_one(
          "SELECT position FROM gateway_cursors WHERE consumer = $1 AND partition_number = $2", {consumer, partition});
      passed = std::min(passed, row ? row->integer(0) : 0);
    }
    const std::int64_t last_possible = entry_id_of(1, 0) - 1;
    return delete_old_entries(tx, partition, std::min(passed, last_possible), before, chunk);
  };
  co_return co_await database_.write(std::move(work));
}

}  // namespace miniops::gateway
