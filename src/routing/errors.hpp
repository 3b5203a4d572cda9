// The module's error codes (docs/errors.md).
#pragma once

#include "base/error.hpp"

namespace miniops::routing::errors {

// `fields` names what is wrong.
inline Error invalid_rule(std::vector<FieldError> fields) {
  return {"routing.invalid_rule", "the routing rule is wrong", ErrorKind::invalid, std::move(fields)};
}

}  // namespace miniops::routing::errors
