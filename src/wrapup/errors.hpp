// The module's error codes (docs/errors.md).
#pragma once

#include "base/error.hpp"

namespace miniops::wrapup::errors {

inline Error not_found(std::string_view what) {
  return {"wrapup.not_found", fmt::format("there is no such {}", what), ErrorKind::not_found};
}
inline Error too_many(std::string_view what, std::size_t count_max) {
  return {"wrapup.too_many", fmt::format("a mini program may have {} {}", count_max, what), ErrorKind::rejected};
}
inline Error exists(std::string_view what) {
  return {"wrapup.exists", fmt::format("there is a {} of this name", what), ErrorKind::conflict};
}
inline Error used(std::string_view what) {
  return {"wrapup.used", fmt::format("this {} was used; archive it instead", what), ErrorKind::conflict};
}
inline Error has_children() {
  return {"wrapup.has_children", "there are reasons below this one; remove them first", ErrorKind::conflict};
}
inline Error too_deep() {
  return {"wrapup.too_deep", "reasons have two levels: the one above must be of the first", ErrorKind::rejected};
}
inline Error changed() {
  return {"wrapup.changed", "somebody changed the list meanwhile; look again", ErrorKind::conflict};
}
inline Error not_choosable() {
  return {"wrapup.not_choosable", "this reason cannot be chosen: it is archived, has reasons below it, or is none",
          ErrorKind::rejected};
}
inline Error invalid_field(std::string_view key, std::string_view why) {
  return {"wrapup.invalid_field", fmt::format("the field {} {}", key, why), ErrorKind::rejected};
}

}  // namespace miniops::wrapup::errors
