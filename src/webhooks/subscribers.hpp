// Who wants which events, in memory, so that an event that nobody wants costs nothing. Checked against config_version;
// readers get an immutable snapshot and never wait.
#pragma once

#include <memory>
#include <mutex>

#include "base/task.hpp"
#include "storage/sql/config_version.hpp"
#include "webhooks/store.hpp"

namespace miniops::webhooks {

// Safe from any thread.
class Subscribers {
 public:
  Subscribers(sql::Database& database, const sql::ConfigVersion& version) : database_(database), version_(version) {}

  bool any(const AppId& appid, Kind kind) const;
  std::vector<SubscriptionId> of(const AppId& appid, Kind kind) const;
  // Reads anew when config_version moved. True: it did.
  Task<Result<bool>> load();
  // Before anything can happen that is to be told.
  Result<void> prepare_blocking();

 private:
  using ByApp = std::map<AppId, std::vector<store::Wanting>>;
  std::shared_ptr<const ByApp> current() const;
  void set(ByApp rows, std::int64_t version);

  sql::Database& database_;
  const sql::ConfigVersion& version_;
  mutable std::mutex mutex_;
  std::shared_ptr<const ByApp> current_ = std::make_shared<const ByApp>();
  std::int64_t loaded_version_ = -1;
};

}  // namespace miniops::webhooks
