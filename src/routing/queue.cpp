#include "routing/queue.hpp"

#include <tuple>

namespace miniops::routing {

namespace {

// Beyond every place that priority and waiting can make.
constexpr std::int64_t ahead_of_all = std::int64_t{1} << 60;

std::int64_t within_limits(std::int64_t points_per_minute) {
  return std::clamp<std::int64_t>(points_per_minute, 1, points_per_minute_max);
}

}  // namespace

// priority + points * (now - waiting_since) / minute, the greater the earlier. What `now` adds is the same for all, so
// it is left out; times minute_ms there is nothing to round.
std::int64_t place_of(const InQueue& waiting, std::int64_t points_per_minute) {
  const std::int64_t priority = std::clamp<std::int64_t>(waiting.priority, 0, priority_max);
  const std::int64_t place = waiting.waiting_since * within_limits(points_per_minute) - priority * minute_ms;
  return waiting.ahead ? place - ahead_of_all : place;
}

std::int64_t effective_priority(const InQueue& waiting, std::int64_t points_per_minute, TimeMs now) {
  const TimeMs waited = std::max<TimeMs>(0, now - waiting.waiting_since);
  return std::clamp<std::int64_t>(waiting.priority, 0, priority_max) +
         waited * within_limits(points_per_minute) / minute_ms;
}

bool before(const Waiting& a, const Waiting& b) {
  return std::tie(a.place, a.waiting_since, a.conversation) < std::tie(b.place, b.waiting_since, b.conversation);
}

}  // namespace miniops::routing
