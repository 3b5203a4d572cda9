#include "identity/throttle.hpp"

#include <algorithm>

namespace miniops::identity {

namespace {

struct Failures {
  std::int64_t count = 0;
  TimeMs blocked_until = 0;
};

// Rows of different kinds share one table.
std::string username_subject(const std::string& username) { return "username:" + username; }
std::string address_subject(const std::string& address) { return "address:" + address; }

Failures failures_of(sql::Transaction& tx, const std::string& subject, TimeMs now) {
  const auto row = tx.query_one(
      "SELECT failures, last_failed_at, blocked_until FROM identity_login_failures WHERE subject = $1", {subject});
  if (!row || now - row->integer(1) > failures_forgotten_ms) return {};
  return {row->integer(0), row->integer(2)};
}

void store_failure(sql::Transaction& tx, const std::string& subject, std::int64_t count, ThrottleRule rule,
                   TimeMs now) {
  const TimeMs delay = delay_after(count, rule);
  // Without a delay nothing is kept: who came at the same time may have looked at the clock a moment earlier.
  const TimeMs blocked_until = delay == 0 ? 0 : now + delay;
  tx.execute(
      "INSERT INTO identity_login_failures (subject, failures, last_failed_at, blocked_until) VALUES ($1, $2, $3, $4) "
      "ON CONFLICT (subject) DO UPDATE SET failures = $2, last_failed_at = $3, blocked_until = $4",
      {subject, count, now, blocked_until});
}

}  // namespace

TimeMs delay_after(std::int64_t failures, ThrottleRule rule) {
  const std::int64_t over = failures - rule.free;
  if (over < 0) return 0;
  return std::min<TimeMs>(rule.delay_max_ms, second_ms << std::min<std::int64_t>(over, 20));
}

AttemptCount count_attempt(sql::Transaction& tx, const std::string& username, const std::string& address, TimeMs now) {
  const auto by_name = failures_of(tx, username_subject(username), now);
  const auto by_address = failures_of(tx, address_subject(address), now);
  const TimeMs blocked_until = std::max(by_name.blocked_until, by_address.blocked_until);
  if (blocked_until > now) return {blocked_until - now, by_name.count};
  store_failure(tx, username_subject(username), by_name.count + 1, username_rule, now);
  store_failure(tx, address_subject(address), by_address.count + 1, address_rule, now);
  return {0, by_name.count + 1};
}

void take_back_attempt(sql::Transaction& tx, const std::string& username, const std::string& address) {
  tx.execute("DELETE FROM identity_login_failures WHERE subject = $1", {username_subject(username)});
  // The address keeps its other failures, or one good account would buy guesses at all others.
  tx.execute(
      "UPDATE identity_login_failures SET failures = failures - 1, blocked_until = 0 "
      "WHERE subject = $1 AND failures > 0",
      {address_subject(address)});
}

std::int64_t prune_failures(sql::Transaction& tx, TimeMs now, int limit) {
  return tx.execute(
      "DELETE FROM identity_login_failures WHERE subject IN "
      "(SELECT subject FROM identity_login_failures WHERE last_failed_at < $1 LIMIT $2)",
      {now - failures_forgotten_ms, limit});
}

}  // namespace miniops::identity
