#include <gtest/gtest.h>

#include <set>
#include <thread>

#include "base/clock.hpp"
#include "base/ids.hpp"

namespace miniops {

namespace {

TEST(SystemClock, TellsMillisecondsOfThisCentury) {
  const SystemClock clock;
  EXPECT_GT(clock.now(), 1'700'000'000'000);
  EXPECT_LT(clock.now(), 4'000'000'000'000);
}

TEST(ManualClock, StandsStillUntilMoved) {
  ManualClock clock(1000);
  EXPECT_EQ(clock.now(), 1000);
  clock.advance(5 * second_ms);
  EXPECT_EQ(clock.now(), 6000);
  clock.set(10);
  EXPECT_EQ(clock.now(), 10);
}

TEST(ParseId, TakesWhatAnIdLooksLikeAndNothingElse) {
  struct Case {
    std::string text;
    std::optional<std::int64_t> id;
  };
  const Case cases[] = {
      {"1", 1},
      {"9223372036854775807", INT64_MAX},
      {"9223372036854775808", std::nullopt},
      {"10000000000000000000", std::nullopt},
      {"", std::nullopt},
      {"0", std::nullopt},
      {"01", std::nullopt},
      {"-1", std::nullopt},
      {"+1", std::nullopt},
      {" 1", std::nullopt},
      {"1 ", std::nullopt},
      {"1.0", std::nullopt},
      {"1e3", std::nullopt},
      {"0x1", std::nullopt},
      {std::string("1\0", 2), std::nullopt},
      {"١", std::nullopt},
  };
  for (const auto& expected : cases) EXPECT_EQ(parse_id(expected.text), expected.id) << expected.text;
}

TEST(IdSource, IdsIncreaseAlsoWhenTheClockGoesBack) {
  ManualClock clock;
  IdSource ids(clock, 7);
  std::int64_t last = 0;
  for (int i = 0; i < 20'000; ++i) {  // more than a millisecond's 4,096
    if (i % 1000 == 0) clock.advance(i % 3000 == 0 ? -50 : 20);
    const auto id = ids.next();
    EXPECT_GT(id, last);
    last = id;
  }
}

TEST(IdSource, NodesNeverMakeTheSameId) {
  ManualClock clock;
  IdSource one(clock, 0);
  IdSource other(clock, 1023);
  std::set<std::int64_t> seen;
  for (int i = 0; i < 5000; ++i) {
    EXPECT_TRUE(seen.insert(one.next()).second);
    EXPECT_TRUE(seen.insert(other.next()).second);
  }
}

TEST(IdSource, ThreadsNeverGetTheSameId) {
  const SystemClock clock;
  IdSource ids(clock, 1);
  std::vector<std::vector<std::int64_t>> made(4);
  std::vector<std::thread> threads;
  for (auto& mine : made)
    threads.emplace_back([&] {
      for (int i = 0; i < 5000; ++i) mine.push_back(ids.next());
    });
  for (auto& thread : threads) thread.join();
  std::set<std::int64_t> seen;
  for (const auto& mine : made) {
    EXPECT_TRUE(std::ranges::is_sorted(mine));
    seen.insert(mine.begin(), mine.end());
  }
  EXPECT_EQ(seen.size(), 20'000U);
}

TEST(IdSource, RefusesANodeNumberThatDoesNotFit) {
  const ManualClock clock;
  EXPECT_THROW(IdSource(clock, -1), std::invalid_argument);
  EXPECT_THROW(IdSource(clock, 1024), std::invalid_argument);
}

TEST(IdTypes, AreComparedAndHashedByValue) {
  EXPECT_EQ(AppId("wx1"), AppId("wx1"));
  EXPECT_NE(AppId("wx1"), AppId("wx2"));
  EXPECT_EQ(std::hash<AppId>{}(AppId("wx1")), std::hash<AppId>{}(AppId("wx1")));
  EXPECT_TRUE(AppId().empty());
  static_assert(!std::is_convertible_v<std::string, AppId>);
  static_assert(!std::is_convertible_v<AppId, OpenId>);
}

}  // namespace

}  // namespace miniops
