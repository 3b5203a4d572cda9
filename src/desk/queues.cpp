#include "desk/queues.hpp"

#include "desk/queue_store.hpp"

namespace miniops::desk {

Result<void> Queues::move_queue(sql::Transaction& tx, const AppId& appid, teams::GroupId from, teams::GroupId to,
                                TimeMs now) {
  Recorder recorder(tx, common_, now);
  for (Conversation& moved : store::open_of_group(tx, appid, from)) {
    moved.placement.group = to;
    recorder.event(moved, {"routed", from.str(), to.str(), Actor::system("group_deleted")});
    if (auto saved = recorder.save(moved); !saved) return saved;
  }
  return {};
}

Result<void> Queues::reorder(sql::Transaction& tx, const AppId& appid, std::int64_t points_per_minute, TimeMs) {
  store::reorder(tx, appid, points_per_minute);
  return {};
}

}  // namespace miniops::desk
