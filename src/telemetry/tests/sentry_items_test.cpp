// What becomes of each item of an envelope: errors, transactions, sessions, logs.
#include <gtest/gtest.h>

#include "telemetry/tests/decoded.hpp"

namespace miniops::telemetry::sentry_items_test {
namespace {

using testing::losses;
using testing::names;
using testing::properties;
using testing::property;

constexpr TimeMs received = 1795237780000;

Decoded item(const std::string& type, const std::string& payload, const std::string& header = "{}") {
  Arrival arrival;
  arrival.received_at = received;
  auto decoded = decode_sentry_envelope(header + "\n{\"type\":\"" + type + "\"}\n" + payload, arrival);
  EXPECT_TRUE(decoded) << payload;
  if (!decoded) return {};
  testing::expect_tidy(*decoded);
  return std::move(*decoded);
}

Record only(const Decoded& decoded) {
  EXPECT_EQ(decoded.records.size(), 1U) << losses(decoded);
  return decoded.records.empty() ? Record{} : decoded.records[0];
}

Record event(const std::string& payload) { return only(item("event", payload)); }

// ---- errors and messages ----

TEST(SentryEvents, AreErrorsOrLogs) {
  struct Case {
    const char *payload, *name, *text;
    Level level;
  };
  for (const Case& c : {
           Case{R"({"message":"m"})", "log log", "m", Level::info},
           {R"({"message":"m","level":"warning","logger":"pay"})", "log pay", "m", Level::warn},
           {R"({"message":"m","level":"error"})", "error Message", "m", Level::error},
           {R"({"message":"m","level":"fatal","logger":"pay"})", "error pay", "m", Level::fatal},
           {R"({"message":{"message":"a %s","formatted":"a b","params":["b"]}})", "log log", "a b", Level::info},
           {R"({"logentry":{"message":"raw"}})", "log log", "raw", Level::info},
           {R"({"exception":{"values":[{"type":"E","value":"v"}]}})", "error E", "v", Level::error},
           {R"({"exception":[{"type":"E","value":"v"}],"level":"info"})", "error E", "v", Level::info},
           {R"({"exception":{"type":"E","value":"v"}})", "error E", "v", Level::error},
           {R"({"exception":{"values":[{"value":"v"}]}})", "error Error", "v", Level::error},
           {R"({"exception":{"values":[{"type":"Cause"},null,{"type":"Last","value":{"a":1}}]}})", "error Last",
            R"({"a":1})", Level::error},
           {R"({"exception":{"values":[]},"message":"m"})", "log log", "m", Level::info},
           {R"({"message":"内存不足告警: Android","level":"info"})", "error MemoryWarning", "内存不足告警: Android",
            Level::error},
           {R"({"exception":[{"type":"RangeError","value":"页面无法找到: a"}]})", "error RangeError", "页面无法找到: a",
            Level::error},
       }) {
    const Decoded decoded = item("event", c.payload);
    EXPECT_EQ(names(decoded), c.name) << c.payload;
    EXPECT_EQ(only(decoded).text, c.text) << c.payload;
    EXPECT_EQ(only(decoded).level, c.level) << c.payload;
  }
  for (const char* empty : {"{}", R"({"level":"error"})", R"({"exception":[]})", R"({"message":7.5e400})"})
    EXPECT_EQ(losses(item("event", empty)), "quarantined empty_event event 1") << empty;
}

TEST(SentryEvents, TimesComeInTwoForms) {
  struct Case {
    const char* timestamp;
    TimeMs expected;
  };
  for (const Case& c : {Case{"1795237778.646", 1795237778646},
                        {R"("2026-11-21T05:09:38.646Z")", 1795237778646},
                        {R"("1795237778.646")", 1795237778646},
                        {"1795237778646", 1795237778646},
                        {"null", 0},
                        {R"("yesterday")", 0},
                        {"-5", 0},
                        {"{}", 0}})
    EXPECT_EQ(event(std::string(R"({"message":"m","timestamp":)") + c.timestamp + "}").client_time, c.expected)
        << c.timestamp;
}

TEST(SentryEvents, WechatsErrorsAreTakenApartWhoeverSendsThem) {
  const Record r = event(R"({"sdk":{"name":"other","version":"2"},"exception":{"values":[{"type":"Error","value":)"
                         R"x("MiniProgramError\nx is not defined;at pages/cart/cart page onLoad function\n)x"
                         R"x(ReferenceError: x is not defined\n    at a (https://usr/pages/cart/cart.js:1:2)",)x"
                         R"("mechanism":{"type":"generic","handled":true,"data":{"k":1}}}]}})");
  EXPECT_EQ(r.name, "ReferenceError");
  EXPECT_EQ(r.text, "x is not defined");
  EXPECT_EQ(r.page, "pages/cart/cart");
  const json::object all = properties(r);
  EXPECT_EQ(all.at("handled"), false);
  EXPECT_EQ(json::serialize(all.at("exception").at(0).at("mechanism")),
            R"({"type":"onerror","handled":false,"data":{"k":1}})");
  // A text that names no frames: the client's are the SDK's own.
  const Record no_frames = event(
      R"({"exception":[{"type":"Error","value":"APP-SERVICE-SDK:fail","stacktrace":{"frames":[{"filename":"a.js"}]}}]})");
  EXPECT_EQ(no_frames.name, "APP-SERVICE-SDK");
  EXPECT_EQ(properties(no_frames).at("exception").at(0).at("frames").at(0).at("in_app"), false);
}

