// Fetches what customers sent before WeChat deletes it (3 days), and keeps what agents upload.
#pragma once

#include <functional>

#include "gateway/media.hpp"
#include "gateway/wechat_client.hpp"
#include "identity/access.hpp"
#include "net/client.hpp"
#include "storage/blobs/blobs.hpp"

namespace miniops::gateway {

struct StoredMedia {
  std::string content_type, bytes;
};

class Media {
 public:
  Media(sql::Database& database, Blobs& blobs, WeChatClient& wechat, net::HttpClient& http, const Clock& clock,
        IdSource& ids, std::string api_base)
      : database_(database),
        blobs_(blobs),
        wechat_(wechat),
        http_(http),
        clock_(clock),
        ids_(ids),
        api_base_(std::move(api_base)) {}

  // Fetches up to four that are due, one after the other. True: there may be more.
  Task<Result<bool>> step();

  // Before the first call.
  void set_readers(const MediaReaders& readers) { readers_ = &readers; }

  // gateway.media_not_found, gateway.media_not_fetched; what it may not be seen for
  Task<Result<StoredMedia>> fetched(identity::Access access, std::string media_id);
  // gateway.picture_type, gateway.picture_too_large
  Task<Result<Picture>> put_picture(const identity::Access& access, std::string bytes);
  Task<Result<StoredMedia>> picture(AppId appid, std::string picture_id);

 private:
  struct Wanted {
    AppId appid;
    std::string media_id, pic_url;
    int attempts = 0;
    TimeMs wanted_at = 0;
  };
  struct Fetched {
    std::string content_type, bytes;
    std::string problem;  // not empty: it did not work
    bool for_good = false;
  };
  Task<Fetched> fetch(const Wanted& wanted);
  Task<Fetched> fetch_url(const std::string& url);
  bool may_ask(std::string_view url) const;
  Task<Result<void>> record(const Wanted& wanted, const Fetched& fetched, const std::string& blob);

  sql::Database& database_;
  Blobs& blobs_;
  WeChatClient& wechat_;
  net::HttpClient& http_;
  const Clock& clock_;
  IdSource& ids_;
  const std::string api_base_;
  const MediaReaders* readers_ = nullptr;
};

}  // namespace miniops::gateway
