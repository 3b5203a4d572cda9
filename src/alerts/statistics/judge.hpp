// Whether a figure is what somebody must know of. Pure.
#pragma once

#include <span>

#include "alerts/statistics/reference.hpp"

namespace miniops::alerts {

enum class ConditionType { fixed, change, anomaly };  // "static" "change" "anomaly"
enum class Direction { above, below, either };
enum class Against { before, weeks };  // the window before; the same hours of earlier weeks
enum class Sensitivity { low, medium, high };

struct Condition {
  ConditionType type = ConditionType::fixed;
  Direction direction = Direction::above;
  double threshold = 0;               // fixed
  Against against = Against::before;  // change
  double percent = 50;                // change: by how much; anomaly: the least that matters
  Sensitivity sensitivity = Sensitivity::medium;
  double least = 0;  // change, anomaly: the least difference that matters
  double min_sample = 1;
  double one_of = 1;  // so many groups are judged alike: chance has as many tries. Not part of what people set
  bool operator==(const Condition&) const = default;
};

// What an evaluation could see.
enum class Sight { normal, no_data, too_little_data, no_reference, query_failed };

struct Verdict {
  Sight sight = Sight::normal;
  bool breach = false;
  double expected = 0;  // the threshold, or what is usual
};

// A breach is large enough to matter and no chance: rates are held against a binomial, counts against a Poisson
// distribution around what is usual, widened by what the history shows beyond chance; levels against its spread. Of
// several references each must be gone beyond.
Verdict judge(Shape shape, const Condition& condition, const Window& now, std::span<const Reference> references);

// Whether a short piece of time denies the trouble: it does not lie beyond the threshold, or beyond the references by
// what matters, and that is more than the chance of a few records. For a rule's "for how long", which is read from the
// past and not waited for.
bool speaks_against(Shape shape, const Condition& condition, const Window& piece,
                    std::span<const Reference> references);

// Two windows of the same length, one behind the other: what `before` says of `now`.
Reference reference_of_before(Shape shape, const Window& before);

}  // namespace miniops::alerts
