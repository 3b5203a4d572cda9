// Who is calling, and what they may do. An Access can only be had by checking; every service call of a domain module
// takes one.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/ids.hpp"
#include "identity/permissions.hpp"
#include "storage/sql/database.hpp"

namespace miniops::identity {

using AccountId = NumberId<struct AccountIdTag>;

class Caller;

// The proof that a caller may do something in one mini program (or, without appid, in the instance).
class Access {
 public:
  const AppId& appid() const { return appid_; }
  AccountId account() const { return account_; }
  const std::string& username() const { return username_; }
  const std::string& remote_address() const { return remote_address_; }
  const std::string& via() const { return via_; }  // "session" or "api_key:<name>": for the audit log
  // A further permission in the same mini program: the whole of it, or one group.
  bool may(Permission permission) const;
  bool may(Permission permission, const std::string& group) const;
  // For what needs more than one: identity.forbidden unless the caller has this one in the mini program, too.
  Result<void> must_have(Permission permission) const;
  // The groups in which the caller has `permission`; nullopt: in the whole mini program, empty: nowhere.
  std::optional<std::set<std::string>> groups_with(Permission permission) const;
  // Nobody gives or takes what they do not have themselves: identity.beyond_own unless the caller has all of these.
  Result<void> may_delegate(const std::set<Grant>& grants) const;
  bool sees_personal_data() const { return may(Permission::personal_data_read); }

  // The machinery itself (a rule, a timer, the command line), for calls that no person makes.
  static Access system(AppId appid, std::string_view what);

 private:
  friend class Caller;
  Access() = default;
  AppId appid_;
  AccountId account_;
  std::string username_, remote_address_, via_;
  std::set<Grant> grants_;
};

// An authenticated caller: a session or an API key.
class Caller {
 public:
  AccountId account;
  std::string username, display_name;
  bool instance_admin = false;
  std::map<AppId, Role> roles;                   // memberships
  std::map<AppId, Adjustments> adjustments{};    // of those memberships that have any
  std::optional<std::set<Permission>> scopes{};  // an API key's limit; nullopt: none
  std::optional<AppId> only_appid{};             // an API key may be limited to one mini program
  std::string remote_address, via, session_id;   // session_id: hash of the session token, "" for keys
  std::string credential;                        // hash of the token or key that was presented
  bool must_change_password = false;             // then nothing but that is allowed (Guard sees to it)

  // not_found when the caller is no member of `appid` (identity.not_found … answers 404), forbidden when they lack the
  // permission in the whole mini program, or the key's scopes do (identity.forbidden, 403).
  Result<Access> access(const AppId& appid, Permission permission) const;
  // For instance-wide calls, and account_self.
  Result<Access> instance_access(Permission permission) const;
  // The mini programs in which the caller has `permission`; nullopt: all of them.
  std::optional<std::set<AppId>> appids_with(Permission permission) const;
  // All that the caller may do in the whole of `appid`; empty for a stranger.
  std::set<Permission> permissions_in(const AppId& appid) const;
  // And in single groups of it.
  std::set<Grant> grants_in(const AppId& appid) const;

 private:
  Access granted(AppId appid, std::set<Grant> grants) const;
};

}  // namespace miniops::identity
