// The event store, opened when somebody first needs it: a team that uses no telemetry does not pay for it.
#pragma once

#include <memory>
#include <mutex>

#include "storage/events/event_store.hpp"
#include "storage/sql/database.hpp"

namespace miniops::telemetry {

// Safe from any thread that may block.
class LazyEvents {
 public:
  LazyEvents(events::Options options, sql::Database& database) : options_(std::move(options)), database_(database) {}
  // Opened, with the people who are one. Fails with storage.*
  Result<std::shared_ptr<events::EventStore>> get();
  // The next get() opens anew: the engine has failed for good.
  void drop();
  bool opened() const;
  bool exists() const;  // on the disk, from before

 private:
  const events::Options options_;
  sql::Database& database_;
  mutable std::mutex mutex_;
  std::shared_ptr<events::EventStore> store_;
};

}  // namespace miniops::telemetry
