// The event store, opened when somebody first needs it: a team that uses no telemetry does not pay for it.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>

#include "storage/events/event_store.hpp"
#include "storage/sql/database.hpp"

namespace miniops::telemetry {

// Safe from any thread that may block.
class LazyEvents {
 public:
  LazyEvents(events::Options options, sql::Database& database) : options_(std::move(options)), database_(database) {}
  // Opened, with the people who are one. Fails with storage.*, and while somebody still holds what was dropped.
  Result<std::shared_ptr<events::EventStore>> get();
  // The next get() opens anew: the engine has failed for good.
  void drop();
  bool opened() const;
  bool exists() const;  // on the disk, from before

 private:
  Result<std::shared_ptr<events::EventStore>> open();

  const events::Options options_;
  sql::Database& database_;
  mutable std::mutex mutex_;
  std::shared_ptr<events::EventStore> store_;
  // Two engines on the same files would destroy them: true until the last holder's store is closed.
  const std::shared_ptr<std::atomic<bool>> held_ = std::make_shared<std::atomic<bool>>(false);
};

}  // namespace miniops::telemetry
