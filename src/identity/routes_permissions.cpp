// What each role may do, and how single members differ.
#include "base/json.hpp"
#include "identity/errors.hpp"
#include "identity/routes.hpp"

namespace miniops::identity {

namespace {

constexpr std::array all_roles{Role::admin, Role::operator_, Role::developer, Role::analyst, Role::agent};
constexpr std::size_t permissions_max = 64;   // named in one list
constexpr std::size_t read_grants_max = 200;  // as the service allows

json::array role_json(Role role) {
  json::array words;
  for (const Permission permission : all_permissions()) {
    if (role_has(role, permission)) words.emplace_back(to_string(permission));
  }
  return words;
}

json::object permissions_json(const MemberPermissions& found) {
  const auto& [grants, denials] = found.adjustments;
  json::array denied;
  for (const Permission permission : denials) denied.emplace_back(to_string(permission));
  json::array for_groups;
  for (const auto& [permission, group] : grants) {
    if (group.empty()) continue;
    for_groups.emplace_back(json::object{{"permission", to_string(permission)}, {"group_id", group}});
  }
  return {{"account_id", found.member.account.str()},
          {"role", to_string(found.member.role)},
          {"instance_admin", found.instance_admin},
          {"base", role_json(found.member.role)},
          {"grants", whole_json(grants)},
          {"denials", std::move(denied)},
          {"group_grants", std::move(for_groups)},
          {"effective", whole_json(effective(found.member.role, found.adjustments))}};
}

std::optional<std::set<Permission>> read_permissions(JsonInput& in, std::string_view field) {
  if (!in.has(field)) {
    in.optional_value(field);  // null: as it is
    return std::nullopt;
  }
  std::set<Permission> permissions;
  for (const auto& word : in.optional_texts(field, permissions_max)) {
    const auto permission = parse_permission(word);
    if (permission) permissions.insert(*permission);
    if (!permission) in.mistake(field, "has an unknown permission: " + word);
  }
  return permissions;
}

std::optional<std::set<Grant>> read_group_grants(JsonInput& in) {
  if (!in.has("group_grants")) {
    in.optional_value("group_grants");
    return std::nullopt;
  }
  std::set<Grant> grants;
  for (JsonInput& one : in.optional_objects("group_grants", read_grants_max)) {
    const std::string word = one.text("permission", name_rule);
    const std::string group = one.text("group_id", name_rule);
    const auto permission = parse_permission(word);
    if (permission && !group.empty()) grants.insert(Grant{*permission, group});
    if (!permission) one.mistake("permission", "is unknown: " + word);
  }
  return grants;
}

Task<Result<net::Response>> get_roles() {
  json::object roles;
  for (const Role role : all_roles) roles[to_string(role)] = role_json(role);
  co_return net::Response::json(json::object{{"roles", std::move(roles)}});
}

Task<Result<net::Response>> get_permissions(Service& service, const net::Request& request, const Access& access) {
  const auto id = parse_as<AccountId>(request.param("account_id"));
  if (!id) co_return not_found();
  const auto found = co_await service.permissions_of(access, *id);
  if (!found) co_return std::unexpected(found.error());
  co_return net::Response::json(permissions_json(*found));
}

Task<Result<net::Response>> patch_permissions(Service& service, const net::Request& request, const Access& access) {
  const auto id = parse_as<AccountId>(request.param("account_id"));
  if (!id) co_return not_found();
  const auto body = net::json_body(request);
  if (!body) co_return std::unexpected(body.error());
  JsonInput in(*body);
  AdjustmentsPatch patch;
  patch.grants = read_permissions(in, "grants");
  patch.denials = read_permissions(in, "denials");
  patch.group_grants = read_group_grants(in);
  if (auto ok = in.finish(); !ok) co_return std::unexpected(std::move(ok.error()));
  const auto found = co_await service.adjust(access, *id, std::move(patch));
  if (!found) co_return std::unexpected(found.error());
  co_return net::Response::json(permissions_json(*found));
}

}  // namespace

json::array whole_json(const std::set<Grant>& grants) {
  json::array words;
  for (const auto& [permission, group] : grants) {
    if (group.empty()) words.emplace_back(to_string(permission));
  }
  return words;
}

void mount_permissions(Guard& guard, Service& service) {
  using enum net::Method;
  using enum Permission;
  const std::string one = "/api/v1/miniprograms/{appid}/members/{account_id}/permissions";
  guard.instance_route(get, "/api/v1/permissions", account_self,
                       [](net::Request&, const Caller&, const Access&) { return get_roles(); });
  guard.app_route(get, one, members_read, [&service](net::Request& request, const Access& access) {
    return get_permissions(service, request, access);
  });
  guard.app_route(patch, one, members_manage, [&service](net::Request& request, const Access& access) {
    return patch_permissions(service, request, access);
  });
}

}  // namespace miniops::identity
