#include "storage/sql/postgres_database.hpp"

#include "base/log.hpp"

namespace miniops::sql {

namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr int runs_max = 6;  // one, and five more on conflicts
constexpr int reconnects_max = 2;
constexpr auto down_pause = std::chrono::milliseconds(100);  // nobody else waits for a connect that just failed
constexpr auto settle_time_max = std::chrono::seconds(8);    // a restarting server is back by then
constexpr auto settle_interval = std::chrono::milliseconds(100);

std::unexpected<Error> unavailable() {
  return std::unexpected(to_error({EngineFailure::Kind::lost, "connection lost"}));
}

}  // namespace

PostgresDatabase::PostgresDatabase(std::string address, const Clock& clock, OpenOptions options)
    : address_(std::move(address)), clock_(clock), options_(std::move(options)), notices_(address_) {
  Connection first = std::make_unique<PostgresConnection>(address_);  // a wrong address is told at once
  if (PQserverVersion(first->handle()) < 150000)
    throw EngineFailure(EngineFailure::Kind::lost, "PostgreSQL 15 or newer is needed");
  for (int i = 0; i < options_.readers; ++i) threads_.emplace_back([this] { work(); });
}

PostgresDatabase::~PostgresDatabase() { PostgresDatabase::stop(); }

void PostgresDatabase::stop() {
  jobs_.close();
  for (auto& thread : threads_) thread.join();
  threads_.clear();
}

void PostgresDatabase::notify(std::string topic, std::string payload) {
  notices_.notify(std::move(topic), std::move(payload));
}

void PostgresDatabase::listen(std::string topic, Listener listener) {
  notices_.listen(std::move(topic), std::move(listener));
}

Database::Health PostgresDatabase::health() const { return health_.read(jobs_.size()); }

void PostgresDatabase::submit_write(Job job) {
  clean_operations(job);
  jobs_.push(std::move(job));
}

void PostgresDatabase::submit_read(Job job) {
  job.reads_only = true;
  jobs_.push(std::move(job));
}

void PostgresDatabase::work() {
  Connection connection;
  while (auto job = jobs_.wait()) {
    Result<void> result = run_job(connection, *job);
    if (!result && result.error().code == "storage.unavailable") health_.broke(result.error().message);
    job->done(std::move(result));
  }
}

bool PostgresDatabase::connect(Connection& connection) {
  if (connection && !connection->lost()) return true;
  connection.reset();
  if (SteadyClock::now().time_since_epoch().count() < down_until_.load()) return false;
  try {
    connection = std::make_unique<PostgresConnection>(address_);
    return true;
  } catch (const EngineFailure& failure) {
    log::error("storage.connect_failed", {{"problem", failure.what()}});
    down_until_ = (SteadyClock::now() + down_pause).time_since_epoch().count();
    return false;
  }
}

Result<void> PostgresDatabase::run_job(Connection& connection, Job& job) {
  int reconnects = 0;
  for (int runs = 1;; ++runs) {
    if (!connect(connection)) return unavailable();
    Attempt done = attempt(*connection, job);
    switch (done.next) {
      case Next::finished:
        return std::move(done.result);
      case Next::again:
        health_.retried();
        if (runs >= runs_max) return std::move(done.result);
        pause_before_retry(runs);
        break;
      case Next::lost_before_commit:
        connection.reset();
        // A pooled connection may have died long ago, with the server restarted since.
        if (++reconnects > reconnects_max) return unavailable();
        break;
      case Next::lost_in_commit:
        connection.reset();
        if (!job.reads_only) return settle_lost_commit(connection, job);
        if (++reconnects > reconnects_max) return unavailable();
        break;
    }
  }
}

// Reads are REPEATABLE READ: one snapshot, which never has to be run again, and no predicate locks that make writers
// run again. A closure that decides something to be stored reads it in its own serializable transaction.
const char* PostgresDatabase::begin_of(const Job& job) const {
  if (job.reads_only) return "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
  return job.options.isolation == Isolation::read_committed ? "BEGIN ISOLATION LEVEL READ COMMITTED"
                                                            : "BEGIN ISOLATION LEVEL SERIALIZABLE";
}

