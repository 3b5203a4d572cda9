#include "alerts/statistics/judge.hpp"

#include <algorithm>
#include <cmath>

#include "alerts/statistics/tails.hpp"

namespace miniops::alerts {

namespace {

constexpr double surely = 0.05;         // of a fixed threshold: that the rate is really beyond it
constexpr double change_chance = 1e-3;  // of a change: that it is none
constexpr double more_likely_than_not = 0.5;
constexpr double widened_by = 2;  // deviations beyond chance that are usual

// How rare a window must be, and how far off, in deviations. A rule looks at some 20,000 windows a week that do not
// overlap much, in each of its groups.
double chance_of(Sensitivity sensitivity) {
  if (sensitivity == Sensitivity::low) return 1e-7;
  return sensitivity == Sensitivity::medium ? 1e-5 : 1e-4;
}
double deviations_of(Sensitivity sensitivity) {
  if (sensitivity == Sensitivity::low) return 9;
  return sensitivity == Sensitivity::medium ? 7 : 5;
}

bool beyond(Direction direction, double value, double line) {
  return direction == Direction::below ? value < line : value > line;
}

// How likely chance alone gives `now`, or more of it, when `usual` (and `spread` to its side) is what it comes from.
double likelihood(Shape shape, Direction direction, const Window& now, double usual, double spread) {
  const bool below = direction == Direction::below;
  const double shifted = std::max(0.0, below ? usual - spread : usual + spread);
  if (shape == Shape::count) return below ? poisson_at_most(now.value, shifted) : poisson_at_least(now.value, shifted);
  const double hits = now.value * now.sample;
  const double share = std::min(1.0, shifted);
  return below ? binomial_at_most(hits, now.sample, share) : binomial_at_least(hits, now.sample, share);
}

// A rate that was never seen is not impossible.
double usual_of(Shape shape, const Reference& reference) {
  if (shape != Shape::rate) return reference.center;
  return std::max(reference.center, reference.sample > 0 ? 0.1 / reference.sample : 0.0);
}

// Where a value begins to matter.
double line_of(Shape shape, const Condition& condition, Direction direction, const Reference& reference) {
  const double usual = usual_of(shape, reference);
  const double matters = std::max(condition.least, std::abs(usual) * condition.percent / 100);
  return usual + (direction == Direction::below ? -matters : matters);
}

bool is_no_chance(Shape shape, const Condition& condition, Direction direction, const Window& now,
                  const Reference& reference) {
  const double usual = usual_of(shape, reference);
  const bool anomaly = condition.type == ConditionType::anomaly;
  if (shape != Shape::level) {
    const double limit = (anomaly ? chance_of(condition.sensitivity) : change_chance) / condition.one_of;
    return likelihood(shape, direction, now, usual, widened_by * reference.spread) < limit;
  }
  if (!anomaly) return true;
  // A window of fewer records than usual varies more.
  const double fewer = now.sample > 0 ? std::sqrt(std::max(1.0, reference.sample / now.sample)) : 1;
  const double width = deviations_of(condition.sensitivity) * reference.spread * fewer;
  return beyond(direction, now.value, usual + (direction == Direction::below ? -width : width));
}

bool beyond_all(Shape shape, const Condition& condition, Direction direction, const Window& now,
                std::span<const Reference> references) {
  return std::ranges::all_of(references, [&](const Reference& one) {
    return beyond(direction, now.value, line_of(shape, condition, direction, one)) &&
           is_no_chance(shape, condition, direction, now, one);
  });
}

Verdict judge_fixed(Shape shape, const Condition& condition, const Window& now) {
  Verdict verdict{Sight::normal, beyond(condition.direction, now.value, condition.threshold), condition.threshold};
  if (shape == Shape::rate && verdict.breach)
    verdict.breach = likelihood(shape, condition.direction, now, condition.threshold, 0) < surely;
  return verdict;
}

// The nearest of them: the one that is hardest to go beyond.
double nearest(double value, std::span<const Reference> references) {
  double best = references.front().center;
  for (const Reference& one : references)
    if (std::abs(one.center - value) < std::abs(best - value)) best = one.center;
  return best;
}

// Whether there is enough to judge by. A count is judged by what was to be expected.
bool enough(Shape shape, const Condition& condition, const Window& now, std::span<const Reference> references) {
  if (shape != Shape::count) return now.sample >= condition.min_sample;
  if (condition.type == ConditionType::fixed || now.value >= condition.min_sample) return true;
  return std::ranges::all_of(references, [&](const Reference& one) { return one.center >= condition.min_sample; });
}

}  // namespace

Verdict judge(Shape shape, const Condition& condition, const Window& now, std::span<const Reference> references) {
  if (shape != Shape::count && now.sample <= 0) return {Sight::no_data};
  const bool fixed = condition.type == ConditionType::fixed;
  if (!fixed && references.empty())
    return {shape != Shape::count && now.sample < condition.min_sample ? Sight::too_little_data : Sight::no_reference};
  if (!enough(shape, condition, now, references))
    return {Sight::too_little_data, false, references.empty() ? 0 : nearest(now.value, references)};
  if (fixed) return judge_fixed(shape, condition, now);
  Verdict verdict{Sight::normal, false, nearest(now.value, references)};
  for (const Direction direction : {Direction::above, Direction::below})
    if (condition.direction == direction || condition.direction == Direction::either)
      verdict.breach = verdict.breach || beyond_all(shape, condition, direction, now, references);
  return verdict;
}

bool speaks_against(Shape shape, const Condition& condition, const Window& piece,
                    std::span<const Reference> references) {
  if (piece.sample <= 0 || (shape == Shape::level && piece.sample < condition.min_sample)) return false;
  const auto short_of = [&](Direction direction, double line) {
    if (beyond(direction, piece.value, line)) return false;
    if (shape != Shape::rate) return true;
    const Direction other = direction == Direction::below ? Direction::above : Direction::below;
    return likelihood(shape, other, piece, line, 0) < more_likely_than_not;
  };
  if (condition.type == ConditionType::fixed) return short_of(condition.direction, condition.threshold);
  return std::ranges::none_of(std::array{Direction::above, Direction::below}, [&](Direction direction) {
    return (condition.direction == direction || condition.direction == Direction::either) &&
           std::ranges::none_of(references, [&](const Reference& one) {
             return short_of(direction, line_of(shape, condition, direction, one));
           });
  });
}

Reference reference_of_before(Shape shape, const Window& before) {
  // It is as uncertain as what it is held against: two of its own deviations are taken for usual.
  double variance = 0;
  if (shape == Shape::count) variance = before.value;
  if (shape == Shape::rate && before.sample > 0) variance = before.value * (1 - before.value) / before.sample;
  return {before.value, 2.0 / widened_by * std::sqrt(variance), before.sample};
}

}  // namespace miniops::alerts
