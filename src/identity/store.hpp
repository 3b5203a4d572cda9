// The SQL of accounts, members, sessions and keys; each function works inside the caller's transaction.
#pragma once

#include <string>
#include <vector>

#include "identity/accounts.hpp"
#include "storage/sql/database.hpp"

namespace miniops::identity {

// Every change of what Authenticator keeps calls this in its transaction.
void raise_identity_version(sql::Transaction& tx);
std::int64_t identity_version(sql::Transaction& tx);

// Accounts.
std::optional<Account> find_account(sql::Transaction& tx, AccountId id);
std::optional<Account> find_account_by_name(sql::Transaction& tx, const std::string& username_folded);
std::optional<AccountWithRoles> find_account_with_roles(sql::Transaction& tx, AccountId id);
std::vector<Account> list_accounts(sql::Transaction& tx, const std::string& text, std::optional<std::int64_t> before_id,
                                   int limit);
std::string password_hash_of(sql::Transaction& tx, AccountId id);
// False: the name is taken.
bool insert_account(sql::Transaction& tx, const Account& account, const std::string& password_hash);
void update_account(sql::Transaction& tx, const Account& account);
void set_password(sql::Transaction& tx, AccountId id, const std::string& password_hash, bool must_change, TimeMs now);
void note_sign_in(sql::Transaction& tx, AccountId id, TimeMs now);
// How many instance administrators can sign in, besides `id`.
std::int64_t other_administrators(sql::Transaction& tx, AccountId id);
bool any_account(sql::Transaction& tx);

// Members.
std::map<AppId, Role> roles_of(sql::Transaction& tx, AccountId id);
bool insert_member(sql::Transaction& tx, const AppId& appid, AccountId account, Role role, TimeMs now);
bool update_member(sql::Transaction& tx, const AppId& appid, AccountId account, Role role);
// With what was adjusted: who comes back begins with the role.
bool delete_member(sql::Transaction& tx, const AppId& appid, AccountId account);

// Adjustments of members. A permission that this program does not know is passed over.
std::map<AppId, Adjustments> adjustments_of(sql::Transaction& tx, AccountId id);
Adjustments find_adjustments(sql::Transaction& tx, const AppId& appid, AccountId account);
void replace_adjustments(sql::Transaction& tx, const AppId& appid, AccountId account, const Adjustments& adjustments);

// Sessions.
struct SessionRow {
  AccountId account;
  TimeMs created_at = 0, last_seen_at = 0;
};
std::optional<SessionRow> find_session(sql::Transaction& tx, const std::string& token_hash);
void insert_session(sql::Transaction& tx, const std::string& token_hash, AccountId account, const std::string& address,
                    TimeMs now);
void touch_session(sql::Transaction& tx, const std::string& token_hash, TimeMs now);
void delete_session(sql::Transaction& tx, const std::string& token_hash);
// All of the account's sessions but `kept` ("": none is kept).
void delete_sessions(sql::Transaction& tx, AccountId account, const std::string& kept);
std::int64_t prune_sessions(sql::Transaction& tx, TimeMs created_before, TimeMs seen_before, int limit);

// API keys.
struct ApiKeyRow {
  ApiKey key;
  AccountId account;
};
std::optional<ApiKeyRow> find_api_key(sql::Transaction& tx, const std::string& key_hash);
std::vector<ApiKey> list_api_keys(sql::Transaction& tx, AccountId account);
void insert_api_key(sql::Transaction& tx, AccountId account, const ApiKey& key, const std::string& key_hash);
std::optional<ApiKey> delete_api_key(sql::Transaction& tx, AccountId account, std::int64_t id);
void touch_api_key(sql::Transaction& tx, const std::string& key_hash, TimeMs now);

}  // namespace miniops::identity
