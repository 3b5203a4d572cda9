// The module's error codes (docs/errors.md).
#pragma once

#include "base/error.hpp"

namespace miniops::webhooks::errors {

inline Error not_found(std::string_view what) {
  return {"webhooks.not_found", fmt::format("there is no such {}", what), ErrorKind::not_found};
}
inline Error changed() {
  return {"webhooks.changed", "somebody changed it meanwhile; look again", ErrorKind::conflict};
}
inline Error too_many() {
  return {"webhooks.too_many", "a mini program may have 20 webhooks; remove one first", ErrorKind::rejected};
}
inline Error address_not_allowed(std::string_view host) {
  return {"webhooks.address_not_allowed",
          fmt::format("{} is no address of the public internet, and the administrator has not allowed it", host),
          ErrorKind::rejected};
}
inline Error not_redeliverable() {
  return {"webhooks.not_redeliverable", "it is still under way, or what it told was deleted", ErrorKind::conflict};
}
inline Error switched_off() {
  return {"webhooks.switched_off", "the webhook is switched off; switch it on first", ErrorKind::conflict};
}
inline Error test_running() {
  return {"webhooks.test_running", "a test of this webhook is under way; wait for its end", ErrorKind::too_many};
}
inline Error needs_records() {
  return {"webhooks.needs_records", "this needs the permission desk.records_all, too", ErrorKind::forbidden};
}
inline Error invalid_query(std::string_view field, std::string_view why) {
  return {"request.invalid", fmt::format("the query is wrong: {} {}", field, why), ErrorKind::invalid};
}

}  // namespace miniops::webhooks::errors
