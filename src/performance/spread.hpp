// How the values of a metric are spread: buckets of the event store, added up. All figures of this module are of it.
// Values only.
#pragma once

#include <map>
#include <string>

#include "performance/metrics.hpp"
#include "storage/events/event_store.hpp"

namespace miniops::performance {

// A value counts as at most this in means, so that a phone that reports years cannot move them.
inline constexpr double value_ms_max = 600'000;

inline constexpr std::array<std::pair<std::string_view, double>, 5> quantile_names{
    {{"p50", 0.5}, {"p75", 0.75}, {"p90", 0.9}, {"p95", 0.95}, {"p99", 0.99}}};

class Spread {
 public:
  void add(std::int32_t bucket, double count);  // what is no positive number is nothing
  void add(const Spread& other);

  bool empty() const { return buckets_.empty(); }
  double count() const { return count_; }
  events::Quantiles quantiles() const;
  double at(double share) const;  // the value below and with which `share` of all lie; 0 of none
  double below(double ms) const;  // how many are at most this
  double mean() const;            // 0 of none
  double variance() const;        // 0 of none
  const std::map<std::int32_t, double>& buckets() const { return buckets_; }

 private:
  std::map<std::int32_t, double> buckets_;
  double count_ = 0;
};

using Spreads = std::map<std::string, Spread>;

// Shares of what is good, fair and poor; of an empty spread zeros.
struct Shares {
  double good = 0, fair = 0, poor = 0;
};
Shares shares_of(const Spread& spread, Limits limits);

// What people waited too long, about: count × max(0, p75 − good_ms).
double impact_of(const Spread& spread, Limits limits);

// A bar of a distribution. The last one is open: to_ms is 0.
struct Bar {
  double from_ms = 0, to_ms = 0;
};
inline constexpr std::array<double, 30> bar_limits{
    0,    10,   20,   30,   50,   75,   100,  150,  200,  250,  300,    400,    500,    600,    800,
    1000, 1250, 1500, 2000, 2500, 3000, 4000, 5000, 6000, 8000, 10'000, 15'000, 20'000, 30'000, 60'000};
Bar bar_at(std::size_t place);
// How many are in each bar; a value on a limit is in the bar below it.
std::array<double, bar_limits.size()> bars_of(const Spread& spread);

}  // namespace miniops::performance
