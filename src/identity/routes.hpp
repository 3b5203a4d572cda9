// The routes of this module: decode, one call, encode.
#pragma once

#include "base/json.hpp"
#include "identity/guard.hpp"
#include "identity/service.hpp"

namespace miniops::identity {

inline constexpr TextRule name_rule{1, 64};
inline constexpr TextRule password_rule{1, 256};

// Session, accounts, members and what they may do, keys, the audit log. `service` outlives the router.
void mount(Guard& guard, Service& service);

// The parts, each in its own file.
void mount_session(Guard& guard, Service& service);
void mount_accounts(Guard& guard, Service& service);
void mount_permissions(Guard& guard, Service& service);
void mount_audit(Guard& guard, Service& service);

boost::json::object account_json(const AccountWithRoles& who);
// The permissions of those that are for the whole mini program.
boost::json::array whole_json(const std::set<Grant>& grants);

}  // namespace miniops::identity
