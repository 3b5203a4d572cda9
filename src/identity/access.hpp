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
#include "storage/sql/database.hpp"

namespace miniops::identity {

using AccountId = NumberId<struct AccountIdTag>;

// The five roles per mini program (admin 管理员 · operator 运营者 · developer 开发者 · analyst 数据分析师 ·
// agent 客服人员). What each may do is the table in permissions.cpp; adjustments come with a later issue.
enum class Role { admin, operator_, developer, analyst, agent };
std::string_view to_string(Role role);
std::optional<Role> parse_role(std::string_view text);

// Permissions are constants, so that a misspelt one does not compile.
enum class Permission {
  // instance-wide: only instance administrators
  instance_manage,  // add mini programs, accounts, see everything
  // anyone who is signed in: own account, own sessions
  account_self,
  // per mini program
  miniprogram_read,    // its name, appid and state
  miniprogram_manage,  // credentials, mode, relay, switches
  members_read,
  members_manage,
  audit_read,
  gateway_read,        // health, journal lag, dead letters, token state
  gateway_manage,      // replay dead letters, force refresh, relay
  telemetry_read,      // what phones report: events, performance, errors, logs
  telemetry_manage,    // project keys, sampling, retention, erasing a person
  issues_handle,       // assign, resolve, ignore, merge issues; source maps
  alerts_handle,       // acknowledge, resolve, silence, review
  alerts_manage,       // rules, channels, receivers
  desk_read,           // conversations and messages
  desk_reply,          // send, take, transfer, close, notes, presence
  desk_configure,      // rules, words, quick replies, hours
  personal_data_read,  // phones, ID and card numbers unmasked
};
std::string_view to_string(Permission permission);  // "desk.read" …
std::optional<Permission> parse_permission(std::string_view text);
bool role_has(Role role, Permission permission);
std::set<Permission> all_permissions();

class Caller;

// The proof that a caller may do something in one mini program (or, without appid, in the instance).
class Access {
 public:
  const AppId& appid() const { return appid_; }
  AccountId account() const { return account_; }
  const std::string& username() const { return username_; }
  const std::string& remote_address() const { return remote_address_; }
  const std::string& via() const { return via_; }  // "session" or "api_key:<name>": for the audit log
  bool may(Permission permission) const;           // a further permission in the same mini program
  bool sees_personal_data() const { return may(Permission::personal_data_read); }

  // The machinery itself (a rule, a timer, the command line), for calls that no person makes.
  static Access system(AppId appid, std::string_view what);

 private:
  friend class Caller;
  Access() = default;
  AppId appid_;
  AccountId account_;
  std::string username_, remote_address_, via_;
  std::set<Permission> permissions_;
};

// An authenticated caller: a session or an API key.
class Caller {
 public:
  AccountId account;
  std::string username, display_name;
  bool instance_admin = false;
  std::map<AppId, Role> roles;                   // memberships
  std::optional<std::set<Permission>> scopes{};  // an API key's limit; nullopt: none
  std::optional<AppId> only_appid{};             // an API key may be limited to one mini program
  std::string remote_address, via, session_id;   // session_id: hash of the session token, "" for keys
  std::string credential;                        // hash of the token or key that was presented
  bool must_change_password = false;             // then nothing but that is allowed (Guard sees to it)

  // not_found when the caller is no member of `appid` (identity.not_found … answers 404), forbidden when the role or
  // the key's scopes lack the permission (identity.forbidden, 403).
  Result<Access> access(const AppId& appid, Permission permission) const;
  // For instance-wide calls, and account_self.
  Result<Access> instance_access(Permission permission) const;
  // The mini programs in which the caller has `permission`; nullopt: all of them.
  std::optional<std::set<AppId>> appids_with(Permission permission) const;
  // All that the caller may do in `appid`; empty for a stranger.
  std::set<Permission> permissions_in(const AppId& appid) const;

 private:
  Access granted(AppId appid, std::set<Permission> permissions) const;
};

}  // namespace miniops::identity
