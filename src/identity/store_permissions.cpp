// Adjustments of members, and who has a permission.
#include "identity/store.hpp"

namespace miniops::identity {

namespace {

constexpr std::string_view denied = "deny";
constexpr std::string_view granted = "grant";

// The columns permission, effect, group_id from `first` on.
void add_adjustment(Adjustments& adjustments, const sql::Row& row, std::size_t first) {
  const auto permission = parse_permission(row.text(first));
  if (!permission) return;
  if (row.text(first + 1) == denied) {
    adjustments.denials.insert(*permission);
  } else {
    adjustments.grants.insert(Grant{*permission, row.text(first + 2)});
  }
}

}  // namespace

std::map<AppId, Adjustments> adjustments_of(sql::Transaction& tx, AccountId id) {
  std::map<AppId, Adjustments> all;
  const auto rows =
      tx.query("SELECT appid, permission, effect, group_id FROM identity_adjustments WHERE account_id = $1", {id});
  for (const auto& row : rows) add_adjustment(all[row.id<AppId>(0)], row, 1);
  return all;
}

Adjustments find_adjustments(sql::Transaction& tx, const AppId& appid, AccountId account) {
  Adjustments found;
  const auto rows =
      tx.query("SELECT permission, effect, group_id FROM identity_adjustments WHERE appid = $1 AND account_id = $2",
               {appid, account});
  for (const auto& row : rows) add_adjustment(found, row, 0);
  return found;
}

void replace_adjustments(sql::Transaction& tx, const AppId& appid, AccountId account, const Adjustments& adjustments) {
  tx.execute("DELETE FROM identity_adjustments WHERE appid = $1 AND account_id = $2", {appid, account});
  std::vector<sql::Params> rows;
  for (const auto& [permission, group] : adjustments.grants) {
    rows.push_back({appid, account, to_string(permission), group, granted});
  }
  for (const Permission permission : adjustments.denials) {
    rows.push_back({appid, account, to_string(permission), "", denied});
  }
  tx.execute_many(
      "INSERT INTO identity_adjustments (appid, account_id, permission, group_id, effect) VALUES ($1, $2, $3, $4, $5)",
      rows);
}

std::vector<Member> members_with(sql::Transaction& tx, const AppId& appid, Permission permission,
                                 const std::string& group) {
  std::map<AccountId, Adjustments> adjusted;
  const auto rows = tx.query(
      "SELECT account_id, permission, effect, group_id FROM identity_adjustments WHERE appid = $1 AND permission = $2",
      {appid, to_string(permission)});
  for (const auto& row : rows) add_adjustment(adjusted[row.id<AccountId>(0)], row, 1);
  auto members = members_of(tx, appid);
  std::erase_if(members, [&](const Member& member) {
    return member.disabled || !has(member.role, adjusted[member.account], Grant{permission, group});
  });
  return members;
}

std::optional<Member> find_member_with(sql::Transaction& tx, const AppId& appid, Permission permission,
                                       AccountId account, const std::string& group) {
  auto member = find_member(tx, appid, account);
  if (!member || member->disabled) return std::nullopt;
  const bool there = has(member->role, find_adjustments(tx, appid, account), Grant{permission, group});
  return there ? member : std::nullopt;
}

}  // namespace miniops::identity
