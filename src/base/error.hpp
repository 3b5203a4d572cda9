// The one shape of an expected failure (docs/errors.md).
//
// An expected failure is a value, `Result<T>`; a programmer's mistake is an assertion; an exception means that the
// machinery failed and is caught at the edge of the request or job. Codes are `module.reason`, owned by the module,
// and never renamed. Messages are for a person and never carry a secret or personal data.
#pragma once

#include <boost/json/object.hpp>
#include <expected>
#include <string>
#include <utility>
#include <vector>

namespace miniops {

// What kind of failure it is; net/problem.cpp alone turns it into an HTTP status.
enum class ErrorKind {
  invalid,          // 400: the caller's input is wrong
  unauthenticated,  // 401
  forbidden,        // 403
  not_found,        // 404; also an object of another mini program
  conflict,         // 409
  gone,             // 410
  too_large,        // 413
  unsupported,      // 415
  rejected,         // 422: well-formed, and refused by a rule of the domain
  too_many,         // 429
  internal,         // 500
  bad_gateway,      // 502: a server we depend on answered wrongly
  unavailable,      // 503: for now; try again
};

// One field that is wrong. `pointer` is a JSON pointer into the request's body ("/text/content").
struct FieldError {
  std::string pointer;
  std::string message;
};

struct Error {
  std::string code;
  std::string message;
  ErrorKind kind = ErrorKind::invalid;
  std::vector<FieldError> fields{};
  boost::json::object details{};  // further members of the problem+json
};

template <class T>
using Result = std::expected<T, Error>;

inline std::unexpected<Error> fail(ErrorKind kind, std::string code, std::string message) {
  return std::unexpected<Error>(Error{std::move(code), std::move(message), kind});
}
inline std::unexpected<Error> fail(Error error) { return std::unexpected<Error>(std::move(error)); }

}  // namespace miniops

// `auto x = MINIOPS_TRY(expression)` is deliberately absent: write
//   if (!result) return std::unexpected(result.error());      (co_return in a coroutine)
// so that every early exit can be seen.
