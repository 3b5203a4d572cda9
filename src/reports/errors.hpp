// The module's error codes (docs/errors.md).
#pragma once

#include "base/error.hpp"

namespace miniops::reports::errors {

inline Error own_only() {
  return {"reports.own_only", "without desk.supervise only your own figures are shown, and no scores",
          ErrorKind::forbidden};
}
inline Error too_many_rows() {
  return {"reports.too_many_rows", "this would be more than 5000 rows; choose a longer interval or a shorter time",
          ErrorKind::rejected};
}
inline Error busy() {
  return {"reports.busy", "too many reports are being made; try again in a moment", ErrorKind::unavailable};
}
inline Error file_failed(std::string_view why) {
  return {"reports.file_failed", "the file cannot be written: " + std::string(why), ErrorKind::unavailable};
}

}  // namespace miniops::reports::errors
