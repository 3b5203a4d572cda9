#include "live/sequencer.hpp"

#include <algorithm>
#include <map>

#include "storage/sql/lease.hpp"

namespace miniops::live {

namespace {

constexpr std::string_view lease_name = "live/0";  // one shard: a sequencer numbers tens of thousands a second
constexpr TimeMs lease_ms = 15 * second_ms;
constexpr TimeMs lease_renewed_every_ms = 5 * second_ms;
constexpr TimeMs lease_tried_every_ms = second_ms;

struct Pending {
  std::int64_t position;
  sql::Row row;
};

// What is pending, oldest first, taken out of live_pending.
std::vector<Pending> take_pending(sql::Transaction& tx, int batch_max) {
  std::vector<Pending> batch;
  auto rows = tx.query(
      "DELETE FROM live_pending WHERE position IN (SELECT position FROM live_pending ORDER BY position LIMIT $1) "
      "RETURNING position, appid, topic, permission, at, data, group_id, account_id, others, about",
      {batch_max});
  batch.reserve(rows.size());
  for (auto& row : rows) {
    const std::int64_t position = row.integer(0);
    batch.push_back({position, std::move(row)});
  }
  std::ranges::sort(batch, {}, &Pending::position);  // RETURNING has no order
  return batch;
}

// Reserves `count` numbers and returns the one before the first. The row stays locked until the commit, so numbers are
// given in the order of commits even if two nodes believe that they hold the lease.
std::int64_t reserve_numbers(sql::Transaction& tx, const std::string& appid, std::int64_t count) {
  const auto row = tx.query_one(
      "INSERT INTO live_heads (appid, seq) VALUES ($1, $2) "
      "ON CONFLICT (appid) DO UPDATE SET seq = live_heads.seq + excluded.seq RETURNING seq",
      {appid, count});
  return row->integer(0) - count;
}

std::int64_t number_batch(sql::Transaction& tx, int batch_max) {
  const auto batch = take_pending(tx, batch_max);
  std::map<std::string, std::int64_t> counts;  // in one order everywhere: no deadlocks
  for (const auto& [position, row] : batch) ++counts[row.text(1)];
  std::map<std::string, std::int64_t> last;
  for (const auto& [appid, count] : counts) last[appid] = reserve_numbers(tx, appid, count);
  std::vector<sql::Params> rows;
  rows.reserve(batch.size());
  for (const auto& [position, row] : batch) {
    rows.push_back({row.text(1), ++last[row.text(1)], row.text(2), row.text(3), row.integer(4), row.text(5),
                    row.text(6), row.integer(7), row.text(8), row.integer(9)});
  }
  if (!rows.empty()) {
    tx.execute_many(
        "INSERT INTO live_changes (appid, seq, topic, permission, at, data, group_id, account_id, others, about) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        rows);
  }
  return static_cast<std::int64_t>(batch.size());
}

// The oldest rows of one mini program that are not kept; how many rows were looked at.
std::int64_t prune(sql::Transaction& tx, const std::string& appid, std::int64_t keep_after_seq, TimeMs keep_after,
                   int limit) {
  const auto rows = tx.query("SELECT seq, at FROM live_changes WHERE appid = $1 ORDER BY seq LIMIT $2", {appid, limit});
  std::int64_t cut = 0;
  for (const auto& row : rows) {
    if (row.integer(0) <= keep_after_seq || row.integer(1) < keep_after) cut = row.integer(0);
  }
  if (cut == 0) return 0;
  return tx.execute("DELETE FROM live_changes WHERE appid = $1 AND seq <= $2", {appid, cut});
}

}  // namespace

Sequencer::Sequencer(sql::Database& database, const Clock& clock, SequencerOptions options)
    : database_(database), clock_(clock), options_(std::move(options)) {}

Task<Result<bool>> Sequencer::hold_lease() {
  if (options_.alone) co_return true;
  const TimeMs now = clock_.now();
  if (now < renew_at_) co_return holds_;
  auto take = [this](sql::Transaction& tx) -> Result<bool> {
    return sql::take_lease(tx, lease_name, options_.owner, lease_ms);
  };
  const auto taken = co_await database_.write(std::move(take));
  if (!taken) co_return std::unexpected(taken.error());
  holds_ = *taken;
  renew_at_ = now + (holds_ ? lease_renewed_every_ms : lease_tried_every_ms);
  co_return holds_;
}

Task<Result<bool>> Sequencer::step() {
  const auto holds = co_await hold_lease();
  if (!holds || !*holds) co_return holds;
  // A look costs less than a turn in the writer's queue.
  auto look = [](sql::Transaction& tx) -> Result<bool> {
    return tx.query_one("SELECT position FROM live_pending LIMIT 1").has_value();
  };
  const auto any = co_await database_.read(std::move(look));
  if (!any || !*any) co_return any;
  // Rows are locked by taking them out, heads by counting on; serializable reads of live_pending would only make the
  // transactions that insert into it fail.
  sql::WriteOptions options;
  options.isolation = sql::Isolation::read_committed;
  auto number = [batch_max = options_.batch_max](sql::Transaction& tx) -> Result<std::int64_t> {
    return number_batch(tx, batch_max);
  };
  const auto count = co_await database_.write(std::move(number), options);
  if (!count) co_return std::unexpected(count.error());
  if (*count > 0) database_.notify(std::string(changes_topic), "");
  numbered_ += *count;
  co_return *count == options_.batch_max;
}

Task<Result<bool>> Sequencer::prune_step() {
  if (!holds_) co_return false;
  const TimeMs keep_after = clock_.now() - options_.kept_ms;
  auto write = [this, keep_after](sql::Transaction& tx) -> Result<bool> {
    for (const auto& head : tx.query("SELECT appid, seq FROM live_heads ORDER BY appid")) {
      const std::int64_t keep_after_seq = head.integer(1) - options_.kept_rows;
      const auto pruned = prune(tx, head.text(0), keep_after_seq, keep_after, options_.batch_max);
      if (pruned > 0) return true;  // one mini program at a time
    }
    return false;
  };
  co_return co_await database_.write(std::move(write));
}

Task<void> Sequencer::give_back() {
  if (!holds_) co_return;
  holds_ = false;
  renew_at_ = 0;
  auto write = [this](sql::Transaction& tx) -> Result<void> {
    sql::give_back_lease(tx, lease_name, options_.owner);
    return {};
  };
  (void)co_await database_.write(std::move(write));  // it runs out by itself otherwise
}

}  // namespace miniops::live
