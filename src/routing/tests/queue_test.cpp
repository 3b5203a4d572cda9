// The order of those who wait.
#include "base/random.hpp"
#include "routing/tests/routing_fixture.hpp"

namespace miniops::routing {
namespace {

TEST(Queue, APointIsWorthAMinuteOfWaitingByPoint) {
  EXPECT_EQ(place_of({5, now}, 1), place_of({0, now - 5 * minute_ms}, 1));
  EXPECT_EQ(place_of({5, now}, 10), place_of({0, now - minute_ms / 2}, 10));
  EXPECT_LT(place_of({5, now}, 10), place_of({0, now - minute_ms / 2 + 1}, 10)) << "nothing is rounded";
}

TEST(Queue, WhoWasLetWaitIsAheadOfAll) {
  EXPECT_LT(place_of({0, now, true}, 1000), place_of({priority_max, 0}, 1000));
  EXPECT_LT(place_of({0, now - 1, true}, 1), place_of({0, now, true}, 1)) << "among themselves in order";
}

TEST(Queue, EqualOnesAreInAStableOrder) {
  Waiting eldest = waiting(3, 300), first = waiting(1, 0, R"({"group":"1"})", 5), second = first;
  second.conversation = ConversationId(2);
  EXPECT_EQ(eldest.place, first.place) << "5 minutes are 5 points";
  EXPECT_TRUE(before(eldest, first)) << "of equal places, who waits longer";
  EXPECT_TRUE(before(first, second)) << "of equal times, by id";
  EXPECT_FALSE(before(second, first));
}

TEST(Queue, EffectivePriorityGrowsByWholePoints) {
  const InQueue one{7, now};
  EXPECT_EQ(effective_priority(one, 2, now), 7);
  EXPECT_EQ(effective_priority(one, 2, now + 29 * second_ms), 7);
  EXPECT_EQ(effective_priority(one, 2, now + 30 * second_ms), 8);
  EXPECT_EQ(effective_priority(one, 2, now - hour_ms), 7);
}

// What makes places storable: they are the order of effective priorities, at any time.
TEST(Queue, PlacesAreTheOrderOfEffectivePrioritiesAtAnyTime) {
  SeededRandom random(1);
  const auto below = [&](std::int64_t bound) {
    return static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(bound)));
  };
  for (int i = 0; i < 20000; ++i) {
    const std::int64_t points = 1 + below(points_per_minute_max);
    const InQueue a{below(priority_max + 1), now - below(day_ms)}, b{below(priority_max + 1), now - below(day_ms)};
    const TimeMs at = now + below(day_ms);
    const std::int64_t of_a = effective_priority(a, points, at), of_b = effective_priority(b, points, at);
    if (of_a == of_b) continue;  // the same whole points
    ASSERT_EQ(place_of(a, points) < place_of(b, points), of_a > of_b);
  }
}

// ---- nobody starves ----

// Who comes later than the highest priority can make up for is never before.
TEST(Starvation, NobodyIsOvertakenForEver) {
  SeededRandom random(2);
  for (int i = 0; i < 20000; ++i) {
    const auto points = static_cast<std::int64_t>(1 + random.below(points_per_minute_max));
    const TimeMs later = now + priority_max * minute_ms / points + 1 + static_cast<TimeMs>(random.below(day_ms));
    ASSERT_LT(place_of({0, now}, points), place_of({priority_max, later}, points));
  }
}

// An agent serves one customer a minute; two of the highest priority come each minute. A customer without any priority
// is served all the same.
TEST(Starvation, TheLeastIsServedAlthoughMoreImportantOnesNeverStopComing) {
  constexpr std::int64_t points = 10, bound_minutes = priority_max / points;
  std::vector<Waiting> queue;
  const auto arrives = [&](std::int64_t id, std::int64_t priority, TimeMs at) {
    Waiting one = waiting(id);
    one.waiting_since = at;
    one.place = place_of({priority, at}, points);
    queue.push_back(std::move(one));
  };
  arrives(1, 0, now);
  std::int64_t next = 2, served_after = 0;
  for (std::int64_t minute = 0; served_after == 0 && minute < 10 * bound_minutes; ++minute) {
    const TimeMs at = now + minute * minute_ms;
    for (int i = 0; i < 2; ++i) arrives(next++, priority_max, at);
    const auto taken = match(queue, snapshot({agent(7, 0, 1)}), at);
    ASSERT_EQ(taken.size(), 1U);
    if (queue[taken[0].waiting].conversation == ConversationId(1)) served_after = minute;
    queue.erase(queue.begin() + static_cast<std::ptrdiff_t>(taken[0].waiting));
  }
  EXPECT_EQ(served_after, 2 * bound_minutes) << "when those who came within the bound are through";
}

}  // namespace
}  // namespace miniops::routing
