// One SQL dialect, two engines (docs/architecture.md; design 3.2).
//
// A closure is one transaction at serializable isolation. It may be run again, and so has no effect but on `tx`: ids
// and the time are drawn before it, other I/O is done after it. It takes at most 5 ms or 500 rows; larger work is
// chunked. A closure that returns an Error is rolled back and the Error handed to the caller. What the engine itself
// says (disk full, connection lost) is an exception inside the closure; the database turns it into one of
//   storage.full              no room; nothing of the closure is stored
//   storage.unavailable       the engine cannot be reached or failed; nothing of the closure is stored
//   storage.conflict          still in conflict with others after 5 runs; nothing is stored
//   storage.outcome_unknown   the connection was lost in COMMIT and the closure had no operation id, or the disk failed
//                             in COMMIT: what failed to be synced may still be there after a restart
//   storage.constraint        a UNIQUE, NOT NULL or CHECK was broken, which is a mistake of ours: say ON CONFLICT
//   storage.internal          the closure itself threw; nothing is stored
//
// A queued closure cannot be cancelled: its awaitable ignores cancellation until it is resolved, so that a client that
// disconnects does not free what the closure still refers to. Results reach the caller only after COMMIT returned.
// Safe from any thread. Awaiting coroutines are resumed on their own executor.
#pragma once

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <functional>
#include <future>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/task.hpp"
#include "storage/sql/value.hpp"

namespace miniops::sql {

enum class Engine { sqlite, postgres };

// What a closure works on. Valid inside the closure only; one thread at a time.
// The SQL text must be a constant or built from constants: statements are prepared once and cached by their text.
class Transaction {
 public:
  virtual ~Transaction() = default;
  virtual Engine engine() const = 0;
  virtual Rows query(std::string_view sql, const Params& params = {}) = 0;
  // The number of rows changed.
  virtual std::int64_t execute(std::string_view sql, const Params& params = {}) = 0;
  // The same statement for many parameter rows (pipelined on PostgreSQL); the rows changed by each.
  virtual std::vector<std::int64_t> execute_many(std::string_view sql, std::span<const Params> rows) = 0;

  // Like execute, for which nobody waits: PostgreSQL is sent it at once and its answer is read with that of the next
  // statement, which saves a round trip. What fails in it ends that next statement, or the closure.
  virtual void execute_later(std::string_view sql, const Params& params = {}) = 0;

  std::optional<Row> query_one(std::string_view sql, const Params& params = {});

  // Epoch milliseconds on the database's clock, which all nodes share. For leases; all else takes its Clock's time.
  virtual TimeMs database_now() = 0;
};

// Thrown inside a closure when the engine fails. Domain code does not catch it.
class EngineFailure;

// read_committed acts on PostgreSQL only: journal appends and the live sequencer, which lock the rows they need.
enum class Isolation { serializable, read_committed };

struct WriteOptions {
  bool urgent = false;  // goes before waiting closures: journal appends
  // How many callers wait for this closure's commit; asked when it has run. While many wait for urgent ones (SQLite: 24
  // a batch), closures in the background get a fiftieth of the writer's time: a burst is accepted first and worked off
  // after.
  std::function<std::size_t()> waiting_for_it{};
  bool background = false;  // consumers of the journal, the search index
  Isolation isolation = Isolation::serializable;
  // Stored in the same transaction. A closure whose id is stored already is not run: the caller gets
  // storage.operation_done. Without one, a connection lost in COMMIT is storage.outcome_unknown.
  std::string operation_id{};
};

class Database {
 public:
  virtual ~Database() = default;
  virtual Engine engine() const = 0;

  // F: Result<T>(Transaction&).
  template <class F>
  auto write(F closure, WriteOptions options = {}) -> Task<std::invoke_result_t<F&, Transaction&>> {
    return run(std::move(closure), std::move(options), true);
  }
  template <class F>
  auto read(F closure) -> Task<std::invoke_result_t<F&, Transaction&>> {
    return run(std::move(closure), WriteOptions{}, false);
  }
  // The same for threads that may block: the command line, start-up, tests. Never on an io thread.
  template <class F>
  auto write_blocking(F closure, WriteOptions options = {}) -> std::invoke_result_t<F&, Transaction&> {
    return block(std::move(closure), std::move(options), true);
  }
  template <class F>
  auto read_blocking(F closure) -> std::invoke_result_t<F&, Transaction&> {
    return block(std::move(closure), WriteOptions{}, false);
  }

