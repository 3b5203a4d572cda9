// WeChat's own data 官方数据 as the program sees them: owns its parts and its loop (README.md).
//
// Built before the router is filled; start() after everything is mounted; the loop ends with the io threads. All
// collaborators must outlive it.
#pragma once

#include <functional>
#include <memory>
#include <span>

#include "identity/guard.hpp"
#include "net/server.hpp"
#include "official/ports.hpp"
#include "official/store.hpp"
#include "storage/sql/migrations.hpp"
#include "telemetry/service.hpp"

namespace miniops::official {

std::span<const sql::Migration> migrations();

struct OfficialSettings {
  bool enabled = true;  // official.enabled; false: nothing is pulled
  Keep keep{};
  std::string owner{};  // this process, in leases
};

class Official {
 public:
  struct Collaborators {
    sql::Database& database;
    const Clock& clock;
    IdSource& ids;
    Platform& platform;
    telemetry::Service& records;
    identity::Service& identity;
    std::function<Task<std::vector<AppId>>()> programs;  // all mini programs
  };
  Official(Collaborators with, OfficialSettings settings);
  ~Official();

  // The console's API, and /wxapi, where our own data are answered as WeChat would.
  void mount(identity::Guard& guard);
  void start(net::IoThreads& io);
  // Deletes all that was pulled of a person, and does not pull it again. Gives how many rows there were.
  Task<Result<std::int64_t>> forget(AppId appid, std::string openid);
  // One round of the loop; true: more may be done at once. For tests, and the loop.
  Task<Result<bool>> step();

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace miniops::official
