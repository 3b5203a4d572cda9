// Telemetry as the program sees it: owns its parts and their loops (README.md).
//
// Built before the router is filled; start() after everything is mounted; stop() while the io threads still run. All
// collaborators must outlive it.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "identity/guard.hpp"
#include "net/router.hpp"
#include "net/server.hpp"
#include "storage/events/event_store.hpp"
#include "storage/spool/spool.hpp"
#include "storage/sql/config_version.hpp"

namespace miniops::telemetry {

class LoadObserver;
class PersonKeeper;
class Service;

struct TelemetrySettings {
  std::filesystem::path folder;              // DATA/telemetry: the spool and the event store
  std::string public_url{};                  // server.public_url
  std::int64_t spool_bytes_max = 4LL << 30;  // telemetry.spool_mb: what may wait for the loader
  std::int64_t memory_mb = 768;              // telemetry.memory_mb: of the event store's engine
};

// What /metrics shows, of this process.
struct TelemetryFigures {
  std::uint64_t requests = 0, records = 0, refused = 0;
  std::int64_t loaded = 0, duplicates = 0, waiting_bytes = 0;
};

class Telemetry {
 public:
  struct Collaborators {
    sql::Database& database;
    sql::ConfigVersion& version;
    const Clock& clock;
    Random& random;
    IdSource& ids;
    net::IoThreads& io;
  };
  // Fails with storage.spool_unusable.
  static Result<std::unique_ptr<Telemetry>> open(const Collaborators& with, TelemetrySettings settings);
  ~Telemetry();

  // Before start(); must outlive it.
  void add_observer(LoadObserver& observer);
  void add_keeper(PersonKeeper& keeper);
  // What other modules ask about records.
  Service& service();
  void mount(identity::Guard& guard, net::Router& router);
  void start();
  void stop();
  TelemetryFigures figures() const;

 private:
  struct Parts;
  explicit Telemetry(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace miniops::telemetry
