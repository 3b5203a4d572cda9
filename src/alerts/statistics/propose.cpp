#include "alerts/statistics/propose.hpp"

#include <algorithm>
#include <cmath>

namespace miniops::alerts {

namespace {

constexpr std::array<int, 3> fired_at_most{4, 1, 0};
constexpr double room = 0.15;  // beyond the worst that was, before "never"

// Two digits, away from the middle.
double rounded(double value, Direction direction) {
  if (value == 0) return 0;
  const double unit = std::pow(10.0, std::floor(std::log10(std::abs(value))) - 1);
  return (direction == Direction::below ? std::floor(value / unit) : std::ceil(value / unit)) * unit;
}

// The different values from the most extreme one to the middle.
std::vector<double> inwards(const Past& past, Direction direction) {
  std::vector<double> values;
  for (const Window& window : past.windows) values.push_back(window.value);
  std::ranges::sort(values);
  if (direction != Direction::below) std::ranges::reverse(values);
  values.resize(values.size() / 2 + 1);
  values.erase(std::ranges::unique(values).begin(), values.end());
  return values;
}

}  // namespace

int episodes(const Past& past, Direction direction, double threshold, int in_a_row) {
  int found = 0;
  int run = 0;
  TimeMs next = 0;
  for (const Window& window : past.windows) {
    const bool beyond = direction == Direction::below ? window.value < threshold : window.value > threshold;
    run = !beyond ? 0 : window.at == next ? run + 1 : 1;
    next = window.at + past.window_ms;
    found += run == in_a_row ? 1 : 0;
  }
  return found;
}

std::vector<Proposed> propose(const Past& past, Direction direction, int in_a_row) {
  if (static_cast<TimeMs>(past.windows.size()) * past.window_ms < day_ms) return {};
  const auto values = inwards(past, direction);
  std::vector<Proposed> out;
  for (const int at_most : fired_at_most) {
    double threshold = values.front();
    for (const double value : values) {
      if (episodes(past, direction, value, in_a_row) > at_most) break;
      threshold = value;
    }
    if (at_most == 0) threshold += (direction == Direction::below ? -room : room) * std::abs(threshold);
    threshold = rounded(threshold, direction);
    if (!out.empty() && out.back().threshold == threshold) continue;
    out.push_back({threshold, episodes(past, direction, threshold, in_a_row)});
  }
  return out;
}

}  // namespace miniops::alerts
