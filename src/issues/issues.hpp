// Issues 问题 as the program sees them: owns its parts and its loop (README.md).
//
// Built before the router is filled; its observer is given to telemetry before that starts; start() after everything is
// mounted; stop() while the io threads still run. All collaborators must outlive it.
#pragma once

#include <memory>
#include <span>

#include "identity/guard.hpp"
#include "identity/service.hpp"
#include "issues/listener.hpp"
#include "net/server.hpp"
#include "storage/blobs/blobs.hpp"
#include "storage/sql/config_version.hpp"
#include "storage/sql/migrations.hpp"
#include "telemetry/ports.hpp"
#include "telemetry/service.hpp"

namespace miniops::issues {

std::span<const sql::Migration> migrations();

class Issues {
 public:
  struct Collaborators {
    sql::Database& database;
    sql::ConfigVersion& version;
    const Clock& clock;
    IdSource& ids;
    Blobs& blobs;
    identity::Service& identity;
    telemetry::Service& telemetry;
    Listener* listener = nullptr;  // who is told of new issues and those that came back; may be null
  };
  explicit Issues(const Collaborators& with);
  ~Issues();

  telemetry::LoadObserver& observer();
  // Releases with when each was first seen.
  Task<std::vector<std::pair<std::string, TimeMs>>> releases(AppId appid);
  void mount(identity::Guard& guard);
  void start(net::IoThreads& io);
  void stop();

  // One round of the loop: writes when issues were seen last, and computes the severity of those that were seen. For
  // tests, and the loop, once a minute.
  Task<Result<void>> step();

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace miniops::issues
