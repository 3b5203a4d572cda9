// Deleting a person, for good: the ids from the dictionary, the records from the event store and the spool. Asked for
// with a row of telemetry_erasures, worked off by the loader's thread between its steps, one piece at a time. Each
// piece is done or not done, so that it goes on wherever the program ends. One that a keeper holds back waits.
#pragma once

#include "base/json.hpp"
#include "storage/spool/spool.hpp"
#include "telemetry/lazy_events.hpp"
#include "telemetry/numbers.hpp"
#include "telemetry/ports.hpp"

namespace miniops::telemetry {

struct Erasure {
  enum class State { waiting, erasing, done };
  // waiting: until all that came before is loaded; erasing: the ids are gone, the records are going
  std::int64_t id = 0;
  AppId appid;
  State state = State::waiting;
  store::PersonId named{};  // the id itself only while waiting
  std::string hash{};       // of it: see hash_of
  std::string asked_by{};
  TimeMs asked_at = 0;
  std::vector<std::int64_t> persons{};  // while erasing
  json::object report{};                // empty while waiting
  TimeMs finished_at = 0;
};
std::string_view to_string(Erasure::State state);
// Enough to know the id again, too little to find it out.
std::string hash_of(std::string_view id);

namespace store {
void insert_erasure(sql::Transaction& tx, const Erasure& erasure);
// How many of a mini program's are not done.
std::int64_t open_erasures_of(sql::Transaction& tx, const AppId& appid);
// The newest first, those with ids below `before`.
std::vector<Erasure> erasures_of(sql::Transaction& tx, const AppId& appid, std::int64_t before, int limit);
std::optional<Erasure> erasure(sql::Transaction& tx, const AppId& appid, std::int64_t id);
}  // namespace store

// For the loader's thread.
class Erasures {
 public:
  struct Collaborators {
    sql::Database& database;
    LazyEvents& events;
    spool::Spool& spool;
    Numbers& numbers;
    const Clock& clock;
  };
  explicit Erasures(const Collaborators& with) : with_(with) {}
  void add_keeper(PersonKeeper& keeper) { keepers_.push_back(&keeper); }

  // One piece; `loaded`: all before it is in the event store. False: nothing can be done for now.
  Result<bool> work(spool::Position loaded);
  bool under_way() const { return !batch_.empty(); }

 private:
  Result<bool> take_up();
  Result<std::vector<Erasure>> open_ones() const;
  Result<bool> held(const Erasure& erasure) const;
  Result<void> begin(Erasure& erasure);
  Result<json::object> forgotten_elsewhere(const AppId& appid, std::vector<store::PersonId> ids) const;
  Result<bool> erase();
  Result<void> finish();

  const Collaborators with_;
  std::vector<PersonKeeper*> keepers_;
  std::vector<Erasure> batch_;           // asked for before `marker_` was appended
  spool::Position marker_;               // what lies before it in the spool may be of these people
  std::optional<std::int64_t> dropped_;  // segments of the spool
};

}  // namespace miniops::telemetry
