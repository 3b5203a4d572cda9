// Logs as the program sees them: owns the module's parts (README.md).
//
// Built before the router is filled and before telemetry starts; start() after everything is mounted. All collaborators
// must outlive it; it must outlive telemetry's loader.
#pragma once

#include <filesystem>
#include <memory>

#include "identity/guard.hpp"
#include "net/server.hpp"
#include "storage/sql/database.hpp"

namespace miniops::telemetry {
class LoadObserver;
class PersonKeeper;
class Service;
}  // namespace miniops::telemetry

namespace miniops::logs {

class Logs {
 public:
  struct Collaborators {
    sql::Database& database;
    telemetry::Service& records;
    const Clock& clock;
    IdSource& ids;
  };
  // `folder`: DATA/telemetry/exports.
  Logs(const Collaborators& with, std::filesystem::path folder);
  ~Logs();

  // What finds the templates of lines: for telemetry::Telemetry::add_observer.
  telemetry::LoadObserver& observer();
  // What removes exports with a person: for telemetry::Telemetry::add_keeper.
  telemetry::PersonKeeper& keeper();
  // Before the server listens: exports that an earlier process left are interrupted. Fails with storage.*.
  Result<void> prepare_blocking();
  // The text of a saved query; logs.not_found.
  Task<Result<std::string>> saved_query(AppId appid, std::int64_t id);
  void mount(identity::Guard& guard);
  void start(net::IoThreads& io);
  void stop();  // while the io threads still run

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace miniops::logs
