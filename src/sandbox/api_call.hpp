// One call to WeChat's API, as the functions that answer it see it: decoded input in, an answer out. They run inside
// World::locked and do no I/O.
#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <string_view>

#include "net/http.hpp"
#include "sandbox/world.hpp"

namespace miniops::sandbox {

struct ApiAnswer {
  int errcode = 0;
  std::string errmsg{};  // empty: the usual text of the code
  json::object body{};   // empty with errcode 0: {"errcode":0,"errmsg":"ok"}
  std::string bytes{};   // a file, when content_type is set
  std::string content_type{};
  std::string filename{};
  Bubble* delivered = nullptr;  // what appeared on a phone
  std::string openid{};         // whose
  bool typing = false;          // shown to them now
};

struct ApiInput {
  World& world;
  World::Apps& apps;
  App* app;  // whose token it is; nullptr for the token APIs
  const net::Request& request;
  TimeMs now;
  json::object body{};  // of a JSON API
};

struct ApiSpec {
  std::string_view name;  // "message/custom/send"
  std::string_view path;
  bool post = false;
  enum class Body { none, json, multipart } body = Body::none;
  bool needs_token = true;
  ApiAnswer (*answer)(ApiInput& in) = nullptr;
  int minute_errcode = 45011;  // what it answers when the minute's calls are used up
};

// api_tokens.cpp
ApiAnswer answer_token(ApiInput& in);
ApiAnswer answer_stable_token(ApiInput& in);
// api_messages.cpp
ApiAnswer answer_custom_send(ApiInput& in);
ApiAnswer answer_typing(ApiInput& in);
// api_subscribe.cpp
ApiAnswer answer_subscribe_send(ApiInput& in);
// api_security.cpp
ApiAnswer answer_text_security(ApiInput& in);
// api_media.cpp
ApiAnswer answer_media_upload(ApiInput& in);
ApiAnswer answer_media_get(ApiInput& in);
// api_account.cpp: addresses, quotas, request ids
ApiAnswer answer_callback_ip(ApiInput& in);
ApiAnswer answer_domain_ip(ApiInput& in);
ApiAnswer answer_callback_check(ApiInput& in);
ApiAnswer answer_clear_quota(ApiInput& in);
ApiAnswer answer_clear_one_quota(ApiInput& in);
ApiAnswer answer_quota(ApiInput& in);
ApiAnswer answer_rid(ApiInput& in);

std::span<const ApiSpec> api_specs();
const ApiSpec* api_by_path(std::string_view path);

inline ApiAnswer refuse(int errcode, std::string errmsg = {}) {
  return {.errcode = errcode, .errmsg = std::move(errmsg)};
}
// A text field of the body, or nothing when it is missing or of another type.
std::optional<std::string_view> text_of(const json::object& object, std::string_view key);

// WeChat's usual text of an error code.
std::string_view errmsg_of(int errcode);

}  // namespace miniops::sandbox