TEST(SentryEvents, OnlyTheOldClientWrapsRejections) {
  const auto name_of = [](const std::string& version, const std::string& type) {
    return event(R"({"sdk":{"name":"sentry.javascript.miniapp","version":")" + version +
                 R"("},"exception":[{"type":")" + type + R"(","value":"TypeError: x"}]})")
        .name;
  };
  EXPECT_EQ(name_of("0.11.0", "Error"), "TypeError");
  EXPECT_EQ(name_of("0.11.0", "MyError"), "MyError");
  EXPECT_EQ(name_of("1.19.0", "Error"), "Error");
}

TEST(SentryEvents, FramesHaveOneForm) {
  const Record r = event(
      R"({"exception":[{"type":"E","stacktrace":{"frames":[)"
      R"({"filename":"https://usr/pages/a.js?x","function":"f","lineno":3,"colno":100001,"in_app":true,"vars":{"a":1}},)"
      R"({"filename":"npm/b.js","in_app":true},{"abs_path":"app:///c.js","in_app":false,"context_line":"x"},7,{}]}}]})");
  EXPECT_EQ(json::serialize(properties(r).at("exception").at(0).at("frames")),
            R"([{"filename":"app:///pages/a.js","function":"f","lineno":3,"colno":100001,"in_app":true},)"
            R"({"filename":"app:///npm/b.js","in_app":false},)"
            R"({"filename":"app:///c.js","context_line":"x","in_app":false},{"in_app":false}])");
  std::string frames;
  for (int i = 0; i < 300; ++i)
    frames += std::string(i == 0 ? "" : ",") + R"({"filename":"a.js","lineno":)" + std::to_string(i) + "}";
  const auto kept = properties(event(R"({"exception":[{"type":"E","stacktrace":{"frames":[)" + frames + "]}}]}"))
                        .at("exception")
                        .at(0)
                        .at("frames")
                        .as_array();
  ASSERT_EQ(kept.size(), 100U);
  EXPECT_EQ(kept.back().at("lineno"), 299) << "the newest are kept: the last is the one that failed";
}

TEST(SentryEvents, WhoAndWhere) {
  const std::string openid = "oABCdefGHIjklMNOpqrSTUvwxYZ1";
  const auto user = [](const std::string& fields) { return event(R"({"message":"m","user":)" + fields + "}").user; };
  EXPECT_EQ(user(R"({"id":"u-7"})"), (UserIds{"u-7", "", "", ""}));
  EXPECT_EQ(user(R"({"id":7})"), (UserIds{"7", "", "", ""}));
  EXPECT_EQ(user(R"({"id":")" + openid + "\"}"), (UserIds{"", "", openid, ""}));
  EXPECT_EQ(user(R"({"id":"u-7","openid":"o1","unionid":"n1"})"), (UserIds{"u-7", "n1", "o1", ""}));
  EXPECT_EQ(user(R"({"id":"o1","openid":"o1"})"), (UserIds{"", "", "o1", ""}));
  EXPECT_EQ(user(R"({"id":"[undefined]","username":"zhang"})"), (UserIds{"zhang", "", "", ""}));
  const Record r = event(R"({"message":"m","user":{"id":"1","ip_address":"1.2.3.4","email":"a@b"}})");
  EXPECT_EQ(property(r, "user"), R"({"email":"a@b"})") << "the address is not kept";

  const auto page = [](const std::string& fields) { return event(R"({"message":"m",)" + fields + "}").page; };
  EXPECT_EQ(page(R"("extra":{"routers":[{"route":"p/a","options":{"phone":"1"}},{"route":"p/b"}]})"), "p/b");
  EXPECT_EQ(page(R"("contexts":{"route":{"current":"/p/c?x=1"}})"), "p/c");
  EXPECT_EQ(page(R"("breadcrumbs":{"values":[{"data":{"page":"p/a"}},{"data":{"page":"p/d"}},{"data":7},{}]})"), "p/d");
  EXPECT_EQ(page(R"("tags":{"route":"p/e"})"), "p/e");
  EXPECT_EQ(page(R"("transaction":"pages/f/f")"), "pages/f/f");
  EXPECT_EQ(page(R"("transaction":"GET /x")"), "");

  struct Environment {
    const char* text;
    Build build;
  };
  for (const Environment& c : {Environment{"release", Build::release},
                               {"production", Build::release},
                               {"trial", Build::trial},
                               {"staging", Build::trial},
                               {"Develop", Build::develop},
                               {"qa", Build::unknown}})
    EXPECT_EQ(event(std::string(R"({"message":"m","environment":")") + c.text + "\"}").build, c.build) << c.text;
  EXPECT_EQ(event(R"({"message":"m","release":"1.4.2"})").release, "1.4.2");
  EXPECT_EQ(event(R"({"message":"m","contexts":{"app":{"app_version":"1.5"}}})").release, "1.5");
}

TEST(SentryEvents, TheRestIsKept) {
  const Record r = event(
      R"({"message":"m","tags":[["a","1"],["b",2],["c"],7],"fingerprint":["x"],"extra":{"u":"[undefined]","k":[1]},)"
      R"("request":{"url":"p"},"modules":{"m":"1"},"contexts":{"custom":{"a":1},"device":{"brand":"B","memory":8},)"
      R"("trace":{"trace_id":"t"},"odd":7},"breadcrumbs":[{"message":"tap"}],"debug_meta":{"images":[]}})");
  const json::object all = properties(r);
  EXPECT_EQ(json::serialize(all.at("tags")), R"({"a":"1","b":2})");
  EXPECT_EQ(json::serialize(all.at("fingerprint")), R"(["x"])");
  EXPECT_EQ(json::serialize(all.at("extra")), R"({"k":[1]})");
  EXPECT_EQ(json::serialize(all.at("contexts")), R"({"custom":{"a":1},"device":{"memory":8}})");
  EXPECT_EQ(json::serialize(all.at("breadcrumbs")), R"([{"message":"tap"}])");
  EXPECT_TRUE(all.contains("request") && all.contains("debug_meta"));
  EXPECT_FALSE(all.contains("modules"));
  EXPECT_EQ(r.device.brand, "B");
  EXPECT_EQ(r.trace, "t");
}

// ---- transactions ----

std::string transaction(const std::string& more) {
  return R"({"type":"transaction","transaction":"pages/a/a","start_timestamp":1795237770,"timestamp":1795237771.5)" +
         more + "}";
}

TEST(SentryTransactions, SpansAndMeasurementsAreRecords) {
  const Decoded decoded = item(
      "transaction",
      transaction(
          R"(,"contexts":{"trace":{"op":"ui.load","status":"ok","data":{"sentry.sample_rate":0.25,"x":1}}},"spans":[)"
          R"({"op":"http.client","description":"POST https://api.example/order/123?token=secret","span_id":"1",)"
          R"("start_timestamp":1795237770,"timestamp":1795237770.25,"status":"not_found",)"
          R"("data":{"http.response.status_code":404,"url.query":"?token=secret","http.query":"token=secret","retries":2}},)"
          R"({"op":"db","span_id":"2","start_timestamp":"2026-11-21T05:09:30Z","timestamp":"2026-11-21T05:09:30.100Z"},)"
          R"({"op":"bad","start_timestamp":5,"timestamp":4},{"op":"bad"},7],)"
          R"("measurements":{"fp":{"value":1.2,"unit":"second"},"mem":{"value":5,"unit":"megabyte"},"bad":{"unit":"x"}})"));
  EXPECT_EQ(names(decoded),
            "performance pages/a/a\nperformance request\nperformance db\nperformance fp\nperformance mem");
  EXPECT_EQ(losses(decoded), "quarantined bad_measurement measurement 1\nquarantined bad_span span 3");
  for (const Record& record : decoded.records) {
    EXPECT_EQ(record.weight, 4);
    EXPECT_EQ(record.page, "pages/a/a");
    EXPECT_FALSE(record.properties.contains("secret")) << record.properties;
  }
  EXPECT_EQ(decoded.records[0].value, 1500);
  EXPECT_EQ(property(decoded.records[0], "data"), R"({"x":1})");
  const Record& request = decoded.records[1];
  EXPECT_EQ(request.value, 250);
  EXPECT_EQ(property(request, "method"), R"("POST")");
  EXPECT_EQ(property(request, "url"), R"("https://api.example/order/:id")");
  EXPECT_EQ(property(request, "status"), "404");
  EXPECT_EQ(property(request, "outcome"), R"("not_found")");
  EXPECT_EQ(property(request, "data"), R"({"retries":2})");
  EXPECT_EQ(decoded.records[2].value, 100);
  EXPECT_EQ(decoded.records[3].value, 1200);
  EXPECT_EQ(property(decoded.records[3], "unit"), R"("millisecond")");
  EXPECT_EQ(decoded.records[4].value, 5);
  EXPECT_EQ(property(decoded.records[4], "unit"), R"("megabyte")");
}

TEST(SentryTransactions, HaveLimits) {
  EXPECT_EQ(losses(item("transaction", R"({"transaction":"t","timestamp":5})")),
            "quarantined no_duration transaction 1");
  EXPECT_EQ(losses(item("transaction", R"({"transaction":"t","timestamp":5,"start_timestamp":6})")),
            "quarantined no_duration transaction 1");
  EXPECT_EQ(names(item("transaction", R"({"timestamp":1795237771,"start_timestamp":1795237770})")),
            "performance transaction");
  std::string spans;
  for (int i = 0; i < 1100; ++i)
    spans += std::string(i == 0 ? "" : ",") + R"({"op":"o","span_id":")" + std::to_string(i) +
             R"(","start_timestamp":1795237770,"timestamp":1795237771})";
  const Decoded many =
      item("transaction", transaction(",\"spans\":[" + spans + "],\"measurements\":{\"fp\":{\"value\":1}}"));
  EXPECT_EQ(many.records.size(), 1000U);
  EXPECT_EQ(losses(many), "refused too_many_records measurement 1\nrefused too_many_records span 101");
  for (const char* rate : {"0", "-1", "7", "\"x\"", "1e-300"}) {
    const Decoded odd =
        item("transaction",
             transaction(std::string(R"(,"contexts":{"trace":{"data":{"sentry.sample_rate":)") + rate + "}}}"));
    EXPECT_GE(only(odd).weight, 1) << rate;
    EXPECT_LE(only(odd).weight, 100000) << rate;
  }
}

