// Who read what: in the audit log once in a quarter of an hour for each account and thing, so that who turns pages
// leaves one entry and not a hundred. Whatever page or part is asked for counts: cursors can be made up.
//
// Which entries were written lately is in memory: after a restart, on another node, or when it is full, an entry is
// written again; none is left out.
#pragma once

#include <deque>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "base/ids.hpp"
#include "base/task.hpp"
#include "identity/audit.hpp"

namespace miniops::identity {

// Safe from any thread. The database and the ids must outlive it.
class ReadingLog {
 public:
  static constexpr TimeMs again_after_ms = 15 * minute_ms;
  static constexpr std::size_t entries_max = 20'000;

  // The same is what has the same action, object, changes and `asked`.
  struct Reading {
    AuditEntry entry{};   // its id is drawn when it is written
    std::string asked{};  // what tells two apart whose entries are masked alike; no more than a hash of it is kept
  };

  ReadingLog(sql::Database& database, IdSource& ids) : database_(database), ids_(ids) {}

  // Writes what this account did not read lately, in one transaction. Before the answer is handed out: fails as the
  // database does, and then nothing was read.
  Task<Result<void>> note(Access access, std::vector<Reading> readings);
  Task<Result<void>> note(Access access, Reading reading);

 private:
  bool is_noted(const std::string& what, TimeMs now) const;
  // Once the entry is stored.
  void remember(const std::string& what, TimeMs now);

  sql::Database& database_;
  IdSource& ids_;
  mutable std::mutex mutex_;
  std::map<std::string, TimeMs> noted_;
  std::deque<std::pair<std::string, TimeMs>> order_;
};

}  // namespace miniops::identity
