// Pictures: those that customers send are fetched and kept (WeChat deletes them after 3 days); those that agents send
// are uploaded, and their media_id reused while it is valid.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "identity/access.hpp"
#include "live/change_log.hpp"
#include "storage/sql/database.hpp"

namespace miniops::gateway {

// Inside the desk's transaction: notes that this MediaId is wanted; a worker fetches it, retries for 3 days, and
// writes a live change "media" when it is there (or gone for good). Idempotent.
// `pic_url` is tried when media/get does not give it; only WeChat's own picture hosts are asked.
void want_media(sql::Transaction& tx, const AppId& appid, std::string_view media_id, TimeMs now,
                std::string_view pic_url = {});

// Who sees what customers sent: whoever knows in which conversation it was. Called inside transactions, reads only;
// safe from any thread.
class MediaReaders {
 public:
  virtual ~MediaReaders() = default;
  // What it may not be seen for.
  virtual Result<void> may_see_media(sql::Transaction& tx, const identity::Access& access,
                                     const std::string& media_id) const = 0;
  // Whom it concerns that it is there now, or gone.
  virtual live::Audience audience_of_media(sql::Transaction& tx, const AppId& appid,
                                           const std::string& media_id) const = 0;
};

// A picture that an agent has uploaded to this mini program (POST …/pictures): what OutgoingMessage::blob and
// blob_content_type need.
struct Picture {
  std::string blob, content_type;
  std::int64_t size = 0;
};
std::optional<Picture> find_picture(sql::Transaction& tx, const AppId& appid, std::string_view picture_id);

}  // namespace miniops::gateway
