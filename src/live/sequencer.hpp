// Gives committed changes their numbers. Numbering inside each transaction would serialise the commits of a mini
// program; so one sequencer, which holds a lease, takes what is pending in batches. A change that commits later gets
// a later number, whatever its transaction began before.
#pragma once

#include <atomic>
#include <string>

#include "base/clock.hpp"
#include "base/task.hpp"
#include "storage/sql/database.hpp"

namespace miniops::live {

// The topic of sql::Database::notify by which hubs learn of new numbers.
inline constexpr std::string_view changes_topic = "live";

struct SequencerOptions {
  std::string owner;  // this process, in the lease
  // No other program can be on this database (SQLite, whose data folder is locked): no lease is taken, so that after
  // a kill -9 numbering goes on at once instead of when the dead one's lease has run out.
  bool alone = false;
  int batch_max = 500;
  std::int64_t kept_rows = 100'000;  // per mini program
  TimeMs kept_ms = day_ms;
};

// Used by one loop; `database` and `clock` outlive it.
class Sequencer {
 public:
  Sequencer(sql::Database& database, const Clock& clock, SequencerOptions options);

  // Numbers at most one batch; true: there may be more. False too when another node holds the lease.
  Task<Result<bool>> step();
  // Deletes at most one batch of what is older than is kept; true: there may be more.
  Task<Result<bool>> prune_step();
  // On shutdown, so that another node need not wait for the lease to run out.
  Task<void> give_back();

  std::int64_t numbered() const { return numbered_.load(); }

 private:
  Task<Result<bool>> hold_lease();

  sql::Database& database_;
  const Clock& clock_;
  const SequencerOptions options_;
  TimeMs renew_at_ = 0;
  bool holds_ = false;
  std::atomic<std::int64_t> numbered_{0};
};

}  // namespace miniops::live
