#include "performance/spread.hpp"

#include <algorithm>
#include <cmath>

namespace miniops::performance {

namespace {

double counted_value(std::int32_t bucket) { return std::min(events::value_of_bucket(bucket), value_ms_max); }

}  // namespace

void Spread::add(std::int32_t bucket, double count) {
  if (!(count > 0) || !std::isfinite(count)) return;
  buckets_[bucket] += count;
  count_ += count;
}

void Spread::add(const Spread& other) {
  for (const auto& [bucket, count] : other.buckets_) add(bucket, count);
}

events::Quantiles Spread::quantiles() const { return events::quantiles_of({buckets_.begin(), buckets_.end()}); }

double Spread::at(double share) const {
  double below = 0;
  for (const auto& [bucket, count] : buckets_) {
    below += count;
    if (below >= share * count_) return events::value_of_bucket(bucket);
  }
  return buckets_.empty() ? 0 : events::value_of_bucket(buckets_.rbegin()->first);
}

double Spread::below(double ms) const {
  double sum = 0;
  for (const auto& [bucket, count] : buckets_) {
    if (events::value_of_bucket(bucket) > ms) break;
    sum += count;
  }
  return sum;
}

double Spread::mean() const {
  double sum = 0;
  for (const auto& [bucket, count] : buckets_) sum += counted_value(bucket) * count;
  return empty() ? 0 : sum / count_;
}

double Spread::variance() const {
  const double middle = mean();
  double sum = 0;
  for (const auto& [bucket, count] : buckets_) sum += std::pow(counted_value(bucket) - middle, 2) * count;
  return empty() ? 0 : sum / count_;
}

Shares shares_of(const Spread& spread, Limits limits) {
  if (spread.empty()) return {};
  const double good = spread.below(limits.good_ms) / spread.count();
  const double not_poor = spread.below(limits.poor_ms) / spread.count();
  return {good, not_poor - good, 1 - not_poor};
}

double impact_of(const Spread& spread, Limits limits) {
  return spread.count() * std::max(0.0, spread.at(0.75) - limits.good_ms);
}

Bar bar_at(std::size_t place) {
  return {bar_limits.at(place), place + 1 < bar_limits.size() ? bar_limits.at(place + 1) : 0};
}

std::array<double, bar_limits.size()> bars_of(const Spread& spread) {
  std::array<double, bar_limits.size()> bars{};
  for (const auto& [bucket, count] : spread.buckets()) {
    const double ms = events::value_of_bucket(bucket);
    const auto limit = std::ranges::lower_bound(bar_limits, ms);  // the first that is not below it
    const auto place = std::max<std::ptrdiff_t>(limit - bar_limits.begin() - 1, 0);
    bars.at(static_cast<std::size_t>(place)) += count;
  }
  return bars;
}

}  // namespace miniops::performance
