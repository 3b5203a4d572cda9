// Feeds one consumer from the journal: reads each partition in order, applies entries and moves the cursor in one
// transaction, by compare-and-set. Every effect happens exactly once, whatever dies when and however many runners run.
//
// An entry that keeps failing is set aside as a dead letter and the rest of its partition goes on. Partitions are
// shared out among lanes that work side by side; step_lane() is one bounded piece of work.
#pragma once

#include <array>
#include <map>
#include <string>
#include <vector>

#include "gateway/journal.hpp"

namespace miniops::gateway {

class ConsumerRunner {
 public:
  struct Settings {
    int lanes = 2;
    int read_max = 300;    // entries read at once by a lane
    int chunk_first = 32;  // entries in one transaction; adapts so that one takes about chunk_ms
    int chunk_max = 300;
    double chunk_ms = 5;  // SQLite has one writer: pushes must not wait for us
    int failures_max = 5;
    TimeMs retry_first_ms = 100;  // doubled with each failure of the same entry
  };
  ConsumerRunner(sql::Database& database, TransactionalConsumer& consumer, const Clock& clock, IdSource& ids,
                 Settings settings);

  int lanes() const { return settings_.lanes; }
  // True: there is more to do at once. An error is the database's; what it stopped is tried again by the next step.
  Task<Result<bool>> step_lane(int lane);
  Task<Result<bool>> step();  // all lanes, one after the other
  const TransactionalConsumer& consumer() const { return consumer_; }

 private:
  struct Chunk;
  struct Applied;
  // An entry that has failed; it is applied alone until it succeeds or is set aside.
  struct Suspect {
    std::int64_t position = 0;
    int failures = 0;
    TimeMs not_before = 0;
    std::string error;
  };
  struct Lane {
    int chunk_limit = 0;
    std::map<int, Suspect> suspects;  // by partition
    std::size_t next_partition = 0;   // where reading starts, so that a busy partition does not starve the others
  };
  using Cursors = std::map<int, std::int64_t>;
  struct Read {
    std::vector<JournalEntry> entries;
    Cursors cursors;
    bool more = false;
  };

  Task<Result<Read>> read(int lane);
  std::vector<Chunk> cut(Read read, Lane& lane) const;
  Task<Result<void>> apply(Chunk chunk, Lane& lane);
  Task<Result<void>> set_aside(const JournalEntry& entry, std::int64_t cursor, const Suspect& suspect);
  void note_failure(Lane& lane, const Chunk& chunk, const Applied& applied, const Error& error);

  sql::Database& database_;
  TransactionalConsumer& consumer_;
  const Clock& clock_;
  IdSource& ids_;
  const Settings settings_;
  const std::string name_;
  std::vector<Lane> lanes_;
};

// How far a consumer is behind: entries, and when the oldest of them came (0: none).
struct Lag {
  std::int64_t entries = 0;
  TimeMs oldest_at = 0;
};
Lag lag_of(sql::Transaction& tx, std::string_view consumer);

// Moves the cursor from `from` to `to`; false: it is not at `from` (any more).
bool move_cursor(sql::Transaction& tx, std::string_view consumer, int partition, std::int64_t from, std::int64_t to);

}  // namespace miniops::gateway
