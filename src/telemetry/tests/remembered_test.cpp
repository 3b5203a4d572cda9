#include "telemetry/remembered.hpp"

#include <gtest/gtest.h>

#include "base/random.hpp"

namespace miniops::telemetry::remembered_test {
namespace {

constexpr TimeMs now = 1'795'000'000'000;
const Id128 one{1, 1};
const Id128 two{1, 2};

TEST(Remembered, AnIdIsNewOnceADay) {
  Remembered memory;
  EXPECT_TRUE(memory.first_time(1, one, now));
  EXPECT_FALSE(memory.first_time(1, one, now + day_ms));
  EXPECT_TRUE(memory.first_time(1, two, now));
  EXPECT_TRUE(memory.first_time(2, one, now));  // of another mini program
  EXPECT_TRUE(memory.first_time(1, one, now + day_ms + 1));
}

TEST(Remembered, ABatchIsNewOnceForEver) {
  Remembered memory;
  for (const std::int64_t number : {1, 2, 5, 4, 9}) EXPECT_TRUE(memory.first_batch(1, one, number)) << number;
  for (const std::int64_t number : {1, 2, 4, 5, 9}) EXPECT_FALSE(memory.first_batch(1, one, number)) << number;
  EXPECT_TRUE(memory.first_batch(1, two, 1));
  EXPECT_EQ(memory.missing_batches(1), 4);  // 3, 6, 7, 8
  EXPECT_TRUE(memory.first_batch(1, one, 3));
  EXPECT_EQ(memory.missing_batches(1), 3);
  EXPECT_EQ(memory.missing_batches(2), 0);
}

// Against the plain set, in any order.
TEST(Remembered, RunsSayWhatASetWouldSay) {
  SeededRandom random(7);
  for (int round = 0; round < 50; ++round) {
    Remembered memory;
    std::set<std::int64_t> plain;
    for (int i = 0; i < 200; ++i) {
      const auto number = static_cast<std::int64_t>(1 + static_cast<unsigned char>(random.bytes(1)[0]) % 120);
      EXPECT_EQ(memory.first_batch(1, one, number), plain.insert(number).second);
    }
    EXPECT_EQ(memory.missing_batches(1), *plain.rbegin() - static_cast<std::int64_t>(plain.size()));
  }
}

TEST(Remembered, ItComesBackFromTheStore) {
  events::LoadState state;
  state.seen = {{1, one, now}};
  state.batches = {{1, two, 1, 3, now}, {1, two, 7, 7, now}};
  Remembered memory;
  memory.load(state);
  EXPECT_FALSE(memory.first_time(1, one, now + 1));
  EXPECT_FALSE(memory.first_batch(1, two, 2));
  EXPECT_TRUE(memory.first_batch(1, two, 4));
}

TEST(Remembered, TooManyIdsLoseTheOldest) {
  Remembered memory(10);
  for (std::uint64_t i = 0; i < 15; ++i) memory.first_time(1, {0, i}, now + static_cast<TimeMs>(i));
  EXPECT_EQ(memory.forget_old(now + 100), 5);
  EXPECT_TRUE(memory.first_time(1, {0, 4}, now + 101));
  EXPECT_FALSE(memory.first_time(1, {0, 5}, now + 101));
  EXPECT_EQ(memory.forget_old(now + 2 * day_ms), 0);  // a day later they may all go
  EXPECT_TRUE(memory.first_time(1, {0, 14}, now + 2 * day_ms));
}

}  // namespace
}  // namespace miniops::telemetry::remembered_test
