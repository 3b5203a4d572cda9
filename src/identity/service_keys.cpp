// API keys, the audit log, the first administrator and housekeeping.
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/text.hpp"
#include "identity/errors.hpp"
#include "identity/service.hpp"
#include "identity/store.hpp"
#include "identity/throttle.hpp"

namespace miniops::identity {

namespace {

constexpr std::size_t keys_per_account_max = 50;
constexpr std::size_t shown_key_chars = 8;
constexpr int prune_rows = 500;
constexpr std::string_view first_password_file = "initial-admin-password";

// Readable by the owner only from its first moment, and on the disk before the account is.
Result<void> write_private_file(const std::filesystem::path& path, const std::string& text) {
  ::unlink(path.c_str());
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  const bool written =
      file >= 0 && ::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size()) && ::fsync(file) == 0;
  const std::string why = std::strerror(errno);
  if (file >= 0) ::close(file);
  if (!written) {
    return fail(ErrorKind::internal, "identity.password_file", "cannot write " + path.string() + ": " + why);
  }
  return {};
}

}  // namespace

Task<Result<std::vector<ApiKey>>> Service::list_api_keys(AccountId account) {
  auto read = [account](sql::Transaction& tx) -> Result<std::vector<ApiKey>> {
    return identity::list_api_keys(tx, account);
  };
  co_return co_await database_.read(std::move(read));
}

Task<Result<MadeApiKey>> Service::create_api_key(Access access, AccountId account, NewApiKey wanted) {
  const TimeMs now = clock_.now();
  if (wanted.expires_at && *wanted.expires_at <= now) co_return wrong_field("/expires_at", "must be in the future");
  const std::string secret = "mok_" + random_.alphanumeric(40);
  ApiKey key;
  key.id = ids_.next();
  key.name = std::move(wanted.name);
  key.start = secret.substr(0, shown_key_chars);
  key.scopes = std::move(wanted.scopes);
  key.appid = std::move(wanted.appid);
  key.created_at = now;
  key.expires_at = wanted.expires_at;
  const AuditEntry entry{
      ids_.next(), now, "api_key.create", "api_key:" + std::to_string(key.id), {{"name", {{"to", key.name}}}}};
  auto write = [=, access = std::move(access), hash = credential_hash(secret)](sql::Transaction& tx) -> Result<ApiKey> {
    const auto owner = find_account_with_roles(tx, account);
    if (!owner) return not_found();
    if (key.appid && !owner->account.instance_admin && !owner->roles.contains(*key.appid)) {
      return wrong_field("/appid", "must be a mini program of yours");
    }
    if (identity::list_api_keys(tx, account).size() >= keys_per_account_max) return too_many_keys();
    insert_api_key(tx, account, key, hash);
    audit(tx, access, entry);
    return key;
  };
  auto made = co_await database_.write(std::move(write));
  if (!made) co_return std::unexpected(std::move(made.error()));
  co_return MadeApiKey{std::move(*made), secret};
}

Task<Result<void>> Service::remove_api_key(Access access, AccountId account, std::int64_t id) {
  const AuditEntry entry{ids_.next(), clock_.now(), "api_key.remove", "api_key:" + std::to_string(id)};
  auto write = [=, access = std::move(access)](sql::Transaction& tx) -> Result<void> {
    const auto removed = delete_api_key(tx, account, id);
    if (!removed) return not_found();
    AuditEntry changed = entry;
    changed.changes["name"] = {{"from", removed->name}};
    audit(tx, access, changed);
    raise_identity_version(tx);
    return {};
  };
  auto written = co_await database_.write(std::move(write));
  co_await act_at_once();
  co_return written;
}

Task<Result<std::vector<AuditRow>>> Service::read_audit(AuditFilter filter,
                                                        std::optional<std::pair<TimeMs, std::int64_t>> before,
                                                        int limit) {
  auto read = [filter = std::move(filter), before, limit](sql::Transaction& tx) -> Result<std::vector<AuditRow>> {
    return identity::read_audit(tx, filter, before, limit);
  };
  co_return co_await database_.read(std::move(read));
}

Result<std::optional<FirstAdministrator>> Service::ensure_first_administrator() {
  auto look = [](sql::Transaction& tx) -> Result<bool> { return any_account(tx); };
  const auto exists = database_.read_blocking(look);
  if (!exists) return std::unexpected(exists.error());
  if (*exists) return std::nullopt;

  FirstAdministrator first{"admin", random_.alphanumeric(16), settings_.data_folder / first_password_file};
  if (auto ok = write_private_file(first.file, first.password + "\n"); !ok) return std::unexpected(ok.error());
  Account account;
  account.id = ids_.next_as<AccountId>();
  account.username = account.display_name = first.username;
  account.instance_admin = account.must_change_password = true;
  account.created_at = clock_.now();
  const std::string hash = hash_password(first.password, random_.bytes(16), settings_.password_cost);
  const Access access = Access::system(AppId(), "first_start");
  const AuditEntry entry{ids_.next(), account.created_at, "account.create", "account:" + account.id.str()};
  auto write = [=](sql::Transaction& tx) -> Result<bool> {
    if (any_account(tx) || !insert_account(tx, account, hash)) return false;  // another node was first
    audit(tx, access, entry);
    raise_identity_version(tx);
    return true;
  };
  const auto made = database_.write_blocking(write);
  if (!made || !*made) remove_first_password_file();
  if (!made) return std::unexpected(made.error());
  if (!*made) return std::nullopt;
  return std::optional(std::move(first));
}

void Service::remove_first_password_file() {
  if (settings_.data_folder.empty()) return;
  std::error_code ignored;  // gone already, as it mostly is
  std::filesystem::remove(settings_.data_folder / first_password_file, ignored);
}

Task<Result<bool>> Service::prune_step() {
  const TimeMs now = clock_.now();
  auto write = [now, limits = settings_.sessions](sql::Transaction& tx) -> Result<bool> {
    const auto sessions = prune_sessions(tx, now - limits.absolute_ms, now - limits.idle_ms - hour_ms, prune_rows);
    const auto answers = prune_idempotency(tx, now, prune_rows);
    const auto failures = prune_failures(tx, now, prune_rows);
    return std::max({sessions, answers, failures}) == prune_rows;
  };
  co_return co_await database_.write(std::move(write));
}

}  // namespace miniops::identity
