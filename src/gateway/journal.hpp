// The journal: every push, once, in order, on disk before it is acknowledged (design 3.3).
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "base/task.hpp"
#include "storage/sql/database.hpp"
#include "wechat/message.hpp"

namespace miniops::gateway {

// Part of the stored format. PostgreSQL's are shared out among lanes; the embedded engine has one writer, and needs
// them only so that an entry which keeps failing holds up few others: each costs it pages in every batch.
inline constexpr int partitions_max = 64;
constexpr int partitions(sql::Engine engine) { return engine == sql::Engine::sqlite ? 8 : partitions_max; }
int partition_of(const AppId& appid, const OpenId& openid, sql::Engine engine);

// A push as it is stored.
struct JournalEntry {
  int partition = 0;          // this and the position are given by append
  std::int64_t position = 0;  // 1, 2, … within the partition, in commit order
  AppId appid;
  OpenId openid;
  std::string dedup_key;
  TimeMs received_at = 0;
  std::string raw_query;    // as they came, for the relay
  std::string raw_headers;  // JSON array of [name, value]
  std::string raw_body;
  std::string message;  // decrypted; empty when the same as raw_body
  wechat::Format format = wechat::Format::xml;

  std::string_view clear() const { return message.empty() ? std::string_view(raw_body) : std::string_view(message); }
};

// A consumer whose effects are rows: apply() runs in the transaction that moves the cursor, so that every effect
// happens exactly once. An Error (or an exception that is no engine failure) that comes back 5 times in a row sets the
// entry aside as a dead letter and the rest goes on.
class TransactionalConsumer {
 public:
  virtual ~TransactionalConsumer() = default;
  virtual std::string_view name() const = 0;  // "desk"; a constant, stored
  // Ids and the time are drawn before: `scratch` is made fresh by prepare() for each run of the transaction's batch.
  virtual Result<void> apply(sql::Transaction& tx, const JournalEntry& entry, TimeMs now) = 0;
  // After commit, on an io thread: wake-ups, never effects.
  virtual void committed() {}
};

enum class AppendOutcome { stored, duplicate };

// Appends pushes. Requests that wait are taken together into one transaction: while one batch commits the next
// collects, until its closure runs. A batch that fails is tried again, in halves, so that one entry that the engine
// refuses does not keep out the others. Safe from any thread; batches run on `executor`.
class Journal {
 public:
  struct Settings {
    std::size_t batch_max = 500;
    std::size_t in_flight_max = 3;
    std::size_t waiting_max = 20000;  // beyond, a push is refused at once
    TimeMs pause_after_failure_ms = 50;
  };
  Journal(sql::Database& database, const Clock& clock, boost::asio::any_io_executor executor, Settings settings);

  // Stored, or stored before, when it returns a value. gateway.not_stored: not within the deadline; it may still be
  // stored later, and WeChat's next try is then a duplicate.
  Task<Result<AppendOutcome>> append(JournalEntry entry, TimeMs deadline);
  // After a commit that stored something, on the executor. Set before the first append.
  void on_appended(std::function<void()> listener) { listener_ = std::move(listener); }
  // Answers those whose deadline has passed; called every 100 ms.
  void expire_waiting();
  std::size_t waiting() const;
  int partition_count() const { return partitions(database_.engine()); }

  // Removes entries older than 7 days that every consumer in `consumers` has passed and no dead letter or relay needs,
  // with their dedup keys; a bounded piece. True: there may be more.
  Task<Result<bool>> clean_step(std::vector<std::string> consumers, int partition);

 private:
  struct Waiter;
  using WaiterPtr = std::shared_ptr<Waiter>;
  using BatchPtr = std::shared_ptr<std::vector<WaiterPtr>>;
  void enqueue(WaiterPtr waiter);
  bool more_or_end();
  void fill(const BatchPtr& batch);
  void put_back(std::vector<WaiterPtr> batch);
  Task<void> run_batches();

  sql::Database& database_;
  const Clock& clock_;
  boost::asio::any_io_executor executor_;
  const Settings settings_;
  std::function<void()> listener_;
  mutable std::mutex mutex_;
  std::deque<WaiterPtr> waiting_;
  std::vector<BatchPtr> committing_;
  std::size_t in_flight_ = 0;
  std::size_t batch_limit_;
};

inline constexpr TimeMs journal_kept_ms = 7 * day_ms;

// The key of an entry: reading order within a partition.
inline constexpr std::int64_t entry_id_of(int partition, std::int64_t position) {
  return (static_cast<std::int64_t>(partition) << 40) + position;
}
inline constexpr int partition_of_entry(std::int64_t entry_id) { return static_cast<int>(entry_id >> 40); }
inline constexpr std::int64_t position_of_entry(std::int64_t entry_id) {
  return entry_id & ((std::int64_t{1} << 40) - 1);
}

// Up to `limit` entries after `position`, in order.
std::vector<JournalEntry> read_entries(sql::Transaction& tx, int partition, std::int64_t position, int limit);
std::optional<JournalEntry> find_entry(sql::Transaction& tx, std::int64_t entry_id);

}  // namespace miniops::gateway
