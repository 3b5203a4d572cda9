// The demo's phones send what the real SDK would: every record is taken.
#include "app/demo_visits.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "telemetry/decode/decode.hpp"

namespace miniops::app {
namespace {

constexpr TimeMs now = 1795237200000;

telemetry::Decoded decoded(const boost::json::object& batch) {
  telemetry::Arrival arrival;
  arrival.received_at = now;
  auto decoded = telemetry::decode_own(boost::json::serialize(batch), arrival);
  EXPECT_TRUE(decoded);
  return decoded.value_or(telemetry::Decoded{});
}

TEST(DemoVisits, EveryRecordIsTaken) {
  SeededRandom random(7);
  std::map<std::string, int> named;
  for (int i = 0; i < 300; ++i) {
    const auto visit = decoded(visit_batch(random, {now - hour_ms, now, ""}, now));
    EXPECT_TRUE(visit.losses.empty());
    EXPECT_GE(visit.records.size(), 10U);
    for (const telemetry::Record& record : visit.records) ++named[record.name];
  }
  // The funnel narrows, and the story's fault is in it.
  EXPECT_EQ(named["launch"], 300);
  EXPECT_GT(named["AddOrder"], 20);
  EXPECT_LT(named["PayOrder"], named["AddOrder"]);
  EXPECT_GT(named["TypeError"], 0);
  EXPECT_GT(named["request"], 500);
}

TEST(DemoVisits, TheFaultCameWithTheRelease) {
  SeededRandom random(7);
  for (int i = 0; i < 200; ++i)
    for (const auto& record : decoded(visit_batch(random, {now - 3 * day_ms, now, ""}, now)).records) {
      EXPECT_EQ(record.release, "1.4.1");
      EXPECT_NE(record.name, "TypeError");
    }
}

TEST(DemoVisits, ASeedTellsTheSameStory) {
  SeededRandom one(3), other(3);
  const Visit visit{now - hour_ms, now, "oABC"};
  EXPECT_EQ(visit_batch(one, visit, now), visit_batch(other, visit, now));
}

TEST(DemoVisits, TheEveningIsBusy) {
  const TimeMs china_midnight = now - now % day_ms - 8 * hour_ms;
  EXPECT_GT(busy_at(china_midnight + 20 * hour_ms), busy_at(china_midnight + 4 * hour_ms) * 10);
}

}  // namespace
}  // namespace miniops::app
