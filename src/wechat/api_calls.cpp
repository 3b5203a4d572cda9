// Requests to WeChat's server API.
#include <algorithm>

#include "base/encoding.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "wechat/api.hpp"

namespace miniops::wechat {

namespace {

// Raw UTF-8: Boost.JSON escapes nothing but quotes, backslashes and control characters.
ApiCall post_json(std::string name, std::string path, const json::object& body) {
  ApiCall call{std::move(name), true, std::move(path), {}};
  call.content_type = "application/json";
  call.body = json::serialize(body);
  return call;
}

// A quoted value in a multipart header must not end it.
std::string header_safe(std::string_view text) {
  std::string out;
  for (char c : text) {
    const bool harmless = static_cast<unsigned char>(c) >= 0x20 && c != '"' && c != '\\' && c != 0x7F;
    out.push_back(harmless ? c : '_');
  }
  return out;
}

}  // namespace

ApiCall token_call(const AppId& appid, std::string_view secret) {
  ApiCall call{"token", false, "/cgi-bin/token", {}};
  call.query = "grant_type=client_credential&appid=" + url_encode(appid.str()) + "&secret=" + url_encode(secret);
  call.needs_token = false;
  return call;
}

ApiCall stable_token_call(const AppId& appid, std::string_view secret, bool force_refresh) {
  ApiCall call = post_json("stable_token", "/cgi-bin/stable_token",
                           {{"grant_type", "client_credential"},
                            {"appid", appid.str()},
                            {"secret", secret},
                            {"force_refresh", force_refresh}});
  call.needs_token = false;
  return call;
}

ApiCall custom_send_call(const OpenId& to, const Outgoing& message) {
  json::object body{{"touser", to.str()}};
  for (const auto& member : outgoing_json(message)) body[member.key()] = member.value();
  return post_json("message/custom/send", "/cgi-bin/message/custom/send", body);
}

ApiCall typing_call(const OpenId& to, Typing typing) {
  return post_json("message/custom/typing", "/cgi-bin/message/custom/typing",
                   {{"touser", to.str()}, {"command", typing == Typing::start ? "Typing" : "CancelTyping"}});
}

ApiCall media_upload_call(std::string_view filename, std::string_view content_type, std::string_view bytes,
                          std::string_view boundary) {
  ApiCall call{"media/upload", true, "/cgi-bin/media/upload", "type=image"};
  call.content_type = "multipart/form-data; boundary=" + std::string(boundary);
  call.body.reserve(bytes.size() + 512);
  call.body.append("--").append(boundary).append("\r\nContent-Disposition: form-data; name=\"media\"; filename=\"");
  call.body.append(header_safe(filename)).append("\"\r\nContent-Type: ").append(header_safe(content_type));
  call.body.append("\r\n\r\n").append(bytes).append("\r\n--").append(boundary).append("--\r\n");
  return call;
}

ApiCall media_get_call(std::string_view media_id) {
  return {"media/get", false, "/cgi-bin/media/get", "media_id=" + url_encode(media_id)};
}

ApiCall text_security_call(const OpenId& openid, std::string_view text) {
  constexpr std::size_t chars_max = 2500;
  constexpr int comment = 2;  // the scene that is nearest to a conversation
  return post_json(
      "msg_sec_check", "/wxa/msg_sec_check",
      {{"version", 2}, {"scene", comment}, {"openid", openid.str()}, {"content", truncate_chars(text, chars_max)}});
}

ApiCall callback_ip_call() { return {"getcallbackip", false, "/cgi-bin/getcallbackip", {}}; }

}  // namespace miniops::wechat
