// The module's error codes (docs/errors.md).
#pragma once

#include "base/error.hpp"

namespace miniops::people::errors {

inline Error not_found(std::string_view what) {
  return {"people.not_found", fmt::format("there is no such {}", what), ErrorKind::not_found};
}
inline Error changed() { return {"people.changed", "somebody changed it meanwhile; look again", ErrorKind::conflict}; }
inline Error already_linked() { return {"people.already_linked", "these are one person already", ErrorKind::conflict}; }
inline Error too_many_profiles() {
  return {"people.too_many_profiles", "a person may have 200 profiles", ErrorKind::rejected};
}
inline Error decided() { return {"people.decided", "somebody decided this already", ErrorKind::conflict}; }
inline Error invalid_identity(std::string_view why) {
  return {"people.invalid_identity", fmt::format("the id is wrong: {}", why), ErrorKind::rejected};
}
inline Error identity_exists() {
  return {"people.identity_exists", "the profile has this id already", ErrorKind::conflict};
}
inline Error unionid_by_hand() {
  return {"people.unionid_by_hand", "a unionid links by itself: it comes and goes through the API, with a key",
          ErrorKind::forbidden};
}
inline Error other_unionid() {
  return {"people.other_unionid", "the profile has another unionid; remove that first", ErrorKind::conflict};
}
inline Error too_many_identities() {
  return {"people.too_many_identities", "a profile may have 20 ids besides its openid", ErrorKind::rejected};
}
inline Error needs_personal_data() {
  return {"people.needs_personal_data", "this needs the permission personal_data.read, too", ErrorKind::forbidden};
}
inline Error needs_reply() {
  return {"people.needs_reply", "this needs the permission desk.reply in the other mini program, too",
          ErrorKind::forbidden};
}
inline Error not_sealed() {
  return {"people.not_sealed", "this id is shown whole; there is nothing to reveal", ErrorKind::conflict};
}
inline Error invalid_attribute(std::string_view key, std::string_view why) {
  return {"people.invalid_attribute", fmt::format("the attribute {} {}", key, why), ErrorKind::rejected};
}
inline Error attribute_exists() {
  return {"people.attribute_exists", "there is an attribute with this key", ErrorKind::conflict};
}
inline Error too_many_attributes() {
  return {"people.too_many_attributes", "a mini program may have 50 custom attributes", ErrorKind::rejected};
}
inline Error invalid_segment(std::string_view why) {
  return {"people.invalid_segment", fmt::format("the condition is wrong: {}", why), ErrorKind::rejected};
}
inline Error too_many_segments() {
  return {"people.too_many_segments", "a mini program may have 100 segments", ErrorKind::rejected};
}
inline Error invalid_session_from(std::string_view why) {
  return {"people.invalid_session_from", fmt::format("the parameters cannot be signed: {}", why), ErrorKind::rejected};
}

}  // namespace miniops::people::errors
