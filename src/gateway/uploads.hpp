// Pictures that we upload to WeChat; their media_id is used again while WeChat keeps it.
#pragma once

#include "base/random.hpp"
#include "gateway/delivery.hpp"
#include "gateway/wechat_client.hpp"
#include "storage/blobs/blobs.hpp"

namespace miniops::gateway {

class Uploads {
 public:
  Uploads(sql::Database& database, Blobs& blobs, WeChatClient& wechat, const Clock& clock, Random& random)
      : database_(database), blobs_(blobs), wechat_(wechat), clock_(clock), random_(random) {}

  // The media_id of a picture, or how the attempt to get one went.
  Task<std::expected<std::string, AttemptResult>> media_id(AppId appid, std::string blob, std::string content_type);
  // WeChat does not know it any more (40007).
  Task<void> forget(AppId appid, std::string blob);

 private:
  sql::Database& database_;
  Blobs& blobs_;
  WeChatClient& wechat_;
  const Clock& clock_;
  Random& random_;
};

// An outcome of the client as the outbox sees it.
AttemptResult attempt_of(const CallOutcome& outcome);

}  // namespace miniops::gateway