// ---- sessions ----

TEST(SentrySessions, UpdatesAreRecords) {
  const Record r = only(
      item("session",
           R"({"sid":"s","seq":3,"status":"crashed","errors":0,"duration":60.5,"started":"2026-11-21T05:08:00Z",)"
           R"("timestamp":"2026-11-21T05:09:00Z","did":"u","attrs":{"release":"shop@1.4.2","environment":"trial"}})"));
  EXPECT_EQ(r.name, "crashed");
  EXPECT_EQ(r.value, 60500);
  EXPECT_EQ(r.session, "s");
  EXPECT_EQ(r.release, "1.4.2");
  EXPECT_EQ(r.build, Build::trial);
  EXPECT_EQ(property(r, "errors"), "1") << "who crashed had one";
  EXPECT_EQ(property(r, "seq"), "3");
  const auto id = [](const std::string& rest) { return only(item("session", R"({"sid":"s",)" + rest + "}")).id; };
  EXPECT_EQ(id(R"("seq":1,"errors":1)"), id(R"("seq":1,"errors":2)")) << "the number names it";
  EXPECT_NE(id(R"("seq":1)"), id(R"("seq":2)"));
  EXPECT_NE(id(R"("errors":1)"), id(R"("errors":2)"));
  EXPECT_EQ(losses(item("session", R"({"sid":"s","status":"dancing"})")), "quarantined bad_status session 1");
}

