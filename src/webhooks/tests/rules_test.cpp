// What needs no database: signatures, addresses, outcomes, retries, limits of a host.
#include <gmock/gmock.h>

#include "base/encoding.hpp"
#include "webhooks/delivery.hpp"
#include "webhooks/hosts.hpp"
#include "webhooks/signature.hpp"
#include "webhooks/subscription.hpp"

namespace miniops::webhooks {
namespace {

// The vector of docs/webhooks.md.
TEST(Signature, IsThatOfTheDocumentation) {
  const std::vector<std::string> secrets{"whsec_0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefg"};
  const std::string body =
      R"({"id":"7203685477580800000","kind":"ping","appid":"wx0123456789abcdef","at":1717430400000,)"
      R"("data":{"subscription_id":"42"}})";
  EXPECT_EQ(body, body_of(EventId(7203685477580800000), "ping", AppId("wx0123456789abcdef"), 1717430400000,
                          {{"subscription_id", "42"}}));
  EXPECT_EQ(signature_of(secrets, "7203685477580800000", 1717430400, body),
            "t=1717430400,id=7203685477580800000,v1=76635c85e42b30ab507bf9394e88c464ca315f9113f6b2deb66f43f8d2431ccb");
}

TEST(Signature, HasOnePartForEachSecretThatHolds) {
  const std::vector<std::string> secrets{"new", "old"};
  EXPECT_EQ(signature_of(secrets, "1", 5, "{}"),
            fmt::format("t=5,id=1,v1={},v1={}", hex(hmac_sha256("new", "5.{}")), hex(hmac_sha256("old", "5.{}"))));
}

TEST(Kinds, AreStoredAsWords) {
  Kinds all;
  all.set();
  EXPECT_EQ(parse_kinds(kinds_text(all)), all);
  EXPECT_EQ(parse_kinds(""), Kinds());
  const Kinds some = parse_kinds("message.sent of.tomorrow conversation.closed");
  EXPECT_EQ(kinds_text(some), "conversation.closed message.sent");
}

TEST(Body, IsBounded) {
  const json::object large{{"text", std::string(body_bytes_max, 'x')}};
  EXPECT_EQ(body_of(EventId(1), "message.received", AppId("wx"), 2, large),
            R"({"id":"1","kind":"message.received","appid":"wx","at":2,"data":{"omitted":true}})");
}

TEST(Addresses, AreReadOrRefused) {
  struct Case {
    std::string text, host, origin;  // host "": refused
  };
  const std::vector<Case> cases{
      {"https://Hooks.Example/a?b=c", "hooks.example", "https://Hooks.Example"},
      {"http://127.0.0.1:8080", "127.0.0.1", "http://127.0.0.1:8080"},
      {"https://[::1]:8443/x", "::1", "https://[::1]:8443"},
      {"ftp://hooks.example/", "", ""},
      {"file:///etc/passwd", "", ""},
      {"https://user:secret@hooks.example/", "", ""},
      {"https://hooks.example/#part", "", ""},
      {"https:///no-host", "", ""},
      {"https://a%2eexample/", "", ""},
      {"https://hooks.example:0/", "", ""},
      {"https://hooks.example:70000/", "", ""},
      {"https://hooks.example/a b", "", ""},
      {"hooks.example", "", ""},
      {"", "", ""},
  };
  for (const Case& one : cases) {
    const auto address = parse_address(one.text);
    EXPECT_EQ(address ? address->host : "", one.host) << one.text;
    EXPECT_EQ(address ? address->origin : "", one.origin) << one.text;
  }
}

net::ClientResponse response(int status, std::string body = "") {
  net::ClientResponse out;
  out.status = status;
  out.body = std::move(body);
  return out;
}

TEST(Outcomes, OnlyTwoHundredsHaveDelivered) {
  struct Case {
    int status;
    bool delivered, gone;
    std::string reason;
  };
  const std::vector<Case> cases{
      {200, true, false, ""},
      {204, true, false, ""},
      {302, false, false, "redirected"},
      {400, false, false, "refused"},
      {404, false, false, "refused"},
      {410, false, true, "gone"},
      {429, false, false, "rate_limited"},
      {500, false, false, "server_error"},
  };
  for (const Case& one : cases) {
    const Outcome outcome = outcome_of(response(one.status));
    EXPECT_EQ(outcome.delivered, one.delivered) << one.status;
    EXPECT_EQ(outcome.gone, one.gone) << one.status;
    EXPECT_EQ(outcome.reason, one.reason) << one.status;
  }
}

TEST(Outcomes, KeepTheFirstBytesOfAnAnswerAsText) {
  EXPECT_EQ(outcome_of(response(200, "ok")).answer, "ok");
  const std::string chinese = outcome_of(response(200, std::string(1023, 'x') + "你好")).answer;
  EXPECT_EQ(chinese, std::string(1023, 'x')) << "no half of a character";
  EXPECT_EQ(outcome_of(response(200, "\xff\xfe")).answer, "(no text)");
  EXPECT_EQ(outcome_of(response(200, std::string("a\0b", 3))).answer, "(no text)");
}

TEST(Outcomes, WaitAsLongAsTheReceiverAsksAndNotForEver) {
  const auto after = [](const std::string& header) {
    net::ClientResponse busy = response(503);
    busy.headers.set("Retry-After", header);
    return outcome_of(busy).after_ms;
  };
  EXPECT_EQ(after("120"), 120 * second_ms);
  EXPECT_EQ(after("999999"), hour_ms);
  EXPECT_EQ(after("-5"), 0);
  EXPECT_EQ(after("Wed, 21 Oct 2026 07:28:00 GMT"), 0);
}

TEST(Retries, PauseLongerEachTimeAndEndAfterADay) {
  for (std::uint64_t random : {std::uint64_t{0}, std::uint64_t{12345}, ~std::uint64_t{0}}) {
    Delivery delivery;
    delivery.queued_at = 1'000'000;
    TimeMs now = delivery.queued_at;
    for (;;) {
      ++delivery.attempts;
      const auto next = retry_at(delivery, Outcome{}, now, random);
      if (!next) break;
      EXPECT_GE(*next - now, 2500);
      EXPECT_LE(*next - now, 2 * hour_ms);
      now = *next;
    }
    EXPECT_LT(now, delivery.queued_at + patience_ms);
    EXPECT_GE(now, delivery.queued_at + patience_ms - 2 * hour_ms) << "it is tried nearly all the day";
    EXPECT_GE(delivery.attempts, 15);
    EXPECT_LE(delivery.attempts, 40);
  }
}

TEST(Retries, ForgetTheAttemptsBeforeItWasQueuedAgain) {
  Delivery delivery;
  delivery.attempts = 20;
  delivery.attempts_before = 19;
  EXPECT_LE(*retry_at(delivery, Outcome{}, 0, 0), 5 * second_ms);
  Outcome busy;
  busy.after_ms = minute_ms;
  EXPECT_EQ(*retry_at(delivery, busy, 0, 0), minute_ms);
}

TEST(Hosts, LimitWhatIsUnderWayAndWhatIsBegunInASecond) {
  Hosts hosts({.together = 5, .together_per_host = 3, .per_second = 4});
  EXPECT_EQ(hosts.free("a", 0), 3);
  for (int i = 0; i < 3; ++i) hosts.begin("a", 0);
  EXPECT_EQ(hosts.free("a", 0), 0);
  EXPECT_EQ(hosts.free("b", 0), 2) << "five in all";
  for (int i = 0; i < 3; ++i) hosts.end("a");
  EXPECT_EQ(hosts.free("a", 0), 1) << "four in a second";
  hosts.begin("a", 500);
  hosts.end("a");
  EXPECT_EQ(hosts.free("a", 999), 0);
  EXPECT_EQ(hosts.free("a", 1000), 3);
  EXPECT_EQ(hosts.under_way(), 0);
}

TEST(Hosts, AreNotStuckWhenTheClockIsSetBack) {
  Hosts hosts({.together = 5, .together_per_host = 3, .per_second = 1});
  hosts.begin("a", 1'000'000);
  hosts.end("a");
  EXPECT_EQ(hosts.free("a", 1'000'000), 0);
  EXPECT_EQ(hosts.free("a", 10), 1);
}

}  // namespace
}  // namespace miniops::webhooks
