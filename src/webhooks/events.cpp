#include "webhooks/events.hpp"

#include "webhooks/subscribers.hpp"

namespace miniops::webhooks {

bool Events::wanted(const AppId& appid, Kind kind) const { return subscribers_.any(appid, kind); }

void Events::emit(sql::Transaction& tx, const Event& event) const {
  const auto to = subscribers_.of(event.appid, event.kind);
  if (to.empty()) return;
  const auto id = ids_.next_as<EventId>();
  store::insert_event(tx, id, event, body_of(id, word(event.kind), event.appid, event.at, event.data), to);
}

void Events::forget(sql::Transaction& tx, const AppId& appid, const OpenId& openid) const {
  store::forget(tx, appid, openid);
}

std::vector<Told> Events::told_before(sql::Transaction& tx, const AppId& appid, std::pair<TimeMs, std::int64_t> after,
                                      TimeMs before, int limit) const {
  return store::told_before(tx, appid, after, before, limit);
}

void Events::empty(sql::Transaction& tx, EventId id) const { store::empty_event(tx, id); }

}  // namespace miniops::webhooks
