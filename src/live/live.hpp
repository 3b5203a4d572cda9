// Live updates: the sequencer that numbers changes and the hub that carries them to browsers, with their loops.
#pragma once

#include <atomic>
#include <memory>
#include <span>
#include <string>

#include "identity/guard.hpp"
#include "identity/service.hpp"
#include "live/hub.hpp"
#include "live/sequencer.hpp"
#include "live/wakeup.hpp"
#include "net/server.hpp"
#include "storage/sql/migrations.hpp"

namespace miniops::live {

std::span<const sql::Migration> migrations();

struct LiveOptions {
  std::string owner;  // this process, in the lease
  HubOptions hub{};
};

// Safe from any thread. Everything that the constructor takes outlives it; it outlives the io threads' loops and, for
// the database's notices, ends after them.
class Live {
 public:
  Live(sql::Database& database, const sql::ConfigVersion& version, identity::Service& identity, const Clock& clock,
       LiveOptions options);

  Hub& hub() { return hub_; }
  Sequencer& sequencer() { return sequencer_; }

  // GET /api/v1/live
  void mount(identity::Guard& guard);
  void start(net::IoThreads& io);
  // The loops end at their next turn; sockets are told that the server goes.
  void stop();

  // After the commit of a closure that appended changes: they are numbered at once instead of with the next look.
  void wake() { sequencer_wakeup_.wake(); }

 private:
  Task<void> run_sequencer();
  Task<void> run_hub();
  Task<void> run_watch();
  Task<void> run_lists();

  Sequencer sequencer_;
  Hub hub_;
  Wakeup sequencer_wakeup_;
  std::shared_ptr<Wakeup> hub_wakeup_;  // shared with the database's listener, which cannot be taken back
  std::atomic<bool> stopped_{false};
};

}  // namespace miniops::live