  // Runs what is queued and returns when that is over; what comes later fails with storage.unavailable. Called before
  // that goes to which closures refer. Never on an engine thread; again, it does nothing.
  virtual void stop() = 0;

  // Tells other nodes (LISTEN/NOTIFY) and this one that something about `topic` changed; sent at most every 10 ms.
  // Whoever listens must poll too: a notice can be lost.
  virtual void notify(std::string topic, std::string payload) = 0;
  using Listener = std::function<void(const std::string& payload)>;
  virtual void listen(std::string topic, Listener listener) = 0;

  // What /metrics and the gateway's health page show.
  struct Health {
    bool writable = true;
    std::string problem{};  // for a person, when not writable
    std::int64_t queued_writes = 0;
    std::int64_t commits = 0;
    std::int64_t retries = 0;
  };
  virtual Health health() const = 0;

  // One closure as the engine sees it: `body` runs the caller's closure and keeps its result (an Error rolls back);
  // `done` is called once, after COMMIT or when all is given up, on an engine thread.
  struct Job {
    std::move_only_function<Result<void>(Transaction&)> body;
    std::move_only_function<void(Result<void>)> done;
    WriteOptions options{};
    bool reads_only = false;
  };

 protected:
  virtual void submit_write(Job job) = 0;
  virtual void submit_read(Job job) = 0;

 private:
  template <class F>
  auto run(F closure, WriteOptions options, bool writes) -> Task<std::invoke_result_t<F&, Transaction&>>;
  template <class F>
  auto block(F closure, WriteOptions options, bool writes) -> std::invoke_result_t<F&, Transaction&>;
  template <class F, class Done>
  void submit(std::shared_ptr<F> closure, WriteOptions options, bool writes, Done done);
};

// ---- implementation of the templates ----

template <class F, class Done>
void Database::submit(std::shared_ptr<F> closure, WriteOptions options, bool writes, Done done) {
  using Outcome = std::invoke_result_t<F&, Transaction&>;
  auto kept = std::make_shared<std::optional<Outcome>>();
  Job job;
  job.options = std::move(options);
  job.body = [closure, kept](Transaction& tx) -> Result<void> {
    kept->emplace((*closure)(tx));
    if (!(*kept)->has_value()) return std::unexpected((*kept)->error());
    return {};
  };
  job.done = [kept, done = std::move(done)](Result<void> committed) mutable {
    if (committed) {
      done(std::move(**kept));
    } else {
      done(Outcome(std::unexpected(std::move(committed.error()))));
    }
  };
  if (writes) {
    submit_write(std::move(job));
  } else {
    submit_read(std::move(job));
  }
}

template <class F>
auto Database::run(F closure, WriteOptions options, bool writes) -> Task<std::invoke_result_t<F&, Transaction&>> {
  using Outcome = std::invoke_result_t<F&, Transaction&>;
  auto shared = std::make_shared<F>(std::move(closure));
  auto initiate = [&](auto handler) {
    auto executor = boost::asio::get_associated_executor(handler);
    auto held = std::make_shared<decltype(handler)>(std::move(handler));
    // The work guard keeps the caller's io_context running until the engine has answered.
    auto guard = boost::asio::make_work_guard(executor);
    auto done = [held, executor, guard = std::move(guard)](Outcome outcome) mutable {
      auto kept = std::make_shared<Outcome>(std::move(outcome));
      boost::asio::post(executor, [held, kept]() mutable { std::move (*held)(std::move(*kept)); });
      guard.reset();
    };
    submit(shared, std::move(options), writes, std::move(done));
  };
  auto token = boost::asio::use_awaitable;
  auto answer = boost::asio::async_initiate<const boost::asio::use_awaitable_t<>, void(Outcome)>(initiate, token);
  co_return co_await std::move(answer);
}

template <class F>
auto Database::block(F closure, WriteOptions options, bool writes) -> std::invoke_result_t<F&, Transaction&> {
  using Outcome = std::invoke_result_t<F&, Transaction&>;
  std::promise<Outcome> promise;
  auto future = promise.get_future();
  auto shared = std::make_shared<F>(std::move(closure));
  submit(shared, std::move(options), writes, [&promise](Outcome outcome) { promise.set_value(std::move(outcome)); });
  return future.get();
}

}  // namespace miniops::sql
