// Reports 报表 as the program sees them: owns its parts and its loop (README.md).
//
// Built before the router is filled; start() after everything is mounted; the loop ends with the io threads. All
// collaborators must outlive it.
#pragma once

#include <memory>

#include "identity/guard.hpp"
#include "net/server.hpp"
#include "reports/ports.hpp"
#include "storage/sql/migrations.hpp"

namespace miniops::reports {

std::span<const sql::Migration> migrations();

class Reports {
 public:
  struct Collaborators {
    sql::Database& database;
    const Clock& clock;
    IdSource& ids;
    Source& source;
    std::function<Task<std::vector<Program>>()> programs;  // all mini programs
    std::string owner;                                     // this process, in leases
  };
  explicit Reports(Collaborators with);
  ~Reports();

  void mount(identity::Guard& guard);
  void start(net::IoThreads& io);
  // One round of the loop; true: more may be done at once. For tests, and the loop.
  Task<Result<bool>> step();

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace miniops::reports
