// WeChat's server API as values: what to send, and what the answer means. Sans I/O.
#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/error.hpp"
#include "base/ids.hpp"

namespace miniops::wechat {

// One call. The caller adds the base address, and access_token where `needs_token`.
struct ApiCall {
  std::string name;  // "message/custom/send": also the key of rate limits and pauses
  bool post = false;
  std::string path;   // "/cgi-bin/message/custom/send"
  std::string query;  // encoded, without '?' and without access_token
  std::string content_type{};
  std::string body{};
  bool needs_token = true;
};

// ---- tokens ----
ApiCall token_call(const AppId& appid, std::string_view secret);
ApiCall stable_token_call(const AppId& appid, std::string_view secret, bool force_refresh);
struct TokenAnswer {
  std::string access_token;
  std::int64_t expires_in_s = 0;
};

// ---- what a mini program may send (客服消息) ----
struct SendText {
  std::string content;
};
struct SendImage {
  std::string media_id;
};
struct SendLink {
  std::string title, description, url, thumb_url;
};
struct SendMiniProgramPage {
  std::string title, pagepath, thumb_media_id;
};
using Outgoing = std::variant<SendText, SendImage, SendLink, SendMiniProgramPage>;
std::string_view msgtype_of(const Outgoing& message);
// {"msgtype":"text","text":{"content":…}} etc.: the object that the console's API and WeChat share.
boost::json::object outgoing_json(const Outgoing& message);
// The reverse. Fails with request.invalid and JSON pointers (limits: outgoing.cpp), or with wechat.msgtype_not_allowed
// for what WeChat would answer 40008. Other members of `object` than msgtype and the one it names are not looked at.
Result<Outgoing> parse_outgoing(const boost::json::object& object);
ApiCall custom_send_call(const OpenId& to, const Outgoing& message);  // raw UTF-8, no \u escapes

enum class Typing { start, stop };
ApiCall typing_call(const OpenId& to, Typing typing);

// ---- media ----
// `boundary` must not occur in the bytes.
ApiCall media_upload_call(std::string_view filename, std::string_view content_type, std::string_view bytes,
                          std::string_view boundary);
struct MediaUploaded {
  std::string media_id;
  std::int64_t created_at_s = 0;
};
ApiCall media_get_call(std::string_view media_id);

ApiCall callback_ip_call();

// ---- content security (内容安全) ----
// msg_sec_check v2. `openid`: who reads it; active in the mini program within 2 hours, else 61010. Of the text the
// first 2,500 characters are looked at.
ApiCall text_security_call(const OpenId& openid, std::string_view text);
inline constexpr int errcode_not_active = 61010;

// ---- answers ----
// A WeChat error: its code, its text without the rid, and the rid.
struct ApiError {
  int errcode = 0;
  std::string errmsg;
  std::string rid;
};
template <class T>
using ApiResult = std::expected<T, ApiError>;

struct Done {};
inline constexpr int errcode_not_understood = -99999;  // our own: HTTP status not 200, or no JSON

ApiResult<TokenAnswer> parse_token_answer(int http_status, std::string_view body);
ApiResult<Done> parse_done(int http_status, std::string_view body);
ApiResult<MediaUploaded> parse_media_uploaded(int http_status, std::string_view body);
// Binary on success; JSON on failure, decided by content type and by a leading '{'.
struct MediaBytes {
  std::string content_type, bytes, filename;
  std::string video_url;  // a video answers with its address instead
};
ApiResult<MediaBytes> parse_media_get(int http_status, std::string_view content_type, std::string_view disposition,
                                      std::string_view body);
ApiResult<std::vector<std::string>> parse_ip_list(int http_status, std::string_view body);
// What is risky comes with errcode 0.
struct TextSecurity {
  enum class Suggest { pass, review, risky } suggest = Suggest::pass;
  std::int64_t label = 100;             // 100 normal, 20001 politics …; 0: not said
  std::vector<std::string> keywords{};  // that were hit, each once; at most 20
};
ApiResult<TextSecurity> parse_text_security(int http_status, std::string_view body);

}  // namespace miniops::wechat
