// Deletes one person's data, on request: keeper after keeper, a bounded piece in each transaction, which also asks for
// the holds and notes in the request how far it is. It goes on wherever the program ended.
//
// ask() may be called by anybody within a transaction; the steps by one caller at a time: the module's loop.
// Collaborators must outlive it.
#pragma once

#include "records/erasure.hpp"
#include "records/exporter.hpp"

namespace miniops::records {

// The one that is under way when there is one, else `wanted`, stored. Waits while a hold is on the person.
Erasure ask(sql::Transaction& tx, Erasure wanted);

// Whether a legal hold is on the person: for whoever deletes something of them in another way.
bool held(sql::Transaction& tx, const Person& person);

class Eraser {
 public:
  struct Collaborators {
    sql::Database& database;
    const Keepers& keepers;
    Exporter& exporter;
    const Clock& clock;
  };
  explicit Eraser(const Collaborators& with) : with_(with) {}

  // One piece of the request whose turn it is. True: there may be more.
  Task<Result<bool>> step();

 private:
  Result<void> erase(sql::Transaction& tx, Erasure erasure, TimeMs now) const;
  Task<Result<void>> finish(Erasure erasure);

  const Collaborators with_;
};

}  // namespace miniops::records
