#include <gtest/gtest.h>

#include "base/random.hpp"
#include "telemetry/decode/collector.hpp"
#include "telemetry/decode/text.hpp"
#include "telemetry/tests/decoded.hpp"

namespace miniops::telemetry::own_test {
namespace {

using testing::losses;
using testing::lost;
using testing::names;
using testing::property;

constexpr TimeMs received = 1795237096800;
constexpr std::string_view install = "k3v9-AAAA_1";

Arrival arrival() {
  Arrival out;
  out.received_at = received;
  return out;
}

Decoded read(const std::string& body, const DecodeLimits& limits = {}) {
  auto decoded = decode_own(body, arrival(), limits);
  EXPECT_TRUE(decoded) << decoded.error().message << "\n" << body.substr(0, 300);
  if (!decoded) return {};
  testing::expect_tidy(*decoded);
  return std::move(*decoded);
}

// A batch around records, or around other fields.
std::string batch(const std::string& records, const std::string& more = "") {
  return R"({"v":1,"install":")" + std::string(install) + R"(","batch":17,"sent_at":1795237096714)" + more +
         R"(,"records":[)" + records + "]}";
}

// The example of docs/ingest.md.
const std::string example = R"({
  "v": 1, "install": "k3v9-AAAA_1", "batch": 17, "sent_at": 1795237096714,
  "sdk": {"name": "miniops-sdk", "version": "0.1.0"},
  "dropped": [{"reason": "queue_overflow", "kind": "log", "count": 3}],
  "context": {
    "release": "1.4.2", "build": "release", "scene": 1011, "network": "WiFi", "session": "s-1", "language": "zh_CN",
    "device": {"brand": "HUAWEI", "model": "ALN-AL00", "level": "35", "os": "Android", "os_version": "12",
               "wechat": "8.0.50", "base_library": "3.6.0"},
    "user": {"openid": "oABC", "unionid": "", "login_id": "u-7"}
  },
  "records": [
    {"kind": "event", "name": "PayOrder", "t": 1795237096100, "page": "pages/pay/index?id=7", "props": {"amount": 19.9}},
    {"kind": "performance", "name": "appLaunch", "t": 1795237090000, "value": 812, "weight": 10},
    {"kind": "error", "name": "TypeError", "t": 1795237095000, "level": "error", "text": "x is not defined",
     "props": {"stack": "TypeError: x is not defined\n    at pages/index/index.js:3:1", "handled": false}},
    {"kind": "log", "t": 1795237095100, "level": "info", "text": "pay ok", "trace": "4bf92f35"},
    {"kind": "session", "name": "end", "t": 1795237096000, "value": 61000}
  ]
})";

TEST(OwnBatch, TheExampleOfTheDocuments) {
  const Decoded decoded = read(example);
  EXPECT_EQ(names(decoded), "event PayOrder\nperformance appLaunch\nerror TypeError\nlog log\nsession end");
  EXPECT_EQ(losses(decoded), "client_dropped queue_overflow log 3");
  ASSERT_TRUE(decoded.batch);
  EXPECT_EQ(decoded.batch->install, install);
  EXPECT_EQ(decoded.batch->number, 17);

  const Record& pay = decoded.records[0];
  EXPECT_EQ(pay.protocol, "miniops");
  EXPECT_EQ(pay.sdk, "miniops-sdk/0.1.0");
  EXPECT_EQ(pay.client_time, 1795237096100);
  EXPECT_EQ(pay.time, 1795237096100);
  EXPECT_EQ(pay.received_at, received);
  EXPECT_EQ(pay.release, "1.4.2");
  EXPECT_EQ(pay.build, Build::release);
  EXPECT_EQ(pay.scene, 1011);
  EXPECT_EQ(pay.network, "wifi");
  EXPECT_EQ(pay.session, "s-1");
  EXPECT_EQ(pay.page, "pages/pay/index");
  EXPECT_EQ(pay.device, (Device{"HUAWEI", "ALN-AL00", "35", "Android", "12", "8.0.50", "3.6.0"}));
  EXPECT_EQ(pay.user, (UserIds{"u-7", "", "oABC", std::string(install)})) << "the installation is the device";
  EXPECT_EQ(pay.properties, R"({"amount":19.9,"language":"zh_CN"})");
  EXPECT_EQ(pay.id, hash_id({install, "17", "0"}));

  EXPECT_EQ(decoded.records[1].value, 812);
  EXPECT_EQ(decoded.records[1].weight, 10);
  EXPECT_EQ(decoded.records[2].text, "x is not defined");
  EXPECT_EQ(decoded.records[2].level, Level::error);
  EXPECT_EQ(property(decoded.records[2], "handled"), "false");
  EXPECT_EQ(decoded.records[3].trace, "4bf92f35");
  EXPECT_EQ(decoded.records[4].value, 61000);
}

