// The module's error codes (docs/errors.md).
#pragma once

#include "base/error.hpp"

namespace miniops::satisfaction::errors {

inline Error not_found() {
  return {"satisfaction.not_found", "there is no such follow-up or score", ErrorKind::not_found};
}
inline Error changed() {
  return {"satisfaction.changed", "somebody changed it meanwhile; look again", ErrorKind::conflict};
}
inline Error not_yours() {
  return {"satisfaction.not_yours", "this follow-up is somebody else's", ErrorKind::forbidden};
}
inline Error unknown_owner() {
  return {"satisfaction.unknown_owner", "this account does not answer customers here", ErrorKind::rejected};
}
inline Error no_public_url() {
  return {"satisfaction.no_public_url", "a link to the rating page needs the setting server.public_url",
          ErrorKind::rejected};
}
inline Error scores_hidden() {
  return {"satisfaction.scores_hidden", "agents do not see here who gave which score", ErrorKind::forbidden};
}
inline Error link_unknown() { return {"satisfaction.link_unknown", "there is no such link", ErrorKind::not_found}; }
inline Error link_used() { return {"satisfaction.link_used", "this conversation was rated already", ErrorKind::gone}; }
inline Error link_expired() { return {"satisfaction.link_expired", "the link has expired", ErrorKind::gone}; }
inline Error too_many_requests() {
  return {"satisfaction.too_many_requests", "too many requests from this address; wait a minute", ErrorKind::too_many};
}

}  // namespace miniops::satisfaction::errors
