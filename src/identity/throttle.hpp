// How failed sign-ins slow down further ones, per user name and per address. An attempt is counted before its password
// is checked, so that guesses sent at the same time are bounded too; success takes it back.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "storage/sql/database.hpp"

namespace miniops::identity {

// After `free` failures each further one doubles the delay: 1 s, 2 s, 4 s … up to `delay_max_ms`. Failures are
// forgotten after a quiet hour.
struct ThrottleRule {
  int free;
  TimeMs delay_max_ms;
};
// A stranger can make a user wait a minute, not lock him out; an address that guesses at many names waits longer.
inline constexpr ThrottleRule username_rule{5, minute_ms};
inline constexpr ThrottleRule address_rule{20, 15 * minute_ms};
inline constexpr TimeMs failures_forgotten_ms = hour_ms;

TimeMs delay_after(std::int64_t failures, ThrottleRule rule);

struct AttemptCount {
  TimeMs blocked_for_ms = 0;           // over 0: refused, and not counted
  std::int64_t username_failures = 0;  // with this one
};

// `username` folded.
AttemptCount count_attempt(sql::Transaction& tx, const std::string& username, const std::string& address, TimeMs now);
void take_back_attempt(sql::Transaction& tx, const std::string& username, const std::string& address);
std::int64_t prune_failures(sql::Transaction& tx, TimeMs now, int limit);

}  // namespace miniops::identity
