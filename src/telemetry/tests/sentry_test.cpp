// The outside of Sentry's requests: framing, the stored event, the key, limits.
#include <gtest/gtest.h>
#include <zlib.h>

#include "base/random.hpp"
#include "telemetry/tests/decoded.hpp"

namespace miniops::telemetry::sentry_test {
namespace {

using testing::losses;
using testing::lost;
using testing::names;

constexpr TimeMs received = 1795237780000;
constexpr std::string_view event_id = "1c1eeb0f7c564aac9e0485245bf923f7";

Arrival arrival() {
  Arrival out;
  out.received_at = received;
  return out;
}

Decoded read(const std::string& body, const DecodeLimits& limits = {}) {
  auto decoded = decode_sentry_envelope(body, arrival(), limits);
  EXPECT_TRUE(decoded) << decoded.error().message << "\n" << body.substr(0, 300);
  if (!decoded) return {};
  testing::expect_tidy(*decoded);
  return std::move(*decoded);
}

std::string replaced(std::string text, std::string_view what, std::string_view by) {
  for (std::size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += by.size())
    text.replace(at, what.size(), by);
  return text;
}

// ---- framing ----

struct FramingCase {
  const char* what;
  std::string body;
  std::string names, losses;
};

const std::string message = R"({"message":"m"})";
const std::string an_event = "{\"type\":\"event\"}\n" + message;
const std::string session = R"({"sid":"s","status":"ok"})";

class SentryFraming : public ::testing::TestWithParam<FramingCase> {};

TEST_P(SentryFraming, IsAsSpecified) {
  const Decoded decoded = read(GetParam().body);
  EXPECT_EQ(names(decoded), GetParam().names);
  EXPECT_EQ(losses(decoded), GetParam().losses);
}

INSTANTIATE_TEST_SUITE_P(
    All, SentryFraming,
    ::testing::Values(
        // The vectors of the specification.
        FramingCase{"two items, line ends of Windows in an attachment",
                    "{\"event_id\":\"9ec79c33ec9942ab8353589fcb2e04dc\"}\n"
                    "{\"type\":\"attachment\",\"length\":10,\"filename\":\"hello.txt\"}\n\xef\xbb\xbfHello\r\n\n"
                    "{\"type\":\"event\",\"length\":41,\"filename\":\"application.log\"}\n"
                    "{\"message\":\"hello world\",\"level\":\"error\"}\n",
                    "error Message", "refused attachment_not_kept attachment 1"},
        FramingCase{"the last line end left away",
                    "{}\n{\"type\":\"attachment\",\"length\":10}\n\xef\xbb\xbfHello\r\n\n"
                    "{\"type\":\"event\",\"length\":41}\n{\"message\":\"hello world\",\"level\":\"error\"}",
                    "error Message", "refused attachment_not_kept attachment 1"},
        FramingCase{"two empty attachments",
                    "{}\n{\"type\":\"attachment\",\"length\":0}\n\n"
                    "{\"type\":\"attachment\",\"length\":0}\n\n",
                    "", "refused attachment_not_kept attachment 2"},
        FramingCase{"two empty attachments, the last line end left away",
                    "{}\n{\"type\":\"attachment\",\"length\":0}\n\n{\"type\":\"attachment\",\"length\":0}\n", "",
                    "refused attachment_not_kept attachment 2"},
        FramingCase{"a length that is implied, ended by the end", "{}\n{\"type\":\"session\"}\n" + session,
                    "session ok", ""},
        FramingCase{"a session without its sid",
                    "{}\n{\"type\":\"session\"}\n{\"started\":\"2020-02-07T14:16:00Z\","
                    "\"attrs\":{\"release\":\"sentry-test@1.0.0\"}}",
                    "", "quarantined no_sid session 1"},
        // Ours.
        FramingCase{"no items", "{}", "", ""}, FramingCase{"no items, a line end", "{}\n", "", ""},
        FramingCase{"empty lines between items", "{}\n\n" + an_event + "\n\n\n" + an_event + "\n\n", "log log\nlog log",
                    ""},
        FramingCase{"a payload over several lines", "{}\n{\"type\":\"event\",\"length\":17}\n{\"message\":\n\"m\"}\n",
                    "log log", ""},
        FramingCase{"an item of tomorrow is skipped", "{}\n{\"type\":\"hologram\",\"length\":3}\n\n\n\n\n" + an_event,
                    "log log", "refused item_type_not_taken hologram 1"},
        FramingCase{"known items that are not taken",
                    "{}\n{\"type\":\"check_in\"}\n{}\n{\"type\":\"profile\"}\n{}\n{\"type\":\"statsd\"}\nx\n"
                    "{\"type\":\"replay_event\"}\n{}\n{\"type\":\"replay_event\"}\n{}",
                    "",
                    "refused item_type_not_taken check_in 1\nrefused item_type_not_taken profile 1\n"
                    "refused item_type_not_taken replay_event 2\nrefused item_type_not_taken statsd 1"},
        FramingCase{"an item without a type", "{}\n{}\nx\n" + an_event, "log log", "quarantined no_item_type 1"},
        FramingCase{"a type of another type", "{}\n{\"type\":{}}\nx\n" + an_event, "log log",
                    "quarantined no_item_type 1"},
        FramingCase{"a payload that is no JSON", "{}\n{\"type\":\"event\"}\n{\"message\":\n" + an_event, "log log",
                    "quarantined bad_json event 1"},
        FramingCase{"a payload that is no object", "{}\n{\"type\":\"event\"}\n[1]\n" + an_event, "log log",
                    "quarantined not_an_object event 1"},
        FramingCase{"no payload at all", "{}\n{\"type\":\"event\"}", "", "quarantined bad_json event 1"},
        FramingCase{"a length beyond the end", "{}\n" + an_event + "\n{\"type\":\"event\",\"length\":99}\n" + message,
                    "log log", "quarantined bad_framing 1"},
        FramingCase{"a length too short", "{}\n{\"type\":\"event\",\"length\":3}\n" + message, "",
                    "quarantined bad_framing 1"},
        FramingCase{"a length below zero", "{}\n{\"type\":\"event\",\"length\":-1}\n" + message, "",
                    "quarantined bad_framing 1"},
        FramingCase{"a length in parts", "{}\n{\"type\":\"event\",\"length\":1.5}\n" + message, "",
                    "quarantined bad_framing 1"},
        FramingCase{"a length of another type", "{}\n{\"type\":\"event\",\"length\":[]}\n" + message, "",
                    "quarantined bad_framing 1"},
        FramingCase{"a length that no size holds", "{}\n{\"type\":\"event\",\"length\":1e300}\n" + message, "",
                    "quarantined bad_framing 1"},
        FramingCase{"an item's header that is no JSON", "{}\n" + an_event + "\nrubbish\n" + an_event, "log log",
                    "quarantined bad_framing 1"},
        FramingCase{"an item's header without end",
                    "{}\n{\"type\":\"event\",\"x\":\"" + std::string(9000, 'x') + "\"}\n" + message, "",
                    "quarantined bad_framing 1"}),
    [](const auto& info) {
      std::string name;
      for (char c : std::string(info.param.what)) {
        if (c != ',' && c != '\'') name.push_back(c == ' ' ? '_' : c);
      }
      return name;
    });

TEST(SentryEnvelope, RefusesWhatIsNone) {
  for (const std::string& body :
       {std::string(), std::string("\n"), std::string("x"), std::string("[]"), std::string("null\n" + an_event),
        "{\"a\":\"" + std::string(9000, 'x') + "\"}\n" + an_event, std::string("\x1f\x8b\x08\0", 4),
        std::string(100000, '{')}) {
    const auto decoded = decode_sentry_envelope(body, arrival());
    ASSERT_FALSE(decoded) << body.substr(0, 50);
    EXPECT_EQ(decoded.error().code, "telemetry.malformed");
  }
}

TEST(SentryEnvelope, ItsIdWinsAndIsGivenOnce) {
  const std::string header = "{\"event_id\":\"" + std::string(event_id) + "\"}\n";
  const std::string other =
      "\n{\"type\":\"event\"}\n{\"message\":\"n\",\"event_id\":\"00000000000000000000000000000001\"}";
  const Decoded decoded = read(header + an_event + other + other);
  ASSERT_EQ(decoded.records.size(), 3U);
  EXPECT_EQ(decoded.event_id, event_id);
  EXPECT_EQ(hex({decoded.records[0].id.data(), 16}), event_id);
  EXPECT_EQ(hex({decoded.records[1].id.data(), 16}), "00000000000000000000000000000001");
  EXPECT_EQ(read("{}" + other).event_id, "00000000000000000000000000000001");
  EXPECT_EQ(read("{}\n" + an_event).event_id, "");
  const auto id_of = [](std::string_view id) { return read("{\"event_id\":\"" + std::string(id) + "\"}").event_id; };
  EXPECT_EQ(id_of("1C1EEB0F-7C56-4AAC-9E04-85245BF923F7"), event_id);
  for (const char* none : {"", "1c1eeb0f", "1c1eeb0f7c564aac9e0485245bf923fx", "1c1eeb0f7c564aac9e0485245bf923f7aa"})
    EXPECT_EQ(id_of(none), "") << none;
  // Without any id it is what it says that makes it the same when it is sent again.
  EXPECT_EQ(read("{}\n" + an_event).records[0].id, read("{}\n" + an_event).records[0].id);
}

TEST(SentryEnvelope, ItsHeaderSpeaksForItsItems) {
  const Decoded decoded =
      read(R"({"sent_at":"2026-11-21T04:09:40.000Z","sdk":{"name":"sentry.javascript.miniapp","version":"1.19.0"},)"
           R"("trace":{"trace_id":"t","release":"shop@1.4.2","environment":"trial","sample_rate":"0.1"}})"
           "\n{\"type\":\"event\"}\n{\"message\":\"m\",\"timestamp\":\"2026-11-21T04:09:39.000Z\"}"
           "\n{\"type\":\"user_report\"}\n{\"event_id\":\"1c1eeb0f7c564aac9e0485245bf923f7\",\"comments\":\"卡\","
           "\"email\":\"a@b\"}");
  ASSERT_EQ(decoded.records.size(), 2U);
  const Record& r = decoded.records[0];
  EXPECT_EQ(r.sdk, "sentry.javascript.miniapp/1.19.0");
  EXPECT_EQ(r.trace, "t");
  EXPECT_EQ(r.release, "1.4.2");
  EXPECT_EQ(r.build, Build::trial);
  EXPECT_EQ(r.weight, 1) << "the rate is that of transactions";
  EXPECT_EQ(r.time, received - 1000 - (received - 1795237780000)) << "the phone's clock is an hour behind";
  EXPECT_EQ(decoded.records[1].text, "卡");
  EXPECT_EQ(testing::property(decoded.records[1], "associated_event_id"), R"("1c1eeb0f7c564aac9e0485245bf923f7")");
  EXPECT_EQ(decoded.records[1].release, "1.4.2");
}

TEST(SentryEnvelope, HasLimits) {
  std::string many = "{}";
  for (int i = 0; i < 1200; ++i) many += "\n" + an_event;
  const Decoded decoded = read(many);
  EXPECT_EQ(decoded.records.size(), 1000U);
  EXPECT_EQ(losses(decoded), "refused too_many_records log 200");
  std::string types = "{}";
  for (int i = 0; i < 3000; ++i) types += "\n{\"type\":\"t" + std::to_string(i) + "\"}\n{}";
  const Decoded unknown = read(types);
  EXPECT_EQ(lost(unknown, Fate::refused), 3000);
  EXPECT_LE(unknown.losses.size(), 65U);
  const std::string deep = std::string(100, '[') + std::string(100, ']');
  EXPECT_EQ(losses(read("{}\n{\"type\":\"event\"}\n{\"message\":\"m\",\"extra\":{\"a\":" + deep + "}}")),
            "quarantined too_deep event 1");
  // A large event is kept, and loses what does not fit.
  const Decoded large =
      read("{}\n{\"type\":\"event\"}\n{\"message\":\"m\",\"tags\":{\"a\":\"b\"},\"extra\":{\"big\":\"" +
           std::string(400000, 'x') + "\"}}");
  EXPECT_EQ(losses(large), "adjusted properties_cut log 1");
  EXPECT_EQ(testing::property(large.records.at(0), "tags"), R"({"a":"b"})");
}

// ---- the stored event ----

std::string zlibbed(std::string_view text) {
  std::string out(compressBound(text.size()), '\0');
  uLongf size = out.size();
  compress(reinterpret_cast<Bytef*>(out.data()), &size, reinterpret_cast<const Bytef*>(text.data()), text.size());
  out.resize(size);
  return out;
}

TEST(SentryStore, ComesInAllEncodings) {
  const std::string event = R"({"message":"m","event_id":"1c1eeb0f7c564aac9e0485245bf923f7","level":"fatal"})";
  for (const std::string& body :
       {event, " " + event + "\n", base64(event), base64url(event), base64(zlibbed(event)), base64(event) + "\n"}) {
    const auto decoded = decode_sentry_store(body, arrival());
    ASSERT_TRUE(decoded) << decoded.error().message;
    EXPECT_EQ(names(*decoded), "error Message");
    EXPECT_EQ(decoded->event_id, event_id);
  }
  const std::string query = "sentry_key=a&sentry_data=" + url_encode(base64(event));
  Arrival get = arrival();
  get.query = query;
  EXPECT_EQ(decode_sentry_store("", get)->event_id, event_id);
  Arrival envelope = arrival();
  envelope.content_type = "application/x-sentry-envelope; charset=utf-8";
  EXPECT_EQ(names(*decode_sentry_store("{}\n" + an_event, envelope)), "log log");
  EXPECT_EQ(names(*decode_sentry_store(R"({"type":"transaction","start_timestamp":1,"timestamp":2,"transaction":"t"})",
                                       arrival())),
            "performance t");
}

TEST(SentryStore, RefusesWhatIsNoEvent) {
  for (const std::string& body : {std::string(), std::string("rubbish!"), std::string("[]"), std::string("{"),
                                  base64("rubbish"), base64("[1]"), base64(zlibbed("[1]")), std::string(50, '\0')}) {
    const auto decoded = decode_sentry_store(body, arrival());
    ASSERT_FALSE(decoded) << body.substr(0, 50);
    EXPECT_EQ(decoded.error().code, "telemetry.malformed") << body.substr(0, 50);
  }
  const auto bomb = decode_sentry_store(base64(zlibbed(std::string(10'000'000, '\0'))), arrival());
  ASSERT_FALSE(bomb);
  EXPECT_EQ(bomb.error().code, "telemetry.too_large");
  EXPECT_EQ(losses(*decode_sentry_store("{}", arrival())), "quarantined empty_event event 1");
}

// ---- the key ----

TEST(SentryKey, StandsInThreePlaces) {
  const std::string dsn = R"({"dsn":"https://KEY@ops.example.com/42"})"
                          "\n{}";
  const std::string secret = R"({"dsn":"https://KEY:secret@ops.example.com:8443/a/42"})";
  struct Case {
    const char* what;
    std::string query, header, body, expected;
  };
  const Case cases[] = {
      {"the query", "sentry_version=7&sentry_key=KEY", "", "", "KEY"},
      {"the header", "", "Sentry sentry_version=7, sentry_client=a/1, sentry_key=KEY, sentry_secret=x", "", "KEY"},
      {"the header without blanks", "", "sentry sentry_key=KEY,sentry_version=7", "", "KEY"},
      {"the envelope", "", "", dsn, "KEY"},
      {"the envelope with a secret", "", "", secret, "KEY"},
      {"all agree", "sentry_key=KEY", "Sentry sentry_key=KEY", dsn, "KEY"},
      {"query and envelope do not", "sentry_key=OTHER", "", dsn, ""},
      {"header and query do not", "sentry_key=KEY", "Sentry sentry_key=OTHER", "", ""},
      {"twice in the query", "sentry_key=KEY&sentry_key=OTHER", "", "", ""},
      {"another header", "sentry_key=KEY", "Bearer abc", "", "KEY"},
      {"only another header", "", "Bearer sentry_key=KEY", "", ""},
      {"none", "", "", "{}", ""},
      {"empty", "sentry_key=", "", "", ""},
      {"no key", "sentry_key=a%20b", "", "", ""},
      {"far too long", "sentry_key=" + std::string(65, 'a'), "", "", ""},
      {"a dsn that is none", "", "", R"({"dsn":"KEY"})", ""},
      {"a dsn of another type", "sentry_key=KEY", "", R"({"dsn":{}})", "KEY"},
      {"a dsn in a later line", "", "", "{}\n" + dsn, ""},
      {"encoded", "sentry_key=a%31b2c3d4", "", "", "KEY"},
  };
  for (const Case& c : cases) {
    const auto filled = [](const std::string& text) { return replaced(text, "KEY", "a1b2c3d4"); };
    EXPECT_EQ(sentry_key(filled(c.query), filled(c.header), filled(c.body)).value_or(""), filled(c.expected)) << c.what;
  }
}

// ---- damage ----

TEST(SentryEnvelope, SurvivesDamageOfAnyKind) {
  SeededRandom random(41);
  std::vector<std::string> bodies;
  for (const char* file : {"sentry-miniapp-0.11.0-store", "sentry-miniapp-1.19-envelope"}) {
    for (const testing::Sample& sample : testing::samples(file)) bodies.push_back(sample.body);
  }
  for (int round = 0; round < 3000; ++round) {
    std::string body = bodies[random.below(bodies.size())];
    for (std::uint64_t i = 0; i <= random.below(5); ++i) body[random.below(body.size())] = random.bytes(1)[0];
    if (random.below(4) == 0) body.resize(random.below(body.size()));
    (void)sentry_key("", "", body);
    if (const auto decoded = decode_sentry_envelope(body, arrival())) testing::expect_tidy(*decoded);
    if (const auto decoded = decode_sentry_store(body, arrival())) testing::expect_tidy(*decoded);
  }
}

}  // namespace
}  // namespace miniops::telemetry::sentry_test
