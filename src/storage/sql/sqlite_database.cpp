#include "storage/sql/sqlite_database.hpp"

#include "base/log.hpp"

namespace miniops::sql {

namespace {

// A batch takes what arrives while it runs, and ends so that nobody waits long for its commit.
constexpr auto batch_time_max = std::chrono::milliseconds(10);
// After a lost transaction every closure may be the next culprit, and each costs a run of all the others.
constexpr std::size_t batch_limit_after_loss = 16;
// From so many callers a batch on, urgent closures press, and the background pauses fifty times as long as it worked:
// it costs more than its own time, as each batch that it is in commits many more pages.
constexpr double pressing_callers = 24;
constexpr double released_callers = 12;  // below, they press no more
constexpr int background_pause = 50;
// A batch with background work in it is long, and many callers wait for it at any load: it can only show that they are
// few. Load is told from the others; when there are none, the background rests for a moment, so that there are. It is
// believed quickly and doubted slowly: in a burst, too, many batches are small.
constexpr double rise = 0.4;
constexpr double fall = 0.1;
constexpr auto probe_time = std::chrono::milliseconds(5);
constexpr auto probe_interval = std::chrono::milliseconds(100);

}  // namespace

SqliteDatabase::SqliteDatabase(std::filesystem::path file, const Clock& clock, OpenOptions options)
    : clock_(clock),
      options_(std::move(options)),
      writer_(file, options_.sqlite_vfs, SqliteConnection::Role::writer),
      checkpointer_(file, options_.sqlite_vfs, SqliteConnection::Role::checkpointer),
      batch_limit_(options_.batch_max) {
  for (int i = 0; i < options_.readers; ++i)
    readers_.push_back(std::make_unique<SqliteConnection>(file, options_.sqlite_vfs, SqliteConnection::Role::reader));
  sqlite3_wal_hook(writer_.handle(), &SqliteDatabase::on_wal_growth, this);
  threads_.emplace_back([this] { write_loop(); });
  threads_.emplace_back([this] { checkpoint_loop(); });
  for (auto& reader : readers_) threads_.emplace_back([this, &reader] { read_loop(*reader); });
}

SqliteDatabase::~SqliteDatabase() { SqliteDatabase::stop(); }

void SqliteDatabase::stop() {
  writes_.close();
  reads_.close();
  {
    const std::lock_guard lock(checkpoint_mutex_);
    closing_ = true;
  }
  checkpoint_wake_.notify_all();
  for (auto& thread : threads_) thread.join();
  threads_.clear();
}

void SqliteDatabase::notify(std::string topic, std::string payload) {
  notices_.notify(std::move(topic), std::move(payload));
}

void SqliteDatabase::listen(std::string topic, Listener listener) {
  notices_.listen(std::move(topic), std::move(listener));
}

Database::Health SqliteDatabase::health() const { return health_.read(writes_.size()); }

void SqliteDatabase::submit_write(Job job) { writes_.push(std::move(job)); }
void SqliteDatabase::submit_read(Job job) { reads_.push(std::move(job)); }

// ---- the writer ----

void SqliteDatabase::write_loop() {
  while (auto first = writes_.wait(background_from_)) run_batch(std::move(*first));
}

void SqliteDatabase::note_load(const Batch& batch) {
  const bool background = batch.background_time.count() > 0;
  const bool undisturbed = !background && !disturbed_;
  disturbed_ = background;
  const auto callers = static_cast<double>(batch.urgent_callers);
  const double weight = callers < urgent_callers_ ? fall : undisturbed ? rise : 0;
  urgent_callers_ += weight * (callers - urgent_callers_);
  pressing_ = urgent_callers_ >= (pressing_ ? released_callers : pressing_callers);
  if (!background) return;
  const auto now = std::chrono::steady_clock::now();
  if (pressing_) {
    background_from_ = now + background_pause * batch.background_time;
  } else if (callers >= pressing_callers && now >= next_probe_) {
    background_from_ = now + probe_time;
    next_probe_ = now + probe_interval;
  }
}

void SqliteDatabase::run_batch(Job first) {
  Batch batch;
  std::unique_lock gate(write_gate_);
  try {
    writer_.control("BEGIN IMMEDIATE");
  } catch (const EngineFailure& failure) {
    roll_back_all();
    note(failure);
    first.done(std::unexpected(to_error(failure)));
    return;
  }
  auto now = std::chrono::steady_clock::now();
  const auto end = now + batch_time_max;
  std::optional<Job> job(std::move(first));
  do {
    const auto started = now;
    const bool background = job->options.background;
    if (run_in_savepoint(batch, std::move(*job)) == Step::transaction_lost) {
      gate.unlock();
      recover(batch);
      return;
    }
    now = std::chrono::steady_clock::now();
    if (const auto& callers = batch.jobs.back().options.waiting_for_it) batch.urgent_callers += callers();
    if (background) batch.background_time += now - started;
    const bool full = batch.jobs.size() >= batch_limit_ || now >= end;
    // One closure of the background a batch, when others press.
    const bool more_background = !background || !pressing_;
    job = full ? std::nullopt : writes_.try_pop(more_background ? background_from_ : JobQueue::Time::max());
  } while (job);
  commit(batch);
  gate.unlock();
  note_load(batch);
  for (std::size_t i = 0; i < batch.jobs.size(); ++i) batch.jobs[i].done(std::move(batch.results[i]));
}

SqliteDatabase::Step SqliteDatabase::run_in_savepoint(Batch& batch, Job job) {
  clean_operations(job);
  batch.jobs.push_back(std::move(job));
  Result<void>& result = batch.results.emplace_back();
  try {
    writer_.control("SAVEPOINT closure");
    SqliteTransaction tx(writer_, clock_);
    Ran ran = run_closure(batch.jobs.back(), tx, clock_.now());
    result = std::move(ran.result);
    if (ran.failure == EngineFailure::Kind::full || ran.failure == EngineFailure::Kind::lost)
      health_.broke(result.error().message);
    // FULL, IOERR and NOMEM may have ended the whole transaction; what ran now would run in autocommit.
    if (!writer_.in_transaction()) return Step::transaction_lost;
    if (!result) return roll_back_savepoint();
    writer_.control("RELEASE closure");
    return Step::kept;
  } catch (const EngineFailure& failure) {
    note(failure);
    result = std::unexpected(to_error(failure));
    return writer_.in_transaction() ? roll_back_savepoint() : Step::transaction_lost;
  }
}

SqliteDatabase::Step SqliteDatabase::roll_back_savepoint() {
  try {
    writer_.control("ROLLBACK TO closure");
    writer_.control("RELEASE closure");
    return writer_.in_transaction() ? Step::kept : Step::transaction_lost;
  } catch (const EngineFailure& failure) {
    note(failure);
    return Step::transaction_lost;
  }
}

void SqliteDatabase::commit(Batch& batch) {
  try {
    writer_.control("COMMIT");
    batch_limit_ = options_.batch_max;
    health_.committed(static_cast<std::int64_t>(batch.jobs.size()));
  } catch (const EngineFailure& failure) {
    roll_back_all();
    batch_limit_ = batch_limit_after_loss;
    note(failure);
    fail_all(batch, failure);
  }
}

// The transaction is gone, and with it what the others of the batch wrote: the last closure fails, they run again.
void SqliteDatabase::recover(Batch& batch) {
  roll_back_all();
  batch_limit_ = batch_limit_after_loss;
  Job culprit = std::move(batch.jobs.back());
  Result<void> result = std::move(batch.results.back());
  batch.jobs.pop_back();
  for (std::size_t i = 0; i < batch.jobs.size(); ++i) health_.retried();
  writes_.push_again(std::move(batch.jobs));
  if (result) result = std::unexpected(to_error({EngineFailure::Kind::lost, "the transaction ended"}));
  culprit.done(std::move(result));
}

void SqliteDatabase::roll_back_all() {
  if (!writer_.in_transaction()) return;
  try {
    writer_.control("ROLLBACK");
  } catch (const EngineFailure& failure) {
    note(failure);  // SQLite ends the transaction also when ROLLBACK reports an error
  }
}

void SqliteDatabase::fail_all(Batch& batch, const EngineFailure& failure) {
  // A log that could not be synced was written all the same: it is not read on, but may be found after a crash.
  const bool unsure = failure.kind() == EngineFailure::Kind::lost;
  for (auto& result : batch.results) result = std::unexpected(unsure ? outcome_unknown() : to_error(failure));
}

void SqliteDatabase::note(const EngineFailure& failure) {
  log::error("storage.write_failed", {{"problem", failure.what()}});
  health_.broke(to_error(failure).message);
}

void SqliteDatabase::clean_operations(const Job& job) {
  if (job.options.operation_id.empty() || ++operations_since_cleaning_ < operations_between_cleanings) return;
  operations_since_cleaning_ = 0;
  Job cleaning;
  cleaning.body = [this](Transaction& tx) { return forget_old_operations(tx, clock_.now()); };
  cleaning.done = [](Result<void>) {};
  writes_.push(std::move(cleaning));
}

// ---- readers ----

void SqliteDatabase::read_loop(SqliteConnection& connection) {
  while (auto job = reads_.wait()) run_read(connection, *job);
}

void SqliteDatabase::run_read(SqliteConnection& connection, Job& job) {
  Result<void> result;
  try {
    connection.control("BEGIN");  // the first query takes the snapshot
    SqliteTransaction tx(connection, clock_);
    result = run_closure(job, tx, clock_.now()).result;
    if (connection.in_transaction()) connection.control("ROLLBACK");
  } catch (const EngineFailure& failure) {
    log::error("storage.read_failed", {{"problem", failure.what()}});
    if (result) result = std::unexpected(to_error(failure));
  }
  job.done(std::move(result));
}

// ---- checkpoints ----

int SqliteDatabase::on_wal_growth(void* self, sqlite3*, const char*, int pages) {
  auto& database = *static_cast<SqliteDatabase*>(self);
  if (pages < database.options_.checkpoint_pages) return SQLITE_OK;
  const std::lock_guard lock(database.checkpoint_mutex_);
  database.checkpoint_due_ = true;
  database.checkpoint_wake_.notify_one();
  return SQLITE_OK;
}

void SqliteDatabase::checkpoint_loop() {
  std::unique_lock lock(checkpoint_mutex_);
  for (;;) {
    checkpoint_wake_.wait(lock, [this] { return closing_ || checkpoint_due_; });
    if (closing_) return;
    checkpoint_due_ = false;
    lock.unlock();
    checkpoint();
    lock.lock();
  }
}

// Most of the log is copied beside the writer; then the writer waits for the few pages that came meanwhile, and the
// log begins anew. Without the second step it would grow for as long as writes keep coming.
void SqliteDatabase::checkpoint() {
  int code = sqlite3_wal_checkpoint_v2(checkpointer_.handle(), nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
  if (code == SQLITE_OK) {
    const std::lock_guard gate(write_gate_);
    sqlite3_busy_timeout(checkpointer_.handle(), 20);  // readers of the old log are waited for this long
    code = sqlite3_wal_checkpoint_v2(checkpointer_.handle(), nullptr, SQLITE_CHECKPOINT_RESTART, nullptr, nullptr);
  }
  if (code != SQLITE_OK && (code & 0xff) != SQLITE_BUSY)
    log::warn("storage.checkpoint_failed", {{"sqlite", code}, {"problem", sqlite3_errmsg(checkpointer_.handle())}});
}

}  // namespace miniops::sql
