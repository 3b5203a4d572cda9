// The module's error codes (docs/errors.md).
#pragma once

#include "base/error.hpp"

namespace miniops::issues::errors {

inline Error not_found() { return {"issues.not_found", "there is no such issue", ErrorKind::not_found}; }
inline Error event_not_found() {
  return {"issues.event_not_found", "this event is no longer kept, or belongs to another issue", ErrorKind::not_found};
}
inline Error map_not_found() { return {"issues.map_not_found", "there is no such source map", ErrorKind::not_found}; }
inline Error cannot_merge(std::string_view why) {
  return {"issues.cannot_merge", "these issues cannot be merged: " + std::string(why), ErrorKind::rejected};
}
inline Error cannot_split(std::string_view why) {
  return {"issues.cannot_split", "the key cannot be split off: " + std::string(why), ErrorKind::rejected};
}
inline Error cannot_undo(std::string_view why) {
  return {"issues.cannot_undo", "this step cannot be taken back: " + std::string(why), ErrorKind::conflict};
}
inline Error unknown_assignee() {
  return {"issues.unknown_assignee", "this account is no member of the mini program", ErrorKind::rejected};
}
inline Error unknown_release(std::string_view release) {
  return {"issues.unknown_release", "no release is called " + std::string(release), ErrorKind::rejected};
}
inline Error bad_source_map(std::string_view why) {
  return {"issues.bad_source_map", "this is no source map that can be used: " + std::string(why), ErrorKind::invalid};
}
inline Error too_many_source_maps() {
  return {
      "issues.too_many_source_maps",
      "a release may have 2,000 source maps and 1 GiB of them; delete some, or upload those of the merged files only",
      ErrorKind::rejected};
}
inline Error invalid_question(std::string_view field, std::string_view why) {
  return {"request.invalid", fmt::format("the query is wrong: {} {}", field, why), ErrorKind::invalid};
}

}  // namespace miniops::issues::errors