TEST(SentrySessions, SumsWeighWhatTheyCount) {
  const Decoded decoded = item(
      "sessions",
      R"({"aggregates":[{"started":"2026-11-21T05:08:00Z","exited":40,"crashed":2,"errored":0,"did":"u"},{"exited":1e300},7],)"
      R"("attrs":{"release":"shop@1.4.2","environment":"release"}})");
  EXPECT_EQ(names(decoded), "session exited\nsession crashed");
  EXPECT_EQ(decoded.records[0].weight, 40);
  EXPECT_EQ(decoded.records[1].weight, 2);
  EXPECT_EQ(decoded.records[1].client_time, 1795237680000);
  EXPECT_NE(decoded.records[0].id, decoded.records[1].id);
  EXPECT_EQ(losses(decoded), "quarantined empty_aggregate sessions 2");
  EXPECT_EQ(losses(item("sessions", "{}")), "quarantined no_aggregates sessions 1");
}

// ---- the rest ----

TEST(SentryReports, AreTheClientsWord) {
  EXPECT_EQ(
      losses(item(
          "client_report",
          R"({"discarded_events":[{"reason":"queue_overflow","category":"error","quantity":3},)"
          R"({"reason":"queue_overflow","category":"error","quantity":2},{"reason":"sample_rate","category":"transaction","quantity":1},)"
          R"({"reason":"x y","category":"log_item","quantity":1e99},{"quantity":0},7]})")),
      "client_dropped other log_item 1000000\nclient_dropped queue_overflow error 5\n"
      "client_dropped sample_rate transaction 1");
  EXPECT_EQ(losses(item("client_report", "{}")), "quarantined no_discarded_events client_report 1");
}

