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
inline Error no_such_person() { return {"telemetry.no_such_person", "nobody has this number", ErrorKind::not_found}; }
inline Error no_such_erasure() {
  return {"telemetry.no_such_erasure", "there is no such deletion of a person", ErrorKind::not_found};
}
inline Error too_many_erasures() {
  return {"telemetry.too_many_erasures",
          "100 deletions of people of this mini program wait; try again when some are done", ErrorKind::rejected};
}
inline Error copy_interrupted() {
  return {"telemetry.copy_interrupted", "the server went on while the event store was being copied; try again",
          ErrorKind::unavailable};
}
inline Error invalid_question(std::string_view field, std::string_view why) {
  return {"request.invalid", fmt::format("the query is wrong: {} {}", field, why), ErrorKind::invalid};
}

}  // namespace miniops::telemetry::errors
