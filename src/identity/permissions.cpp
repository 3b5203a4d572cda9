// The table of roles, and the adjustments of single members laid over it.
#include "identity/permissions.hpp"

#include <algorithm>
#include <array>
#include <iterator>

namespace miniops::identity {

namespace {

struct RoleName {
  Role role;
  std::string_view name;
};
constexpr std::array<RoleName, 5> role_names{{{Role::admin, "admin"},
                                              {Role::operator_, "operator"},
                                              {Role::developer, "developer"},
                                              {Role::analyst, "analyst"},
                                              {Role::agent, "agent"}}};

// Which roles have a permission in their mini program, in the order of `Role`. instance_manage belongs to no role.
struct PermissionRow {
  Permission permission;
  std::string_view name;
  std::array<bool, 5> roles;
};
constexpr bool yes = true;
constexpr bool no = false;
//                                                                   admin operator developer analyst agent
constexpr std::array<PermissionRow, 23> permission_table{{
    {Permission::instance_manage, "instance.manage", /*          */ {no, no, no, no, no}},
    {Permission::account_self, "account.self", /*                */ {yes, yes, yes, yes, yes}},
    {Permission::miniprogram_read, "miniprogram.read", /*        */ {yes, yes, yes, yes, yes}},
    {Permission::miniprogram_manage, "miniprogram.manage", /*    */ {yes, no, yes, no, no}},
    {Permission::members_read, "members.read", /*                */ {yes, yes, yes, no, no}},
    {Permission::members_manage, "members.manage", /*            */ {yes, no, no, no, no}},
    {Permission::audit_read, "audit.read", /*                    */ {yes, no, no, no, no}},
    {Permission::gateway_read, "gateway.read", /*                */ {yes, yes, yes, no, no}},
    {Permission::gateway_manage, "gateway.manage", /*            */ {yes, no, yes, no, no}},
    {Permission::telemetry_read, "telemetry.read", /*            */ {yes, yes, yes, yes, no}},
    {Permission::telemetry_manage, "telemetry.manage", /*        */ {yes, no, yes, no, no}},
    {Permission::issues_handle, "issues.handle", /*              */ {yes, yes, yes, no, no}},
    {Permission::alerts_handle, "alerts.handle", /*              */ {yes, yes, yes, no, no}},
    {Permission::alerts_manage, "alerts.manage", /*              */ {yes, yes, yes, no, no}},
    // Developers and analysts read no conversations: those belong to customers and the people who serve them.
    {Permission::desk_read, "desk.read", /*                      */ {yes, yes, no, no, yes}},
    {Permission::desk_reply, "desk.reply", /*                    */ {yes, yes, no, no, yes}},
    // An agent reads what is their own and their groups'. Supervisors and inspectors are agents with a grant.
    {Permission::desk_records_all, "desk.records_all", /*        */ {yes, yes, no, no, no}},
    {Permission::desk_supervise, "desk.supervise", /*            */ {yes, yes, no, no, no}},
    {Permission::desk_inspect, "desk.inspect", /*                */ {yes, yes, no, no, no}},
    {Permission::desk_export, "desk.export", /*                  */ {yes, yes, no, no, no}},
    {Permission::desk_configure, "desk.configure", /*            */ {yes, yes, no, no, no}},
    {Permission::desk_publish, "desk.publish", /*                */ {yes, yes, no, no, no}},
    {Permission::personal_data_read, "personal_data.read", /*    */ {yes, yes, no, no, no}},
}};

constexpr bool rows_stand_at_their_number() {
  for (std::size_t i = 0; i < permission_table.size(); ++i) {
    if (static_cast<std::size_t>(permission_table[i].permission) != i) return false;
  }
  return true;
}
static_assert(rows_stand_at_their_number());

const PermissionRow& row_of(Permission permission) { return permission_table[static_cast<std::size_t>(permission)]; }

}  // namespace

std::string_view to_string(Role role) { return role_names[static_cast<std::size_t>(role)].name; }

std::optional<Role> parse_role(std::string_view text) {
  for (const auto& [role, name] : role_names) {
    if (name == text) return role;
  }
  return std::nullopt;
}

std::string_view to_string(Permission permission) { return row_of(permission).name; }

std::optional<Permission> parse_permission(std::string_view text) {
  for (const auto& row : permission_table) {
    if (row.name == text) return row.permission;
  }
  return std::nullopt;
}

bool role_has(Role role, Permission permission) { return row_of(permission).roles[static_cast<std::size_t>(role)]; }

std::set<Permission> all_permissions() {
  std::set<Permission> all;
  for (const auto& row : permission_table) all.insert(row.permission);
  return all;
}

bool adjustable(Permission permission) {
  return permission != Permission::instance_manage && permission != Permission::account_self;
}

bool by_group(Permission permission) { return permission >= Permission::desk_read; }

bool has(Role role, const Adjustments& adjustments, const Grant& grant) {
  if (adjustments.denials.contains(grant.permission)) return false;
  return role_has(role, grant.permission) || adjustments.grants.contains(Grant{grant.permission}) ||
         adjustments.grants.contains(grant);
}

std::set<Grant> effective(Role role, const Adjustments& adjustments) {
  std::set<Grant> grants = adjustments.grants;
  for (const Permission permission : all_permissions()) grants.insert(Grant{permission});
  std::erase_if(grants, [&](const Grant& grant) { return !has(role, adjustments, grant); });
  return grants;
}

std::set<Grant> differing(const Adjustments& before, const Adjustments& after) {
  std::set<Grant> all;
  std::ranges::set_symmetric_difference(before.grants, after.grants, std::inserter(all, all.end()));
  std::set<Permission> denials;
  std::ranges::set_symmetric_difference(before.denials, after.denials, std::inserter(denials, denials.end()));
  for (const Permission permission : denials) all.insert(Grant{permission});
  return all;
}

}  // namespace miniops::identity
