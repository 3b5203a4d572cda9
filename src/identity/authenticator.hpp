// Who presents this cookie or this key: looked up by the credential's hash, kept in memory, and checked against
// config_version, so that a request costs no SQL in the common case and a revoked one is out within 200 ms.
//
// Only a change of identity's own tables (identity_state) empties what is kept; other configuration changes cost one
// read of one row. Safe from any thread.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>

#include "base/clock.hpp"
#include "base/task.hpp"
#include "identity/access.hpp"
#include "net/http.hpp"
#include "storage/sql/config_version.hpp"
#include "storage/sql/database.hpp"

namespace miniops::identity {

inline constexpr std::string_view session_cookie = "miniops_session";

struct SessionLimits {
  TimeMs idle_ms = 12 * hour_ms;
  TimeMs absolute_ms = 30 * day_ms;
};

// What is stored and compared instead of a token or key.
std::string credential_hash(std::string_view token);
// The CSRF token of a session: made from its secret, so nothing more is stored.
std::string csrf_token(std::string_view session_token);

class Authenticator {
 public:
  Authenticator(sql::Database& database, const sql::ConfigVersion& version, const Clock& clock, SessionLimits limits);

  // Fails with identity.unauthenticated; identity.csrf when a cookie comes with a write and without its token.
  Task<Result<Caller>> authenticate(const net::Request& request);
  // The same callers as of now, for what lives longer than a request (WebSockets); identity.unauthenticated: revoked.
  // Thousands cost a few reads.
  Task<Result<std::vector<Result<Caller>>>> renew(std::vector<Caller> callers);

 private:
  struct Known {
    Caller caller;
    std::int64_t version = 0;  // of identity_state when it was read
    TimeMs expires_at = 0;     // absolute
    TimeMs idle_ms = 0;        // 0: a key
    mutable std::atomic<TimeMs> seen_at{0}, written_at{0};
  };
  using KnownPtr = std::shared_ptr<const Known>;

  Task<Result<KnownPtr>> find(std::string hash, bool is_key);
  Task<Result<std::vector<Result<KnownPtr>>>> find_all(std::vector<Caller> callers);
  Result<KnownPtr> read_known(sql::Transaction& tx, const std::string& hash, bool is_key) const;
  Result<KnownPtr> if_current(KnownPtr known) const;
  Task<Result<void>> check_version();
  KnownPtr cached(const std::string& hash);
  void keep(const std::string& hash, KnownPtr known);
  Task<void> note_use(KnownPtr known);

  sql::Database& database_;
  const sql::ConfigVersion& config_version_;
  const Clock& clock_;
  const SessionLimits limits_;
  std::atomic<std::int64_t> checked_config_{-1};
  std::mutex mutex_;
  std::int64_t version_ = 0;
  std::unordered_map<std::string, KnownPtr> known_;
};

}  // namespace miniops::identity