TEST(OwnBatch, SentAgainItHasTheSameIds) {
  const Decoded first = read(example);
  const Decoded again = read(example);
  for (std::size_t i = 0; i < first.records.size(); ++i) {
    EXPECT_EQ(first.records[i].id, again.records[i].id);
    for (std::size_t j = 0; j < i; ++j) EXPECT_NE(first.records[i].id, first.records[j].id);
  }
}

TEST(OwnBatch, ARecordOverridesTheContext) {
  const Decoded decoded = read(batch(
      R"({"kind":"event","name":"a","session":"s-2","scene":"wx-1007","network":"5G","page":"/p/b","page_view":"v",)"
      R"("trace":"t","level":"warning","text":"hello","props":{"language":"en"}},{"kind":"event","name":"b"})",
      R"(,"context":{"session":"s-1","scene":1011,"network":"wifi","page":"p/a?x=1","language":"zh"})"));
  ASSERT_EQ(decoded.records.size(), 2U);
  const Record& a = decoded.records[0];
  EXPECT_EQ(a.session + " " + a.network + " " + a.page + " " + a.page_view + " " + a.trace + " " + a.text,
            "s-2 5g p/b v t hello");
  EXPECT_EQ(a.scene, 1007);
  EXPECT_EQ(a.level, Level::warn);
  EXPECT_EQ(property(a, "language"), R"("en")");
  const Record& b = decoded.records[1];
  EXPECT_EQ(b.session + " " + b.network + " " + b.page, "s-1 wifi p/a");
  EXPECT_EQ(b.client_time, 0);
  EXPECT_EQ(b.time, received) << "it said no time";
}

TEST(OwnBatch, TheClockIsCorrected) {
  // The phone is an hour behind, and says so.
  const Decoded decoded = read(R"({"v":1,"install":"k3v9-AAAA_1","batch":1,"sent_at":)" +
                               std::to_string(received - hour_ms) + R"(,"records":[{"kind":"event","name":"a","t":)" +
                               std::to_string(received - hour_ms - 5000) + R"(},{"kind":"event","name":"b","t":5}]})");
  ASSERT_EQ(decoded.records.size(), 2U);
  EXPECT_EQ(decoded.records[0].time, received - 5000);
  EXPECT_EQ(decoded.records[1].time, received);
  EXPECT_EQ(losses(decoded), "adjusted clock_off event 1");
}

TEST(OwnBatch, TheRefererTellsTheBuild) {
  struct Case {
    std::string_view version;
    Build expected;
  };
  for (const Case& c : {Case{"devtools", Build::develop},
                        {"0", Build::unknown},
                        {"17", Build::release},
                        {"", Build::unknown},
                        {"x", Build::unknown}}) {
    Arrival with = arrival();
    with.referer_version = c.version;
    const auto decoded = decode_own(batch(R"({"kind":"event","name":"a"})"), with);
    ASSERT_TRUE(decoded);
    EXPECT_EQ(decoded->records[0].build, c.expected) << c.version;
    const auto said = decode_own(batch(R"({"kind":"event","name":"a"})", R"(,"context":{"build":"trial"})"), with);
    ASSERT_TRUE(said);
    EXPECT_EQ(said->records[0].build, Build::trial);
  }
}

// ---- what is not taken ----

