#include "gateway/uploads.hpp"

#include "base/log.hpp"
#include "gateway/picture_types.hpp"

namespace miniops::gateway {

namespace {

// WeChat keeps what is uploaded for three days.
constexpr TimeMs kept_ms = 3 * day_ms - 2 * hour_ms;

AttemptResult blob_missing(const Error& error) {
  AttemptResult result;
  result.kind = AttemptResult::Kind::not_sent;
  result.reason = "storage";
  result.errmsg = error.code;
  return result;
}

}  // namespace

AttemptResult attempt_of(const CallOutcome& outcome) {
  AttemptResult result;
  result.errcode = outcome.errcode;
  result.errmsg = outcome.errmsg;
  result.retry_at = outcome.retry_at;
  switch (outcome.kind) {
    case CallOutcome::Kind::answered:
      result.kind = outcome.errcode == 0 ? AttemptResult::Kind::sent : AttemptResult::Kind::refused;
      // No answer that WeChat gives: a proxy's error page, say. WeChat may have acted.
      if (outcome.errcode == wechat::errcode_not_understood) result.kind = AttemptResult::Kind::uncertain;
      break;
    case CallOutcome::Kind::uncertain:
      result.kind = AttemptResult::Kind::uncertain;
      result.errmsg = outcome.error.message;
      break;
    case CallOutcome::Kind::not_sent:
      result.kind = AttemptResult::Kind::not_sent;
      result.errmsg = outcome.error.message;
      if (outcome.error.code == "gateway.no_token" || outcome.error.code == "gateway.force_exhausted") {
        result.reason = "no_token";
      } else if (outcome.error.code == "gateway.api_paused") {
        result.reason = "quota_spent";
      } else if (outcome.error.code == "gateway.rate_limited") {
        result.reason = "rate_limited";
      } else {
        result.reason = "network";
      }
      break;
  }
  return result;
}

Task<std::expected<std::string, AttemptResult>> Uploads::media_id(AppId appid, std::string blob,
                                                                  std::string content_type) {
  const TimeMs now = clock_.now();
  auto look = [&appid, &blob, now](sql::Transaction& tx) -> Result<std::string> {
    const auto row = tx.query_one(
        "SELECT media_id FROM gateway_uploads WHERE appid = $1 AND blob = $2 AND expires_at > $3", {appid, blob, now});
    return row ? row->text(0) : std::string();
  };
  auto known = co_await database_.read(std::move(look));
  if (known && !known->empty()) co_return *known;

  auto bytes = co_await blobs_.get(blob);
  if (!bytes) co_return std::unexpected(blob_missing(bytes.error()));
  const std::string filename = "picture." + std::string(extension_of(content_type));
  const std::string boundary = "miniops" + random_.alphanumeric(32);
  wechat::ApiCall call = wechat::media_upload_call(filename, content_type, *bytes, boundary);
  const CallOutcome outcome = co_await wechat_.call(appid, std::move(call));
  if (outcome.kind != CallOutcome::Kind::answered || outcome.errcode != 0) {
    AttemptResult result = attempt_of(outcome);
    result.of_upload = true;
    if (result.kind == AttemptResult::Kind::uncertain) {  // an upload may be repeated
      result.kind = AttemptResult::Kind::not_sent;
      result.reason = "network";
    }
    co_return std::unexpected(std::move(result));
  }
  const auto uploaded = wechat::parse_media_uploaded(outcome.response.status, outcome.response.body);
  if (!uploaded) {
    AttemptResult result;
    result.reason = "network";
    result.errmsg = uploaded.error().errmsg;
    co_return std::unexpected(std::move(result));
  }
  auto keep = [&appid, &blob, &uploaded, now](sql::Transaction& tx) -> Result<void> {
    tx.execute(
        "INSERT INTO gateway_uploads (appid, blob, media_id, expires_at) VALUES ($1, $2, $3, $4) "
        "ON CONFLICT (appid, blob) DO UPDATE SET media_id = excluded.media_id, expires_at = excluded.expires_at",
        {appid, blob, uploaded->media_id, now + kept_ms});
    return {};
  };
  auto kept = co_await database_.write(std::move(keep));
  if (!kept) log::warn("uploads.not_stored", {{"code", kept.error().code}});
  co_return uploaded->media_id;
}

Task<void> Uploads::forget(AppId appid, std::string blob) {
  auto work = [&appid, &blob](sql::Transaction& tx) -> Result<void> {
    tx.execute("DELETE FROM gateway_uploads WHERE appid = $1 AND blob = $2", {appid, blob});
    return {};
  };
  auto done = co_await database_.write(std::move(work));
  if (!done) log::warn("uploads.not_forgotten", {{"code", done.error().code}});
}

}  // namespace miniops::gateway
