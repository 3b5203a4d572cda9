#include "gateway/media_worker.hpp"

#include "base/text.hpp"
#include "gateway/delivery.hpp"
#include "gateway/errors.hpp"
#include "gateway/picture_types.hpp"
#include "live/change_log.hpp"

namespace miniops::gateway {

namespace {

constexpr TimeMs kept_by_wechat_ms = 3 * day_ms;
constexpr int at_a_time = 4;
constexpr std::size_t media_id_bytes_max = 512;

// Only pictures are shown as what they are; anything else is a download.
std::string kept_type(std::string_view bytes) {
  const std::string_view sniffed = sniff_picture(bytes);
  return std::string(sniffed.empty() ? "application/octet-stream" : sniffed);
}

std::string_view host_of(std::string_view url) {
  const auto begin = url.find("://");
  if (begin == std::string_view::npos) return {};
  url.remove_prefix(begin + 3);
  return url.substr(0, url.find_first_of("/?#"));
}

}  // namespace

void want_media(sql::Transaction& tx, const AppId& appid, std::string_view media_id, TimeMs now,
                std::string_view pic_url) {
  if (media_id.empty() || media_id.size() > media_id_bytes_max) return;
  tx.execute(
      "INSERT INTO gateway_media (appid, media_id, state, pic_url, blob, content_type, size, attempts, wanted_at, "
      "due_at, error) VALUES ($1, $2, 'wanted', $3, '', '', 0, 0, $4, $4, '') ON CONFLICT (appid, media_id) DO NOTHING",
      {appid, media_id, pic_url.size() > 2048 ? std::string_view() : pic_url, now});
}

std::optional<Picture> find_picture(sql::Transaction& tx, const AppId& appid, std::string_view picture_id) {
  const auto row = tx.query_one("SELECT blob, content_type, size FROM gateway_pictures WHERE appid = $1 AND blob = $2",
                                {appid, picture_id});
  if (!row) return std::nullopt;
  return Picture{row->text(0), row->text(1), row->integer(2)};
}

Task<Result<bool>> Media::step() {
  const TimeMs now = clock_.now();
  auto work = [now](sql::Transaction& tx) -> Result<std::vector<Wanted>> {
    std::vector<Wanted> wanted;
    for (const sql::Row& row : tx.query("SELECT appid, media_id, pic_url, attempts, wanted_at FROM gateway_media "
                                        "WHERE state = 'wanted' AND due_at <= $1 ORDER BY due_at LIMIT $2",
                                        {now, at_a_time})) {
      wanted.push_back({row.id<AppId>(0), row.text(1), row.text(2), static_cast<int>(row.integer(3)), row.integer(4)});
    }
    return wanted;
  };
  auto wanted = co_await database_.read(std::move(work));
  if (!wanted) co_return std::unexpected(wanted.error());
  for (const Wanted& one : *wanted) {
    Fetched fetched = co_await fetch(one);
    std::string blob;
    if (fetched.problem.empty()) {
      auto stored = co_await blobs_.put(fetched.bytes);
      if (stored) {
        blob = std::move(*stored);
      } else {
        fetched.problem = stored.error().code;
      }
    }
    auto recorded = co_await record(one, fetched, blob);
    if (!recorded) co_return std::unexpected(recorded.error());
  }
  co_return wanted->size() == at_a_time;
}

Task<Media::Fetched> Media::fetch(const Wanted& wanted) {
  wechat::ApiCall call = wechat::media_get_call(wanted.media_id);
  const CallOutcome outcome = co_await wechat_.call(wanted.appid, std::move(call));
  Fetched fetched;
  if (outcome.kind == CallOutcome::Kind::answered) {
    const net::Headers& headers = outcome.response.headers;
    auto media = wechat::parse_media_get(outcome.response.status, headers.get("Content-Type").value_or(""),
                                         headers.get("Content-Disposition").value_or(""), outcome.response.body);
    if (media && media->video_url.empty()) {
      fetched.content_type = kept_type(media->bytes);
      fetched.bytes = std::move(media->bytes);
      co_return fetched;
    }
    if (media) co_return co_await fetch_url(media->video_url);
    fetched.problem = "errcode " + std::to_string(media.error().errcode);
    fetched.for_good = media.error().errcode == 40007;
  } else {
    fetched.problem = outcome.error.code;
  }
  if (!wanted.pic_url.empty()) {
    Fetched other = co_await fetch_url(wanted.pic_url);
    if (other.problem.empty()) co_return other;
  }
  co_return fetched;
}

// The address comes from a push: we ask nobody but WeChat's picture hosts and the API's own host.
bool Media::may_ask(std::string_view url) const {
  const std::string_view host = host_of(url);
  if (host.find('@') != std::string_view::npos) return false;
  if (!host.empty() && host == host_of(api_base_)) return true;
  return host.ends_with(".qpic.cn") || host.ends_with(".qlogo.cn") || host.ends_with(".weixin.qq.com");
}

Task<Media::Fetched> Media::fetch_url(const std::string& url) {
  Fetched fetched;
  if (!may_ask(url)) {
    fetched.problem = "not one of WeChat's addresses";
    co_return fetched;
  }
  net::ClientRequest request;
  request.url = url;
  auto response = co_await http_.send(std::move(request));
  if (!response) {
    fetched.problem = truncate_chars(response.error().what, 200);
  } else if (response->status != 200 || response->body.empty()) {
    fetched.problem = "status " + std::to_string(response->status);
  } else {
    fetched.content_type = kept_type(response->body);
    fetched.bytes = std::move(response->body);
  }
  co_return fetched;
}

Task<Result<void>> Media::record(const Wanted& wanted, const Fetched& fetched, const std::string& blob) {
  const TimeMs now = clock_.now();
  const bool stored = fetched.problem.empty();
  const bool gone = !stored && (fetched.for_good || now > wanted.wanted_at + kept_by_wechat_ms);
  const std::string_view state = stored ? "stored" : (gone ? "gone" : "wanted");
  const std::int64_t change_id = ids_.next();
  auto work = [&](sql::Transaction& tx) -> Result<void> {
    const auto known = tx.execute(
        "UPDATE gateway_media SET state = $3, blob = $4, content_type = $5, size = $6, attempts = $7, due_at = $8, "
        "error = $9 WHERE appid = $1 AND media_id = $2 AND state = 'wanted'",
        {wanted.appid, wanted.media_id, state, blob, fetched.content_type, fetched.bytes.size(), wanted.attempts + 1,
         now + backoff_ms(wanted.attempts + 1, 0), fetched.problem});
    // It was forgotten, or fetched by somebody else, in the meantime: nothing may name this file.
    if (known == 0 && stored)
      tx.execute("INSERT INTO gateway_orphans (blob) VALUES ($1) ON CONFLICT DO NOTHING", {blob});
    if (known == 0 || state == "wanted") return {};
    live::Change change{wanted.appid, "media", identity::Permission::desk_read, {}};
    change.data = {{"media_id", wanted.media_id}, {"state", state}};
    if (readers_ != nullptr) change.audience = readers_->audience_of_media(tx, wanted.appid, wanted.media_id);
    live::append_change(tx, change_id, now, change);
    return {};
  };
  co_return co_await database_.write(std::move(work));
}

Task<Result<StoredMedia>> Media::fetched(identity::Access access, std::string media_id) {
  struct Found {
    std::string blob, content_type;
  };
  auto work = [&](sql::Transaction& tx) -> Result<Found> {
    const auto row =
        tx.query_one("SELECT state, blob, content_type FROM gateway_media WHERE appid = $1 AND media_id = $2",
                     {access.appid(), media_id});
    if (!row) return fail(errors::media_not_found());
    if (readers_ != nullptr)
      if (auto may = readers_->may_see_media(tx, access, media_id); !may) return std::unexpected(may.error());
    if (row->text(0) == "gone") return fail(errors::media_gone());
    if (row->text(0) != "stored") return fail(errors::media_not_fetched());
    return Found{row->text(1), row->text(2)};
  };
  auto found = co_await database_.read(std::move(work));
  if (!found) co_return std::unexpected(found.error());
  auto bytes = co_await blobs_.get(found->blob);
  if (!bytes) co_return std::unexpected(bytes.error());
  StoredMedia media{found->content_type, std::move(*bytes)};
  co_return media;
}

Task<Result<Picture>> Media::put_picture(const identity::Access& access, std::string bytes) {
  if (bytes.size() > picture_bytes_max) co_return fail(errors::picture_too_large());
  const std::string_view type = sniff_picture(bytes);
  if (type.empty()) co_return fail(errors::picture_type());
  Picture picture{"", std::string(type), static_cast<std::int64_t>(bytes.size())};
  auto blob = co_await blobs_.put(std::move(bytes));
  if (!blob) co_return std::unexpected(blob.error());
  picture.blob = std::move(*blob);
  const TimeMs now = clock_.now();
  auto work = [&](sql::Transaction& tx) -> Result<void> {
    tx.execute(
        "INSERT INTO gateway_pictures (appid, blob, content_type, size, created_at) VALUES ($1, $2, $3, $4, $5) "
        "ON CONFLICT (appid, blob) DO NOTHING",
        {access.appid(), picture.blob, picture.content_type, picture.size, now});
    return {};
  };
  auto kept = co_await database_.write(std::move(work));
  if (!kept) co_return std::unexpected(kept.error());
  co_return picture;
}

Task<Result<StoredMedia>> Media::picture(AppId appid, std::string picture_id) {
  auto work = [&](sql::Transaction& tx) -> Result<Picture> {
    auto found = find_picture(tx, appid, picture_id);
    if (!found) return fail(errors::media_not_found());
    return std::move(*found);
  };
  auto found = co_await database_.read(std::move(work));
  if (!found) co_return std::unexpected(found.error());
  auto bytes = co_await blobs_.get(found->blob);
  if (!bytes) co_return std::unexpected(bytes.error());
  StoredMedia media{found->content_type, std::move(*bytes)};
  co_return media;
}

}  // namespace miniops::gateway
