// The module's error codes (docs/errors.md).
#pragma once

#include "base/error.hpp"

namespace miniops::quick_replies::errors {

inline Error not_found(std::string_view what) {
  return {"quick_replies.not_found", fmt::format("there is no such {}", what), ErrorKind::not_found};
}
inline Error shared_forbidden() {
  return {"identity.forbidden", "shared quick replies and macros need the permission desk.configure",
          ErrorKind::forbidden};
}
inline Error too_many(std::string_view what, std::size_t count_max) {
  return {"quick_replies.too_many", fmt::format("there may be at most {} {}", count_max, what), ErrorKind::rejected};
}
inline Error empty() {
  return {"quick_replies.empty", "a quick reply needs a text, a picture, or both", ErrorKind::rejected};
}
// `position`: the character at which the variable begins, from 1.
inline Error invalid_variable(std::size_t position, std::string_view why) {
  Error error{"quick_replies.invalid_variable", fmt::format("the variable at character {} {}", position, why),
              ErrorKind::rejected};
  error.details["position"] = position;
  return error;
}
inline Error invalid_folder(std::string_view why) {
  return {"quick_replies.invalid_folder", fmt::format("the folder {}", why), ErrorKind::rejected};
}
inline Error invalid_initials() {
  return {"quick_replies.invalid_initials", "initials are a-z and 0-9, several with blanks between, 64 at most",
          ErrorKind::rejected};
}
inline Error unknown_picture() {
  return {"quick_replies.unknown_picture", "there is no such picture; upload it first", ErrorKind::rejected};
}
inline Error invalid_csv(std::string_view why) {
  return {"quick_replies.invalid_csv", fmt::format("the file cannot be read: {}", why), ErrorKind::rejected};
}
inline Error invalid_macro(std::string_view why) {
  return {"quick_replies.invalid_macro", fmt::format("the macro is wrong: {}", why), ErrorKind::rejected};
}
inline Error macro_broken() {
  return {"quick_replies.macro_broken", "the macro sends a quick reply that is gone; change the macro",
          ErrorKind::conflict};
}
inline Error undone() { return {"quick_replies.undone", "this was undone already", ErrorKind::conflict}; }
inline Error undo_too_late() {
  return {"quick_replies.undo_too_late", "a macro can be undone for 5 minutes", ErrorKind::conflict};
}

}  // namespace miniops::quick_replies::errors
