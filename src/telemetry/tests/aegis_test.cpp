// Tencent RUM's client: the captured requests, and what its formats make easy to get wrong.
#include "base/encoding.hpp"
#include "telemetry/tests/decoded.hpp"

namespace miniops::telemetry {
namespace {

using testing::losses;
using testing::names;
using testing::property;

constexpr TimeMs received = 1795237780000;
constexpr std::string_view bean =
    "id=key&uin=user-1001&version=1.4.2&aid=aid-1&env=production&platform=1&model=ALN-AL00&netType=1&sessionId=s-1&"
    "referer=1011&from=pages%2Findex%2Findex%3Fid%3D7";

Decoded read(AegisPath path, std::string_view body, std::string_view query = bean) {
  Arrival arrival;
  arrival.received_at = received;
  arrival.query = query;
  auto decoded = decode_aegis(path, body, arrival);
  EXPECT_TRUE(decoded) << decoded.error().message;
  if (decoded) testing::expect_tidy(*decoded);
  return std::move(decoded).value_or(Decoded{});
}

std::optional<AegisPath> path_of(const std::string& path) {
  const std::vector<std::pair<std::string, AegisPath>> paths{{"/collect", AegisPath::logs},
                                                             {"/collect/events", AegisPath::events},
                                                             {"/collect/pv", AegisPath::page_view},
                                                             {"/speed", AegisPath::speed},
                                                             {"/speed/custom", AegisPath::custom_speed},
                                                             {"/speed/miniProgramData", AegisPath::mini_program_data}};
  for (const auto& [known, what] : paths)
    if (known == path) return what;
  return std::nullopt;
}

TEST(AegisSamples, EveryRequestIsAccountedFor) {
  std::string all;
  for (const testing::Sample& sample : testing::samples("aegis-mp-1.39.4-plain")) {
    const auto path = path_of(sample.path);
    if (!path) {
      EXPECT_TRUE(sample.path == "/collect/whitelist" || sample.path == "/rateConfig") << sample.path;
      continue;
    }
    const Decoded decoded = read(*path, sample.body, sample.query);
    EXPECT_EQ(losses(decoded), "");
    all += names(decoded) + "\n";
    for (const Record& record : decoded.records) {
      EXPECT_EQ(record.user.login_id, "user-1001");
      EXPECT_EQ(record.page, "pages/index/index");
      EXPECT_EQ(record.release, "1.4.2");
      EXPECT_EQ(record.build, Build::release);
      EXPECT_EQ(record.scene, 1011);
      EXPECT_EQ(record.network, "wifi");
      EXPECT_EQ(record.device.os, "Android");
      EXPECT_EQ(record.time, received);
    }
  }
  EXPECT_EQ(all,
            "log log\nerror Error\nerror request_failed\nlog log\nevent page_view\nlog log\nperformance loadPackage\n"
            "event buy\nperformance onload\nperformance op\nerror ReferenceError\nerror UnhandledRejection\n"
            "error page_not_found\nlog api\nperformance request\nevent page_view\nperformance setData\n"
            "error memory_warning\nperformance request\n");
}

TEST(Aegis, AnErrorIsItsTypeItsMessageAndItsStack) {
  struct Case {
    const char *message, *name, *text;
    bool stack;
  };
  for (
      const Case& c : {
          Case{R"(Error.message: boom \\n  Error.stack: TypeError: boom\\n    at f (/app/a.js:6:60))", "TypeError",
               "boom", true},
          Case{
              R"(MiniProgramError\nx is not defined\nReferenceError: x is not defined\n    at pages/index/index.js:3:1)",
              "ReferenceError", "x is not defined", true},
          Case{"plain words", "Error", "plain words", false},
          Case{"", "Error", "", false},
      }) {
    const auto decoded = read(AegisPath::logs, fmt::format(R"({{"level":["4"],"msg":["{}"],"count":1}})", c.message));
    ASSERT_EQ(decoded.records.size(), 1U) << c.message;
    EXPECT_EQ(decoded.records[0].name, c.name) << c.message;
    EXPECT_EQ(decoded.records[0].text, c.text);
    EXPECT_EQ(property(decoded.records[0], "stack") != "(none)", c.stack) << c.message;
    EXPECT_EQ(property(decoded.records[0], "handled"), "false");
  }
}

TEST(Aegis, ColumnsMayBeShorterThanOthers) {
  const auto decoded =
      read(AegisPath::logs, R"({"level":["2","2","2"],"msg":["a"],"trace":["t1","t2"],"ext1":"no list"})");
  ASSERT_EQ(decoded.records.size(), 3U);
  EXPECT_EQ(decoded.records[0].text, "a");
  EXPECT_EQ(decoded.records[1].trace, "t2");
  EXPECT_EQ(decoded.records[2].text, "");
}

TEST(Aegis, EachRecordOfARequestHasItsOwnId) {
  const auto decoded = read(AegisPath::logs, R"({"level":["2","2"],"msg":["a","a"]})");
  ASSERT_EQ(decoded.records.size(), 2U);
  EXPECT_NE(decoded.records[0].id, decoded.records[1].id);
}

TEST(Aegis, WhatCannotBeReadIsNamed) {
  EXPECT_EQ(losses(read(AegisPath::events, R"({"payload":"[{\"ext1\":\"A\"},7]"})")),
            "quarantined no_name event 1\nquarantined not_an_object event 1");
  EXPECT_EQ(losses(read(AegisPath::custom_speed, R"({"payload":"{\"custom\":[{\"name\":\"x\"}]}"})")),
            "quarantined no_value performance 1");
  for (const std::string body : {"", "{", "[1", R"({"payload":"{"})"})
    EXPECT_FALSE(decode_aegis(AegisPath::events, body, Arrival{}).has_value()) << body;
}

TEST(Aegis, AnOpenidIsKnownAsOne) {
  const auto decoded = read(AegisPath::page_view, "", "id=k&uin=oABCDEFGHIJKLMNOPQRSTUVWXYZ0&aid=a");
  ASSERT_EQ(decoded.records.size(), 1U);
  EXPECT_EQ(decoded.records[0].user.openid, "oABCDEFGHIJKLMNOPQRSTUVWXYZ0");
  EXPECT_EQ(decoded.records[0].user.login_id, "");
}

TEST(Aegis, PageTimingsStandInTheQuery) {
  const auto decoded =
      read(AegisPath::page_speed, "", "id=k&firstScreenTiming=812&appLaunch=1200.5&LCP=&FCP=-1&from=a");
  EXPECT_EQ(names(decoded), "performance appLaunch\nperformance firstRender");
  EXPECT_EQ(decoded.records.at(0).value, 1200.5);
}

TEST(Aegis, AnAddressLosesItsQueryAndItsNumbers) {
  const auto decoded = read(
      AegisPath::speed,
      R"({"payload":"{\"duration\":{\"fetch\":[{\"url\":\"https://a.example/order/77?token=x\",\"duration\":6,\"status\":200}]}}"})");
  ASSERT_EQ(decoded.records.size(), 1U);
  EXPECT_EQ(property(decoded.records[0], "url"), R"("https://a.example/order/:id")");
  EXPECT_EQ(property(decoded.records[0], "status"), "200");
}

}  // namespace
}  // namespace miniops::telemetry
