#include "telemetry/quotas.hpp"

#include <cmath>

namespace miniops::telemetry {

bool Quotas::open(std::int64_t key, std::int64_t per_minute, TimeMs now) {
  const std::lock_guard lock(mutex_);
  const auto [at, added] = buckets_.try_emplace(key, Bucket{static_cast<double>(per_minute), now});
  Bucket& bucket = at->second;
  const double filled = static_cast<double>(per_minute) * static_cast<double>(now - bucket.filled_at) / minute_ms;
  if (!added && filled > 0) {
    bucket.left = std::min(static_cast<double>(per_minute), bucket.left + filled);
    bucket.filled_at = now;
  }
  return bucket.left >= 1;
}

void Quotas::take(std::int64_t key, std::int64_t records) {
  const std::lock_guard lock(mutex_);
  buckets_[key].left -= static_cast<double>(records);
}

int Quotas::wait_seconds(std::int64_t key, std::int64_t per_minute) {
  const std::lock_guard lock(mutex_);
  const double missing = 1 - buckets_[key].left;
  if (missing <= 0 || per_minute <= 0) return missing <= 0 ? 1 : 60;
  return static_cast<int>(std::ceil(missing * 60 / static_cast<double>(per_minute)));
}

}  // namespace miniops::telemetry
