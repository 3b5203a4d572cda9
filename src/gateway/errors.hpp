// The gateway's error codes (docs/errors.md), each with a named constructor. Never renamed.
#pragma once

#include <string>

#include "base/error.hpp"

namespace miniops::gateway::errors {

inline Error unknown_mini_program() {
  return {"gateway.unknown_mini_program", "there is no such mini program", ErrorKind::not_found};
}
inline Error already_exists() {
  return {"gateway.already_exists", "this mini program is already here", ErrorKind::conflict};
}
inline Error window_closed() {
  return {"gateway.window_closed", "the time in which WeChat allows an answer is over", ErrorKind::rejected};
}
inline Error budget_spent() {
  return {"gateway.budget_spent", "all messages that WeChat allows until the customer writes again are used",
          ErrorKind::rejected};
}
inline Error not_resendable() {
  return {"gateway.not_resendable", "only a message that failed can be sent again", ErrorKind::conflict};
}
inline Error not_stored() {
  return {"gateway.not_stored", "the push could not be stored in time", ErrorKind::unavailable};
}
inline Error cursor_moved() {
  return {"gateway.cursor_moved", "another node has moved this consumer's cursor", ErrorKind::conflict};
}
inline Error no_token(std::string why) {
  return {"gateway.no_token", "WeChat gives no access_token: " + std::move(why), ErrorKind::unavailable};
}
inline Error force_exhausted() {
  return {"gateway.force_exhausted", "a forced refresh is allowed 20 times a day and every 30 seconds",
          ErrorKind::too_many};
}
inline Error api_paused() {
  return {"gateway.api_paused", "WeChat's daily quota of this API is used up; it rests until midnight (UTC+8)",
          ErrorKind::unavailable};
}
inline Error rate_limited() {
  return {"gateway.rate_limited", "too many calls to WeChat at this moment", ErrorKind::too_many};
}
inline Error wechat_unreachable(std::string what) {
  return {"gateway.wechat_unreachable", "WeChat's server did not answer: " + std::move(what), ErrorKind::bad_gateway};
}
inline Error wechat_refused(int errcode, std::string message) {
  Error error{"gateway.wechat_refused", std::move(message), ErrorKind::bad_gateway};
  error.details["errcode"] = errcode;
  return error;
}
inline Error dead_letter_not_found() {
  return {"gateway.dead_letter_not_found", "there is no such dead letter", ErrorKind::not_found};
}
inline Error replay_failed(const Error& cause) {
  return {"gateway.replay_failed", "it failed again: " + cause.code + ": " + cause.message, ErrorKind::rejected};
}
inline Error media_not_found() { return {"gateway.media_not_found", "there is no such picture", ErrorKind::not_found}; }
inline Error media_not_fetched() {
  return {"gateway.media_not_fetched", "the picture has not been fetched from WeChat yet", ErrorKind::not_found};
}
inline Error media_gone() {
  return {"gateway.media_gone", "WeChat does not have this picture any more", ErrorKind::gone};
}
inline Error picture_type() {
  return {"gateway.picture_type", "only PNG, JPEG and GIF pictures can be sent", ErrorKind::unsupported};
}
inline Error picture_too_large() {
  return {"gateway.picture_too_large", "WeChat takes pictures up to 2 MB", ErrorKind::too_large};
}

}  // namespace miniops::gateway::errors
