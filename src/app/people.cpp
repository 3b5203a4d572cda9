#include "app/people.hpp"

#include "wechat/message.hpp"

namespace miniops::app {

People::People(Store& store)
    : vault(*store.sealer, store.people_key),
      identities(vault),
      directory({*store.ids, identities, news}),
      erasure({*store.ids, identities, news}),
      session_keys({*store.database, store.clock, store.random, *store.ids, *store.sealer}),
      service({*store.database, store.clock, *store.ids, identities, directory, news}) {}

Result<void> PeopleEvents::apply(sql::Transaction& tx, const gateway::JournalEntry& entry, TimeMs now) {
  // Most pushes are messages: look before parsing.
  if (!entry.clear().contains("user_authorization_") && !entry.clear().contains("user_info_modified")) return {};
  const auto message = wechat::parse_message(entry.format, entry.clear());
  if (!message) return {};  // the desk's consumer tells of what cannot be read
  const auto* event = std::get_if<wechat::AuthorizationEvent>(&message->content);
  if (event == nullptr || event->openid.empty()) return {};
  if (message->event == "user_authorization_cancellation") {
    records_.erase(tx, {entry.appid, event->openid}, "wechat", now);
    return {};
  }
  const auto codes =
      message->event == "user_info_modified" ? people::modified_codes() : people::revoke_codes(event->revoke_info);
  if (auto cleared = erasure_.clear_named(tx, entry.appid, event->openid, codes, now); !cleared)
    return std::unexpected(cleared.error());
  return {};
}

Result<std::int64_t> PeopleKeeper::forget(const AppId& appid, std::string_view id_kind, const std::string& id) {
  const auto kind = parse_word<people::IdentityKind>(id_kind == "login" ? "login_id" : id_kind);
  if (!kind) return 0;  // a device is nobody's id here
  const people::Named named{appid, *kind, id};
  const TimeMs now = clock_.now();
  auto write = [&](sql::Transaction& tx) -> Result<std::int64_t> { return erasure_.forget(tx, named, now); };
  return database_.write_blocking(write);
}

}  // namespace miniops::app
