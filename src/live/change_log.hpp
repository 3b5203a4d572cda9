// One change log per mini program: what browsers follow by number, so that nothing is missed and nothing is asked
// twice (design 3.6). A change is written without a number in the transaction that makes it; a sequencer (under a
// lease) numbers committed changes in batches. Kept 24 h or 100,000 rows.
#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "identity/access.hpp"
#include "storage/sql/database.hpp"

namespace miniops::live {

// Who, of those with the permission, sees a change: who has the group, this account, and the others. No group: all.
// A change about something, a conversation, is told as it is to the account, the others, and who has that open; to the
// rest of those who see it in counts (hub.hpp). 0: about nothing.
struct Audience {
  std::string group{};
  identity::AccountId account{};
  std::vector<identity::AccountId> others{};
  std::int64_t about = 0;
};
// The form of the column `others`; what cannot be read is left out.
std::string to_text(const std::vector<identity::AccountId>& accounts);
std::vector<identity::AccountId> accounts_in(std::string_view text);

// `data` is the object as the API shows it to someone who sees personal data; free text in it is masked per recipient
// (all string values under the keys that `text_keys` in hub.cpp names: content, title, description, last_message …).
struct Change {
  AppId appid;
  std::string topic;  // "conversation", "message", "presence_counts", "outbox", "media", "miniprogram" …
  identity::Permission permission = identity::Permission::desk_read;  // who may see it
  boost::json::object data;
  Audience audience{};
};

// Inside the transaction that makes the change. `id` comes from the IdSource, drawn before the closure.
void append_change(sql::Transaction& tx, std::int64_t id, TimeMs at, const Change& change);

}  // namespace miniops::live
