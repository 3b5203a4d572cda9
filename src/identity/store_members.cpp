// Memberships, sessions and API keys.
#include "identity/store.hpp"

namespace miniops::identity {

namespace {

Member member_of(const sql::Row& row) {
  Member member;
  member.account = row.id<AccountId>(0);
  member.username = row.text(1);
  member.display_name = row.text(2);
  member.role = parse_role(row.text(3)).value_or(Role::analyst);
  member.disabled = row.integer(4) != 0;
  member.created_at = row.integer(5);
  member.adjusted = row.integer(6);
  return member;
}

std::optional<std::string> scopes_text(const std::optional<std::set<Permission>>& scopes) {
  if (!scopes) return std::nullopt;
  std::string text;
  for (const Permission scope : *scopes) {
    if (!text.empty()) text += ' ';
    text += to_string(scope);
  }
  return text;
}

// A scope that this program does not know grants nothing.
std::optional<std::set<Permission>> scopes_of(const std::optional<std::string>& text) {
  if (!text) return std::nullopt;
  std::set<Permission> scopes;
  std::string_view rest = *text;
  while (!rest.empty()) {
    const auto word = rest.substr(0, rest.find(' '));
    if (const auto scope = parse_permission(word)) scopes.insert(*scope);
    rest.remove_prefix(std::min(rest.size(), word.size() + 1));
  }
  return scopes;
}

ApiKey api_key_of(const sql::Row& row) {
  ApiKey key;
  key.id = row.integer(0);
  key.name = row.text(1);
  key.start = row.text(2);
  key.scopes = scopes_of(row.optional_text(3));
  if (auto appid = row.optional_text(4)) key.appid = AppId(std::move(*appid));
  key.created_at = row.integer(5);
  key.expires_at = row.optional_integer(6);
  key.last_used_at = row.optional_integer(7);
  return key;
}

}  // namespace

std::vector<Member> members_of(sql::Transaction& tx, const AppId& appid) {
  std::vector<Member> members;
  const auto rows = tx.query(
      "SELECT a.id, a.username, a.display_name, m.role, a.disabled, m.created_at, "
      "(SELECT count(DISTINCT j.permission) FROM identity_adjustments j WHERE j.appid = m.appid "
      "AND j.account_id = m.account_id) FROM identity_members m JOIN identity_accounts a ON a.id = m.account_id WHERE "
      "m.appid = $1 ORDER BY m.created_at DESC, a.id DESC",
      {appid});
  for (const auto& row : rows) members.push_back(member_of(row));
  return members;
}

std::optional<Member> find_member(sql::Transaction& tx, const AppId& appid, AccountId account) {
  const auto row = tx.query_one(
      "SELECT a.id, a.username, a.display_name, m.role, a.disabled, m.created_at, "
      "(SELECT count(DISTINCT j.permission) FROM identity_adjustments j WHERE j.appid = m.appid "
      "AND j.account_id = m.account_id) FROM identity_members m JOIN identity_accounts a ON a.id = m.account_id WHERE "
      "m.appid = $1 AND m.account_id = $2",
      {appid, account});
  return row ? std::optional(member_of(*row)) : std::nullopt;
}

bool runs_the_instance(sql::Transaction& tx, AccountId account) {
  return tx
      .query_one("SELECT 1 FROM identity_accounts WHERE id = $1 AND instance_admin = 1 AND disabled = 0", {account})
      .has_value();
}

std::string display_name_of(sql::Transaction& tx, AccountId account) {
  const auto row = tx.query_one("SELECT display_name FROM identity_accounts WHERE id = $1", {account});
  return row ? row->text(0) : std::string();
}

std::map<AppId, Role> roles_of(sql::Transaction& tx, AccountId id) {
  std::map<AppId, Role> roles;
  for (const auto& row : tx.query("SELECT appid, role FROM identity_members WHERE account_id = $1", {id})) {
    if (const auto role = parse_role(row.text(1))) roles.emplace(row.id<AppId>(0), *role);
  }
  return roles;
}

bool insert_member(sql::Transaction& tx, const AppId& appid, AccountId account, Role role, TimeMs now) {
  return tx.execute(
             "INSERT INTO identity_members (appid, account_id, role, created_at) VALUES ($1, $2, $3, $4) "
             "ON CONFLICT (appid, account_id) DO NOTHING",
             {appid, account, to_string(role), now}) == 1;
}

bool update_member(sql::Transaction& tx, const AppId& appid, AccountId account, Role role) {
  return tx.execute("UPDATE identity_members SET role = $3 WHERE appid = $1 AND account_id = $2",
                    {appid, account, to_string(role)}) == 1;
}

bool delete_member(sql::Transaction& tx, const AppId& appid, AccountId account) {
  tx.execute("DELETE FROM identity_adjustments WHERE appid = $1 AND account_id = $2", {appid, account});
  return tx.execute("DELETE FROM identity_members WHERE appid = $1 AND account_id = $2", {appid, account}) == 1;
}

std::optional<SessionRow> find_session(sql::Transaction& tx, const std::string& token_hash) {
  const auto row = tx.query_one(
      "SELECT account_id, created_at, last_seen_at FROM identity_sessions WHERE token_hash = $1", {token_hash});
  if (!row) return std::nullopt;
  return SessionRow{row->id<AccountId>(0), row->integer(1), row->integer(2)};
}

void insert_session(sql::Transaction& tx, const std::string& token_hash, AccountId account, const std::string& address,
                    TimeMs now) {
  tx.execute(
      "INSERT INTO identity_sessions (token_hash, account_id, created_at, last_seen_at, remote_address) "
      "VALUES ($1, $2, $3, $3, $4)",
      {token_hash, account, now, address});
}

void touch_session(sql::Transaction& tx, const std::string& token_hash, TimeMs now) {
  tx.execute("UPDATE identity_sessions SET last_seen_at = $2 WHERE token_hash = $1 AND last_seen_at < $2",
             {token_hash, now});
}

void delete_session(sql::Transaction& tx, const std::string& token_hash) {
  tx.execute("DELETE FROM identity_sessions WHERE token_hash = $1", {token_hash});
}

void delete_sessions(sql::Transaction& tx, AccountId account, const std::string& kept) {
  tx.execute("DELETE FROM identity_sessions WHERE account_id = $1 AND token_hash <> $2", {account, kept});
}

std::int64_t prune_sessions(sql::Transaction& tx, TimeMs created_before, TimeMs seen_before, int limit) {
  return tx.execute(
      "DELETE FROM identity_sessions WHERE token_hash IN (SELECT token_hash FROM identity_sessions "
      "WHERE created_at < $1 OR last_seen_at < $2 LIMIT $3)",
      {created_before, seen_before, limit});
}

std::optional<ApiKeyRow> find_api_key(sql::Transaction& tx, const std::string& key_hash) {
  const auto row = tx.query_one(
      "SELECT id, name, key_start, scopes, appid, created_at, expires_at, last_used_at, account_id "
      "FROM identity_api_keys WHERE key_hash = $1",
      {key_hash});
  if (!row) return std::nullopt;
  return ApiKeyRow{api_key_of(*row), row->id<AccountId>(8)};
}

std::vector<ApiKey> list_api_keys(sql::Transaction& tx, AccountId account) {
  std::vector<ApiKey> keys;
  const auto rows = tx.query(
      "SELECT id, name, key_start, scopes, appid, created_at, expires_at, last_used_at "
      "FROM identity_api_keys WHERE account_id = $1 ORDER BY created_at DESC, id DESC",
      {account});
  for (const auto& row : rows) keys.push_back(api_key_of(row));
  return keys;
}

void insert_api_key(sql::Transaction& tx, AccountId account, const ApiKey& key, const std::string& key_hash) {
  tx.execute(
      "INSERT INTO identity_api_keys (id, key_hash, key_start, account_id, name, scopes, appid, created_at, "
      "expires_at) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
      {key.id, key_hash, key.start, account, key.name, scopes_text(key.scopes), key.appid, key.created_at,
       key.expires_at});
}

std::optional<ApiKey> delete_api_key(sql::Transaction& tx, AccountId account, std::int64_t id) {
  const auto row = tx.query_one(
      "DELETE FROM identity_api_keys WHERE id = $1 AND account_id = $2 "
      "RETURNING id, name, key_start, scopes, appid, created_at, expires_at, last_used_at",
      {id, account});
  return row ? std::optional(api_key_of(*row)) : std::nullopt;
}

void touch_api_key(sql::Transaction& tx, const std::string& key_hash, TimeMs now) {
  tx.execute("UPDATE identity_api_keys SET last_used_at = $2 WHERE key_hash = $1", {key_hash, now});
}

}  // namespace miniops::identity
