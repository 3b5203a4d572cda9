// The module's error codes (docs/errors.md).
#pragma once

#include "base/error.hpp"

namespace miniops::teams::errors {

inline Error not_found(std::string_view what) {
  return {"teams.not_found", fmt::format("there is no such {}", what), ErrorKind::not_found};
}
inline Error changed() { return {"teams.changed", "somebody changed it meanwhile; look again", ErrorKind::conflict}; }
inline Error too_many(std::string_view what, std::size_t max) {
  return {"teams.too_many", fmt::format("there may be {} {}", max, what), ErrorKind::rejected};
}
inline Error name_taken() { return {"teams.name_taken", "there is one with this name already", ErrorKind::conflict}; }
inline Error default_group() {
  return {"teams.default_group", "the default group stays: it takes whom no rule matches", ErrorKind::conflict};
}
// `rules`: [{id, name}] of those that go to the group, or ask for the skill.
inline Error group_in_use(boost::json::array rules) {
  return {"teams.group_in_use",
          "rules send conversations to this group",
          ErrorKind::conflict,
          {},
          {{"rules", std::move(rules)}}};
}
inline Error skill_in_use(boost::json::array rules) {
  return {"teams.skill_in_use", "rules ask for this skill", ErrorKind::conflict, {}, {{"rules", std::move(rules)}}};
}
inline Error not_an_agent(std::string_view account) {
  return {"teams.not_an_agent", fmt::format("account {} may not answer customers here", account), ErrorKind::rejected};
}
inline Error no_such_target(std::string_view what) {
  return {"teams.no_such_target", fmt::format("it names a {} that is not there", what), ErrorKind::rejected};
}
inline Error unknown_reason() {
  return {"teams.unknown_reason", "this is none of the reasons that the mini program has", ErrorKind::rejected};
}

}  // namespace miniops::teams::errors
