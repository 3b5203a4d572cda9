#include "alerts/statistics/reference.hpp"

#include <algorithm>
#include <cmath>

#include "alerts/statistics/tails.hpp"

namespace miniops::alerts {

namespace {

constexpr std::size_t windows_min = 6;
constexpr std::size_t weeks_alone_below = 3;  // as many are taken together
constexpr double mean_to_standard = 1.2533;   // from the mean distance of a normal value to its deviation
constexpr double level_spread_min = 0.01;     // of the center: what rounding and buckets do

bool counts_as_history(Shape shape, const Window& window, double min_sample) {
  return shape == Shape::level ? window.sample >= min_sample : shape == Shape::count || window.sample > 0;
}

// The variance that chance alone gives.
double chance(Shape shape, double center, double sample) {
  if (shape == Shape::count) return center;
  return shape == Shape::rate && sample > 0 ? center * (1 - center) / sample : 0;
}

double beyond_chance(Shape shape, double spread, double center, double sample) {
  if (shape == Shape::level) return std::max(spread, level_spread_min * std::abs(center));
  return std::sqrt(std::max(0.0, spread * spread - chance(shape, center, sample)));
}

// Of a rate the hits of all windows by all their trials, for single windows may hold few.
double center_of(Shape shape, const std::vector<Window>& windows) {
  if (shape == Shape::rate) {
    double hits = 0;
    double trials = 0;
    for (const Window& window : windows) {
      hits += window.value * window.sample;
      trials += window.sample;
    }
    return trials > 0 ? hits / trials : 0;
  }
  std::vector<double> values;
  for (const Window& window : windows) values.push_back(window.value);
  return median(std::move(values));
}

// An exponentially weighted mean and its mean deviation. What lies far off counts as if it lay three deviations off.
class Smoothed {
 public:
  Smoothed(Shape shape, double weight, const Reference& start)
      : shape_(shape), weight_(weight), usual_(start), deviation_(start.spread) {}

  void add(const Window& window) {
    const double own = std::sqrt(chance(shape_, std::max(usual_.center, 1e-9), window.sample));
    const double limit = 3 * std::max({deviation_, own, level_spread_min * std::abs(usual_.center)});
    const double off = std::clamp(window.value - usual_.center, -limit, limit);
    // A rate of few trials says little.
    const double share = shape_ == Shape::rate && usual_.sample > 0 ? std::min(1.0, window.sample / usual_.sample) : 1;
    usual_.center += weight_ * share * off;
    deviation_ += weight_ * share * (mean_to_standard * std::abs(off) - deviation_);
  }

  Reference result() const {
    return {usual_.center, beyond_chance(shape_, deviation_, usual_.center, usual_.sample), usual_.sample};
  }

 private:
  const Shape shape_;
  const double weight_;
  Reference usual_;
  double deviation_;
};

double usual_sample(const std::vector<Window>& windows) {
  std::vector<double> samples;
  for (const Window& window : windows) samples.push_back(window.sample);
  return median(std::move(samples));
}

// Shares of few hits are steps, of which the median distance says little: there it is the mean distance, in which one
// window counts as far as three deviations.
double spread_of(Shape shape, const std::vector<double>& values, double center, double sample) {
  const double robust = robust_spread(values, center);
  if (shape != Shape::rate) return robust;
  const double limit = 3 * std::max(robust, std::sqrt(chance(shape, center, sample)));
  double sum = 0;
  for (const double value : values) sum += std::min(limit, std::abs(value - center));
  return mean_to_standard * sum / static_cast<double>(values.size());
}

Reference reference_of(Shape shape, double center, const std::vector<Window>& windows) {
  std::vector<double> values;
  for (const Window& window : windows) values.push_back(window.value);
  const double sample = usual_sample(windows);
  return {center, beyond_chance(shape, spread_of(shape, values, center, sample), center, sample), sample};
}

std::vector<Window> usable(Shape shape, std::span<const Window> windows, double min_sample) {
  std::vector<Window> out;
  for (const Window& window : windows)
    if (counts_as_history(shape, window, min_sample)) out.push_back(window);
  return out;
}

constexpr TimeMs hours_around_ms = 15 * minute_ms;
constexpr double hours_records_min = 30;  // fewer tell nothing of an hour
constexpr double hours_factor_max = 4;
constexpr std::size_t hours_weeks_min = 2;

// The mean of the windows around a time; 0: too few records.
double level_at(TimeMs at, std::span<const Window> windows) {
  double sum = 0;
  double count = 0;
  for (const Window& window : windows) {
    if (std::abs(window.at - at) > hours_around_ms) continue;
    sum += window.value;
    ++count;
  }
  return sum < hours_records_min ? 0 : sum / count;
}

}  // namespace

void bring_to(TimeMs now, std::vector<Window>& recent, std::span<const std::vector<Window>> weeks) {
  for (Window& window : recent) {
    std::vector<double> factors;
    for (const auto& week : weeks) {
      const double here = level_at(now, week);
      const double there = level_at(window.at, week);
      if (here > 0 && there > 0) factors.push_back(here / there);
    }
    if (factors.size() < hours_weeks_min) continue;
    const double factor = std::clamp(median(std::move(factors)), 1 / hours_factor_max, hours_factor_max);
    window.value *= factor;
    window.sample *= factor;
  }
}

TimeMs recent_ms(Shape shape) { return shape == Shape::count ? 3 * hour_ms : day_ms; }

std::optional<Reference> usual_of_weeks(Shape shape, std::span<const std::vector<Window>> weeks, double min_sample) {
  std::vector<Window> all;
  std::vector<double> centers;
  for (const auto& week : weeks) {
    const auto windows = usable(shape, week, min_sample);
    if (windows.empty()) continue;
    centers.push_back(center_of(shape, windows));
    all.insert(all.end(), windows.begin(), windows.end());
  }
  if (all.size() < windows_min) return std::nullopt;
  // The median of the weeks: one of them may hold a trouble of its own.
  return reference_of(shape, median(std::move(centers)), all);
}

std::optional<Reference> usual_lately(Shape shape, std::span<const Window> windows, double min_sample) {
  const auto all = usable(shape, windows, min_sample);
  if (all.size() < windows_min) return std::nullopt;
  const TimeMs step = std::max<TimeMs>(minute_ms, all[1].at - all[0].at);
  const double half_life = static_cast<double>(recent_ms(shape) / 4) / static_cast<double>(step);
  const double weight = std::clamp(1 - std::exp2(-1 / half_life), 0.02, 0.5);
  // It begins at the middle of the first windows, not at the first one.
  const std::vector<Window> first(all.begin(), all.begin() + windows_min);
  Smoothed smoothed(shape, weight, reference_of(shape, center_of(shape, first), first));
  for (const Window& window : all) smoothed.add(window);
  return smoothed.result();
}

std::vector<Reference> references_of(Shape shape, const History& history, double min_sample) {
  std::vector<Reference> out;
  std::vector<std::vector<Window>> weeks;
  for (const auto& week : history.weeks)
    if (usual_of_weeks(shape, std::span(&week, 1), min_sample)) weeks.push_back(week);
  if (weeks.size() >= weeks_alone_below) {
    out.push_back(*usual_of_weeks(shape, weeks, min_sample));
  } else if (weeks.size() >= 2) {
    for (const auto& week : weeks) out.push_back(*usual_of_weeks(shape, std::span(&week, 1), min_sample));
  }
  if (const auto lately = usual_lately(shape, history.recent, min_sample)) out.push_back(*lately);
  return out;
}

}  // namespace miniops::alerts
