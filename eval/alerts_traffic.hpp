// A mini program's month, simulated visit by visit: what phones would have reported in each 15 seconds. Seeded; the
// same seed and size give the same month.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "alerts/signals.hpp"

namespace miniops::eval {

inline constexpr TimeMs bucket_ms = 15 * second_ms;
inline constexpr int days = 28;
inline constexpr std::int64_t buckets_a_day = day_ms / bucket_ms;
inline constexpr std::int64_t buckets = days * buckets_a_day;
inline constexpr std::size_t regions = 31;
inline constexpr std::size_t everywhere = regions;  // the place of all regions together
inline constexpr std::size_t bins = 48;             // of durations: from 30 ms, each 15 % wider

enum class Trouble {
  release_bug,       // a release that spreads for hours throws errors
  error_burst,       // something behind it breaks: errors at once, everywhere
  request_failures,  // a backend fails
  region_failures,   // the same in one province
  slow_region,       // requests are slow in one province
  slow_requests,     // and everywhere
  slow_start,        // launches are slow
  traffic_loss,      // people cannot come in
};
inline constexpr std::size_t troubles = 8;
std::string_view name_of(Trouble trouble);

struct Injected {
  Trouble trouble{};
  std::int64_t from = 0, to = 0;  // buckets
  std::size_t region = everywhere;
  double force = 0;    // the share of visits, or the factor of durations
  double touched = 1;  // slow: the share of requests
};

struct Month {
  std::vector<std::array<std::uint16_t, regions + 1>> visits, failed_visits;
  std::vector<std::uint16_t> error_visits;
  std::vector<std::array<std::uint16_t, bins>> requests;                          // their durations
  std::vector<std::array<std::array<std::uint16_t, bins>, regions + 1>> slowest;  // of each visit, when it was
  std::vector<std::array<std::uint16_t, bins>> launches;
  std::vector<Injected> incidents;
};

std::string_view region_name(std::size_t region);

// `start`: local midnight of a Monday.
Month simulate(std::uint64_t seed, double visits_a_day);

// What the rules ask of that month.
class MonthSignals final : public alerts::Signals {
 public:
  MonthSignals(const Month& month, TimeMs start) : month_(month), start_(start) {}
  Task<Result<std::vector<alerts::Sample>>> ask(alerts::Question question) override;

 private:
  struct Figure {
    double value = 0, count = 0;
  };
  template <class Histogram>
  Figure sum_above(double ms, std::int64_t from, std::int64_t to, Histogram histogram) const;
  Figure figure(const alerts::Selection& records, alerts::Statistic statistic, std::size_t region, std::int64_t from,
                std::int64_t to) const;
  const Month& month_;
  const TimeMs start_;
};

}  // namespace miniops::eval
