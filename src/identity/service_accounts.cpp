// Accounts and members, as administrators manage them.
#include "base/text.hpp"
#include "identity/errors.hpp"
#include "identity/service.hpp"
#include "identity/store.hpp"

namespace miniops::identity {

namespace {

std::string account_object(AccountId id) { return "account:" + id.str(); }

// Names are shown, searched and typed: no blanks, nothing that cannot be seen.
Result<void> check_username(const std::string& username) {
  const bool shown = std::ranges::all_of(username, [](unsigned char c) { return c > 0x20 && c != 0x7f; });
  if (username.empty() || !shown || !valid_utf8(username) || count_chars(username) > 64) {
    return fail(Error{"request.invalid",
                      "the user name must have 1 to 64 characters and no blanks",
                      ErrorKind::invalid,
                      {{"/username", "must have 1 to 64 characters and no blanks"}}});
  }
  return {};
}

Account new_account(AccountId id, std::string username, std::string display_name, TimeMs now) {
  Account account;
  account.id = id;
  account.display_name = display_name.empty() ? username : std::move(display_name);
  account.username = std::move(username);
  account.created_at = now;
  return account;
}

template <class T>
void note_change(boost::json::object& changes, std::string_view field, const T& from, const T& to) {
  if (from != to) changes[field] = {{"from", from}, {"to", to}};
}

// All of the new role, denied or not: a denial may be lifted later. And what the member has and would not keep.
std::set<Grant> given_or_taken(Role before, Role after, const Adjustments& adjustments) {
  std::set<Grant> moved = effective(after, {});
  for (const Grant& grant : effective(before, adjustments)) {
    if (!has(after, adjustments, grant)) moved.insert(grant);
  }
  return moved;
}

}  // namespace

Task<Result<std::vector<Account>>> Service::list_accounts(std::int64_t before_id, int limit) {
  const std::optional<std::int64_t> before = before_id == 0 ? std::nullopt : std::optional(before_id);
  auto read = [before, limit](sql::Transaction& tx) -> Result<std::vector<Account>> {
    return identity::list_accounts(tx, "", before, limit);
  };
  co_return co_await database_.read(std::move(read));
}

Task<Result<std::vector<AccountWithRoles>>> Service::search_accounts(std::string text,
                                                                     std::optional<std::int64_t> before_id, int limit) {
  auto read = [text = std::move(text), before_id,
               limit](sql::Transaction& tx) -> Result<std::vector<AccountWithRoles>> {
    std::vector<AccountWithRoles> accounts;
    for (auto& account : identity::list_accounts(tx, text, before_id, limit)) {
      auto roles = roles_of(tx, account.id);
      accounts.push_back({std::move(account), std::move(roles)});
    }
    return accounts;
  };
  co_return co_await database_.read(std::move(read));
}

Task<Result<Account>> Service::create_account(Access access, NewAccount wanted) {
  if (auto ok = check_username(wanted.username); !ok) co_return std::unexpected(std::move(ok.error()));
  const auto weakness = password_weakness(wanted.password, wanted.username);
  if (weakness) co_return weak_password("/password", *weakness);
  const auto hash = co_await hashed(wanted.password);
  if (!hash) co_return std::unexpected(hash.error());
  Account account =
      new_account(ids_.next_as<AccountId>(), std::move(wanted.username), std::move(wanted.display_name), clock_.now());
  account.instance_admin = wanted.instance_admin;
  account.must_change_password = wanted.must_change_password;
  const AuditEntry entry{
      ids_.next(),
      account.created_at,
      "account.create",
      account_object(account.id),
      {{"username", {{"to", account.username}}}, {"instance_admin", {{"to", wanted.instance_admin}}}}};
  auto write = [access = std::move(access), account, entry, hash = *hash](sql::Transaction& tx) -> Result<Account> {
    if (!insert_account(tx, account, hash)) return username_taken();
    audit(tx, access, entry);
    raise_identity_version(tx);
    return account;
  };
  auto made = co_await database_.write(std::move(write));
  co_await act_at_once();
  co_return made;
}

Task<Result<AccountWithRoles>> Service::update_account(Access access, AccountId id, AccountPatch patch) {
  std::optional<std::string> hash;
  if (patch.password) {
    const auto current = co_await find_account(id);
    if (!current) co_return std::unexpected(current.error());
    const auto weakness = password_weakness(*patch.password, current->account.username);
    if (weakness) co_return weak_password("/password", *weakness);
    auto made = co_await hashed(*patch.password);
    if (!made) co_return std::unexpected(std::move(made.error()));
    hash = std::move(*made);
  }
  const TimeMs now = clock_.now();
  // Whoever works on the command line sets the password that is to be used.
  const bool must_change = !access.account().empty();
  AuditEntry entry{ids_.next(), now, "account.update", account_object(id)};
  auto write = [=, access = std::move(access)](sql::Transaction& tx) -> Result<AccountWithRoles> {
    auto who = find_account_with_roles(tx, id);
    if (!who) return not_found();
    Account& account = who->account;
    const Account before = account;
    account.disabled = patch.disabled.value_or(account.disabled);
    account.instance_admin = patch.instance_admin.value_or(account.instance_admin);
    account.display_name = patch.display_name.value_or(account.display_name);
    const bool was_administrator = before.instance_admin && !before.disabled;
    const bool is_administrator = account.instance_admin && !account.disabled;
    if (was_administrator && !is_administrator && other_administrators(tx, id) == 0) return last_administrator();
    identity::update_account(tx, account);
    AuditEntry changed = entry;
    note_change(changed.changes, "disabled", before.disabled, account.disabled);
    note_change(changed.changes, "instance_admin", before.instance_admin, account.instance_admin);
    note_change(changed.changes, "display_name", before.display_name, account.display_name);
    if (hash) {
      set_password(tx, id, *hash, must_change, now);
      account.must_change_password = must_change;
      changed.changes["password"] = {{"changed", true}};
    }
    if (hash || account.disabled) delete_sessions(tx, id, "");
    audit(tx, access, changed);
    raise_identity_version(tx);
    return std::move(*who);
  };
  auto written = co_await database_.write(std::move(write));
  co_await act_at_once();
  co_return written;
}

Task<Result<std::vector<Member>>> Service::list_members(Access access) {
  auto read = [appid = access.appid()](sql::Transaction& tx) -> Result<std::vector<Member>> {
    return members_of(tx, appid);
  };
  co_return co_await database_.read(std::move(read));
}

Task<Result<Member>> Service::add_member(Access access, NewMember wanted) {
  if (auto ok = access.may_delegate(effective(wanted.role, {})); !ok) co_return std::unexpected(std::move(ok.error()));
  const TimeMs now = clock_.now();
  Account fresh = new_account(ids_.next_as<AccountId>(), wanted.username, wanted.display_name.value_or(""), now);
  std::string hash;
  if (wanted.password) {
    if (auto ok = check_username(wanted.username); !ok) co_return std::unexpected(std::move(ok.error()));
    const auto weakness = password_weakness(*wanted.password, wanted.username);
    if (weakness) co_return weak_password("/password", *weakness);
    auto made = co_await hashed(*wanted.password);
    if (!made) co_return std::unexpected(std::move(made.error()));
    hash = std::move(*made);
  }
  const AuditEntry created{
      ids_.next(), now, "account.create", account_object(fresh.id), {{"username", {{"to", fresh.username}}}}};
  AuditEntry added{ids_.next(), now, "member.add", ""};
  auto write = [=, access = std::move(access)](sql::Transaction& tx) -> Result<Member> {
    AccountId id = fresh.id;
    std::string username = fresh.username;
    if (wanted.password) {
      if (!insert_account(tx, fresh, hash)) return username_taken();
      audit(tx, access, created);
    } else {
      const auto existing = identity::find_account_by_name(tx, fold(wanted.username));
      if (!existing) return unknown_username();
      id = existing->id;
      username = existing->username;
    }
    if (!insert_member(tx, access.appid(), id, wanted.role, now)) return already_member();
    AuditEntry entry = added;
    entry.object = account_object(id);
    entry.changes = {{"username", {{"to", username}}}, {"role", {{"to", to_string(wanted.role)}}}};
    audit(tx, access, entry);
    raise_identity_version(tx);
    return *find_member(tx, access.appid(), id);
  };
  auto member = co_await database_.write(std::move(write));
  co_await act_at_once();
  co_return member;
}

Task<Result<Member>> Service::set_role(Access access, AccountId account, Role role) {
  AuditEntry entry{ids_.next(), clock_.now(), "member.role", account_object(account)};
  auto write = [=, access = std::move(access)](sql::Transaction& tx) -> Result<Member> {
    auto member = find_member(tx, access.appid(), account);
    if (!member) return not_found();
    const auto moved = given_or_taken(member->role, role, find_adjustments(tx, access.appid(), account));
    if (auto ok = access.may_delegate(moved); !ok) return std::unexpected(std::move(ok.error()));
    AuditEntry changed = entry;
    changed.changes["username"] = member->username;
    note_change(changed.changes, "role", to_string(member->role), to_string(role));
    update_member(tx, access.appid(), account, role);
    audit(tx, access, changed);
    raise_identity_version(tx);
    member->role = role;
    return std::move(*member);
  };
  auto written = co_await database_.write(std::move(write));
  co_await act_at_once();
  co_return written;
}

Task<Result<void>> Service::remove_member(Access access, AccountId account) {
  AuditEntry entry{ids_.next(), clock_.now(), "member.remove", account_object(account)};
  auto write = [=, access = std::move(access)](sql::Transaction& tx) -> Result<void> {
    const auto member = find_member(tx, access.appid(), account);
    if (!member) return not_found();
    const auto taken = effective(member->role, find_adjustments(tx, access.appid(), account));
    if (auto ok = access.may_delegate(taken); !ok) return std::unexpected(std::move(ok.error()));
    delete_member(tx, access.appid(), account);
    AuditEntry changed = entry;
    changed.changes = {{"username", {{"from", member->username}}}, {"role", {{"from", to_string(member->role)}}}};
    audit(tx, access, changed);
    raise_identity_version(tx);
    return {};
  };
  auto written = co_await database_.write(std::move(write));
  co_await act_at_once();
  co_return written;
}

}  // namespace miniops::identity
