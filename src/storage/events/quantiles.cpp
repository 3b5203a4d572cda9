#include <cmath>

#include "storage/events/event_store.hpp"

namespace miniops::events {

namespace {

// As DDSketch (Masson, Rim, Lee 2019): bucket i holds (gamma^(i-1), gamma^i].
constexpr double accuracy = 0.01;
constexpr double gamma_ratio = (1 + accuracy) / (1 - accuracy);
constexpr std::int32_t bucket_min = -2000;  // about 4e-18; also of 0 and less
constexpr std::int32_t bucket_max = 4000;   // about 6e34

// The smallest bucket below and with which `share` of the weight lies.
double at_share(const std::vector<std::pair<std::int32_t, double>>& buckets, double total, double share) {
  double below = 0;
  for (const auto& [bucket, weight] : buckets) {
    below += weight;
    if (below >= share * total) return value_of_bucket(bucket);
  }
  return buckets.empty() ? 0 : value_of_bucket(buckets.back().first);
}

}  // namespace

std::int32_t bucket_of(double value) {
  if (!(value > 0)) return bucket_min;
  const double bucket = std::ceil(std::log(value) / std::log(gamma_ratio));
  return static_cast<std::int32_t>(std::clamp(bucket, double{bucket_min + 1}, double{bucket_max}));
}

double value_of_bucket(std::int32_t bucket) {
  if (bucket <= bucket_min) return 0;
  return 2 * std::pow(gamma_ratio, bucket) / (gamma_ratio + 1);
}

Quantiles quantiles_of(const std::vector<std::pair<std::int32_t, double>>& buckets) {
  double total = 0;
  for (const auto& [bucket, weight] : buckets) total += weight;
  return {at_share(buckets, total, 0.5), at_share(buckets, total, 0.75), at_share(buckets, total, 0.9),
          at_share(buckets, total, 0.95), at_share(buckets, total, 0.99)};
}

}  // namespace miniops::events
