// OpenTelemetry's logs in JSON.
#include "telemetry/tests/decoded.hpp"

namespace miniops::telemetry::otlp_test {
namespace {

using testing::losses;
using testing::names;
using testing::property;

constexpr TimeMs received = 1795237780000;

Result<Decoded> decoded_of(std::string_view body) {
  Arrival arrival;
  arrival.received_at = received;
  auto decoded = decode_otlp_logs(body, arrival);
  if (decoded) testing::expect_tidy(*decoded);
  return decoded;
}

// One log record within a resource and a scope.
std::string request(std::string_view log, std::string_view attributes = "") {
  return fmt::format(
      R"({{"resourceLogs":[{{"resource":{{"attributes":[{}]}},"scopeLogs":[{{"scope":{{"name":"app"}},"logRecords":[{}]}}]}}]}})",
      attributes, log);
}

Record one(std::string_view log, std::string_view attributes = "") {
  const auto decoded = decoded_of(request(log, attributes));
  EXPECT_TRUE(decoded && decoded->records.size() == 1) << log;
  return decoded && decoded->records.size() == 1 ? decoded->records[0] : Record{};
}

TEST(Otlp, ALogHasItsPlace) {
  const Record record = one(
      R"({"timeUnixNano":"1795237096714000000","severityNumber":9,"severityText":"INFO","body":{"stringValue":"pay ok"},
              "attributes":[{"key":"order","value":{"intValue":"7"}},{"key":"session.id","value":{"stringValue":"s-1"}},
                            {"key":"user.id","value":{"stringValue":"u-1"}}],
              "traceId":"5b8efff798038103d269b633813fc60c","spanId":"eee19b7ec3c1b174"})",
      R"({"key":"service.name","value":{"stringValue":"shop"}},{"key":"service.version","value":{"stringValue":"1.4.2"}},
             {"key":"telemetry.sdk.language","value":{"stringValue":"nodejs"}},{"key":"telemetry.sdk.version","value":{"stringValue":"2.1"}})");
  EXPECT_EQ(record.kind, Kind::log);
  EXPECT_EQ(record.name, "app");
  EXPECT_EQ(record.text, "pay ok");
  EXPECT_EQ(record.level, Level::info);
  EXPECT_EQ(record.client_time, 1795237096714);
  EXPECT_EQ(record.trace, "5b8efff798038103d269b633813fc60c");
  EXPECT_EQ(record.session, "s-1");
  EXPECT_EQ(record.user.login_id, "u-1");
  EXPECT_EQ(record.release, "1.4.2");
  EXPECT_EQ(record.sdk, "opentelemetry-nodejs/2.1");
  EXPECT_EQ(property(record, "order"), "7");
  EXPECT_EQ(property(record, "service.name"), R"("shop")");
  EXPECT_EQ(property(record, "span_id"), R"("eee19b7ec3c1b174")");
}

TEST(Otlp, ValuesKeepTheirTypes) {
  struct Case {
    const char *value, *json;
  };
  for (
      const Case& c :
      {Case{R"({"stringValue":"a\"b"})", R"("a\"b")"}, Case{R"({"boolValue":true})", "true"},
       Case{R"({"intValue":"9007199254740993"})", "9007199254740993"}, Case{R"({"intValue":5})", "5"},
       Case{R"({"intValue":"x"})", R"("x")"}, Case{R"({"doubleValue":0.5})", "5E-1"},
       Case{R"({"arrayValue":{"values":[{"intValue":"1"},{"stringValue":"b"}]}})", R"([1,"b"])"},
       Case{
           R"({"kvlistValue":{"values":[{"key":"k","value":{"boolValue":false}},{"key":"k","value":{"intValue":1}}]}})",
           R"({"k":false})"},
       Case{R"({"bytesValue":"AQI="})", R"("AQI=")"}})
    EXPECT_EQ(property(one(fmt::format(R"({{"body":{{"stringValue":"t"}},"attributes":[{{"key":"v","value":{}}}]}})",
                                       c.value)),
                       "v"),
              c.json)
        << c.value;
}

TEST(Otlp, SeveritiesAreLevels) {
  for (const auto& [number, level] : {std::pair{1, Level::debug},
                                      {8, Level::debug},
                                      {9, Level::info},
                                      {13, Level::warn},
                                      {17, Level::error},
                                      {24, Level::fatal}})
    EXPECT_EQ(one(fmt::format(R"({{"severityNumber":{},"body":{{"stringValue":"t"}}}})", number)).level, level)
        << number;
  EXPECT_EQ(one(R"({"severityText":"Warning","body":{"stringValue":"t"}})").level, Level::warn);
}

TEST(Otlp, AnExceptionIsAnError) {
  const Record record = one(
      R"({"severityNumber":9,"body":{"stringValue":"failed"},"attributes":[{"key":"exception.type","value":{"stringValue":"TypeError"}},
          {"key":"exception.message","value":{"stringValue":"x is null"}},{"key":"exception.stacktrace","value":{"stringValue":"TypeError: x\n at a.js:1:2"}}]})");
  EXPECT_EQ(record.kind, Kind::error);
  EXPECT_EQ(record.name, "TypeError");
  EXPECT_EQ(record.text, "x is null");
  EXPECT_EQ(record.level, Level::error);
  EXPECT_NE(property(record, "stack"), "(none)");
}

TEST(Otlp, ARequestThatIsSentAgainHasTheSameRecords) {
  const std::string body = request(R"({"body":{"stringValue":"a"}},{"body":{"stringValue":"a"}})");
  const auto first = decoded_of(body);
  const auto again = decoded_of(body);
  ASSERT_EQ(first->records.size(), 2U);
  EXPECT_NE(first->records[0].id, first->records[1].id);
  EXPECT_EQ(first->records[0].id, again->records[0].id);
}

TEST(Otlp, BodiesThatAreObjectsBecomeJson) {
  EXPECT_EQ(one(R"({"body":{"kvlistValue":{"values":[{"key":"a","value":{"intValue":"1"}}]}}})").text, R"({"a":1})");
}

TEST(Otlp, WhatCannotBeReadIsNamedOrRefused) {
  const auto decoded = decoded_of(request(R"(7,{"body":{"stringValue":"a"}})"));
  ASSERT_TRUE(decoded);
  EXPECT_EQ(losses(*decoded), "quarantined not_an_object log 1");
  for (const char* body : {"", "{", "{}", R"({"resourceLogs":7})"}) EXPECT_FALSE(decoded_of(body)) << body;
  EXPECT_EQ(decoded_of(R"({"resourceLogs":[7,{"scopeLogs":[7]}]})")->records.size(), 0U);
}

}  // namespace
}  // namespace miniops::telemetry::otlp_test
