// Deletes what is older than a mini program keeps it: conversation by conversation in the order of their closing, then
// what is in none: messages that wait for one, and what other programs were told. A bounded piece in a transaction that
// also asks for the holds and notes how far it is.
//
// One caller at a time: the module's loop. Collaborators must outlive it.
#pragma once

#include "records/ports.hpp"
#include "records/retention.hpp"

namespace miniops::records {

class Sweeper {
 public:
  struct Collaborators {
    sql::Database& database;
    Archive& archive;
    const Clock& clock;
  };
  explicit Sweeper(const Collaborators& with) : with_(with) {}

  // One piece of the mini program whose turn it is. True: there may be more.
  Task<Result<bool>> step();

 private:
  const Collaborators with_;
};

}  // namespace miniops::records