PostgresDatabase::Attempt PostgresDatabase::attempt(PostgresConnection& connection, Job& job) {
  try {
    connection.begin(begin_of(job));
    PostgresTransaction tx(connection, options_.server_clock ? nullptr : &clock_);
    Ran ran = run_closure(job, tx, clock_.now());
    // A write that a standby refuses needs another connection; a read that tried to write does not.
    const bool useless = ran.failure == EngineFailure::Kind::lost && !job.reads_only;
    if (connection.lost() || useless) return {Next::lost_before_commit};
    if (ran.result) return commit(connection, ran.result);
    connection.roll_back();
    return {ran.failure == EngineFailure::Kind::conflict ? Next::again : Next::finished, std::move(ran.result)};
  } catch (const EngineFailure& failure) {  // BEGIN or ROLLBACK failed
    log::error("storage.transaction_failed", {{"problem", failure.what()}});
    return {Next::lost_before_commit};
  }
}

PostgresDatabase::Attempt PostgresDatabase::commit(PostgresConnection& connection, const Result<void>& result) {
  try {
    connection.control("COMMIT");
    health_.committed(1);
    return {Next::finished, result};
  } catch (const EngineFailure& failure) {
    // A serialization failure can come as late as here; any other answer of the server is a clear no, too.
    if (failure.kind() == EngineFailure::Kind::conflict) return {Next::again, std::unexpected(to_error(failure))};
    log::error("storage.commit_failed", {{"problem", failure.what()}});
    if (connection.lost() || failure.kind() == EngineFailure::Kind::lost) return {Next::lost_in_commit};
    return {Next::finished, std::unexpected(to_error(failure))};
  }
}

// The server went away with our COMMIT. Only the stored operation id can tell what became of it. A backend that is
// still committing is no danger: the second run waits on the id's unique key, and then finds it stored.
Result<void> PostgresDatabase::settle_lost_commit(Connection& connection, Job& job) {
  if (job.options.operation_id.empty()) return std::unexpected(outcome_unknown());
  const auto deadline = SteadyClock::now() + settle_time_max;
  for (; SteadyClock::now() < deadline; std::this_thread::sleep_for(settle_interval)) {
    if (!connect(connection)) continue;
    try {
      if (operation_stored(*connection, job.options.operation_id)) return {};
      Attempt second = attempt(*connection, job);
      if (second.next != Next::finished) continue;
      // The first run's commit came through after all; its result is still what the closure made.
      if (!second.result && second.result.error().code == operation_done) return {};
      return std::move(second.result);
    } catch (const EngineFailure& failure) {
      log::warn("storage.settle_failed", {{"problem", failure.what()}});
    }
  }
  return std::unexpected(outcome_unknown());
}

bool PostgresDatabase::operation_stored(PostgresConnection& connection, const std::string& id) {
  return !connection.query("SELECT 1 FROM operations WHERE id = $1", {id}).empty();
}

// 1–2 ms, then twice as long each time: the others' transactions take about as long.
void PostgresDatabase::pause_before_retry(int retry) {
  const std::uint64_t step_us = std::uint64_t{1000} << retry;
  std::this_thread::sleep_for(std::chrono::microseconds(step_us / 2 + random_.below(step_us / 2)));
}

void PostgresDatabase::clean_operations(const Job& job) {
  if (job.options.operation_id.empty() || ++operations_since_cleaning_ < operations_between_cleanings) return;
  operations_since_cleaning_ = 0;
  Job cleaning;
  cleaning.body = [this](Transaction& tx) { return forget_old_operations(tx, clock_.now()); };
  cleaning.done = [](Result<void>) {};
  jobs_.push(std::move(cleaning));
}

}  // namespace miniops::sql
