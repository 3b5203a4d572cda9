#include "identity/access.hpp"

#include "identity/errors.hpp"

namespace miniops::identity {

bool Access::may(Permission permission) const { return permissions_.contains(permission); }

Access Access::system(AppId appid, std::string_view what) {
  Access access;
  access.appid_ = std::move(appid);
  access.username_ = "system";
  access.via_ = std::string(what);
  access.permissions_ = all_permissions();
  return access;
}

std::set<Permission> Caller::permissions_in(const AppId& appid) const {
  std::set<Permission> granted;
  if (appid.empty() || (only_appid && *only_appid != appid)) return granted;
  const auto membership = roles.find(appid);
  for (const Permission permission : all_permissions()) {
    const bool by_role = membership != roles.end() && role_has(membership->second, permission);
    const bool by_scope = !scopes || scopes->contains(permission);
    if ((by_role || instance_admin) && by_scope) granted.insert(permission);
  }
  // A key that is limited to one mini program never acts on the whole instance.
  if (only_appid) granted.erase(Permission::instance_manage);
  return granted;
}

Access Caller::granted(AppId appid, std::set<Permission> permissions) const {
  Access access;
  access.appid_ = std::move(appid);
  access.account_ = account;
  access.username_ = username;
  access.remote_address_ = remote_address;
  access.via_ = via;
  access.permissions_ = std::move(permissions);
  return access;
}

Result<Access> Caller::access(const AppId& appid, Permission permission) const {
  const bool belongs = instance_admin || roles.contains(appid);
  if (!belongs || appid.empty() || (only_appid && *only_appid != appid)) return not_found();
  auto permissions = permissions_in(appid);
  if (!permissions.contains(permission)) {
    return forbidden("this needs the permission " + std::string(to_string(permission)));
  }
  return granted(appid, std::move(permissions));
}

Result<Access> Caller::instance_access(Permission permission) const {
  std::set<Permission> permissions;
  if (!only_appid) {
    if (instance_admin) permissions = all_permissions();
    permissions.insert(Permission::account_self);
    if (scopes) std::erase_if(permissions, [&](Permission one) { return !scopes->contains(one); });
  }
  if (!permissions.contains(permission)) {
    return forbidden("this needs the permission " + std::string(to_string(permission)));
  }
  return granted(AppId(), std::move(permissions));
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
    if (role_has(role, permission)) appids.insert(appid);
  }
  return appids;
}

}  // namespace miniops::identity
