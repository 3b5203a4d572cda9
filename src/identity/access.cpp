#include "identity/access.hpp"

#include "identity/errors.hpp"

namespace miniops::identity {

namespace {

std::set<Grant> everything() {
  std::set<Grant> grants;
  for (const Permission permission : all_permissions()) grants.insert(Grant{permission});
  return grants;
}

}  // namespace

bool Access::may(Permission permission) const { return grants_.contains(Grant{permission}); }

bool Access::may(Permission permission, const std::string& group) const {
  return may(permission) || grants_.contains(Grant{permission, group});
}

Result<void> Access::must_have(Permission permission) const {
  if (may(permission)) return {};
  return forbidden(fmt::format("this needs the permission {}, too", to_string(permission)));
}

std::optional<std::set<std::string>> Access::groups_with(Permission permission) const {
  if (may(permission)) return std::nullopt;
  std::set<std::string> groups;
  for (const Grant& grant : grants_) {
    if (grant.permission == permission) groups.insert(grant.group);
  }
  return groups;
}

Result<void> Access::may_delegate(const std::set<Grant>& grants) const {
  std::set<Permission> lacking;
  for (const auto& [permission, group] : grants) {
    if (adjustable(permission) && !may(permission, group)) lacking.insert(permission);
  }
  if (lacking.empty()) return {};
  std::string names;
  for (const Permission permission : lacking) names += (names.empty() ? "" : ", ") + std::string(to_string(permission));
  return beyond_own(names);
}

Access Access::system(AppId appid, std::string_view what) {
  Access access;
  access.appid_ = std::move(appid);
  access.username_ = "system";
  access.via_ = std::string(what);
  access.grants_ = everything();
  return access;
}

std::set<Grant> Caller::grants_in(const AppId& appid) const {
  if (appid.empty() || (only_appid && *only_appid != appid)) return {};
  std::set<Grant> grants;
  if (instance_admin) {
    grants = everything();
  } else if (const auto membership = roles.find(appid); membership != roles.end()) {
    const auto adjusted = adjustments.find(appid);
    grants = effective(membership->second, adjusted == adjustments.end() ? Adjustments{} : adjusted->second);
  }
  if (scopes) std::erase_if(grants, [&](const Grant& one) { return !scopes->contains(one.permission); });
  // A key that is limited to one mini program never acts on the whole instance.
  if (only_appid) grants.erase(Grant{Permission::instance_manage});
  return grants;
}

std::set<Permission> Caller::permissions_in(const AppId& appid) const {
  std::set<Permission> permissions;
  for (const auto& [permission, group] : grants_in(appid)) {
    if (group.empty()) permissions.insert(permission);
  }
  return permissions;
}

Access Caller::granted(AppId appid, std::set<Grant> grants) const {
  Access access;
  access.appid_ = std::move(appid);
  access.account_ = account;
  access.username_ = username;
  access.remote_address_ = remote_address;
  access.via_ = via;
  access.grants_ = std::move(grants);
  return access;
}

Result<Access> Caller::access(const AppId& appid, Permission permission) const {
  const bool belongs = instance_admin || roles.contains(appid);
  if (!belongs || appid.empty() || (only_appid && *only_appid != appid)) return not_found();
  auto grants = grants_in(appid);
  if (!grants.contains(Grant{permission})) {
    return forbidden("this needs the permission " + std::string(to_string(permission)));
  }
  return granted(appid, std::move(grants));
}

Result<Access> Caller::instance_access(Permission permission) const {
  std::set<Grant> grants;
  if (!only_appid) {
    if (instance_admin) grants = everything();
    grants.insert(Grant{Permission::account_self});
    if (scopes) std::erase_if(grants, [&](const Grant& one) { return !scopes->contains(one.permission); });
  }
  if (!grants.contains(Grant{permission})) {
    return forbidden("this needs the permission " + std::string(to_string(permission)));
  }
  return granted(AppId(), std::move(grants));
}

std::optional<std::set<AppId>> Caller::appids_with(Permission permission) const {
  std::set<AppId> appids;
  if (scopes && !scopes->contains(permission)) return appids;
  if (only_appid) {
    if (permissions_in(*only_appid).contains(permission)) appids.insert(*only_appid);
    return appids;
  }
  if (instance_admin) return std::nullopt;
  for (const auto& [appid, role] : roles) {
    if (grants_in(appid).contains(Grant{permission})) appids.insert(appid);
  }
  return appids;
}

}  // namespace miniops::identity
