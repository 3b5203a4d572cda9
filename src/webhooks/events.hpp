// What other modules ask of webhooks: to tell that something happened, from inside their own transaction.
//
//   if (events.wanted(appid, Kind::message_received))
//     events.emit(tx, {Kind::message_received, appid, openid, now, to_json(message)});
//
// The event and a delivery for each subscription that wants it are rows of the caller's transaction: they are there
// exactly when what they tell is. They leave a moment later, at least once each.
#pragma once

#include <utility>
#include <vector>

#include "webhooks/event.hpp"

namespace miniops::sql {
class Transaction;
}

namespace miniops::webhooks {

class Subscribers;

// Holds nothing that changes: safe from any thread.
class Events {
 public:
  Events(const Subscribers& subscribers, IdSource& ids) : subscribers_(subscribers), ids_(ids) {}

  // Whether anybody wants it: asked before the data is put together. A subscription that was made less than 200 ms ago
  // on another node may not be known yet.
  bool wanted(const AppId& appid, Kind kind) const;
  // Writes nothing when nobody wants it.
  void emit(sql::Transaction& tx, const Event& event) const;
  // Somebody is deleted: what was told of them is emptied, and what of it is pending will not be sent.
  void forget(sql::Transaction& tx, const AppId& appid, const OpenId& openid) const;

  // For whoever keeps what was said for a shorter time than we do. What was told of somebody and is not emptied, by
  // time and id, after those and before a time.
  std::vector<Told> told_before(sql::Transaction& tx, const AppId& appid, std::pair<TimeMs, std::int64_t> after,
                                TimeMs before, int limit) const;
  // As with forget(): it is emptied, with what receivers answered, and not sent any more.
  void empty(sql::Transaction& tx, EventId id) const;

 private:
  const Subscribers& subscribers_;
  IdSource& ids_;
};

}  // namespace miniops::webhooks
