// Records as the program sees them: owns the module's parts (README.md).
//
// Built before the router is filled; keepers are added before start(); start() after everything is mounted; stop()
// while the io threads still run. All collaborators must outlive it.
#pragma once

#include <filesystem>
#include <memory>

#include "identity/guard.hpp"
#include "net/server.hpp"
#include "records/ports.hpp"

namespace miniops::records {

class Service;

class Records {
 public:
  struct Collaborators {
    sql::Database& database;
    Archive& archive;
    PersonErasures& erasures;
    const Clock& clock;
    IdSource& ids;
    std::string owner{};           // this process in leases
    Listener* listener = nullptr;  // none: nobody is told
  };
  // `folder`: DATA/records/exports.
  Records(const Collaborators& with, std::filesystem::path folder);
  ~Records();

  // Deletes, and is asked, in the order in which they are added.
  void add_keeper(Keeper& keeper);
  void mount(identity::Guard& guard);
  void start(net::IoThreads& io);
  // Returns when the piece that is under way has ended, at most 5 s later.
  void stop();

  // For events that ask for a deletion (user_authorization_cancellation), within their transaction. It waits while the
  // person is under a legal hold.
  void erase(sql::Transaction& tx, const Person& person, std::string_view asked_by, TimeMs now);
  // For whoever deletes people (PersonErasures): the keepers' part, by one thread, which may block; how many rows.
  // records.held, records.message_in_flight: try again later.
  Result<std::int64_t> forget(const Person& person);

  // One bounded piece of retention and exports; true: there may be more. Nothing while another process holds the lease.
  // For the loop, and tests.
  Task<Result<bool>> step();

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace miniops::records
