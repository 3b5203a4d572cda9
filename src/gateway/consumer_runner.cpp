#include "gateway/consumer_runner.hpp"

#include <chrono>

#include "base/log.hpp"
#include "gateway/dead_letters.hpp"
#include "gateway/errors.hpp"

namespace miniops::gateway {

namespace {

// What the database says when it is not the entry's fault.
bool is_machinery(const Error& error) {
  return error.code == "storage.full" || error.code == "storage.unavailable" || error.code == "storage.conflict" ||
         error.code == "storage.outcome_unknown" || error.code == "gateway.cursor_moved";
}

// What has waited longer than this is not held back any more for a burst of pushes.
constexpr TimeMs hold_back_max_ms = 15 * second_ms;
constexpr TimeMs consumer_retry_max_ms = 30 * second_ms;

}  // namespace

bool move_cursor(sql::Transaction& tx, std::string_view consumer, int partition, std::int64_t from, std::int64_t to) {
  if (from == 0) {
    const auto inserted = tx.execute(
        "INSERT INTO gateway_cursors (consumer, partition_number, position) VALUES ($1, $2, $3) "
        "ON CONFLICT (consumer, partition_number) DO NOTHING",
        {consumer, partition, to});
    if (inserted == 1) return true;
  }
  return tx.execute(
             "UPDATE gateway_cursors SET position = $4 WHERE consumer = $1 AND partition_number = $2 AND position = $3",
             {consumer, partition, from, to}) == 1;
}

Lag lag_of(sql::Transaction& tx, std::string_view consumer) {
  Lag lag;
  const auto rows = tx.query(
      "SELECT p.partition_number, p.last_position, COALESCE(c.position, 0) FROM gateway_partitions p "
      "LEFT JOIN gateway_cursors c ON c.consumer = $1 AND c.partition_number = p.partition_number "
      "WHERE p.last_position > COALESCE(c.position, 0)",
      {consumer});
  for (const sql::Row& row : rows) {
    lag.entries += row.integer(1) - row.integer(2);
    const auto next = tx.query_one("SELECT received_at FROM gateway_journal WHERE entry_id = $1",
                                   {entry_id_of(static_cast<int>(row.integer(0)), row.integer(2) + 1)});
    if (next && (lag.oldest_at == 0 || next->integer(0) < lag.oldest_at)) lag.oldest_at = next->integer(0);
  }
  return lag;
}

// Entries that go into one transaction: runs of successive entries of some partitions, partition after partition.
struct ConsumerRunner::Chunk {
  std::vector<JournalEntry> entries;
  Cursors from;  // the cursor of each partition, before
};

// How far a closure came: told by its last run.
struct ConsumerRunner::Applied {
  std::size_t applying = 0;  // index of the entry under way; past the end: all were applied
  double took_ms = 0;
};

ConsumerRunner::ConsumerRunner(sql::Database& database, TransactionalConsumer& consumer, const Clock& clock,
                               IdSource& ids, Settings settings)
    : database_(database),
      consumer_(consumer),
      clock_(clock),
      ids_(ids),
      settings_(settings),
      name_(consumer.name()),
      lanes_(static_cast<std::size_t>(settings.lanes)) {
  for (Lane& lane : lanes_) lane.chunk_limit = settings.chunk_first;
}

Task<Result<bool>> ConsumerRunner::step() {
  bool more = false;
  for (int lane = 0; lane < settings_.lanes; ++lane) {
    auto done = co_await step_lane(lane);
    if (!done) co_return done;
    more = more || *done;
  }
  co_return more;
}

Task<Result<bool>> ConsumerRunner::step_lane(int lane_number) {
  Lane& lane = lanes_.at(static_cast<std::size_t>(lane_number));
  auto found = co_await read(lane_number);
  if (!found) co_return std::unexpected(found.error());
  // Behind a suspect its partition waits: when the suspect goes, there is more.
  const bool more = found->more || !lane.suspects.empty();
  bool progress = false;
  for (Chunk& chunk : cut(std::move(*found), lane)) {
    auto applied = co_await apply(std::move(chunk), lane);
    if (!applied && is_machinery(applied.error())) co_return std::unexpected(applied.error());
    if (!applied) co_return true;  // an entry's own failure: cut anew around it
    progress = true;
  }
  co_return more&& progress;
}

Task<Result<ConsumerRunner::Read>> ConsumerRunner::read(int lane_number) {
  Lane& lane = lanes_.at(static_cast<std::size_t>(lane_number));
  auto work = [this, lane_number, start = lane.next_partition](sql::Transaction& tx) -> Result<Read> {
    const auto rows = tx.query(
        "SELECT p.partition_number, COALESCE(c.position, 0) FROM gateway_partitions p "
        "LEFT JOIN gateway_cursors c ON c.consumer = $1 AND c.partition_number = p.partition_number "
        "WHERE p.last_position > COALESCE(c.position, 0) ORDER BY p.partition_number",
        {name_});
    std::vector<std::pair<int, std::int64_t>> behind;
    for (const sql::Row& row : rows) {
      const int partition = static_cast<int>(row.integer(0));
      if (partition % settings_.lanes == lane_number) behind.emplace_back(partition, row.integer(1));
    }
    Read found;
    if (behind.empty()) return found;
    const int share = std::max(1, settings_.read_max / static_cast<int>(behind.size()));
    for (std::size_t i = 0; i < behind.size(); ++i) {
      const auto [partition, position] = behind[(start + i) % behind.size()];
      auto entries = read_entries(tx, partition, position, share);
      found.more = found.more || entries.size() == static_cast<std::size_t>(share);
      found.cursors[partition] = position;
      std::move(entries.begin(), entries.end(), std::back_inserter(found.entries));
    }
    return found;
  };
  ++lane.next_partition;
  co_return co_await database_.read(std::move(work));
}

// A suspect ends its partition's run: it goes alone, when its time has come, and nothing of its partition before it.
std::vector<ConsumerRunner::Chunk> ConsumerRunner::cut(Read read, Lane& lane) const {
  const TimeMs now = clock_.now();
  std::vector<Chunk> chunks;
  Chunk open;
  const auto close = [&] {
    if (!open.entries.empty()) chunks.push_back(std::exchange(open, Chunk{}));
  };
  int blocked = -1;  // a partition that must wait
  for (JournalEntry& entry : read.entries) {
    const int partition = entry.partition;
    if (partition == blocked) continue;
    std::int64_t& cursor = read.cursors.at(partition);
    const auto suspect = lane.suspects.find(partition);
    if (suspect != lane.suspects.end() && suspect->second.position <= cursor) lane.suspects.erase(suspect);
    const bool suspected = lane.suspects.contains(partition) && lane.suspects.at(partition).position == entry.position;
    if (suspected) {
      blocked = partition;
      if (now < lane.suspects.at(partition).not_before) continue;
      close();
    }
    open.from.try_emplace(partition, cursor);
    cursor = entry.position;
    open.entries.push_back(std::move(entry));
    if (suspected || open.entries.size() >= static_cast<std::size_t>(lane.chunk_limit)) close();
  }
  close();
  return chunks;
}

Task<Result<void>> ConsumerRunner::apply(Chunk chunk, Lane& lane) {
  const auto first = chunk.entries.front();
  const auto suspect = lane.suspects.find(first.partition);
  const bool alone = suspect != lane.suspects.end() && suspect->second.position == first.position;
  if (alone && suspect->second.failures >= settings_.failures_max) {
    co_return co_await set_aside(first, chunk.from.at(first.partition), suspect->second);
  }
  auto applied = std::make_shared<Applied>();
  auto shared = std::make_shared<const Chunk>(std::move(chunk));
  const TimeMs now = clock_.now();
  auto work = [this, shared, applied, now](sql::Transaction& tx) -> Result<void> {
    const auto started = std::chrono::steady_clock::now();
    Cursors to;
    for (const JournalEntry& entry : shared->entries) to[entry.partition] = entry.position;
    for (const auto& [partition, position] : to) {
      if (!move_cursor(tx, name_, partition, shared->from.at(partition), position)) return fail(errors::cursor_moved());
    }
    for (applied->applying = 0; applied->applying < shared->entries.size(); ++applied->applying) {
      auto done = consumer_.apply(tx, shared->entries[applied->applying], now);
      if (!done) return done;
    }
    const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - started;
    applied->took_ms = took.count();
    return {};
  };
  sql::WriteOptions options;
  options.background = now - first.received_at < hold_back_max_ms;
  auto done = co_await database_.write(std::move(work), std::move(options));
  if (!done) {
    note_failure(lane, *shared, *applied, done.error());
    co_return done;
  }
  if (alone) lane.suspects.erase(first.partition);
  const double per_entry = applied->took_ms / static_cast<double>(shared->entries.size());
  const int fitting = static_cast<int>(settings_.chunk_ms / std::max(per_entry, 0.01));
  lane.chunk_limit = std::clamp(fitting, 1, std::min(settings_.chunk_max, lane.chunk_limit * 2));
  consumer_.committed();
  co_return done;
}

void ConsumerRunner::note_failure(Lane& lane, const Chunk& chunk, const Applied& applied, const Error& error) {
  if (is_machinery(error)) {
    lane.chunk_limit = std::max(1, lane.chunk_limit / 2);
    return;
  }
  if (applied.applying >= chunk.entries.size() && chunk.entries.size() > 1) {
    lane.chunk_limit = std::max(1, static_cast<int>(chunk.entries.size() / 2));  // it failed at COMMIT: whose fault?
    return;
  }
  const JournalEntry& entry = chunk.entries[std::min(applied.applying, chunk.entries.size() - 1)];
  Suspect& suspect = lane.suspects[entry.partition];
  if (suspect.position != entry.position) suspect = Suspect{entry.position, 0, 0, {}};
  ++suspect.failures;
  suspect.error = error.code + ": " + error.message;
  const TimeMs pause = std::min(consumer_retry_max_ms, settings_.retry_first_ms << std::min(suspect.failures - 1, 10));
  suspect.not_before = suspect.failures >= settings_.failures_max ? 0 : clock_.now() + pause;
  log::warn("consumer.entry_failed", {{"consumer", name_},
                                      {"partition", entry.partition},
                                      {"position", entry.position},
                                      {"failures", suspect.failures},
                                      {"code", error.code}});
}

Task<Result<void>> ConsumerRunner::set_aside(const JournalEntry& entry, std::int64_t cursor, const Suspect& suspect) {
  DeadLetter letter;
  letter.id = ids_.next();
  letter.consumer = name_;
  letter.failed_at = clock_.now();
  letter.attempts = suspect.failures;
  letter.error = suspect.error;
  const std::int64_t change_id = ids_.next();
  auto work = [this, &entry, cursor, letter, change_id](sql::Transaction& tx) -> Result<void> {
    if (!move_cursor(tx, name_, entry.partition, cursor, entry.position)) return fail(errors::cursor_moved());
    insert_dead_letter(tx, letter, entry, change_id);
    return {};
  };
  auto done = co_await database_.write(std::move(work));
  if (done) log::error("consumer.dead_letter", {{"consumer", name_}, {"id", std::to_string(letter.id)}});
  co_return done;
}

}  // namespace miniops::gateway
