// Roles, permissions, and how one member's differ from the role's. Values and rules, without I/O.
#pragma once

#include <compare>
#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace miniops::identity {

// The five roles per mini program (admin 管理员 · operator 运营者 · developer 开发者 · analyst 数据分析师 ·
// agent 客服人员). What each may do is the table in permissions.cpp, over which a member's Adjustments are laid.
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
  gateway_read,      // health, journal lag, dead letters, token state
  gateway_manage,    // replay dead letters, force refresh, relay
  telemetry_read,    // what phones report: events, performance, errors, logs
  telemetry_manage,  // project keys, sampling, retention, erasing a person
  issues_handle,     // assign, resolve, ignore, merge issues; source maps
  alerts_handle,     // acknowledge, resolve, silence, review
  alerts_manage,     // rules, channels, receivers
  // the desk's, from here to the end: these may be granted for single groups, too
  desk_read,           // conversations and messages
  desk_reply,          // send, take, transfer, close, notes, presence
  desk_records_all,    // everybody's conversations, not only one's own and one's groups'
  desk_supervise,      // watch, whisper, take over, set an agent's presence
  desk_inspect,        // judge conversations
  desk_export,         // conversations and reports as files
  desk_configure,      // rules, words, quick replies, hours
  desk_publish,        // what customers are answered from goes live
  personal_data_read,  // phones, ID and card numbers unmasked
};
std::string_view to_string(Permission permission);  // "desk.read" …
std::optional<Permission> parse_permission(std::string_view text);
bool role_has(Role role, Permission permission);
std::set<Permission> all_permissions();
// Whether it can be granted and denied to a member; and for single groups.
bool adjustable(Permission permission);
bool by_group(Permission permission);

// A permission in the whole mini program, or in one group of its people.
struct Grant {
  Permission permission{};
  std::string group{};  // "": the whole mini program; otherwise the id of a group, which means nothing here
  auto operator<=>(const Grant&) const = default;
};

// What one member may do besides the role's permissions, and what not.
struct Adjustments {
  std::set<Grant> grants{};
  std::set<Permission> denials{};  // each wins over the role and over all grants
  bool operator==(const Adjustments&) const = default;
};

bool has(Role role, const Adjustments& adjustments, const Grant& grant);
// All that a member of that role has, account_self included.
std::set<Grant> effective(Role role, const Adjustments& adjustments);
// What stands in one and not in the other; a denial is named by its permission.
std::set<Grant> differing(const Adjustments& before, const Adjustments& after);

}  // namespace miniops::identity
