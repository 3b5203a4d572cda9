// The module's part of the console API, as a script with a key calls it.
#include "webhooks/routes.hpp"

#include "identity/service.hpp"
#include "net/workers.hpp"
#include "webhooks/tests/fixture.hpp"

namespace miniops::webhooks {
namespace {

using identity::Role;
using testing::HasSubstr;
using testing::Not;
using enum net::Method;

class RoutesTest : public WebhooksTest {
 protected:
  void SetUp() override {
    WebhooksTest::SetUp();
    identity::Settings settings;
    settings.password_cost = {64, 1};
    identity_.emplace(db(), *version_, clock_, random_, ids_, workers_, settings);
    guard_.emplace(routes_, *identity_);
    mount(*guard_, *service_);
    admin_ = key_of("admin", Role::admin, shop);
    agent_ = key_of("agent", Role::agent, shop);
    limited_ = key_of("limited", Role::admin, shop, {identity::Permission::desk_records_all});
    stranger_ = key_of("stranger", Role::admin, bank);
  }
  void TearDown() override {
    guard_.reset();
    identity_.reset();
    WebhooksTest::TearDown();
  }
  std::string key_of(const std::string& name, Role role, const AppId& appid,
                     const std::set<identity::Permission>& denials = {}) {
    const Access system = Access::system(appid, "test");
    const identity::NewAccount account{name, "correct-horse-7", name};
    const auto made = must(sql::run(identity_->create_account(system, account)));
    const identity::NewMember member{name, role};
    must(sql::run(identity_->add_member(system, member)));
    if (!denials.empty()) must(sql::run(identity_->adjust(system, made.id, {.denials = denials})));
    return must(sql::run(identity_->create_api_key(system, made.id, {"key"}))).secret;
  }

  struct Answer {
    int status = 0;
    json::value body;
    std::string text() const { return json::serialize(body); }
    std::string code() const { return std::string(body.at("code").as_string()); }
    const json::array& items() const { return body.at("items").as_array(); }
    std::string at(std::string_view key) const { return std::string(body.at(key).as_string()); }
  };
  Answer call(const std::string& key, net::Method method, const std::string& path, const std::string& body = "") {
    net::Request request;
    request.method = method;
    request.target = "/api/v1/miniprograms/wxshop" + path;
    request.path = request.target.substr(0, request.target.find('?'));
    if (request.target.contains('?')) request.query = request.target.substr(request.target.find('?') + 1);
    request.body = body;
    request.received_at = clock_.now();
    if (!body.empty()) request.headers.add("Content-Type", "application/json");
    request.headers.add("Authorization", "Bearer " + key);
    request.request_id = "r";
    const auto match = routes_.match(method, request.path);
    if (match.route == nullptr) return {};
    request.path_params = match.params;
    const net::Response response = sql::run(match.route->handler(request));
    return {response.status, response.body.empty() ? json::value(nullptr) : json::parse(response.body)};
  }
  Answer admin(net::Method method, const std::string& path, const std::string& body = "") {
    return call(admin_, method, path, body);
  }
  std::string new_body(const std::string& kinds = R"(["message.received"])") const {
    return fmt::format(R"({{"address":"{}","kinds":{},"description":"仓库"}})", address(), kinds);
  }
  // Of a new webhook: "/webhooks/<id>".
  std::string made() {
    const Answer answer = admin(post, "/webhooks", new_body());
    return "/webhooks/" + std::string(answer.body.at("webhook").at("id").as_string());
  }

