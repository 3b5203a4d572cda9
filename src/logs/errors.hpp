// The module's error codes (docs/errors.md).
#pragma once

#include "base/error.hpp"
#include "logs/query/query.hpp"

namespace miniops::logs::errors {

inline boost::json::object to_json(const QueryError& error) {
  return {{"code", error.code},
          {"message", error.message},
          {"offset", error.offset},
          {"length", error.length},
          {"suggestion", error.suggestion ? boost::json::value(*error.suggestion) : boost::json::value(nullptr)}};
}

inline Error invalid_query(const QueryError& error) {
  Error out{"logs.invalid_query", "the query cannot be read: " + error.message, ErrorKind::invalid};
  out.details["query_error"] = to_json(error);
  return out;
}
inline Error invalid(std::string_view parameter, std::string_view why) {
  return {"request.invalid", fmt::format("{} {}", parameter, why), ErrorKind::invalid};
}
inline Error not_found(std::string_view what) {
  return {"logs.not_found", fmt::format("there is no such {}", what), ErrorKind::not_found};
}
inline Error name_taken() { return {"logs.name_taken", "a saved query has this name already", ErrorKind::conflict}; }
inline Error too_many_queries() {
  return {"logs.too_many_queries", "a mini program may have 200 saved queries; delete one first", ErrorKind::rejected};
}
inline Error not_yours() {
  return {"logs.not_yours", "this is somebody else's; who may manage telemetry can change it", ErrorKind::forbidden};
}
inline Error too_many_exports() {
  return {"logs.too_many_exports", "2 exports of this mini program wait or run; let one end first",
          ErrorKind::too_many};
}
inline Error too_many_files() {
  return {"logs.too_many_files", "20 exports of this mini program are kept; delete one first", ErrorKind::rejected};
}
inline Error export_ended() { return {"logs.export_ended", "this export has ended already", ErrorKind::conflict}; }
inline Error export_not_ready() {
  return {"logs.export_not_ready", "this export has no finished file", ErrorKind::conflict};
}
inline Error export_gone() {
  return {"logs.export_gone", "the file of this export is gone; repeat the export", ErrorKind::gone};
}
inline Error export_personal() {
  return {"logs.export_personal",
          "this file holds personal data that you may not see; repeat the export to get it masked",
          ErrorKind::forbidden};
}

}  // namespace miniops::logs::errors