TEST(OwnBatch, RefusesWhatIsNoBatch) {
  const std::string head = R"({"v":1,"install":"k3v9-AAAA_1","batch":1)";
  const std::string bodies[] = {"",
                                "x",
                                "[]",
                                "{}",
                                "null",
                                R"({"v":2,"install":"k3v9-AAAA_1","batch":1,"records":[]})",
                                R"({"v":1,"batch":1,"records":[]})",
                                R"({"v":1,"install":"short","batch":1,"records":[]})",
                                R"({"v":1,"install":"has a blank","batch":1,"records":[]})",
                                R"({"v":1,"install":")" + std::string(65, 'a') + R"(","batch":1,"records":[]})",
                                R"({"v":1,"install":"k3v9-AAAA_1","records":[]})",
                                R"({"v":1,"install":"k3v9-AAAA_1","batch":0})",
                                R"({"v":1,"install":"k3v9-AAAA_1","batch":-1})",
                                R"({"v":1,"install":"k3v9-AAAA_1","batch":1.5})",
                                R"({"v":1,"install":"k3v9-AAAA_1","batch":1e300})",
                                head + R"(,"records":{}})",
                                head + R"(,"records":"x"})",
                                head + R"(,"records":[)",
                                std::string(100000, '['),
                                std::string("\0\0\0", 3)};
  for (const std::string& body : bodies) {
    const auto decoded = decode_own(body, arrival());
    ASSERT_FALSE(decoded) << body.substr(0, 200);
    EXPECT_EQ(decoded.error().code, "telemetry.malformed");
    EXPECT_EQ(decoded.error().kind, ErrorKind::invalid);
  }
  EXPECT_TRUE(read(head + "}").records.empty()) << "a batch may only tell what was dropped";
  EXPECT_EQ(read(head + R"(,"records":null})").batch->number, 1);
}

struct LossCase {
  const char* what;
  std::string record;
  std::string losses;
  bool kept = false;
};

class OwnLosses : public ::testing::TestWithParam<LossCase> {};

// A bad record is told, and the good ones beside it are kept.
TEST_P(OwnLosses, TellsWhatBecameOfARecord) {
  const std::string good = R"({"kind":"event","name":"good"})";
  const Decoded decoded = read(batch(good + "," + GetParam().record + "," + good));
  EXPECT_EQ(decoded.records.size(), GetParam().kept ? 3U : 2U);
  EXPECT_EQ(losses(decoded), GetParam().losses);
  for (const LossNote& note : decoded.losses)
    EXPECT_EQ(note.example.empty(),
              note.reason == "bad_weight" || note.reason == "text_cut" || note.reason == "clock_off");
}

INSTANTIATE_TEST_SUITE_P(
    All, OwnLosses,
    ::testing::Values(LossCase{"a number", "7", "quarantined not_an_object 1"},
                      LossCase{"null", "null", "quarantined not_an_object 1"},
                      LossCase{"a list", R"([{"kind":"event"}])", "quarantined not_an_object 1"},
                      LossCase{"no kind", R"({"name":"a"})", "quarantined unknown_kind 1"},
                      LossCase{"a kind of tomorrow", R"({"kind":"replay","name":"a"})", "quarantined unknown_kind 1"},
                      LossCase{"a kind of another type", R"({"kind":{},"name":"a"})", "quarantined unknown_kind 1"},
                      LossCase{"no name", R"({"kind":"event"})", "quarantined no_name event 1"},
                      LossCase{"an empty name", R"({"kind":"session","name":""})", "quarantined no_name session 1"},
                      LossCase{"a metric without its value", R"({"kind":"performance","name":"a","value":null})",
                               "quarantined no_value performance 1"},
                      LossCase{"a metric that is no number", R"({"kind":"performance","name":"a","value":"x"})",
                               "quarantined no_value performance 1"},
                      LossCase{"properties of another type", R"({"kind":"event","name":"a","props":[1]})",
                               "adjusted props_not_an_object event 1", true},
                      LossCase{"a weight below one", R"({"kind":"event","name":"a","weight":0.5})",
                               "adjusted bad_weight event 1", true},
                      LossCase{"a weight that would spoil every sum", R"({"kind":"event","name":"a","weight":1e300})",
                               "adjusted bad_weight event 1", true},
                      LossCase{"a long name", R"({"kind":"event","name":")" + std::string(300, 'a') + "\"}",
                               "adjusted text_cut event 1", true},
                      LossCase{"a long text", R"({"kind":"log","text":")" + std::string(70000, 'a') + "\"}",
                               "adjusted text_cut log 1", true},
                      LossCase{"a time of tomorrow", R"({"kind":"event","name":"a","t":1795337096714})",
                               "adjusted clock_off event 1", true},
                      LossCase{"too large", R"({"kind":"log","text":")" + std::string(300000, 'a') + "\"}",
                               "refused too_large log 1"},
                      LossCase{
                          "too deep",
                          R"({"kind":"event","name":"a","props":)" + std::string(40, '[') + std::string(40, ']') + "}",
                          "quarantined too_deep event 1"}),
    [](const auto& info) {
      std::string name;
      for (char c : std::string(info.param.what)) name.push_back(c == ' ' ? '_' : c);
      return name;
    });

