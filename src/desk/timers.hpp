// Fires the timers of conversations (timer.hpp). Each with its effect in one transaction, in the order in which they
// were due, once, however many nodes look and whatever dies when. After a pause what is overdue fires at once; what it
// would say is dropped when the channel does not allow it any more.
//
// step() is run by one loop at a time.
#pragma once

#include "desk/delivery.hpp"
#include "desk/ports.hpp"
#include "desk/recorder.hpp"
#include "desk/store.hpp"
#include "desk/timer_store.hpp"

namespace miniops::desk {

class Timers {
 public:
  struct Collaborators {
    sql::Database& database;
    const Clock& clock;
    const Common& common;
    BudgetNews& news;
    Broadcaster& broadcaster;
    std::function<void()> freed;  // somebody may be free now: look at the queue
  };
  explicit Timers(Collaborators with) : with_(std::move(with)) {}

  // True: there is more to fire at once.
  Task<Result<bool>> step();

 private:
  struct Firing;
  Task<Result<void>> fire(std::vector<store::DueTimer> due);
  Task<void> put_off(store::DueTimer timer, Error why);
  Result<void> fire_in(sql::Transaction& tx, const store::DueTimer& timer, TimeMs now) const;
  Result<void> bring_about(Firing& firing, TimerKind kind) const;
  void raise(Firing& firing) const;
  void say(Firing& firing, std::string text) const;

  Collaborators with_;
};

}  // namespace miniops::desk
