// Alerts 告警 as the program sees them: owns its parts and its loop (README.md).
//
// Built before the router is filled; start() after everything is mounted; the loop ends with the io threads. All
// collaborators must outlive it.
#pragma once

#include <functional>
#include <memory>

#include "alerts/ports.hpp"
#include "identity/guard.hpp"
#include "net/server.hpp"
#include "storage/sql/config_version.hpp"
#include "telemetry/service.hpp"

namespace miniops::alerts {

struct Program {
  AppId appid;
  std::string name;
};

class Alerts {
 public:
  struct Collaborators {
    sql::Database& database;
    sql::ConfigVersion& version;
    const Clock& clock;
    IdSource& ids;
    telemetry::Service& records;
    HealthSource& health;
    QueryParser& queries;
    const notify::Notifier& notifier;
    // All mini programs; what of them telemetry has loaded; their releases with when they were first seen.
    std::function<Task<std::vector<Program>>()> programs;
    std::function<bool()> awake;   // anything was loaded since the start
    std::function<bool()> behind;  // records wait too long to be judged
    std::function<Task<std::vector<std::pair<std::string, TimeMs>>>(AppId)> releases;
    std::string owner;       // this process, in leases
    std::string public_url;  // for links; empty: none
  };
  explicit Alerts(Collaborators with);
  ~Alerts();

  void mount(identity::Guard& guard);
  void start(net::IoThreads& io);

  // An issue is new or came back: inside the transaction that says so, on any thread.
  void issue_appeared(sql::Transaction& tx, const IssueNews& news);
  // It was resolved or ignored: in the same way.
  void issue_over(sql::Transaction& tx, const AppId& appid, std::int64_t issue);
  // One round of the loop: looks at all rules that are due, tells what is due. For tests, and the loop.
  Task<Result<void>> step();

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace miniops::alerts
