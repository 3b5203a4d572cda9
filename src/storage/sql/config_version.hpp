// One row, raised in each transaction that changes what is cached (keys, grants, mini programs, rules): a cache asks
// whether it is still current, and what one node or `miniops admin` changes acts everywhere within 200 ms.
#pragma once

#include <atomic>
#include <cstdint>

#include "base/task.hpp"
#include "storage/sql/database.hpp"

namespace miniops::sql {

void raise_config_version(Transaction& tx);

// Polls the row every 100 ms; `current()` is cheap. Safe from any thread.
class ConfigVersion {
 public:
  explicit ConfigVersion(Database& database) : database_(database) {}
  Task<void> run();      // until stop() or cancellation
  Task<void> refresh();  // asks now: after one's own change, and in tests
  void stop() { stopped_ = true; }
  std::int64_t current() const { return current_.load(); }

 private:
  Database& database_;
  std::atomic<std::int64_t> current_{0};
  std::atomic<bool> stopped_{false};
};

}  // namespace miniops::sql