TEST(SentryFeedback, NeedsWords) {
  EXPECT_EQ(losses(item("feedback", R"({"contexts":{"feedback":{"name":"z"}}})")), "quarantined no_message feedback 1");
  EXPECT_EQ(losses(item("user_report", R"({"comments":""})")), "quarantined no_message user_report 1");
}

TEST(SentryLogs, LinesAreRecords) {
  const Decoded decoded = item(
      "log",
      R"({"items":[{"timestamp":1795237778.5,"level":"warn","body":"a","trace_id":"t","attributes":{"k":{"value":1,"type":"integer"},)"
      R"("user.id":{"value":"u"},"route":{"value":"/p/a?x"},"sentry.sdk.name":{"value":"n"},"sentry.sdk.version":{"value":"1"},"odd":7}},)"
      R"({"body":"b","severity_number":17},{"body":"b","severity_number":17},{"body":{"x":1}},{"body":null},{},7]})");
  EXPECT_EQ(names(decoded), "log log\nlog log\nlog log\nlog log");
  EXPECT_EQ(losses(decoded), "quarantined no_body log 3");
  const Record& a = decoded.records[0];
  EXPECT_EQ(a.text + " " + a.trace + " " + a.page + " " + a.user.login_id + " " + a.sdk, "a t p/a u n/1");
  EXPECT_EQ(a.level, Level::warn);
  EXPECT_EQ(a.client_time, 1795237778500);
  EXPECT_EQ(a.properties, R"({"k":1})");
  EXPECT_EQ(decoded.records[1].level, Level::error);
  EXPECT_NE(decoded.records[1].id, decoded.records[2].id) << "the same line twice is two lines";
  EXPECT_EQ(decoded.records[3].text, R"({"x":1})");
  EXPECT_EQ(losses(item("log", "{}")), "quarantined no_items log 1");
}

}  // namespace
}  // namespace miniops::telemetry::sentry_items_test
