#include "gateway/journal_store.hpp"

#include <algorithm>
#include <numeric>
#include <tuple>

namespace miniops::gateway {

namespace {

constexpr std::string_view entry_columns =
    "SELECT entry_id, appid, openid, dedup_key, received_at, format, raw_query, raw_headers, raw_body, message "
    "FROM gateway_journal ";

JournalEntry entry_of(const sql::Row& row) {
  JournalEntry entry;
  entry.partition = partition_of_entry(row.integer(0));
  entry.position = position_of_entry(row.integer(0));
  entry.appid = row.id<AppId>(1);
  entry.openid = row.id<OpenId>(2);
  entry.dedup_key = row.text(3);
  entry.received_at = row.integer(4);
  entry.format = wechat::parse_format(row.text(5)).value_or(wechat::Format::xml);
  entry.raw_query = row.blob(6);
  entry.raw_headers = row.blob(7);
  entry.raw_body = row.blob(8);
  entry.message = row.blob(9);
  return entry;
}

// Sorted by key, so that two batches which meet wait for each other in one order only.
std::vector<std::size_t> by_key(std::span<const JournalEntry* const> entries) {
  std::vector<std::size_t> order(entries.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(order, [&](std::size_t a, std::size_t b) {
    return std::tie(entries[a]->appid, entries[a]->dedup_key, a) <
           std::tie(entries[b]->appid, entries[b]->dedup_key, b);
  });
  return order;
}

// Marks those whose key is new; the first of equal keys in one batch is the one.
void claim_keys(sql::Transaction& tx, std::span<const JournalEntry* const> entries,
                std::vector<AppendOutcome>& outcomes) {
  std::vector<std::size_t> asked;
  std::vector<sql::Params> rows;
  rows.reserve(entries.size());
  for (const std::size_t index : by_key(entries)) {
    const JournalEntry& entry = *entries[index];
    const bool repeated = !asked.empty() && entries[asked.back()]->dedup_key == entry.dedup_key &&
                          entries[asked.back()]->appid == entry.appid;
    if (repeated) continue;
    asked.push_back(index);
    rows.push_back({entry.appid, entry.dedup_key});
  }
  const auto changed = tx.execute_many(
      "INSERT INTO gateway_dedup (appid, dedup_key) VALUES ($1, $2) ON CONFLICT (appid, dedup_key) DO NOTHING", rows);
  for (std::size_t i = 0; i < asked.size(); ++i) {
    if (changed[i] == 1) outcomes[asked[i]] = AppendOutcome::stored;
  }
}

// New entries by partition, in order of arrival.
using ByPartition = std::array<std::vector<const JournalEntry*>, partitions_max>;

// The counters' rows are locked here, in ascending order, as the last step before the entries and COMMIT: positions
// are given in commit order. Returns the last position of each partition, after the increase.
std::array<std::int64_t, partitions_max> raise_counters(sql::Transaction& tx, const ByPartition& fresh) {
  std::vector<sql::Params> rows;
  for (std::size_t partition = 0; partition < fresh.size(); ++partition) {
    if (!fresh[partition].empty()) rows.push_back({partition, fresh[partition].size()});
  }
  tx.execute_many("UPDATE gateway_partitions SET last_position = last_position + $2 WHERE partition_number = $1", rows);
  std::array<std::int64_t, partitions_max> last{};
  for (const sql::Row& row : tx.query("SELECT partition_number, last_position FROM gateway_partitions")) {
    last.at(static_cast<std::size_t>(row.integer(0))) = row.integer(1);
  }
  return last;
}

void insert_entries(sql::Transaction& tx, const ByPartition& fresh,
                    const std::array<std::int64_t, partitions_max>& last) {
  std::vector<sql::Params> rows;
  for (std::size_t partition = 0; partition < fresh.size(); ++partition) {
    std::int64_t position = last[partition] - static_cast<std::int64_t>(fresh[partition].size());
    for (const JournalEntry* entry : fresh[partition]) {
      rows.push_back({entry_id_of(entry->partition, ++position), entry->appid, entry->openid, entry->dedup_key,
                      entry->received_at, wechat::to_string(entry->format), sql::BlobView{entry->raw_query},
                      sql::BlobView{entry->raw_headers}, sql::BlobView{entry->raw_body},
                      sql::BlobView{entry->message}});
    }
  }
  tx.execute_many(
      "INSERT INTO gateway_journal (entry_id, appid, openid, dedup_key, received_at, format, raw_query, raw_headers, "
      "raw_body, message) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
      rows);
}

}  // namespace

std::vector<AppendOutcome> append_entries(sql::Transaction& tx, std::span<const JournalEntry* const> entries) {
  std::vector<AppendOutcome> outcomes(entries.size(), AppendOutcome::duplicate);
  if (entries.empty()) return outcomes;
  claim_keys(tx, entries, outcomes);
  ByPartition fresh;
  bool any = false;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (outcomes[i] != AppendOutcome::stored) continue;
    fresh.at(static_cast<std::size_t>(entries[i]->partition)).push_back(entries[i]);
    any = true;
  }
  if (any) {
    const auto last = raise_counters(tx, fresh);
    insert_entries(tx, fresh, last);
  }
  return outcomes;
}

std::vector<JournalEntry> read_entries(sql::Transaction& tx, int partition, std::int64_t position, int limit) {
  static const std::string statement =
      std::string(entry_columns) + "WHERE entry_id > $1 AND entry_id < $2 ORDER BY entry_id LIMIT $3";
  std::vector<JournalEntry> entries;
  for (const sql::Row& row :
       tx.query(statement, {entry_id_of(partition, position), entry_id_of(partition + 1, 0), limit})) {
    entries.push_back(entry_of(row));
  }
  return entries;
}

std::optional<JournalEntry> find_entry(sql::Transaction& tx, std::int64_t entry_id) {
  static const std::string statement = std::string(entry_columns) + "WHERE entry_id = $1";
  const auto row = tx.query_one(statement, {entry_id});
  return row ? std::optional(entry_of(*row)) : std::nullopt;
}

bool delete_old_entries(sql::Transaction& tx, int partition, std::int64_t passed, TimeMs before, int limit) {
  const auto rows = tx.query(
      "SELECT j.entry_id, j.appid, j.dedup_key FROM gateway_journal j "
      "WHERE j.entry_id > $1 AND j.entry_id <= $2 AND j.received_at < $3 "
      "AND NOT EXISTS (SELECT 1 FROM gateway_dead_letters d WHERE d.entry_id = j.entry_id) "
      "AND NOT EXISTS (SELECT 1 FROM gateway_relay_queue q WHERE q.entry_id = j.entry_id) "
      "ORDER BY j.entry_id LIMIT $4",
      {entry_id_of(partition, 0), entry_id_of(partition, passed), before, limit});
  if (rows.empty()) return false;
  std::vector<sql::Params> entries, keys;
  for (const sql::Row& row : rows) {
    entries.push_back({row.integer(0)});
    keys.push_back({row.text(1), row.text(2)});
  }
  tx.execute_many("DELETE FROM gateway_journal WHERE entry_id = $1", entries);
  tx.execute_many("DELETE FROM gateway_dedup WHERE appid = $1 AND dedup_key = $2", keys);
  return true;
}

}  // namespace miniops::gateway
