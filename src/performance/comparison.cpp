#include "performance/comparison.hpp"

#include <algorithm>
#include <cmath>
#include <set>

namespace miniops::performance {

namespace {

constexpr double records_min = 30;
constexpr double beyond_min = 5;
constexpr double change_share_min = 0.05;
constexpr double change_ms_min = 5;
constexpr double of_95_percent = 1.96;

struct Estimate {
  double ms = 0, low = 0, high = 0;
};

Estimate estimate(const Spread& spread, double quantile, double sampled) {
  const double n = std::max(spread.count() * sampled, 1.0);
  const double reach = of_95_percent * std::sqrt(quantile * (1 - quantile) / n);
  return {spread.at(quantile), spread.at(std::max(quantile - reach, 0.0)), spread.at(std::min(quantile + reach, 1.0))};
}

bool enough(const Spread& spread, double quantile, double sampled) {
  const double n = spread.count() * sampled;
  return n >= records_min && n * (1 - quantile) >= beyond_min - 1e-9;
}

Spread all_of(const Spreads& spreads) {
  Spread all;
  for (const auto& [name, spread] : spreads) all.add(spread);
  return all;
}

}  // namespace

std::string_view to_string(Verdict verdict) {
  constexpr std::array<std::string_view, 4> names{"better", "worse", "same", "needs_data"};
  return names.at(static_cast<std::size_t>(verdict));
}

Difference difference_at(std::string_view name, double quantile, const Spread& a, const Spread& b, double sampled) {
  const Estimate one = estimate(a, quantile, sampled);
  const Estimate two = estimate(b, quantile, sampled);
  Difference out{name, one.ms, two.ms};
  out.low_ms = out.change_ms() - std::hypot(two.ms - two.low, one.high - one.ms);
  out.high_ms = out.change_ms() + std::hypot(two.high - two.ms, one.ms - one.low);
  if (!enough(a, quantile, sampled) || !enough(b, quantile, sampled)) return out;
  const bool certain = out.low_ms > 0 || out.high_ms < 0;
  const double change = std::abs(out.change_ms());
  if (!certain || change < change_ms_min || change < change_share_min * one.ms)
    out.verdict = Verdict::same;
  else
    out.verdict = out.change_ms() > 0 ? Verdict::worse : Verdict::better;
  return out;
}

std::vector<Difference> differences_of(const Spread& a, const Spread& b, double sampled) {
  std::vector<Difference> out;
  for (const auto& [name, quantile] : quantile_names) out.push_back(difference_at(name, quantile, a, b, sampled));
  return out;
}

std::vector<Move> moves_of(Dimension by, const Spreads& a, const Spreads& b) {
  const Spread all_a = all_of(a);
  const Spread all_b = all_of(b);
  if (all_a.empty() || all_b.empty()) return {};
  const double middle = (all_a.mean() + all_b.mean()) / 2;
  std::set<std::string> names;
  for (const auto& [name, spread] : a) names.insert(name);
  for (const auto& [name, spread] : b) names.insert(name);
  std::vector<Move> moves;
  for (const std::string& name : names) {
    Move move{by, name};
    if (const auto found = a.find(name); found != a.end()) move.a = found->second;
    if (const auto found = b.find(name); found != b.end()) move.b = found->second;
    const double mean_a = move.a.empty() ? move.b.mean() : move.a.mean();
    const double mean_b = move.b.empty() ? move.a.mean() : move.b.mean();
    const double share_a = move.a.count() / all_a.count();
    const double share_b = move.b.count() / all_b.count();
    move.from_speed_ms = (share_a + share_b) / 2 * (mean_b - mean_a);
    move.from_share_ms = (share_b - share_a) * ((mean_a + mean_b) / 2 - middle);
    moves.push_back(std::move(move));
  }
  std::ranges::sort(moves, {},
                    [](const Move& move) { return std::pair(-std::abs(move.contribution_ms()), move.name); });
  return moves;
}

}  // namespace miniops::performance
