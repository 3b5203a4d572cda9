// When issues were seen last, gathered in memory and written once a minute: an error that comes a thousand times a
// second costs no SQL. What a kill takes is at most a minute of it.
#pragma once

#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "base/task.hpp"
#include "storage/sql/database.hpp"

namespace miniops::issues {

struct Seen {
  TimeMs last_at = 0;
  std::string last_release{};
  double events = 0;  // weighted

  void add(TimeMs at, const std::string& release, double weight);
};

using IssuePlace = std::pair<AppId, std::int64_t>;  // a mini program and an issue of it
using SeenNotes = std::map<IssuePlace, Seen>;

// Safe from any thread.
class SeenBoard {
 public:
  void add(const SeenNotes& notes);
  SeenNotes take();

 private:
  std::mutex mutex_;
  SeenNotes notes_;
};

struct Written {
  std::vector<IssuePlace> seen{};
  bool woken = false;  // an issue that was ignored came as often as was allowed
};
// Writes what stands on the board. What could not be written goes back to it.
Task<Result<Written>> write_seen(sql::Database& database, IdSource& ids, TimeMs now, SeenBoard& board);

}  // namespace miniops::issues
