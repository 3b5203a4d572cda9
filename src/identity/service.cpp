// Sessions and one's own account. Accounts and members of others: service_accounts.cpp; keys, the audit log and
// housekeeping: service_keys.cpp.
#include "identity/service.hpp"

#include "base/encoding.hpp"
#include "base/log.hpp"
#include "base/text.hpp"
#include "identity/errors.hpp"
#include "identity/store.hpp"
#include "identity/throttle.hpp"

namespace miniops::identity {

namespace {

// What a sign-in must know before the password is checked.
struct Attempt {
  AttemptCount count;
  std::optional<Account> account;
  std::string password_hash;
};

// For the audit entries of someone who is not signed in yet.
Access self_access(AccountId account, const std::string& username, const std::string& address) {
  Caller caller;
  caller.account = account;
  caller.username = username;
  caller.remote_address = address;
  caller.via = "sign_in";
  return *caller.instance_access(Permission::account_self);
}

std::string account_tried(AccountId id) { return id.empty() ? "account:unknown" : "account:" + id.str(); }

}  // namespace

Service::Service(sql::Database& database, sql::ConfigVersion& version, const Clock& clock, Random& random,
                 IdSource& ids, net::Workers& workers, Settings settings)
    : database_(database),
      version_(version),
      clock_(clock),
      random_(random),
      ids_(ids),
      workers_(workers),
      settings_(std::move(settings)),
      authenticator_(database, version, clock, settings_.sessions),
      idempotency_(database, clock) {}

Task<Result<std::string>> Service::hashed(std::string password) {
  auto job = [password = std::move(password), salt = random_.bytes(16), cost = settings_.password_cost] {
    return hash_password(password, salt, cost);
  };
  co_return co_await workers_.run(std::move(job));
}

Task<Result<bool>> Service::password_is(std::string encoded, std::string password) {
  auto job = [encoded = std::move(encoded), password = std::move(password)] {
    return verify_password(encoded, password);
  };
  co_return co_await workers_.run(std::move(job));
}

// This node need not wait for its own poll.
Task<void> Service::act_at_once() { co_await version_.refresh(); }

Task<Result<SignedIn>> Service::sign_in(SignIn attempt) {
  const TimeMs now = clock_.now();
  const std::string folded = fold(attempt.username);
  auto count = [folded, now, address = attempt.remote_address](sql::Transaction& tx) -> Result<Attempt> {
    Attempt counted{count_attempt(tx, folded, address, now), identity::find_account_by_name(tx, folded), {}};
    if (counted.account) counted.password_hash = password_hash_of(tx, counted.account->id);
    return counted;
  };
  const auto counted = co_await database_.write(std::move(count));
  if (!counted) co_return std::unexpected(counted.error());
  if (counted->count.blocked_for_ms > 0) co_return too_many_attempts(counted->count.blocked_for_ms);

  // An unknown name costs the same time as a wrong password.
  Result<bool> right = false;
  if (counted->account) {
    right = co_await password_is(counted->password_hash, attempt.password);
  } else {
    const auto spent = co_await hashed(attempt.password);
    if (!spent) right = std::unexpected(spent.error());
  }
  if (!right) co_return std::unexpected(std::move(right.error()));

  const AccountId id = counted->account ? counted->account->id : AccountId();
  // A name that belongs to nobody is not written down: it may be a password, typed into the wrong field.
  const Access access = self_access(id, id.empty() ? "" : counted->account->username, attempt.remote_address);
  AuditEntry entry{ids_.next(), now, "session.sign_in", account_tried(id)};
  if (!*right || counted->account->disabled) {
    entry.action = "session.sign_in_failed";
    entry.changes["failures"] = counted->count.username_failures;
    auto note = [access, entry](sql::Transaction& tx) -> Result<void> {
      audit(tx, access, entry);
      return {};
    };
    const auto noted = co_await database_.write(std::move(note));
    if (!noted) log::warn("identity.audit_failed", {{"code", noted.error().code}});
    co_return wrong_credentials();
  }

  const std::string token = base64url(random_.bytes(32));
  auto start = [id, folded, now, access, entry, hash = credential_hash(token), password = counted->password_hash,
                address = attempt.remote_address](sql::Transaction& tx) -> Result<AccountWithRoles> {
    auto who = find_account_with_roles(tx, id);
    // Disabled or given another password while this one was checked.
    if (!who || who->account.disabled || password_hash_of(tx, id) != password) return wrong_credentials();
    take_back_attempt(tx, folded, address);
    insert_session(tx, hash, id, address, now);
    note_sign_in(tx, id, now);
    audit(tx, access, entry);
    return std::move(*who);
  };
  auto who = co_await database_.write(std::move(start));
  if (!who) co_return std::unexpected(std::move(who.error()));
  if (who->account.instance_admin) {
    auto forget = [this] {
      remove_first_password_file();
      return true;
    };
    (void)co_await workers_.run(std::move(forget));
  }
  co_return SignedIn{token, std::move(*who)};
}

Task<Result<void>> Service::sign_out(Caller caller) {
  auto access = caller.instance_access(Permission::account_self);
  if (!access) co_return std::unexpected(std::move(access.error()));
  if (caller.session_id.empty()) co_return session_required();
  const AuditEntry entry{ids_.next(), clock_.now(), "session.sign_out", account_tried(caller.account)};
  auto write = [access = *access, entry, session = caller.session_id](sql::Transaction& tx) -> Result<void> {
    delete_session(tx, session);
    audit(tx, access, entry);
    raise_identity_version(tx);
    return {};
  };
  auto written = co_await database_.write(std::move(write));
  co_await act_at_once();
  co_return written;
}

Task<Result<void>> Service::sign_out_everywhere(Caller caller) {
  auto access = caller.instance_access(Permission::account_self);
  if (!access) co_return std::unexpected(std::move(access.error()));
  if (caller.session_id.empty()) co_return session_required();
  const AuditEntry entry{ids_.next(), clock_.now(), "session.sign_out_everywhere", account_tried(caller.account)};
  auto write = [access = *access, entry, id = caller.account](sql::Transaction& tx) -> Result<void> {
    delete_sessions(tx, id, "");
    audit(tx, access, entry);
    raise_identity_version(tx);
    return {};
  };
  auto written = co_await database_.write(std::move(write));
  co_await act_at_once();
  co_return written;
}

Task<Result<void>> Service::change_password(Caller caller, std::string old_password, std::string new_password) {
  auto access = caller.instance_access(Permission::account_self);
  if (!access) co_return std::unexpected(std::move(access.error()));
  if (caller.session_id.empty()) co_return session_required();
  const TimeMs now = clock_.now();
  const std::string folded = fold(caller.username);
  // Guesses at the old password count as guesses at the sign-in do.
  auto count = [folded, now, caller](sql::Transaction& tx) -> Result<Attempt> {
    return Attempt{count_attempt(tx, folded, caller.remote_address, now), {}, password_hash_of(tx, caller.account)};
  };
  const auto counted = co_await database_.write(std::move(count));
  if (!counted) co_return std::unexpected(counted.error());
  if (counted->count.blocked_for_ms > 0) co_return too_many_attempts(counted->count.blocked_for_ms);
  const auto right = co_await password_is(counted->password_hash, old_password);
  if (!right) co_return std::unexpected(right.error());
  if (!*right) co_return wrong_password();

  auto weakness = password_weakness(new_password, caller.username);
  if (!weakness && new_password == old_password) weakness = "must differ from the old one";
  if (weakness) co_return weak_password("/new_password", *weakness);
  const auto hash = co_await hashed(std::move(new_password));
  if (!hash) co_return std::unexpected(hash.error());
  const AuditEntry entry{
      ids_.next(), now, "account.password_change", account_tried(caller.account), {{"password", {{"changed", true}}}}};
  auto write = [=, access = *access, hash = *hash](sql::Transaction& tx) -> Result<void> {
    set_password(tx, caller.account, hash, false, now);
    delete_sessions(tx, caller.account, caller.session_id);
    take_back_attempt(tx, folded, caller.remote_address);
    audit(tx, access, entry);
    raise_identity_version(tx);
    return {};
  };
  auto written = co_await database_.write(std::move(write));
  co_await act_at_once();
  co_return written;
}

Task<Result<AccountWithRoles>> Service::update_own(Caller caller, std::optional<std::string> display_name,
                                                   std::optional<std::string> language) {
  auto access = caller.instance_access(Permission::account_self);
  if (!access) co_return std::unexpected(std::move(access.error()));
  AuditEntry entry{ids_.next(), clock_.now(), "account.update", account_tried(caller.account)};
  auto write = [=, access = *access](sql::Transaction& tx) -> Result<AccountWithRoles> {
    auto who = find_account_with_roles(tx, caller.account);
    if (!who) return not_found();
    AuditEntry changed = entry;
    if (display_name && *display_name != who->account.display_name) {
      changed.changes["display_name"] = {{"from", who->account.display_name}, {"to", *display_name}};
      who->account.display_name = *display_name;
    }
    if (language) who->account.language = *language;
    identity::update_account(tx, who->account);
    if (!changed.changes.empty()) audit(tx, access, changed);
    raise_identity_version(tx);
    return std::move(*who);
  };
  auto written = co_await database_.write(std::move(write));
  co_await act_at_once();
  co_return written;
}

Task<Result<AccountWithRoles>> Service::find_account(AccountId id) {
  auto read = [id](sql::Transaction& tx) -> Result<AccountWithRoles> {
    auto who = find_account_with_roles(tx, id);
    if (!who) return not_found();
    return std::move(*who);
  };
  co_return co_await database_.read(std::move(read));
}

Task<Result<Account>> Service::find_account_by_name(std::string username) {
  auto read = [folded = fold(username)](sql::Transaction& tx) -> Result<Account> {
    auto account = identity::find_account_by_name(tx, folded);
    if (!account) return unknown_username();
    return std::move(*account);
  };
  co_return co_await database_.read(std::move(read));
}

}  // namespace miniops::identity
