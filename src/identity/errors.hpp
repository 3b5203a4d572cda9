// The error codes of this module (docs/errors.md), each with the constructor that everybody uses.
#pragma once

#include <string>

#include "base/clock.hpp"
#include "base/error.hpp"

namespace miniops::identity {

// Also what a stranger to a mini program gets: it is not to be learnt which ones exist.
inline std::unexpected<Error> not_found(std::string what = "there is no such object") {
  return fail(ErrorKind::not_found, "identity.not_found", std::move(what));
}
inline std::unexpected<Error> forbidden(std::string what) {
  return fail(ErrorKind::forbidden, "identity.forbidden", std::move(what));
}
inline std::unexpected<Error> unauthenticated() {
  return fail(ErrorKind::unauthenticated, "identity.unauthenticated", "sign in, or send a valid API key");
}
inline std::unexpected<Error> csrf_refused() {
  return fail(ErrorKind::forbidden, "identity.csrf", "the X-CSRF-Token header is missing or not this session's");
}
inline std::unexpected<Error> password_change_required() {
  return fail(ErrorKind::forbidden, "identity.password_change_required", "change your password first");
}
inline std::unexpected<Error> session_required() {
  return fail(ErrorKind::forbidden, "identity.session_required", "this needs a signed-in person, not an API key");
}
inline std::unexpected<Error> wrong_field(std::string pointer, std::string message) {
  Error error{"request.invalid", pointer.substr(1) + " " + message};
  error.fields.push_back({std::move(pointer), std::move(message)});
  return fail(std::move(error));
}
// One message for an unknown name, a wrong password and a disabled account.
inline std::unexpected<Error> wrong_credentials() {
  return fail(ErrorKind::unauthenticated, "identity.wrong_credentials", "the user name or the password is wrong");
}
inline std::unexpected<Error> wrong_password() {
  return fail(Error{
      "identity.wrong_password", "the old password is wrong", ErrorKind::forbidden, {{"/old_password", "is wrong"}}});
}
inline std::unexpected<Error> too_many_attempts(TimeMs retry_after_ms) {
  Error error{"identity.too_many_attempts", "too many failed sign-ins; wait a moment", ErrorKind::too_many};
  error.details["retry_after_s"] = (retry_after_ms + second_ms - 1) / second_ms;
  return fail(std::move(error));
}
inline std::unexpected<Error> weak_password(std::string pointer, std::string why) {
  return fail(Error{"identity.weak_password", "the password " + why, ErrorKind::invalid, {{std::move(pointer), why}}});
}
inline std::unexpected<Error> username_taken() {
  return fail(Error{
      "identity.username_taken", "an account of this name exists", ErrorKind::conflict, {{"/username", "is taken"}}});
}
inline std::unexpected<Error> unknown_username() {
  return fail(Error{"identity.unknown_username",
                    "there is no account of this name; give a password to make one",
                    ErrorKind::not_found,
                    {{"/username", "is unknown"}}});
}
inline std::unexpected<Error> already_member() {
  return fail(ErrorKind::conflict, "identity.already_member", "this account is a member already");
}
inline std::unexpected<Error> last_administrator() {
  return fail(ErrorKind::conflict, "identity.last_administrator",
              "this is the last instance administrator that can sign in; name another one first");
}
inline std::unexpected<Error> beyond_own(const std::string& permissions) {
  return fail(ErrorKind::forbidden, "identity.beyond_own",
              "nobody gives or takes what they do not have themselves: " + permissions);
}
inline std::unexpected<Error> own_permissions() {
  return fail(ErrorKind::forbidden, "identity.own_permissions", "somebody else must change your permissions");
}
inline std::unexpected<Error> last_manager() {
  return fail(ErrorKind::conflict, "identity.last_manager",
              "this is the last admin who may manage members here; name another one first");
}
inline std::unexpected<Error> too_many_keys() {
  return fail(ErrorKind::rejected, "identity.too_many_keys", "an account has at most 50 API keys; remove one first");
}

}  // namespace miniops::identity
