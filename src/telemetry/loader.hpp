// From the spool into the event store, in order, on a thread of its own. What it stores is a function of the spool: a
// record that was acknowledged is stored once, or named in the ledger, whatever dies when.
#pragma once

#include <functional>
#include <thread>

#include "storage/events/event_store.hpp"
#include "storage/spool/spool.hpp"
#include "storage/sql/config_version.hpp"
#include "telemetry/block.hpp"
#include "telemetry/erasure.hpp"
#include "telemetry/keys.hpp"
#include "telemetry/lazy_events.hpp"
#include "telemetry/numbers.hpp"
#include "telemetry/ports.hpp"
#include "telemetry/remembered.hpp"

namespace miniops::telemetry {

struct LoaderFigures {
  std::int64_t loaded_records = 0, duplicate_records = 0, damaged = 0;
  std::int64_t waiting_bytes = 0;  // in the spool
  std::map<AppId, TimeMs> last_received{};
  std::string problem{};  // for a person, while it cannot go on
};

class Loader {
 public:
  struct Collaborators {
    sql::Database& database;
    LazyEvents& events;
    spool::Spool& spool;
    IdSource& ids;
    const Clock& clock;
    const sql::ConfigVersion& version;
    int wait_ms = 1000;  // a step waits for so long when there is nothing
  };
  explicit Loader(const Collaborators& with);
  ~Loader();
  // Before start(); must outlive the loader.
  void add_observer(LoadObserver& observer) { observers_.push_back(&observer); }
  void add_keeper(PersonKeeper& keeper) { erasures_.add_keeper(keeper); }
  void start();
  void stop();
  LoaderFigures figures() const;

  // Asks the event store how far it came. An emptied spool learns from it where to number on: called before anything is
  // appended when the store exists.
  Result<void> begin();

  // Drops what each mini program keeps no longer (Settings::keep_days). For tests, and the thread, once an hour.
  Result<void> forget_old();

  // What is to be done besides loading, one piece between two steps: people are deleted, a backup is let copy, what is
  // old goes, days that are over are put in order. True: there may be more. For tests, and the thread.
  Result<bool> tend();

  // One step: what waits in the spool, up to some megabytes, in one transaction of each month it belongs to. True when
  // it stored something. For tests, and the thread.
  Result<bool> step();

 private:
  struct Month;
  Result<Month*> month(const std::string& name);
  Result<std::map<std::string, events::Load>> set_aside(const spool::Reading& reading, const Error& why);
  Result<std::map<std::string, events::Load>> prepare(const spool::Reading& reading);
  using Added = std::unordered_map<const Record*, Additions>;
  Result<void> learn(const std::vector<std::optional<Block>>& blocks);
  Result<Added> observe(const std::vector<std::optional<Block>>& blocks);
  Result<void> add_block(const spool::Block& from, const std::optional<Block>& block, const Added& added,
                         std::map<std::string, events::Load>& loads);
  void add_records(Month& month, const Block& block, std::int32_t app, const Added& added, events::Load& load);
  void count(const events::Load& load);
  Result<void> store(const spool::Reading& reading, std::map<std::string, events::Load>& loads);
  Result<std::int32_t> app_number(const AppId& appid);
  void start_over();
  Result<bool> tend_to_requests();
  Result<bool> tend_to_days();
  void loop();
  bool behind() const;
  void pause(int for_ms) const;

  const Collaborators with_;
  std::vector<LoadObserver*> observers_;
  Numbers numbers_;
  std::map<std::string, std::unique_ptr<Month>> months_;
  std::optional<spool::Position> next_;  // where to go on reading; nullopt: ask the event store
  int careful_steps_ = 0;
  std::map<AppId, std::int32_t> apps_;
  Erasures erasures_;
  std::int64_t version_seen_ = -1;  // what people had asked for by then is done
  TimeMs forgot_at_ = 0, tidied_at_ = 0, tend_after_ = 0;
  bool busy_ = false;  // there may be more to tend to
  std::thread thread_;
  std::atomic<bool> stopping_{false};
  mutable std::mutex figures_mutex_;
  LoaderFigures figures_;
};

events::Id128 id128(std::string_view text);  // the hash by which a session's or install's text is known

}  // namespace miniops::telemetry
