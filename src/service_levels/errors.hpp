// The module's error codes (docs/errors.md).
#pragma once

#include "base/error.hpp"

namespace miniops::service_levels::errors {

inline Error changed() {
  return {"service_levels.changed", "somebody changed it meanwhile; look again", ErrorKind::conflict};
}
inline Error invalid_question(std::string_view field, std::string_view why) {
  return {"request.invalid", fmt::format("the query is wrong: {} {}", field, why), ErrorKind::invalid};
}

}  // namespace miniops::service_levels::errors
