#include "identity/authenticator.hpp"

#include <boost/asio/detached.hpp>

#include "base/encoding.hpp"
#include "base/log.hpp"
#include "identity/errors.hpp"
#include "identity/store.hpp"

namespace miniops::identity {

namespace {

constexpr std::size_t session_token_chars = 43;  // 32 random bytes in base64url
constexpr std::size_t api_key_chars = 44;        // "mok_" and 40 letters and digits
// More than any installation has people and keys; beyond it what is kept is dropped and read anew.
constexpr std::size_t known_max = 20'000;
constexpr TimeMs session_written_every_ms = 5 * minute_ms;
constexpr TimeMs key_written_every_ms = minute_ms;
constexpr std::size_t renewed_at_once = 50;  // in one closure

bool reads_only(net::Method method) {
  return method == net::Method::get || method == net::Method::head || method == net::Method::options;
}

std::optional<std::string_view> bearer(const net::Request& request) {
  constexpr std::string_view scheme = "Bearer ";
  const auto header = request.headers.get("Authorization");
  if (!header || !header->starts_with(scheme)) return std::nullopt;
  return header->substr(scheme.size());
}

}  // namespace

std::string credential_hash(std::string_view token) { return hex(sha256(token)); }

std::string csrf_token(std::string_view session_token) { return base64url(hmac_sha256(session_token, "miniops csrf")); }

Authenticator::Authenticator(sql::Database& database, const sql::ConfigVersion& version, const Clock& clock,
                             SessionLimits limits)
    : database_(database), config_version_(version), clock_(clock), limits_(limits) {}

Task<Result<Caller>> Authenticator::authenticate(const net::Request& request) {
  std::string token;
  const auto key = bearer(request);
  if (key) {
    if (key->size() != api_key_chars || !key->starts_with("mok_")) co_return unauthenticated();
    token = std::string(*key);
  } else {
    token = request.cookie(session_cookie).value_or("");
    if (token.size() != session_token_chars) co_return unauthenticated();
  }
  auto known = co_await find(credential_hash(token), key.has_value());
  if (!known) co_return std::unexpected(std::move(known.error()));
  if (!key && !reads_only(request.method)) {
    const auto sent = request.headers.get("X-CSRF-Token");
    if (!sent || !equal_constant_time(*sent, csrf_token(token))) co_return csrf_refused();
  }
  Caller caller = (*known)->caller;
  caller.remote_address = request.remote_address;
  co_await note_use(*known);
  co_return caller;
}

Task<Result<std::vector<Result<Caller>>>> Authenticator::renew(std::vector<Caller> callers) {
  if (config_version_.current() != checked_config_.load()) {
    auto checked = co_await check_version();
    if (!checked) co_return std::unexpected(std::move(checked.error()));
  }
  std::vector<Result<Caller>> renewed;
  renewed.reserve(callers.size());
  for (std::size_t begin = 0; begin < callers.size(); begin += renewed_at_once) {
    const auto part = std::span(callers).subspan(begin, std::min(renewed_at_once, callers.size() - begin));
    auto found = co_await find_all({part.begin(), part.end()});
    if (!found) co_return std::unexpected(std::move(found.error()));
    for (std::size_t i = 0; i < part.size(); ++i) {
      auto& known = (*found)[i];
      if (!known) {
        renewed.push_back(std::unexpected(std::move(known.error())));
        continue;
      }
      Caller caller = (*known)->caller;
      caller.remote_address = part[i].remote_address;
      renewed.push_back(std::move(caller));
    }
  }
  co_return renewed;
}

// Those that are not in memory in one read.
Task<Result<std::vector<Result<Authenticator::KnownPtr>>>> Authenticator::find_all(std::vector<Caller> callers) {
  std::vector<Result<KnownPtr>> all;
  std::vector<std::size_t> missing;
  for (std::size_t i = 0; i < callers.size(); ++i) {
    all.emplace_back(cached(callers[i].credential));
    if (!*all.back()) missing.push_back(i);
  }
  if (!missing.empty()) {
    auto read = [this, callers, missing](sql::Transaction& tx) -> Result<std::vector<Result<KnownPtr>>> {
      std::vector<Result<KnownPtr>> found;
      for (const auto i : missing) {
        found.push_back(read_known(tx, callers[i].credential, callers[i].session_id.empty()));
      }
      return found;
    };
    auto found = co_await database_.read(std::move(read));
    if (!found) co_return std::unexpected(std::move(found.error()));
    for (std::size_t n = 0; n < missing.size(); ++n) {
      all[missing[n]] = std::move((*found)[n]);
      if (all[missing[n]]) keep(callers[missing[n]].credential, *all[missing[n]]);
    }
  }
  for (auto& known : all) {
    if (known) known = if_current(*known);
  }
  co_return all;
}

Task<Result<Authenticator::KnownPtr>> Authenticator::find(std::string hash, bool is_key) {
  if (config_version_.current() != checked_config_.load()) {
    auto checked = co_await check_version();
    if (!checked) co_return std::unexpected(std::move(checked.error()));
  }
  KnownPtr known = cached(hash);
  if (!known) {
    auto read = [this, hash, is_key](sql::Transaction& tx) { return read_known(tx, hash, is_key); };
    auto found = co_await database_.read(std::move(read));
    if (!found) co_return std::unexpected(std::move(found.error()));
    known = std::move(*found);
    keep(hash, known);
  }
  co_return if_current(std::move(known));
}

Result<Authenticator::KnownPtr> Authenticator::if_current(KnownPtr known) const {
  const TimeMs now = clock_.now();
  const bool idle = known->idle_ms > 0 && now - known->seen_at.load() > known->idle_ms;
  if (now >= known->expires_at || idle) return unauthenticated();
  return known;
}

Result<Authenticator::KnownPtr> Authenticator::read_known(sql::Transaction& tx, const std::string& hash,
                                                          bool is_key) const {
  const auto fresh = std::make_shared<Known>();
  Caller& caller = fresh->caller;
  if (is_key) {
    const auto row = find_api_key(tx, hash);
    if (!row) return unauthenticated();
    caller.account = row->account;
    caller.scopes = row->key.scopes;
    caller.only_appid = row->key.appid;
    caller.via = "api_key:" + row->key.name;
    fresh->expires_at = row->key.expires_at.value_or(INT64_MAX);
  } else {
    const auto row = find_session(tx, hash);
    if (!row) return unauthenticated();
    caller.account = row->account;
    caller.session_id = hash;
    caller.via = "session";
    fresh->expires_at = row->created_at + limits_.absolute_ms;
    fresh->idle_ms = limits_.idle_ms;
    fresh->seen_at = row->last_seen_at;
    fresh->written_at = row->last_seen_at;
  }
  auto owner = find_account_with_roles(tx, caller.account);
  if (!owner || owner->account.disabled) return unauthenticated();
  caller.username = owner->account.username;
  caller.display_name = owner->account.display_name;
  caller.instance_admin = owner->account.instance_admin;
  caller.must_change_password = owner->account.must_change_password;
  caller.roles = std::move(owner->roles);
  caller.adjustments = std::move(owner->adjustments);
  caller.credential = hash;
  fresh->version = identity_version(tx);
  return fresh;
}

// Reads are in no order: one that began earlier never sets the version back.
Task<Result<void>> Authenticator::check_version() {
  const std::int64_t config = config_version_.current();
  auto read = [](sql::Transaction& tx) -> Result<std::int64_t> { return identity_version(tx); };
  const auto version = co_await database_.read(std::move(read));
  if (!version) co_return std::unexpected(version.error());
  const std::scoped_lock lock(mutex_);
  if (*version > version_) {
    version_ = *version;
    known_.clear();
  }
  if (config > checked_config_.load()) checked_config_ = config;
  co_return Result<void>();
}

Authenticator::KnownPtr Authenticator::cached(const std::string& hash) {
  const std::scoped_lock lock(mutex_);
  const auto at = known_.find(hash);
  return at == known_.end() ? nullptr : at->second;
}

void Authenticator::keep(const std::string& hash, KnownPtr known) {
  const std::scoped_lock lock(mutex_);
  if (known->version < version_) return;  // read before a change that is known by now
  if (known->version > version_ || known_.size() >= known_max) known_.clear();
  version_ = known->version;
  known_[hash] = std::move(known);
}

// When a session or key was last used is written now and then, not with each request.
Task<void> Authenticator::note_use(KnownPtr known) {
  const TimeMs now = clock_.now();
  known->seen_at = now;
  const bool is_key = known->idle_ms == 0;
  TimeMs written = known->written_at.load();
  if (now - written < (is_key ? key_written_every_ms : session_written_every_ms)) co_return;
  if (!known->written_at.compare_exchange_strong(written, now)) co_return;
  auto write = [hash = known->caller.credential, is_key, now](sql::Transaction& tx) -> Result<void> {
    if (is_key) {
      touch_api_key(tx, hash, now);
    } else {
      touch_session(tx, hash, now);
    }
    return {};
  };
  const auto written_now = co_await database_.write(std::move(write));
  if (!written_now) log::warn("identity.use_not_noted", {{"code", written_now.error().code}});
}

}  // namespace miniops::identity