TEST(OwnBatch, DefaultsOfWhatMayBeLeftOut) {
  const Decoded decoded = read(batch(
      R"({"kind":"log","text":"x"},{"kind":"error","text":"y"},{"kind":"feedback","text":"好"},{"kind":"log","name":"net"})"));
  EXPECT_EQ(names(decoded), "log log\nerror Error\nfeedback feedback\nlog net");
  EXPECT_EQ(decoded.records[0].level, Level::info);
  EXPECT_EQ(decoded.records[1].level, Level::error);
  EXPECT_EQ(decoded.records[2].level, Level::none);
  EXPECT_EQ(losses(decoded), "");
}

TEST(OwnBatch, TextsAreValidAndWithoutNul) {
  const Decoded decoded =
      read(batch("{\"kind\":\"event\",\"name\":\"a\\u0000b\xff\",\"text\":\"\\ud83d\",\"session\":\"\\ude00\","
                 "\"props\":{\"\\u0000\":\"\xe4\"}}"));
  ASSERT_EQ(decoded.records.size(), 1U);
  EXPECT_EQ(decoded.records[0].name,
            "a\xEF\xBF\xBD"
            "b\xEF\xBF\xBD");
  EXPECT_EQ(decoded.records[0].text, "\xEF\xBF\xBD");
  EXPECT_FALSE(decoded.records[0].properties.contains('\0'));
}

TEST(OwnBatch, HasLimits) {
  std::string records;
  for (int i = 0; i < 1500; ++i) records += std::string(i == 0 ? "" : ",") + R"({"kind":"event","name":"a"})";
  const Decoded many = read(batch(records));
  EXPECT_EQ(many.records.size(), 1000U);
  EXPECT_EQ(losses(many), "refused too_many_records 500");
  DecodeLimits limits;
  limits.records_max = 2;
  EXPECT_EQ(lost(read(batch(records), limits), Fate::refused), 1498);
}

TEST(OwnBatch, WhatTheClientDroppedIsItsWordWithinLimits) {
  const Decoded decoded = read(batch(
      "",
      R"(,"dropped":[{"reason":"sampled","kind":"event","count":3},{"reason":"sampled","kind":"event","count":4},)"
      R"({"reason":"<b>","kind":"事件","count":1},{"reason":"storage","count":1e18},{"reason":"storage","count":-5},)"
      R"({"reason":"storage"},7,null,{"count":2}])"));
  EXPECT_EQ(losses(decoded),
            "client_dropped other 2\nclient_dropped other other 1\nclient_dropped sampled event 7\n"
            "client_dropped storage 1000000");
  std::string many;
  for (int i = 0; i < 500; ++i)
    many += std::string(i == 0 ? "" : ",") + R"({"reason":"r)" + std::to_string(i) + R"(","count":1})";
  const Decoded merged = read(batch("", R"(,"dropped":[)" + many + "]"));
  EXPECT_LE(merged.losses.size(), 65U);
  EXPECT_EQ(lost(merged, Fate::client_dropped), 500) << "none is forgotten";
}

TEST(OwnBatch, SurvivesDamageOfAnyKind) {
  SeededRandom random(31);
  for (int round = 0; round < 5000; ++round) {
    std::string body = example;
    for (std::uint64_t i = 0; i <= random.below(4); ++i) body[random.below(body.size())] = random.bytes(1)[0];
    if (random.below(4) == 0) body.resize(random.below(body.size()));
    if (const auto decoded = decode_own(body, arrival())) testing::expect_tidy(*decoded);
  }
}

TEST(OwnBatch, AMillionNamesAndDeepNestsAreBoundedWork) {
  std::string names_of_many = "{";
  for (int i = 0; i < 1'000'000; ++i)
    names_of_many.append(i == 0 ? "\"" : ",\"").append(std::to_string(i)).append("\":1");
  names_of_many.push_back('}');
  EXPECT_EQ(losses(read(batch(R"({"kind":"event","name":"a","props":)" + names_of_many + "}"))),
            "refused too_large event 1");
  EXPECT_EQ(read(batch(R"({"kind":"event","name":"a"})", R"(,"context":)" + names_of_many)).records.size(), 1U);
  std::string small;
  for (int i = 0; i < 2000; ++i) small += std::string(i == 0 ? "" : ",") + "{}";
  EXPECT_EQ(losses(read(batch(small))), "quarantined unknown_kind 1000\nrefused too_many_records 1000");
}

}  // namespace
}  // namespace miniops::telemetry::own_test
