// `miniops backup` copies the event store's files while the server runs, which is another process: it asks the loader
// to hold still, by a row of telemetry_copies. The row goes
//   asked   by the backup
//   still   by the loader: everything is in the files, and it writes nothing
//   over    by the backup, when it has its copy; by either of them, when the other does not answer
// Each step is a compare-and-set, so a copy counts only when the loader held still until its end.
#pragma once

#include <functional>

#include "base/clock.hpp"
#include "storage/sql/database.hpp"

namespace miniops::telemetry {

// The backup's side. Used by one thread, which may block.
class CopyHold {
 public:
  // `id`: a random number. Fails with storage.*
  static Result<CopyHold> ask(sql::Database& database, const Clock& clock, std::int64_t id);
  // True when the loader holds still. Asked again and again, for as long as the backup cares to wait.
  Result<bool> still();
  // At least every 10 seconds while files are copied. Fails with telemetry.copy_interrupted: the copy is worth nothing.
  Result<void> renew();
  // The loader goes on. Fails as renew() does.
  Result<void> finish();
  // Nobody waits any more.
  Result<void> withdraw();

 private:
  CopyHold(sql::Database& database, const Clock& clock, std::int64_t id)
      : database_(database), clock_(clock), id_(id) {}
  Result<void> move_on(std::string_view to);
  sql::Database& database_;
  const Clock& clock_;
  std::int64_t id_;
};

// The loader's side: true when a backup had asked. `settle` writes everything into the files; then this waits until
// the backup is done, gives up or is not heard of for 30 seconds, or `stopping` says that the program ends.
Result<bool> hold_still(sql::Database& database, const Clock& clock, const std::function<Result<void>()>& settle,
                        const std::function<bool()>& stopping);

}  // namespace miniops::telemetry
