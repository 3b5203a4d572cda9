// What the service's closures have in common. Private to service*.cpp.
#pragma once

#include "identity/accounts.hpp"
#include "teams/team.hpp"

namespace miniops::teams {

inline json::object from_to(json::value from, json::value to) {
  return {{"from", std::move(from)}, {"to", std::move(to)}};
}

// Who is an agent. (An instance administrator who comes online gets customers too, without being one.)
inline std::vector<identity::Member> agents_of(sql::Transaction& tx, const AppId& appid) {
  return identity::members_with(tx, appid, identity::Permission::desk_reply);
}

}  // namespace miniops::teams
