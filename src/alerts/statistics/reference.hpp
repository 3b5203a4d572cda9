// What is usual for a figure: learnt from the same hours of earlier weeks and from the last hours. Pure.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "base/clock.hpp"

namespace miniops::alerts {

// What kind of number a figure is decides how chance acts on it.
enum class Shape {
  level,  // a mean or a quantile of many values
  count,  // how many there were
  rate,   // the share of trials that were hits
};

// A figure in one window of time.
struct Window {
  TimeMs at = 0;      // its beginning
  double value = 0;   // a rate is 0 … 1
  double sample = 0;  // level: the records behind it; count: the value; rate: the trials
};

struct Reference {
  double center = 0;
  double spread = 0;  // a standard deviation; for count and rate only of what goes beyond chance
  double sample = 0;  // of a usual window
};

struct History {
  std::vector<std::vector<Window>> weeks{};  // around the same time of each of the last weeks
  std::vector<Window> recent{};              // of the last hours, in order of time
};

// The references that a value must go beyond, each of them, to be unusual. The weeks (median and MAD) count from two
// on: two of them each for itself, since one may hold a trouble of its own, three and more together. The last hours (an
// exponentially weighted mean, in which one window weighs little however far off it is) always count, so that a holiday
// or a slow growth is no trouble, and they are all there is in the first two weeks. Empty: not watched long enough.
std::vector<Reference> references_of(Shape shape, const History& history, double min_sample);

// The two parts. nullopt: too few windows.
std::optional<Reference> usual_of_weeks(Shape shape, std::span<const std::vector<Window>> weeks, double min_sample);
std::optional<Reference> usual_lately(Shape shape, std::span<const Window> windows, double min_sample);

// Counts follow the hours of the day: brings windows of the last hours to the hour of `now`, by how these hours
// differed in earlier weeks (`weeks`: their windows, moved to now). One week alone may have had a day of its own: two
// at least.
void bring_to(TimeMs now, std::vector<Window>& recent, std::span<const std::vector<Window>> weeks);

inline constexpr std::size_t weeks_looked_at = 4;
// How far back `recent` should go: counts follow the hours of the day, shares and durations hardly.
TimeMs recent_ms(Shape shape);

}  // namespace miniops::alerts
