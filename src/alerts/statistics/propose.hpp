// Thresholds proposed from the past. Pure.
#pragma once

#include <span>
#include <vector>

#include "alerts/statistics/judge.hpp"

namespace miniops::alerts {

struct Proposed {
  double threshold = 0;
  int would_have_fired = 0;
};

// Windows of `window_ms`, in order of time and without overlap.
struct Past {
  std::span<const Window> windows;
  TimeMs window_ms = 0;
};

// How often the windows go beyond a threshold and stay there for `in_a_row` of them. A gap between windows ends a run.
int episodes(const Past& past, Direction direction, double threshold, int in_a_row);

// Up to three thresholds, from the mildest to the hardest: that would have fired at most four times, at most once, and
// never, with some room. Rounded to two digits, away from what is usual. Empty: less than a day of windows.
std::vector<Proposed> propose(const Past& past, Direction direction, int in_a_row);

}  // namespace miniops::alerts
