// The module's error codes (docs/errors.md).
#pragma once

#include "base/error.hpp"

namespace miniops::performance::errors {

inline Error unknown_metric(std::string_view metric) {
  return {"performance.unknown_metric", fmt::format("no metric is called {}", metric), ErrorKind::invalid};
}
inline Error wrong_dimension(std::string_view why) {
  return {"performance.wrong_dimension", "this metric cannot be told apart like that: " + std::string(why),
          ErrorKind::invalid};
}
inline Error too_many_points() {
  return {"performance.too_many_points", "the interval is too short for this time range", ErrorKind::invalid};
}
inline Error load_not_found() {
  return {"performance.load_not_found", "this page load is no longer kept", ErrorKind::not_found};
}
inline Error invalid(std::string_view parameter, std::string_view why) {
  return {"request.invalid", fmt::format("the query is wrong: {} {}", parameter, why), ErrorKind::invalid};
}

}  // namespace miniops::performance::errors