  net::Workers workers_{1, 8};
  net::Router routes_;
  std::optional<identity::Service> identity_;
  std::optional<identity::Guard> guard_;
  std::string admin_, agent_, limited_, stranger_;
};

TEST_P(RoutesTest, EachRouteAsksForItsPermissions) {
  const auto refused = [&](const std::string& key, int expected) {
    int count = 0;
    for (const net::RouteInfo& route : routes_.routes()) {
      std::string path = route.pattern.substr(std::string("/api/v1/miniprograms/{appid}").size());
      for (const char* name : {"{id}", "{event_id}"})
        if (const auto at = path.find(name); at != std::string::npos)
          path.replace(at, std::string_view(name).size(), "7");
      EXPECT_EQ(call(key, route.method, path, "{}").status, expected) << path;
      ++count;
    }
    return count;
  };
  EXPECT_EQ(refused(agent_, 403), 12);
  EXPECT_EQ(refused(limited_, 403), 12) << "who does not see all conversations must not send them elsewhere";
  EXPECT_EQ(refused(stranger_, 404), 12);
  EXPECT_EQ(refused("mo_wrong", 401), 12);
  EXPECT_EQ(call(limited_, get, "/webhooks").code(), "webhooks.needs_records");
}

TEST_P(RoutesTest, AWebhookFromItsMakingToItsEnd) {
  const Answer made = admin(post, "/webhooks", new_body(R"(["message.sent","conversation.closed"])"));
  ASSERT_EQ(made.status, 201) << made.text();
  const std::string secret = made.at("secret");
  EXPECT_TRUE(secret.starts_with("whsec_") && secret.size() == 49) << secret;
  const json::value& webhook = made.body.at("webhook");
  const std::string path = "/webhooks/" + std::string(webhook.at("id").as_string());
  EXPECT_EQ(json::serialize(webhook.at("kinds")), R"(["conversation.closed","message.sent"])");
  EXPECT_EQ(webhook.at("created_by").as_string(), "admin");
  EXPECT_TRUE(webhook.at("enabled").as_bool());

  EXPECT_EQ(admin(get, "/webhooks").items().size(), 1U);
  EXPECT_THAT(admin(get, "/webhooks").text() + admin(get, path).text(), Not(HasSubstr("whsec_")));
  const Answer changed = admin(patch, path, R"({"version":1,"kinds":["message.failed"],"enabled":false})");
  ASSERT_EQ(changed.status, 200) << changed.text();
  EXPECT_EQ(changed.body.at("version").as_int64(), 2);
  EXPECT_FALSE(changed.body.at("enabled").as_bool());
  EXPECT_EQ(changed.at("description"), "仓库");
  EXPECT_EQ(admin(patch, path, R"({"version":1,"enabled":true})").code(), "webhooks.changed");

  const Answer rotated = admin(post, path + "/secret", R"({"previous_hours":2})");
  EXPECT_NE(rotated.at("secret"), secret);
  EXPECT_EQ(rotated.body.at("webhook").at("previous_secret_until").as_int64(), clock_.now() + 2 * hour_ms);
  EXPECT_EQ(admin(del, path).status, 204);
  EXPECT_EQ(admin(get, path).code(), "webhooks.not_found");
  EXPECT_EQ(admin(del, path).code(), "webhooks.not_found");

  std::string audited;
  for (const sql::Row& row : query("SELECT action, changes FROM audit_entries WHERE action LIKE 'webhooks.%'"))
    audited += row.text(0) + row.text(1);
  for (const char* action : {"create", "update", "rotate_secret", "delete"})
    EXPECT_THAT(audited, HasSubstr(fmt::format("webhooks.subscription.{}", action)));
  EXPECT_THAT(audited, Not(HasSubstr("whsec_")));
  EXPECT_THAT(audited, Not(HasSubstr("/hook"))) << "the path may be a secret";
  EXPECT_EQ(rows("live_pending WHERE topic = 'webhooks'"), 4);
}

TEST_P(RoutesTest, WrongBodiesAreRefused) {
  const std::string path = made();
  struct Case {
    net::Method method;
    std::string path, body;
  };
  const std::vector<Case> cases{
      {post, "/webhooks", "{}"},
      {post, "/webhooks", R"({"address":"https://a.example/","kinds":[]})"},
      {post, "/webhooks", R"({"address":"https://a.example/","kinds":["message.read"]})"},
      {post, "/webhooks", R"({"address":"ftp://a.example/","kinds":["message.sent"]})"},
      {post, "/webhooks", R"({"address":"https://u:p@a.example/","kinds":["message.sent"]})"},
      {post, "/webhooks", R"({"address":"https://a.example/","kinds":["message.sent"],"secret":"mine"})"},
      {patch, path, R"({"enabled":true})"},
      {patch, path, R"({"version":1,"kinds":[]})"},
      {patch, path, R"({"version":1,"address":"javascript:alert"})"},
      {post, path + "/secret", R"({"previous_hours":1000})"},
      {post, path + "/redeliver", R"({"from":5})"},
      {post, path + "/redeliver", R"({"from":5,"to":5})"},
  };
  for (const Case& one : cases) EXPECT_EQ(admin(one.method, one.path, one.body).status, 400) << one.body;
  for (const char* query : {"?state=lost", "?kind=x", "?from=-1", "?to=soon", "?cursor=x", "?limit=0"})
    EXPECT_EQ(admin(get, path + "/deliveries" + query).status, 400) << query;
  EXPECT_EQ(admin(post, "/webhooks", R"({"address":"http://10.1.2.3/","kinds":["message.sent"]})").code(),
            "webhooks.address_not_allowed");
  EXPECT_EQ(admin(get, "/webhooks/x").code(), "webhooks.not_found");
}

TEST_P(RoutesTest, AMiniProgramHasTwentyWebhooks) {
  for (std::size_t i = 0; i < subscriptions_max; ++i) EXPECT_EQ(admin(post, "/webhooks", new_body()).status, 201);
  EXPECT_EQ(admin(post, "/webhooks", new_body()).code(), "webhooks.too_many");
}

TEST_P(RoutesTest, ATestShowsWhatTheReceiverAnswered) {
  const std::string path = made();
  const Answer good = admin(post, path + "/test");
  ASSERT_EQ(good.status, 200) << good.text();
  EXPECT_TRUE(good.body.at("delivered").as_bool());
  EXPECT_EQ(good.body.at("status").as_int64(), 200);
  EXPECT_EQ(good.at("answer"), "thanks");
  ASSERT_EQ(peer_.count(), 1U);
  EXPECT_THAT(peer_.requests()[0].body, HasSubstr(R"("kind":"ping")"));
  peer_.will_always_answer(418);
  const Answer bad = admin(post, path + "/test");
  EXPECT_EQ(bad.status, 200);
  EXPECT_FALSE(bad.body.at("delivered").as_bool());
  EXPECT_EQ(bad.at("reason"), "refused");
  EXPECT_EQ(admin(get, path).body.at("health").at("reason").as_string(), "refused");
  EXPECT_EQ(admin(get, path + "/deliveries").items().size(), 0U) << "a test is in no log";
}

TEST_P(RoutesTest, TheLogIsReadByPagesAndSentAgain) {
  const std::string path = made();
  for (int i = 0; i < 5; ++i) {
    emit();
    clock_.advance(1);
  }
  drain();
  const Answer first = admin(get, path + "/deliveries?limit=3");
  ASSERT_EQ(first.items().size(), 3U) << first.text();
  const Answer second = admin(get, path + "/deliveries?limit=3&cursor=" + first.at("next_cursor"));
  ASSERT_EQ(second.items().size(), 2U);
  EXPECT_TRUE(second.body.at("next_cursor").is_null());
  EXPECT_GT(first.items()[2].at("at").as_int64(), second.items()[0].at("at").as_int64());
  EXPECT_EQ(admin(get, path + "/deliveries?state=delivered&kind=message.received").items().size(), 5U);
  EXPECT_EQ(admin(get, path + "/deliveries?state=failed").items().size(), 0U);
  EXPECT_EQ(admin(get, path + fmt::format("/deliveries?from={}", clock_.now() - 2)).items().size(), 2U);

  const std::string one = path + "/deliveries/" + std::string(first.items()[0].at("event_id").as_string());
  EXPECT_THAT(admin(get, one).at("body"), HasSubstr("你好"));
  EXPECT_EQ(admin(post, one + "/redeliver").at("state"), "pending");
  EXPECT_EQ(admin(post, one + "/redeliver").code(), "webhooks.not_redeliverable");
  EXPECT_EQ(admin(get, path + "/deliveries/7").code(), "webhooks.not_found");
  const Answer all = admin(post, path + "/redeliver", fmt::format(R"({{"from":0,"to":{}}})", clock_.now()));
  EXPECT_EQ(all.text(), R"({"queued":0,"more":false})") << "nothing has failed";
  EXPECT_EQ(admin(get, "/webhook-notices").items().size(), 0U);
}

MINIOPS_ON_BOTH_ENGINES(RoutesTest);

}  // namespace
}  // namespace miniops::webhooks
