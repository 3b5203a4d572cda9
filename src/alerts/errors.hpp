// The module's error codes (docs/errors.md).
#pragma once

#include "base/error.hpp"

namespace miniops::alerts::errors {

inline Error not_found(std::string_view what) {
  return {"alerts.not_found", fmt::format("there is no such {}", what), ErrorKind::not_found};
}
inline Error invalid_question(std::string_view field, std::string_view why) {
  return {"request.invalid", fmt::format("the request is wrong: {} {}", field, why), ErrorKind::invalid};
}
inline Error wrong_state(std::string_view state) {
  return {"alerts.wrong_state", fmt::format("the alert is {}", state), ErrorKind::conflict};
}
inline Error changed() {
  return {"alerts.changed", "somebody or something changed it at this moment; look again", ErrorKind::conflict};
}
inline Error too_many_rules() {
  return {"alerts.too_many_rules", "a mini program may have 200 rules; remove one first", ErrorKind::rejected};
}
inline Error too_many_silences() {
  return {"alerts.too_many_silences", "a mini program may have 200 silences; end one first", ErrorKind::rejected};
}
inline Error unknown_figure() {
  return {"alerts.unknown_figure", "the server has no figure of this name", ErrorKind::rejected};
}
inline Error invalid_query(std::string_view why) {
  return {"alerts.invalid_query", fmt::format("the query is wrong: {}", why), ErrorKind::rejected};
}
inline Error no_preview() {
  return {"alerts.no_preview", "rules about issues and about the server itself have no past to look at",
          ErrorKind::rejected};
}
inline Error telemetry_behind() {
  return {"alerts.telemetry_behind", "records wait to be loaded; nothing can be judged before", ErrorKind::unavailable};
}

}  // namespace miniops::alerts::errors
