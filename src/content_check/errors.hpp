// The module's error codes (docs/errors.md).
#pragma once

#include "base/error.hpp"
#include "base/json.hpp"
#include "content_check/check.hpp"

namespace miniops::content_check::errors {

inline Error not_found() { return {"content_check.not_found", "there is no such checker", ErrorKind::not_found}; }
inline Error changed() {
  return {"content_check.changed", "somebody changed it meanwhile; look again", ErrorKind::conflict};
}
inline Error too_many() {
  return {"content_check.too_many", "a mini program may have 5 checkers; remove one first", ErrorKind::rejected};
}
inline Error address_not_allowed(std::string_view host) {
  return {"content_check.address_not_allowed",
          fmt::format("{} is no address of the public internet, and the administrator has not allowed it", host),
          ErrorKind::rejected};
}
inline Error needs_records() {
  return {"content_check.needs_records", "checkers read what agents write: this needs the permission desk.records_all",
          ErrorKind::forbidden};
}

// What stands in the way of a text that was to be sent: content_check.refused, or content_check.unchecked when nobody
// disliked it and somebody who must be asked did not say anything. With `findings`, and `may_confirm`.
inline Error stopped(const std::vector<Finding>& findings) {
  json::array list;
  bool disliked = false, may_confirm = true;
  for (const Finding& one : findings) {
    const json::array words(one.answer.words.begin(), one.answer.words.end());
    json::object shown{{"checker", one.kind},
                       {"name", one.name},
                       {"verdict", word(one.answer.verdict)},
                       {"reason", one.answer.reason}};
    shown["words"] = words;
    list.push_back(std::move(shown));
    disliked = disliked || one.answer.verdict == Verdict::risky || one.answer.verdict == Verdict::review;
    may_confirm = may_confirm && one.may_confirm;
  }
  Error error{"content_check.unchecked", "the message could not be checked, and must be before it is sent",
              ErrorKind::rejected};
  if (disliked) error = {"content_check.refused", "a content check does not like the message", ErrorKind::rejected};
  error.details["findings"] = std::move(list);
  error.details["may_confirm"] = may_confirm;
  return error;
}

}  // namespace miniops::content_check::errors
