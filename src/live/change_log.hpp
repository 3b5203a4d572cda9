// One change log per mini program: what browsers follow by number, so that nothing is missed and nothing is asked
// twice (design 3.6). A change is written without a number in the transaction that makes it; a sequencer (under a
// lease) numbers committed changes in batches. Kept 24 h or 100,000 rows.
#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <string>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "identity/access.hpp"
#include "storage/sql/database.hpp"

namespace miniops::live {

// `data` is the object as the API shows it to someone who sees personal data; free text in it is masked per recipient
// (all string values under the keys that `text_keys` in hub.cpp names: content, title, description, last_message …).
struct Change {
  AppId appid;
  std::string topic;  // "conversation", "message", "presence_counts", "outbox", "media", "miniprogram" …
  identity::Permission permission = identity::Permission::desk_read;  // who may see it
  boost::json::object data;
};

// Inside the transaction that makes the change. `id` comes from the IdSource, drawn before the closure.
void append_change(sql::Transaction& tx, std::int64_t id, TimeMs at, const Change& change);

}  // namespace miniops::live
