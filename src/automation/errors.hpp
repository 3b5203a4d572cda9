// The module's error codes (docs/errors.md).
#pragma once

#include "base/error.hpp"

namespace miniops::automation::errors {

inline Error not_found() { return {"automation.not_found", "there is no such automation rule", ErrorKind::not_found}; }
inline Error changed() {
  return {"automation.changed", "somebody changed it meanwhile; look again", ErrorKind::conflict};
}
inline Error too_many(std::size_t max) {
  return {"automation.too_many", fmt::format("there may be {} automation rules", max), ErrorKind::rejected};
}
inline Error no_such_target(std::string_view what) {
  return {"automation.no_such_target", fmt::format("it names a {} that is not there", what), ErrorKind::rejected};
}
// Of a message that a rule would send: a refusal in the log.
inline Error too_many_messages() {
  return {"automation.too_many_messages", "rules send at most 3 messages in answer to one of the customer",
          ErrorKind::rejected};
}
inline Error invalid_query(std::string_view name, std::string_view must) {
  return {"request.invalid", fmt::format("the query is wrong: {} {}", name, must), ErrorKind::invalid};
}

}  // namespace miniops::automation::errors
