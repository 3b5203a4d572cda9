// What single members may do besides their role, and what not.
#include "identity/errors.hpp"
#include "identity/service.hpp"
#include "identity/store.hpp"

namespace miniops::identity {

namespace {

constexpr std::size_t group_grants_max = 200;  // of one member

std::optional<MemberPermissions> find_permissions(sql::Transaction& tx, const AppId& appid, AccountId account) {
  auto member = find_member(tx, appid, account);
  if (!member) return std::nullopt;
  const bool instance_admin = identity::find_account(tx, account)->instance_admin;
  return MemberPermissions{std::move(*member), instance_admin, find_adjustments(tx, appid, account)};
}

Adjustments patched(Adjustments adjustments, const AdjustmentsPatch& patch) {
  if (patch.grants) {
    std::erase_if(adjustments.grants, [](const Grant& grant) { return grant.group.empty(); });
    for (const Permission permission : *patch.grants) adjustments.grants.insert(Grant{permission});
  }
  if (patch.group_grants) {
    std::erase_if(adjustments.grants, [](const Grant& grant) { return !grant.group.empty(); });
    adjustments.grants.insert(patch.group_grants->begin(), patch.group_grants->end());
  }
  if (patch.denials) adjustments.denials = *patch.denials;
  return adjustments;
}

// Each permission stands in one way only, so that what is shown is what holds.
Result<void> check_form(const Adjustments& adjustments) {
  std::size_t for_groups = 0;
  for (const Grant& grant : adjustments.grants) {
    const std::string name(to_string(grant.permission));
    const bool whole = grant.group.empty();
    const char* pointer = whole ? "/grants" : "/group_grants";
    if (!adjustable(grant.permission)) return wrong_field(pointer, "has what no member is granted: " + name);
    if (!whole && !by_group(grant.permission)) return wrong_field(pointer, "has what no group has: " + name);
    if (adjustments.denials.contains(grant.permission)) return wrong_field(pointer, "has what is denied: " + name);
    if (!whole && adjustments.grants.contains(Grant{grant.permission})) {
      return wrong_field(pointer, "has what is granted for the whole mini program: " + name);
    }
    if (!whole && ++for_groups > group_grants_max) {
      return wrong_field(pointer, "has more than " + std::to_string(group_grants_max) + " entries");
    }
  }
  for (const Permission permission : adjustments.denials) {
    if (adjustable(permission)) continue;
    return wrong_field("/denials", "has what no member is denied: " + std::string(to_string(permission)));
  }
  return {};
}

// Whether `member` is the only admin who may manage members, and would be so no more.
bool leaves_no_manager(sql::Transaction& tx, const AppId& appid, const Member& member, const Adjustments& after) {
  const auto manages = Permission::members_manage;
  if (member.role != Role::admin || has(member.role, after, Grant{manages})) return false;
  const auto managers = members_with(tx, appid, manages);
  const auto admin = [](const Member& one) { return one.role == Role::admin; };
  const auto another = [&](const Member& one) { return admin(one) && one.account != member.account; };
  return std::ranges::any_of(managers, admin) && std::ranges::none_of(managers, another);
}

// "role", "grant", "deny", or "groups: a, b".
std::string state_of(const Adjustments& adjustments, Permission permission) {
  if (adjustments.denials.contains(permission)) return "deny";
  if (adjustments.grants.contains(Grant{permission})) return "grant";
  std::string groups;
  for (const Grant& grant : adjustments.grants) {
    if (grant.permission == permission) groups += (groups.empty() ? "groups: " : ", ") + grant.group;
  }
  return groups.empty() ? "role" : groups;
}

void note_changes(boost::json::object& changes, const Adjustments& before, const Adjustments& after) {
  for (const auto& [permission, group] : differing(before, after)) {
    changes[to_string(permission)] = {{"from", state_of(before, permission)}, {"to", state_of(after, permission)}};
  }
}

}  // namespace

Task<Result<MemberPermissions>> Service::permissions_of(Access access, AccountId account) {
  auto read = [appid = access.appid(), account](sql::Transaction& tx) -> Result<MemberPermissions> {
    auto found = find_permissions(tx, appid, account);
    if (!found) return not_found();
    return std::move(*found);
  };
  co_return co_await database_.read(std::move(read));
}

Task<Result<MemberPermissions>> Service::adjust(Access access, AccountId account, AdjustmentsPatch patch) {
  if (access.account() == account) co_return own_permissions();
  const AuditEntry entry{ids_.next(), clock_.now(), "member.permissions", "account:" + account.str()};
  auto write = [=, access = std::move(access),
                patch = std::move(patch)](sql::Transaction& tx) -> Result<MemberPermissions> {
    auto found = find_permissions(tx, access.appid(), account);
    if (!found) return not_found();
    const Adjustments before = found->adjustments;
    const Adjustments after = patched(before, patch);
    if (auto ok = check_form(after); !ok) return std::unexpected(std::move(ok.error()));
    if (auto ok = access.may_delegate(differing(before, after)); !ok) return std::unexpected(std::move(ok.error()));
    if (leaves_no_manager(tx, access.appid(), found->member, after)) return last_manager();
    if (after == before) return std::move(*found);
    replace_adjustments(tx, access.appid(), account, after);
    AuditEntry changed = entry;
    changed.changes["username"] = found->member.username;
    note_changes(changed.changes, before, after);
    audit(tx, access, changed);
    raise_identity_version(tx);
    return find_permissions(tx, access.appid(), account).value();
  };
  auto written = co_await database_.write(std::move(write));
  co_await act_at_once();
  co_return written;
}

}  // namespace miniops::identity
