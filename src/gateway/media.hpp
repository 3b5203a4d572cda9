// Pictures: those that customers send are fetched and kept (WeChat deletes them after 3 days); those that agents send
// are uploaded, and their media_id reused while it is valid.
#pragma once

#include <string>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "storage/sql/database.hpp"

namespace miniops::gateway {

// Inside the desk's transaction: notes that this MediaId is wanted; a worker fetches it, retries for 3 days, and
// writes a live change "media" when it is there (or gone for good). Idempotent.
void want_media(sql::Transaction& tx, const AppId& appid, std::string_view media_id, TimeMs now);

}  // namespace miniops::gateway
