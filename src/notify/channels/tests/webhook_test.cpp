#include "notify/channels/webhook.hpp"

#include <gtest/gtest.h>

#include "base/encoding.hpp"
#include "notify/channels/tests/sample.hpp"

namespace miniops::notify::testing {
namespace {

using Kind = Outcome::Kind;
const std::string secret = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

// notify-channels.md 7.4, recomputed there by two other programs; the second is of the public libraries' tests.
TEST(Webhook, GivesTheVerifiedSignatures) {
  const std::string body =
      R"({"type":"alert.firing","timestamp":"2026-01-01T00:00:00Z","data":{"id":"inc-42","title":"支付失败率升高"}})";
  EXPECT_EQ(body.size(), 113U);
  EXPECT_EQ(webhook_signature(*signing_key(secret), "msg_demo0001", 1767225600, body),
            "v1,w96uqYI/vw2w3/HVIQh/o+tl82syiUzjCVQZKqeOwnQ=");
  EXPECT_EQ(webhook_signature(*unbase64("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"), "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330,
                              R"({"test": 2432232314})"),
            "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
}

TEST(Webhook, TakesOnlyStandardSecretsAndAddressesOfTheWeb) {
  EXPECT_TRUE(signing_key(secret));
  for (const std::string_view wrong : {"", "whsec_", "whsec_AAAA", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
                                       "whsec_!!ECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="})
    EXPECT_FALSE(signing_key(wrong)) << wrong;
  EXPECT_TRUE(is_webhook_url("https://ops.example.com/hook?token=x"));
  EXPECT_TRUE(is_webhook_url("http://10.0.0.1:9093/"));
  for (const std::string_view wrong : {"", "ftp://a.example/", "https://u:p@a.example/", "https:///x", "//a.example/",
                                       "file:///etc/passwd", "gopher://a.example", "https://a.example/#x", "nonsense"})
    EXPECT_FALSE(is_webhook_url(wrong)) << wrong;
  EXPECT_EQ(origin_of("https://ops.example.com:8443/hook/secret?token=x"), "https://ops.example.com:8443");
}

TEST(Webhook, SignsItsBodyAtTheTimeOfTheAttempt) {
  const auto first = webhook_request("https://a.example/h", secret, {}, "值班", single(sample()), 1767225600000);
  const auto second = webhook_request("https://a.example/h", secret, {}, "值班", single(sample()), 1767225660000);
  EXPECT_EQ(first.body, second.body);
  EXPECT_EQ(first.headers.get("webhook-id"), "42-0");
  EXPECT_EQ(second.headers.get("webhook-id"), "42-0") << "the receiver knows a repeat by it";
  EXPECT_EQ(first.headers.get("webhook-timestamp"), "1767225600");
  EXPECT_EQ(second.headers.get("webhook-signature"),
            webhook_signature(*signing_key(secret), "42-0", 1767225660, second.body));
  const json::object body = parse_json(first.body)->as_object();
  EXPECT_EQ(body.at("type"), "notification.raised");
  EXPECT_EQ(body.at("timestamp"), "2026-01-01T00:00:00.000Z");
  const json::object item = body.at("data").at("items").at(0).as_object();
  EXPECT_EQ(item.at("id"), "42");
  EXPECT_EQ(item.at("severity"), "critical");
  EXPECT_EQ(item.at("link"), "https://ops.example.com/i/42");
}

TEST(Webhook, SpeaksAlertmanagersForm) {
  Notification firing = sample(), resolved = sample();
  firing.variables = {{"rule", "支付失败率"}, {"no label", "x"}};
  resolved.resolved = true;
  resolved.since = resolved.at - hour_ms;
  const Webhook webhook{true};
  const auto request = webhook_request("https://a.example/h", secret, webhook, "值班",
                                       message_of("42-0", "zh", {firing, resolved}), 1767225600000);
  const json::object body = parse_json(request.body)->as_object();
  EXPECT_EQ(body.at("version"), "4");
  EXPECT_EQ(body.at("receiver"), "值班");
  EXPECT_EQ(body.at("status"), "firing");
  EXPECT_EQ(body.at("groupKey"), "{}:{subject=\"alert:42\"}");
  const json::object one = body.at("alerts").at(0).as_object(), two = body.at("alerts").at(1).as_object();
  EXPECT_EQ(one.at("status"), "firing");
  EXPECT_EQ(one.at("endsAt"), "0001-01-01T00:00:00Z");
  EXPECT_EQ(one.at("labels").at("rule"), "支付失败率");
  EXPECT_FALSE(one.at("labels").as_object().contains("no label"));
  EXPECT_EQ(two.at("status"), "resolved");
  EXPECT_EQ(two.at("startsAt"), "2025-12-31T23:00:00.000Z");
  EXPECT_EQ(two.at("endsAt"), "2026-01-01T00:00:00.000Z");
  EXPECT_EQ(one.at("fingerprint"), two.at("fingerprint")) << "the same alert";
}

TEST(Webhook, OnlySuccessIsSuccess) {
  struct Case {
    int status;
    Kind kind;
    std::string_view reason;
  };
  const Case cases[] = {{200, Kind::sent, ""},
                        {204, Kind::sent, ""},
                        {301, Kind::failed, "redirected"},
                        {400, Kind::failed, "refused"},
                        {401, Kind::broken, "wrong_credentials"},
                        {410, Kind::broken, "gone"},
                        {429, Kind::later, "rate_limited"},
                        {503, Kind::later, "server_error"}};
  for (const Case& one : cases) {
    net::ClientResponse response;
    response.status = one.status;
    EXPECT_EQ(webhook_outcome(response).kind, one.kind) << one.status;
    EXPECT_EQ(webhook_outcome(response).reason, one.reason) << one.status;
  }
  net::ClientResponse patient;
  patient.status = 429;
  for (const auto& [value, after] : {std::pair<std::string, TimeMs>{"120", 120 * second_ms},
                                     {"99999999", hour_ms},
                                     {"-5", 0},
                                     {"Wed, 21 Oct 2026 07:28:00 GMT", 0}}) {
    patient.headers.set("Retry-After", value);
    EXPECT_EQ(webhook_outcome(patient).after_ms, after) << value;
  }
}

}  // namespace
}  // namespace miniops::notify::testing
