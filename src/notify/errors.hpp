// The module's error codes (docs/errors.md).
#pragma once

#include "base/error.hpp"

namespace miniops::notify::errors {

inline Error invalid_notification(std::string_view why) {
  return {"notify.invalid_notification", "the notification " + std::string(why), ErrorKind::internal};
}
inline Error not_found(std::string_view what) {
  return {"notify.not_found", "there is no such " + std::string(what), ErrorKind::not_found};
}
inline Error too_many_channels() {
  return {"notify.too_many_channels", "a mini program may have 50 channels; remove one first", ErrorKind::rejected};
}
inline Error not_retryable() {
  return {"notify.not_retryable", "only a failed delivery can be tried again, through a channel that is there",
          ErrorKind::conflict};
}
inline Error test_running() {
  return {"notify.test_running", "a test of this channel is under way; wait for its end", ErrorKind::too_many};
}
inline Error invalid_query(std::string_view field, std::string_view why) {
  return {"request.invalid", fmt::format("the query is wrong: {} {}", field, why), ErrorKind::invalid};
}

}  // namespace miniops::notify::errors
