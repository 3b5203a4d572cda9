#include "identity/store.hpp"

#include "base/text.hpp"
#include "storage/sql/config_version.hpp"

namespace miniops::identity {

namespace {

constexpr std::string_view by_id =
    "SELECT id, username, display_name, language, instance_admin, must_change_password, disabled, created_at, "
    "last_sign_in_at FROM identity_accounts WHERE id = $1";
constexpr std::string_view by_name =
    "SELECT id, username, display_name, language, instance_admin, must_change_password, disabled, created_at, "
    "last_sign_in_at FROM identity_accounts WHERE username_folded = $1";
constexpr std::string_view newest_first =
    "SELECT id, username, display_name, language, instance_admin, must_change_password, disabled, created_at, "
    "last_sign_in_at FROM identity_accounts "
    "WHERE id < $1 AND ($2 = '' OR username_folded LIKE $3 ESCAPE '!' OR lower(display_name) LIKE $3 ESCAPE '!') "
    "ORDER BY id DESC LIMIT $4";

Account account_of(const sql::Row& row) {
  Account account;
  account.id = row.id<AccountId>(0);
  account.username = row.text(1);
  account.display_name = row.text(2);
  account.language = row.text(3);
  account.instance_admin = row.integer(4) != 0;
  account.must_change_password = row.integer(5) != 0;
  account.disabled = row.integer(6) != 0;
  account.created_at = row.integer(7);
  account.last_sign_in_at = row.optional_integer(8);
  return account;
}

}  // namespace

void raise_identity_version(sql::Transaction& tx) {
  tx.execute("UPDATE identity_state SET version = version + 1 WHERE id = 1");
  sql::raise_config_version(tx);
}

std::int64_t identity_version(sql::Transaction& tx) {
  return tx.query_one("SELECT version FROM identity_state WHERE id = 1")->integer(0);
}

std::optional<Account> find_account(sql::Transaction& tx, AccountId id) {
  const auto row = tx.query_one(by_id, {id});
  return row ? std::optional(account_of(*row)) : std::nullopt;
}

std::optional<Account> find_account_by_name(sql::Transaction& tx, const std::string& username_folded) {
  const auto row = tx.query_one(by_name, {username_folded});
  return row ? std::optional(account_of(*row)) : std::nullopt;
}

std::optional<AccountWithRoles> find_account_with_roles(sql::Transaction& tx, AccountId id) {
  auto account = find_account(tx, id);
  if (!account) return std::nullopt;
  return AccountWithRoles{std::move(*account), roles_of(tx, id), adjustments_of(tx, id)};
}

std::vector<Account> list_accounts(sql::Transaction& tx, const std::string& text, std::optional<std::int64_t> before_id,
                                   int limit) {
  std::string pattern = "%";
  for (const char c : fold(text)) {
    if (c == '%' || c == '_' || c == '!') pattern += '!';
    pattern += c;
  }
  pattern += '%';
  const std::int64_t before = before_id.value_or(INT64_MAX);
  std::vector<Account> accounts;
  for (const auto& row : tx.query(newest_first, {before, text, pattern, limit})) accounts.push_back(account_of(row));
  return accounts;
}

std::string password_hash_of(sql::Transaction& tx, AccountId id) {
  const auto row = tx.query_one("SELECT password_hash FROM identity_accounts WHERE id = $1", {id});
  return row ? row->text(0) : std::string();
}

bool insert_account(sql::Transaction& tx, const Account& account, const std::string& password_hash) {
  const std::string folded = fold(account.username);
  return tx.execute(
             "INSERT INTO identity_accounts (id, username, username_folded, display_name, language, password_hash, "
             "instance_admin, must_change_password, disabled, created_at, password_changed_at) "
             "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10) ON CONFLICT (username_folded) DO NOTHING",
             {account.id, account.username, folded, account.display_name, account.language, password_hash,
              account.instance_admin, account.must_change_password, account.disabled, account.created_at}) == 1;
}

void update_account(sql::Transaction& tx, const Account& account) {
  tx.execute(
      "UPDATE identity_accounts SET display_name = $2, language = $3, instance_admin = $4, disabled = $5 WHERE id = $1",
      {account.id, account.display_name, account.language, account.instance_admin, account.disabled});
}

void set_password(sql::Transaction& tx, AccountId id, const std::string& password_hash, bool must_change, TimeMs now) {
  tx.execute(
      "UPDATE identity_accounts SET password_hash = $2, must_change_password = $3, password_changed_at = $4 "
      "WHERE id = $1",
      {id, password_hash, must_change, now});
}

void note_sign_in(sql::Transaction& tx, AccountId id, TimeMs now) {
  tx.execute("UPDATE identity_accounts SET last_sign_in_at = $2 WHERE id = $1", {id, now});
}

std::int64_t other_administrators(sql::Transaction& tx, AccountId id) {
  return tx
      .query_one("SELECT count(*) FROM identity_accounts WHERE instance_admin = 1 AND disabled = 0 AND id <> $1", {id})
      ->integer(0);
}

bool any_account(sql::Transaction& tx) { return tx.query_one("SELECT id FROM identity_accounts LIMIT 1").has_value(); }

}  // namespace miniops::identity
