// Which errors are one issue: with what real clients sent, and in tables.
#include "issues/grouping.hpp"

#include "telemetry/tests/decoded.hpp"

namespace miniops::issues::grouping_test {
namespace {

using telemetry::Record;

const AppId app{"wx1"};

Record own_record(std::string name, std::string text, const json::object& properties) {
  Record record;
  record.kind = telemetry::Kind::error;
  record.protocol = "miniops";
  record.name = std::move(name);
  record.text = std::move(text);
  record.page = "pages/index/index";
  record.properties = json::serialize(properties);
  return record;
}

Failure read(const Record& record) {
  telemetry::Json json;
  return failure_of(record, json);
}

// "stack: type=TypeError, frame=buy in pages/index/index.js"
std::string words(const Key& key) {
  std::string out;
  for (const KeyPart& part : key.parts) out += fmt::format("{}{}={}", out.empty() ? "" : ", ", part.name, part.value);
  return key.rule + ": " + out;
}
std::string key_words(const Record& record) { return words(key_v1(read(record), record.page)); }
std::int64_t id(const Record& record) { return id_of(app, key_v1(read(record), record.page)); }

Record thrown(std::string type, std::string message, std::string stack) {
  return own_record(std::move(type), std::move(message), {{"stack", std::move(stack)}});
}

// ---- captured requests ----

std::vector<std::string> keys_of_sample(const std::string& file) {
  const bool store = file.contains("store");
  std::vector<std::string> out;
  for (const auto& sample : telemetry::testing::samples(file)) {
    telemetry::Arrival arrival;
    arrival.received_at = 1795237780000;
    arrival.query = sample.query;
    const auto decoded =
        store ? decode_sentry_store(sample.body, arrival) : decode_sentry_envelope(sample.body, arrival);
    EXPECT_TRUE(decoded);
    for (const Record& record : decoded->records)
      if (record.kind == telemetry::Kind::error) out.push_back(key_words(record));
  }
  return out;
}

TEST(Grouping, TheCapturedErrorsOfSentrysOldClient) {
  const std::vector<std::string> expected{"stack: type=TypeError, frame=buy in app/s1.js, frame=app/s1.js:6",
                                          "stack: type=TypeError, frame=buy in pages/index/index.js",
                                          "message: type=Error, message=timeout",
                                          "resource: resource=PageNotFound, message=页面无法找到: pages/gone/gone",
                                          "page: type=MemoryWarning, page=pages/index/index, memory=low"};
  EXPECT_EQ(keys_of_sample("sentry-miniapp-0.11.0-store"), expected);
}

TEST(Grouping, TheCapturedErrorsOfSentrysNewClient) {
  const auto keys = keys_of_sample("sentry-miniapp-1.19-envelope");
  ASSERT_GE(keys.size(), 3u);
  EXPECT_EQ(keys.front(), "stack: type=TypeError, frame=app/s4.js:7, frame=app/s4.js:19");
  EXPECT_EQ(keys.back(), "stack: type=ReferenceError, frame=buy in pages/index/index.js");
}

// ---- stacks ----

TEST(Grouping, TheSamePlaceIsTheSameIssueOnBothSystems) {
  const Record android = thrown("TypeError", "Cannot read property 'price' of undefined",
                                "TypeError: Cannot read property 'price' of undefined\n"
                                "    at Object.buy (https://usr/pages/index/index.js:12:9)\n"
                                "    at HTMLElement.<anonymous> (WASubContext.js:1:2)");
  const Record ios = thrown("TypeError", "undefined is not an object (evaluating 'item.price')",
                            "buy@https://usr/pages/index/index.js:12:31\n@WASubContext.js:1:2");
  EXPECT_EQ(key_words(android), "stack: type=TypeError, frame=buy in pages/index/index.js");
  EXPECT_EQ(id(android), id(ios));
}

TEST(Grouping, LinesColumnsAndHashesOfABuildDoNotMatterWhereAFunctionIsKnown) {
  const auto stack = [](int line, const char* hash) {
    return thrown("TypeError", "x", fmt::format("TypeError: x\n    at load (app:///js/cart.{}.js:{}:7)", hash, line));
  };
  EXPECT_EQ(id(stack(3, "3f2a9c1b")), id(stack(99, "77aa01ef")));
}

TEST(Grouping, WithoutAFunctionTheLineMatters) {
  const auto stack = [](int line) {
    return thrown("TypeError", "x", fmt::format("TypeError: x\n    at pages/index/index.js:{}:1", line));
  };
  EXPECT_NE(id(stack(3)), id(stack(4)));
}

TEST(Grouping, AMinifiedBundleIsCompletedByTheMessage) {
  const auto stack = [](std::string message, int column) {
    return thrown("TypeError", std::move(message),
                  fmt::format("TypeError: x\n    at t (https://usr/appservice.app.js:1:{})\n"
                              "    at e.n (https://usr/appservice.app.js:1:204511)",
                              column));
  };
  EXPECT_EQ(key_words(stack("order 918 is gone", 123456)),
            "stack: type=TypeError, message=order <number> is gone, frame=app-service.js");
  EXPECT_EQ(id(stack("order 918 is gone", 123456)), id(stack("order 7 is gone", 9999)));
  EXPECT_NE(id(stack("order 918 is gone", 123456)), id(stack("no network", 123456)));
}

TEST(Grouping, LibrariesAndMonitorsAreNotTheApp) {
  const Record record = thrown("Error", "boom",
                               "Error: boom\n    at report (https://usr/miniops.js:1:9)\n"
                               "    at wrapped (https://usr/sentry-miniapp/index.js:5:9)\n"
                               "    at push (https://usr/miniprogram_npm/vant/list.js:5:9)\n"
                               "    at pay (https://usr/pages/pay/index.js:8:2)\n    at WAService.js:2:1");
  EXPECT_EQ(key_words(record), "stack: type=Error, frame=pay in pages/pay/index.js");
  const Record none = thrown("Error", "boom 17", "Error: boom 17\n    at WAService.js:2:1");
  EXPECT_EQ(key_words(none), "message: type=Error, message=boom <number>");
}

TEST(Grouping, RecursionIsOneFrameAndDeepStacksEnd) {
  std::string stack = "RangeError: Maximum call stack size exceeded";
  for (int i = 0; i < 60; ++i) stack += "\n    at walk (pages/tree/index.js:4:9)";
  stack += "\n    at onLoad (pages/tree/index.js:1:1)";
  EXPECT_EQ(key_words(thrown("RangeError", "Maximum call stack size exceeded", stack)),
            "stack: type=RangeError, frame=walk in pages/tree/index.js, frame=onLoad in pages/tree/index.js");
}

TEST(Grouping, TheTypeTellsApartWhatFailsInOnePlace) {
  const std::string place = "\n    at pay (pages/pay/index.js:8:2)";
  EXPECT_NE(id(thrown("TypeError", "a", "TypeError: a" + place)), id(thrown("Error", "a", "Error: a" + place)));
}

// ---- the client's own grouping ----

TEST(Grouping, TheClientsFingerprintGoesBeforeAll) {
  const auto with = [](json::value fingerprint) {
    return own_record("Error", "any 1", {{"fingerprint", std::move(fingerprint)}});
  };
  EXPECT_EQ(key_words(with(json::array{"pay", "v2"})), "fingerprint: fingerprint=pay, fingerprint=v2");
  EXPECT_EQ(key_words(with("pay")), "fingerprint: fingerprint=pay");
  EXPECT_EQ(key_words(with(json::array{"{{ default }}"})), "message: type=Error, message=any <number>");
  EXPECT_EQ(key_words(with(json::array{"{{ default }}", "vip"})),
            "fingerprint: type=Error, message=any <number>, fingerprint=vip");
  EXPECT_EQ(key_words(with(json::array{})), "message: type=Error, message=any <number>");
  EXPECT_EQ(key_words(with(json::object{{"a", 1}})), "message: type=Error, message=any <number>");
}

// ---- the other kinds ----

TEST(Grouping, EachKindHasItsRule) {
  struct Case {
    Record record;
    Kind kind;
    std::string key;
  };
  const auto request = [](int status, std::string message) {
    return own_record("request_failed", message,
                      {{"api", "request"},
                       {"method", "POST"},
                       {"url", "https://api.shop.example/order/:id"},
                       {"status", status},
                       {"errMsg", message}});
  };
  const std::string place = "network: method=POST, url=https://api.shop.example/order/:id, outcome=";
  const Case cases[] = {
      {own_record("api:getLocation", "getLocation:fail auth deny", {{"api", "getLocation"}, {"errno", 3}}), Kind::api,
       "api: api=getLocation, errno=3"},
      {own_record("api:requestPayment", "requestPayment:fail order 918", {{"api", "requestPayment"}}), Kind::api,
       "api: api=requestPayment, message=requestPayment:fail order <number>"},
      {request(500, "POST x 500"), Kind::network, place + "5xx"},
      {request(503, "POST x 503"), Kind::network, place + "5xx"},
      {request(404, "POST x 404"), Kind::network, place + "4xx"},
      {request(0, "request:fail timeout"), Kind::network, place + "timeout"},
      {request(0, "request:fail url not in domain list"), Kind::network, place + "domain"},
      {request(0, "request:fail ssl hand shake error"), Kind::network, place + "tls"},
      {request(0, "request:fail"), Kind::network, place + "failed"},
      {own_record("request_failed", "ajax bad", {}), Kind::network, "message: type=request_failed, message=ajax bad"},
      {own_record("resource:image", "404 (Not Found)", {{"type", "image"}, {"url", "https://img.example/:id.jpg"}}),
       Kind::resource, "resource: resource=resource:image, url=https://img.example/:id.jpg"},
      {own_record("page_not_found", "pages/gone", {}), Kind::resource,
       "resource: resource=page_not_found, message=pages/gone"},
      {own_record("lazy_load_error", "loadSubpackage: timeout", {}), Kind::resource,
       "resource: resource=lazy_load_error, message=loadSubpackage: timeout"},
      {own_record("suspected_blank_screen", "pages/index/index", {}), Kind::blank_screen,
       "page: type=suspected_blank_screen, page=pages/index/index"},
      {own_record("suspected_abnormal_end", "the session before did not end", {{"memory_warning", true}}), Kind::crash,
       "page: type=suspected_abnormal_end, page=pages/index/index, memory=low"},
  };
  for (const Case& one : cases) {
    EXPECT_EQ(read(one.record).kind, one.kind) << one.record.name;
    EXPECT_EQ(key_words(one.record), one.key);
  }
}

TEST(Grouping, AHeadlineSaysWhatAndWhere) {
  const Headline js =
      headline_of(read(thrown("TypeError", "x is null\nmore", "TypeError: x\n    at pay (pages/pay.js:8:2)")), "p");
  EXPECT_EQ(js.title, "TypeError: x is null");
  EXPECT_EQ(js.culprit, "pay (pages/pay.js)");
  const Headline api = headline_of(read(own_record("api:login", "login:fail", {{"api", "login"}})), "pages/me");
  EXPECT_EQ(api.title, "wx.login: login:fail");
  EXPECT_EQ(api.culprit, "pages/me");
  const Headline network = headline_of(
      read(own_record("request_failed", "m", {{"method", "GET"}, {"url", "https://a.example/x"}, {"status", 502}})),
      "p");
  EXPECT_EQ(network.title, "GET https://a.example/x: 502");
  EXPECT_EQ(network.culprit, "https://a.example/x");
  const Headline key = headline_of(Key{1, "stack", {{"type", "Error"}, {"message", "m"}, {"frame", "a in b.js"}}});
  EXPECT_EQ(key.title, "Error: m");
  EXPECT_EQ(key.culprit, "a in b.js");
}

TEST(Grouping, AnIdIsPositiveAndTellsApartMiniProgramsVersionsRulesAndParts) {
  const Key key{1, "stack", {{"type", "a"}, {"frame", "b"}}};
  std::set<std::int64_t> ids{id_of(app, key), id_of(AppId("wx2"), key)};
  for (Key other : {Key{2, key.rule, key.parts}, Key{1, "message", key.parts}, Key{1, "stack", {{"type", "ab"}}},
                    Key{1, "stack", {{"frame", "b"}, {"type", "a"}}}, Key{1, "stack", {{"type", "a\nframe:1:b"}}}})
    ids.insert(id_of(app, other));
  EXPECT_EQ(ids.size(), 7u);
  EXPECT_GT(*ids.begin(), 0);
  EXPECT_EQ(id_of(app, key), id_of(app, key));
  EXPECT_EQ(key_parts_of(to_json(key.parts)), key.parts);
}

// ---- another version of the rule ----

Key key_by_message_alone(const Failure& failure, const std::string&) {
  return {2, "message", {{"message", failure.thrown().message}}};
}

TEST(Grouping, ANewRuleShowsWhatItWouldPutTogetherAndTakeApart) {
  const auto at = [](const char* function, const char* message) {
    return std::pair(read(thrown("Error", message, fmt::format("Error: x\n    at {} (pages/a.js:8:2)", function))),
                     std::string());
  };
  // pay and load fail with one message: together. show fails with two: apart. hide is the same under both.
  const std::vector failures{at("pay", "one"),  at("pay", "one"),    at("load", "one"),
                             at("show", "two"), at("show", "three"), at("hide", "four")};
  const auto changes = preview(failures, &key_v1, &key_by_message_alone);
  ASSERT_EQ(changes.size(), 4u);
  EXPECT_EQ(changes.front().count, 2);
  EXPECT_EQ(words(changes.front().before), "stack: type=Error, frame=pay in pages/a.js");
  EXPECT_EQ(words(changes.front().after), "message: message=one");
  for (const Regrouped& change : changes) EXPECT_EQ(words(change.before).find("hide"), std::string::npos);
  EXPECT_TRUE(preview(failures, &key_v1, &key_v1).empty());
}

// ---- hostile records ----

TEST(Grouping, WhateverARecordHoldsItHasAKey) {
  for (const char* properties :
       {"", "[]", "null", "{\"exception\":7}", "{\"exception\":[]}", "{\"exception\":[1,null,{}]}",
        "{\"exception\":[{\"frames\":[1,{\"lineno\":-5,\"colno\":1e300,\"filename\":7}]}]}", "{\"stack\":{\"a\":1}}",
        "{\"fingerprint\":[null,{},[]]}", "{\"status\":\"5e1\",\"url\":\"::::\"}", "{broken"}) {
    Record record = own_record("request_failed", "", {});
    record.properties = properties;
    EXPECT_GT(id(record), 0) << properties;
    record.name = "";
    EXPECT_GT(id(record), 0) << properties;
  }
}

}  // namespace
}  // namespace miniops::issues::grouping_test
