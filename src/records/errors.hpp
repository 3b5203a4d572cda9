// The module's error codes (docs/errors.md).
#pragma once

#include "base/error.hpp"
#include "records/hold.hpp"

namespace miniops::records::errors {

inline Error not_found(std::string_view what) {
  return {"records.not_found", fmt::format("there is no such {}", what), ErrorKind::not_found};
}
inline Error changed() { return {"records.changed", "somebody changed it meanwhile; look again", ErrorKind::conflict}; }
inline Error scores_hidden() {
  return {"records.scores_hidden", "scores are anonymous here: nobody is found by one", ErrorKind::forbidden};
}
inline Error media_longer_than_messages() {
  return {"records.media_longer_than_messages", "media are kept at most as long as the messages they are in",
          ErrorKind::rejected};
}
// With the holds, so that whoever asked can tell the person.
inline Error held(const std::vector<Hold>& holds) {
  Error error{"records.held", "a legal hold keeps these data; nothing was deleted", ErrorKind::conflict};
  boost::json::array ids;
  for (const Hold& hold : holds) ids.emplace_back(hold.id.str());
  error.details["holds"] = std::move(ids);
  return error;
}
inline Error message_in_flight() {
  return {"records.message_in_flight", "a message to this person is on its way; their data are deleted after it",
          ErrorKind::unavailable};
}
inline Error hold_exists() { return {"records.hold_exists", "this is held already", ErrorKind::conflict}; }
inline Error hold_released() { return {"records.hold_released", "the hold is released already", ErrorKind::conflict}; }
inline Error too_many_holds() {
  return {"records.too_many_holds", "a mini program may have 1000 holds", ErrorKind::rejected};
}
inline Error needs_export() {
  return {"records.needs_export", "this needs the permission desk.export, too", ErrorKind::forbidden};
}
inline Error needs_all_records() {
  return {"records.needs_all_records", "this needs the permission desk.records_all, too", ErrorKind::forbidden};
}
inline Error needs_personal_data() {
  return {"records.needs_personal_data", "this needs the permission personal_data.read, too", ErrorKind::forbidden};
}
inline Error too_many_exports() {
  return {"records.too_many_exports", "3 exports of this mini program wait or run; let one end first",
          ErrorKind::too_many};
}
inline Error too_many_files() {
  return {"records.too_many_files", "30 exports of this mini program are kept; delete one first", ErrorKind::rejected};
}
inline Error export_ended() { return {"records.export_ended", "the export has ended already", ErrorKind::conflict}; }
inline Error export_not_ready() {
  return {"records.export_not_ready", "the export is not finished", ErrorKind::conflict};
}
inline Error export_personal() {
  return {"records.export_personal", "the file holds personal data in clear: this needs personal_data.read",
          ErrorKind::forbidden};
}
inline Error export_reach() {
  return {"records.export_reach", "the file holds conversations or scores that you may not export",
          ErrorKind::forbidden};
}
inline Error export_gone() {
  return {"records.export_gone", "the file is gone: make the export anew", ErrorKind::gone};
}
inline Error too_many_erasures() {
  return {"records.too_many_erasures", "100 deletions of this mini program are under way; let some end first",
          ErrorKind::too_many};
}

}  // namespace miniops::records::errors
