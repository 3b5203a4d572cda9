// The module's error codes (docs/errors.md).
#pragma once

#include "base/error.hpp"

namespace miniops::official::errors {

inline Error switched_off() {
  return {"official.switched_off", "this installation pulls nothing from WeChat: official.enabled is false",
          ErrorKind::rejected};
}
inline Error source_off(std::string_view source) {
  return {"official.source_off", fmt::format("{} is switched off for this mini program", source), ErrorKind::rejected};
}
inline Error not_found() {
  return {"official.not_found", "there is no such error among WeChat's data", ErrorKind::not_found};
}
inline Error not_understood(std::string_view what) {
  return {"official.not_understood", fmt::format("WeChat's answer is not what it should be: {}", what),
          ErrorKind::bad_gateway};
}
inline Error changed() {
  return {"official.changed", "the source was changed while it was pulled", ErrorKind::conflict};
}
inline Error invalid_question(std::string_view field, std::string_view why) {
  return {"request.invalid", fmt::format("the query is wrong: {} {}", field, why), ErrorKind::invalid};
}

}  // namespace miniops::official::errors
