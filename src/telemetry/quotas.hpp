// How many records each project key may still bring this minute: a key that floods the server takes nothing from the
// others. Safe from any thread.
#pragma once

#include <mutex>
#include <unordered_map>

#include "base/clock.hpp"

namespace miniops::telemetry {

class Quotas {
 public:
  // Whether `key` may bring something now. What it brings is taken after it was read: take().
  bool open(std::int64_t key, std::int64_t per_minute, TimeMs now);
  void take(std::int64_t key, std::int64_t records);
  // Until the key is open again, in seconds.
  int wait_seconds(std::int64_t key, std::int64_t per_minute);

 private:
  struct Bucket {
    double left = 0;  // below zero after a large batch: it is paid off first
    TimeMs filled_at = 0;
  };
  std::mutex mutex_;
  std::unordered_map<std::int64_t, Bucket> buckets_;
};

}  // namespace miniops::telemetry
