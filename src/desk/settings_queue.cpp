// What customers who wait are told, as it is set.
#include "desk/queue_help_store.hpp"
#include "desk/settings_service.hpp"

namespace miniops::desk {

Task<Result<QueueSettings>> SettingsService::queue_settings(Access access) {
  auto read = [=](sql::Transaction& tx) -> Result<QueueSettings> {
    return with_our_texts(store::find_queue_settings(tx, access.appid()).value_or(QueueSettings{}));
  };
  co_return co_await database_.read(std::move(read));
}

Task<Result<QueueSettings>> SettingsService::set_queue_settings(Access access, json::value wanted) {
  auto change = [=](sql::Transaction& tx, json::object& changes) -> Result<QueueSettings> {
    const QueueSettings before = store::find_queue_settings(tx, access.appid()).value_or(QueueSettings{});
    auto after = parse_queue_settings(wanted, before);
    if (!after) return after;
    store::put_queue_settings(tx, access.appid(), *after);
    changes["queue"] = {{"from", to_json(before)}, {"to", to_json(*after)}};
    return with_our_texts(std::move(*after));
  };
  Note note{"desk.queue_settings.update", "desk_queue_settings:" + access.appid().str()};
  co_return co_await configure<QueueSettings>(access, std::move(note), std::move(change));
}

}  // namespace miniops::desk
