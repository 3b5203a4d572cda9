// How often each API was called today and in this minute, against WeChat's limits. Pure; not thread-safe.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "base/clock.hpp"

namespace miniops::sandbox {

struct QuotaLimit {
  std::int64_t daily = 500'000;
  std::int64_t minute = 100'000;
};

struct QuotaUse {
  std::int64_t today = 0;
  std::int64_t this_minute = 0;
};

inline constexpr int quota_clears_a_month = 10;

class Quotas {
 public:
  // Counts one call: 0, 45009 (the day's are used up) or 45011 (the minute's are).
  int take(std::string_view api, TimeMs now);
  QuotaLimit limit(std::string_view api) const;
  QuotaUse use(std::string_view api, TimeMs now) const;
  void set_limit(std::string_view api, QuotaLimit limit);
  // 0, or 48006 when this month's resets are used up. `api` empty: all of them.
  int clear(std::string_view api, TimeMs now);

 private:
  struct Counter {
    std::int64_t day = 0, minute = 0;  // which
    QuotaUse use;
  };
  std::map<std::string, QuotaLimit, std::less<>> limits_;
  std::map<std::string, Counter, std::less<>> counters_;
  std::int64_t clear_month_ = 0;
  int clears_ = 0;
};

}  // namespace miniops::sandbox
