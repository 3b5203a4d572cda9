// The module's error codes (docs/errors.md).
#pragma once

#include "base/error.hpp"

namespace miniops::telemetry::errors {

inline Error no_such_key() {
  return {"telemetry.unknown_key", "no project key is given, or it is unknown or revoked", ErrorKind::unauthenticated};
}
inline Error over_quota() {
  return {"telemetry.over_quota", "this project key has used up its records of this minute", ErrorKind::too_many};
}
inline Error not_found() { return {"telemetry.not_found", "there is no such project key", ErrorKind::not_found}; }
inline Error too_many_keys() {
  return {"telemetry.too_many_keys", "a mini program may have 50 project keys; revoke one first", ErrorKind::rejected};
}

inline Error too_many_questions() {
  return {"telemetry.too_many_questions",
          "8 questions about this mini program are being answered; try again in a moment", ErrorKind::too_many};
}
inline Error invalid_question(std::string_view field, std::string_view why) {
  return {"request.invalid", fmt::format("the query is wrong: {} {}", field, why), ErrorKind::invalid};
}

}  // namespace miniops::telemetry::errors
