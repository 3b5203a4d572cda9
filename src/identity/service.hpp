// The use cases of accounts, members, sessions, API keys and the audit log. Each is one transaction with its audit
// entry. The console's routes and `miniops admin` call the same functions, the latter with Access::system.
//
// Safe from any thread. Everything that the constructor takes outlives the service.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "base/random.hpp"
#include "base/task.hpp"
#include "identity/accounts.hpp"
#include "identity/audit_log.hpp"
#include "identity/authenticator.hpp"
#include "identity/idempotency.hpp"
#include "identity/password.hpp"
#include "net/workers.hpp"
#include "storage/sql/config_version.hpp"
#include "storage/sql/database.hpp"
#include "storage/sql/migrations.hpp"

namespace miniops::identity {

std::span<const sql::Migration> migrations();

struct Settings {
  bool secure_cookies = false;  // server.public_url is https
  SessionLimits sessions{};
  PasswordCost password_cost{};
  std::filesystem::path data_folder{};  // where the first password lies; empty: nowhere
};

struct SignIn {
  std::string username, password, remote_address;
};
struct SignedIn {
  std::string token;  // for the cookie; never stored
  AccountWithRoles who;
};
struct MadeApiKey {
  ApiKey key;
  std::string secret;  // "mok_…": shown once, never stored
};
struct FirstAdministrator {
  std::string username, password;
  std::filesystem::path file;  // holds the password until the first sign-in
};

class Service {
 public:
  Service(sql::Database& database, sql::ConfigVersion& version, const Clock& clock, Random& random, IdSource& ids,
          net::Workers& workers, Settings settings);

  const Settings& settings() const { return settings_; }
  // Whether a mini program exists: asked for instance administrators, who belong to all of them. Set before the first
  // request; until then not asked.
  using KnowsMiniprogram = std::function<Task<bool>(AppId)>;
  void set_knows_miniprogram(KnowsMiniprogram knows) { knows_miniprogram_ = std::move(knows); }
  const KnowsMiniprogram& knows_miniprogram() const { return knows_miniprogram_; }
  Authenticator& authenticator() { return authenticator_; }
  Idempotency& idempotency() { return idempotency_; }

  // Sessions. identity.wrong_credentials, identity.too_many_attempts.
  Task<Result<SignedIn>> sign_in(SignIn attempt);
  Task<Result<void>> sign_out(Caller caller);
  Task<Result<void>> sign_out_everywhere(Caller caller);

  // One's own account. identity.wrong_password, identity.weak_password. Other sessions end with a change of password.
  Task<Result<void>> change_password(Caller caller, std::string old_password, std::string new_password);
  Task<Result<AccountWithRoles>> update_own(Caller caller, std::optional<std::string> display_name,
                                            std::optional<std::string> language);
  Task<Result<AccountWithRoles>> find_account(AccountId id);
  Task<Result<Account>> find_account_by_name(std::string username);

  // API keys act as their account, limited to their scopes. identity.too_many_keys.
  Task<Result<std::vector<ApiKey>>> list_api_keys(AccountId account);
  Task<Result<MadeApiKey>> create_api_key(Access access, AccountId account, NewApiKey wanted);
  Task<Result<void>> remove_api_key(Access access, AccountId account, std::int64_t id);

  // Accounts, for instance administrators. identity.username_taken, identity.last_administrator.
  // A password that somebody else sets must be changed at the next sign-in; a disabled account's sessions end.
  // Newest first; before_id 0: from the newest.
  Task<Result<std::vector<Account>>> list_accounts(std::int64_t before_id, int limit);
  Task<Result<std::vector<AccountWithRoles>>> search_accounts(std::string text, std::optional<std::int64_t> before_id,
                                                              int limit);
  Task<Result<Account>> create_account(Access access, NewAccount wanted);
  Task<Result<AccountWithRoles>> update_account(Access access, AccountId id, AccountPatch patch);

  // Members of access.appid(). identity.unknown_username, identity.already_member. To give a role one must have all of
  // its permissions, to take a role or a member away all that they have: identity.beyond_own.
  Task<Result<std::vector<Member>>> list_members(Access access);
  Task<Result<Member>> add_member(Access access, NewMember wanted);
  Task<Result<Member>> set_role(Access access, AccountId account, Role role);
  Task<Result<void>> remove_member(Access access, AccountId account);

  // What a member may do besides the role, and what not. Acts at once, and ends no session. A permission is granted,
  // denied or granted for groups, not two of these: request.invalid. identity.beyond_own; identity.own_permissions: for
  // one's own account; identity.last_manager: the last admin keeps members_manage.
  Task<Result<MemberPermissions>> permissions_of(Access access, AccountId account);
  Task<Result<MemberPermissions>> adjust(Access access, AccountId account, AdjustmentsPatch patch);

  Task<Result<std::vector<AuditRow>>> read_audit(AuditFilter filter,
                                                 std::optional<std::pair<TimeMs, std::int64_t>> before, int limit);

  // At start-up, blocking: when there is no account at all, makes `admin` with a random password, which it writes to
  // initial-admin-password (0600) in the data folder. nullopt: there were accounts.
  Result<std::optional<FirstAdministrator>> ensure_first_administrator();

  // One bounded piece of housekeeping (expired sessions, kept answers, old failures); true: there is more.
  Task<Result<bool>> prune_step();

 private:
  Task<Result<std::string>> hashed(std::string password);
  Task<Result<bool>> password_is(std::string encoded, std::string password);
  Task<void> act_at_once();
  void remove_first_password_file();

  sql::Database& database_;
  sql::ConfigVersion& version_;
  const Clock& clock_;
  Random& random_;
  IdSource& ids_;
  net::Workers& workers_;
  const Settings settings_;
  KnowsMiniprogram knows_miniprogram_;
  Authenticator authenticator_;
  Idempotency idempotency_;
};

}  // namespace miniops::identity
