// PostHog's clients.
#include "telemetry/tests/decoded.hpp"

namespace miniops::telemetry::posthog_test {
namespace {

using testing::losses;
using testing::names;
using testing::property;

constexpr TimeMs received = 1795237780000;

Decoded read(std::string_view body) {
  Arrival arrival;
  arrival.received_at = received;
  auto decoded = decode_posthog(body, arrival);
  EXPECT_TRUE(decoded) << decoded.error().message;
  if (decoded) testing::expect_tidy(*decoded);
  return std::move(decoded).value_or(Decoded{});
}

TEST(PosthogSamples, TheBatchIsAccountedFor) {
  const auto sample = testing::samples("posthog-node-5.70.0-batch").at(0);
  EXPECT_EQ(posthog_key(sample.body), "phc_test");
  const Decoded decoded = read(sample.body);
  EXPECT_EQ(losses(decoded), "");
  ASSERT_EQ(names(decoded), "event PayOrder\nprofile $identify\nprofile $create_alias");
  const Record& paid = decoded.records[0];
  EXPECT_EQ(paid.user, (UserIds{"user-1001", "", "", ""}));
  EXPECT_EQ(paid.sdk, "posthog-node/5.70.0");
  EXPECT_EQ(paid.client_time, 1795237693201);
  EXPECT_EQ(property(paid, "amount"), "1.99E1");
  EXPECT_EQ(property(paid, "$lib"), "(none)");
  EXPECT_EQ(property(decoded.records[1], "$set"), R"({"level":"gold"})");
}

TEST(Posthog, WhoItIsComesFromTheIds) {
  struct Case {
    const char* event;
    UserIds ids;
  };
  for (
      const Case& c : {
          Case{R"({"event":"e","distinct_id":"u-1"})", {"u-1", "", "", ""}},
          Case{R"({"event":"e","distinct_id":"oABCDEFGHIJKLMNOPQRSTUVWXYZ0"})",
               {"", "", "oABCDEFGHIJKLMNOPQRSTUVWXYZ0", ""}},
          Case{R"({"event":"e","distinct_id":"01a1fc81-4711-72da-88d4-91c60f9a4825"})",
               {"", "", "", "01a1fc81-4711-72da-88d4-91c60f9a4825"}},
          Case{
              R"({"event":"$identify","distinct_id":"u-1","properties":{"$anon_distinct_id":"01a1fc81-4711-72da-88d4-91c60f9a4825"}})",
              {"u-1", "", "", "01a1fc81-4711-72da-88d4-91c60f9a4825"}},
          Case{R"({"event":"$create_alias","distinct_id":"u-1","properties":{"alias":"oABCDEFGHIJKLMNOPQRSTUVWXYZ0"}})",
               {"u-1", "", "oABCDEFGHIJKLMNOPQRSTUVWXYZ0", ""}},
          Case{R"({"event":"e","properties":{"distinct_id":"u-2","$device_id":"d-1"}})", {"u-2", "", "", "d-1"}},
      }) {
    const Decoded decoded = read(c.event);
    ASSERT_EQ(decoded.records.size(), 1U) << c.event;
    EXPECT_EQ(decoded.records[0].user, c.ids) << c.event;
  }
}

TEST(Posthog, AnExceptionIsAnError) {
  const Decoded decoded = read(
      R"({"event":"$exception","distinct_id":"u","properties":{"$exception_list":[{"type":"TypeError","value":"x is null"}]}})");
  ASSERT_EQ(names(decoded), "error TypeError");
  EXPECT_EQ(decoded.records[0].text, "x is null");
  EXPECT_EQ(decoded.records[0].level, Level::error);
}

TEST(Posthog, AddressesAndQueriesAreNotKept) {
  const Decoded decoded = read(
      R"({"event":"$pageview","distinct_id":"u","properties":{"$ip":"1.2.3.4","$current_url":"https://h5.example/a/b?token=s","$referrer":"https://x?y","$initial_current_url":"https://z?w","plan":"pro"}})");
  ASSERT_EQ(decoded.records.size(), 1U);
  EXPECT_EQ(decoded.records[0].properties, R"({"plan":"pro"})");
  EXPECT_EQ(decoded.records[0].page, "a/b");
}

TEST(Posthog, TheSameUuidIsTheSameRecord) {
  const char* event = R"({"event":"e","distinct_id":"u","uuid":"01a1fc81-4711-72da-88d4-91c60f9a4825"})";
  EXPECT_EQ(read(event).records.at(0).id, read(event).records.at(0).id);
  EXPECT_NE(read(event).records.at(0).id, read(R"({"event":"e","distinct_id":"u"})").records.at(0).id);
}

TEST(Posthog, KeysStandInSeveralPlaces) {
  EXPECT_EQ(posthog_key(R"({"api_key":"a"})"), "a");
  EXPECT_EQ(posthog_key(R"({"token":"t"})"), "t");
  EXPECT_EQ(posthog_key(R"([{"event":"e","properties":{"token":"p"}}])"), "p");
  EXPECT_EQ(posthog_key("[]"), "");
  EXPECT_EQ(posthog_key("no"), "");
  EXPECT_EQ(posthog_body("data=eyJhIjoxfQ%3D%3D", "compression=base64"), R"({"a":1})");
  EXPECT_EQ(posthog_body(R"({"a":1})", ""), R"({"a":1})");
}

TEST(Posthog, WhatCannotBeReadIsNamed) {
  EXPECT_EQ(losses(read(R"({"batch":[7,{"properties":{}},{"event":"ok","distinct_id":"u"}]})")),
            "quarantined no_name event 1\nquarantined not_an_object 1");
  EXPECT_FALSE(decode_posthog("{", Arrival{}).has_value());
}

}  // namespace
}  // namespace miniops::telemetry::posthog_test
