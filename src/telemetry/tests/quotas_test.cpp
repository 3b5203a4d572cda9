#include "telemetry/quotas.hpp"

#include <gtest/gtest.h>

namespace miniops::telemetry {
namespace {

constexpr TimeMs start = 1'000'000;

TEST(Quotas, AMinutesRecordsAreThereAtOnce) {
  Quotas quotas;
  for (int i = 0; i < 60; ++i) {
    EXPECT_TRUE(quotas.open(1, 60, start)) << i;
    quotas.take(1, 1);
  }
  EXPECT_FALSE(quotas.open(1, 60, start));
}

TEST(Quotas, TheyComeBackWithTime) {
  Quotas quotas;
  ASSERT_TRUE(quotas.open(1, 60, start));
  quotas.take(1, 60);
  EXPECT_FALSE(quotas.open(1, 60, start + 900));
  EXPECT_TRUE(quotas.open(1, 60, start + 1000));
}

TEST(Quotas, ALargeBatchIsPaidOff) {
  Quotas quotas;
  ASSERT_TRUE(quotas.open(1, 60, start));
  quotas.take(1, 120);
  EXPECT_EQ(quotas.wait_seconds(1, 60), 61);
  EXPECT_FALSE(quotas.open(1, 60, start + minute_ms));
  EXPECT_TRUE(quotas.open(1, 60, start + 61 * second_ms));
}

TEST(Quotas, OneKeyTakesNothingFromAnother) {
  Quotas quotas;
  ASSERT_TRUE(quotas.open(1, 60, start));
  quotas.take(1, 100'000);
  EXPECT_FALSE(quotas.open(1, 60, start));
  EXPECT_TRUE(quotas.open(2, 60, start));
}

TEST(Quotas, AClockSetBackDoesNotTake) {
  Quotas quotas;
  ASSERT_TRUE(quotas.open(1, 60, start));
  EXPECT_TRUE(quotas.open(1, 60, start - hour_ms));
}

}  // namespace
}  // namespace miniops::telemetry
