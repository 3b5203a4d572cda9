// This module's part of a person's deletion: keeper after keeper, a bounded piece in each transaction, which also asks
// for the holds and notes in the request how far it is. Then exports in which the person may be are withdrawn. It goes
// on wherever the program ended.
//
// ask() and held() may be called by anybody within a transaction; forget() by one thread at a time, which may block:
// the one that deletes people (PersonErasures). Collaborators must outlive it.
#pragma once

#include "records/erasure.hpp"
#include "records/export_files.hpp"

namespace miniops::records {

// The request that is under way when there is one, else `wanted`, stored and handed on.
Erasure ask(sql::Transaction& tx, PersonErasures& erasures, Erasure wanted);

// Whether a legal hold is on the person.
bool held(sql::Transaction& tx, const Person& person);

class Eraser {
 public:
  struct Collaborators {
    sql::Database& database;
    const Keepers& keepers;
    const ExportFiles& files;
    const Clock& clock;
    Listener* listener = nullptr;  // none: nobody is told
  };
  explicit Eraser(const Collaborators& with) : with_(with) {}

  // How many rows went; may be called again for the same person. records.held, records.message_in_flight: later.
  Result<std::int64_t> forget(const Person& person);

 private:
  // How far it is when nobody asked for it here, and the request otherwise.
  struct Progress {
    Erasure erasure{};
    bool asked = false;
    std::int64_t rows = 0;
    bool waits = false, ended = false;
    std::vector<ExportId> withdrawn{};
  };
  Result<Progress> piece(sql::Transaction& tx, const Person& person, Progress progress, TimeMs now) const;

  const Collaborators with_;
};

}  // namespace miniops::records
