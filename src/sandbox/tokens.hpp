// The access tokens of one mini program: two independent stores, /cgi-bin/token's and /cgi-bin/stable_token's, with
// WeChat's overlap rules. Pure: time and randomness are passed in. Not thread-safe.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/random.hpp"

namespace miniops::sandbox {

inline constexpr TimeMs token_overlap_ms = 5 * minute_ms;
inline constexpr TimeMs force_pause_ms = 30 * second_ms;
inline constexpr int forces_a_day = 20;

struct IssuedToken {
  std::string token;
  std::int64_t expires_in_s = 0;
};

enum class TokenState { valid, expired, superseded, unknown };

class TokenBook {
 public:
  // GET /cgi-bin/token: always a new one; the one before lives 5 more minutes, the one before that ends at once.
  IssuedToken issue(TimeMs now, Random& random);
  // POST /cgi-bin/stable_token: the same one while it lives, a new one in its last 5 minutes (both are then valid).
  // Forced: the old one ends at once, unless forced less than 30 s ago or 20 times today: then nothing changes.
  IssuedToken stable(TimeMs now, bool force, Random& random);
  TokenState check(std::string_view token, TimeMs now) const;

  void set_life(TimeMs life_ms) { life_ms_ = life_ms; }  // of tokens issued from now on
  TimeMs life() const { return life_ms_; }
  int forced_today(TimeMs now) const;

 private:
  enum class Store { plain, stable };
  struct Entry {
    Store store;
    std::string token;
    TimeMs valid_until;
    bool superseded = false;  // what it ends with: 40001 rather than 42001
  };
  const Entry& add(Store store, TimeMs now, Random& random);
  const Entry* newest(Store store) const;

  TimeMs life_ms_ = 7200 * second_ms;
  std::deque<Entry> entries_;  // newest first; bounded
  TimeMs last_force_ = 0;
  std::int64_t force_day_ = 0;
  int forces_ = 0;
};

// The days of WeChat's quotas are cut in UTC+8.
inline std::int64_t day_in_china(TimeMs now) { return (now + 8 * hour_ms) / day_ms; }

}  // namespace miniops::sandbox
