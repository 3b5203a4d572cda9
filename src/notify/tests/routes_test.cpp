// The API of channels and deliveries, as a script with a key calls it.
#include "notify/routes.hpp"

#include "identity/service.hpp"
#include "notify/tests/fixture.hpp"

namespace miniops::notify {
namespace {

using enum net::Method;
using identity::Access;

template <class T>
T must(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().code + ": " + result.error().message);
  return std::move(*result);
}

class RoutesTest : public NotifyTest {
 protected:
  void SetUp() override {
    NotifyTest::SetUp();
    version_.emplace(db());
    identity::Settings settings;
    settings.password_cost = {64, 1};
    identity_.emplace(db(), *version_, clock_, random_, ids_, workers_, settings);
    guard_.emplace(router_, *identity_);
    service_.emplace(Service::Collaborators{db(), sealer_, clock_, ids_, sender_}, [this] { ++woken_; });
    mount(*guard_, *service_);
    admin_ = key_of("boss", identity::Role::admin, "wxapp");
    analyst_ = key_of("analyst", identity::Role::analyst, "wxapp");
    agent_ = key_of("agent", identity::Role::agent, "wxapp");
    stranger_ = key_of("other", identity::Role::admin, "wxother");
  }
  void TearDown() override {
    service_.reset();
    guard_.reset();
    identity_.reset();
    version_.reset();
    NotifyTest::TearDown();
  }

  std::string key_of(const std::string& name, identity::Role role, const std::string& appid) {
    const Access system = Access::system(AppId(appid), "test");
    const identity::NewAccount account{name, "correct-horse-7", name};
    const auto made = must(sql::run(identity_->create_account(system, account)));
    const identity::NewMember member{name, role};
    must(sql::run(identity_->add_member(system, member)));
    return must(sql::run(identity_->create_api_key(system, made.id, {"key"}))).secret;
  }

  struct Answer {
    int status;
    json::value body;
    std::string text() const { return json::serialize(body); }
    std::string code() const { return text_at("code"); }
    std::string text_at(std::string_view key) const {
      const json::value* found = body.is_object() ? body.as_object().if_contains(key) : nullptr;
      return found != nullptr && found->is_string() ? std::string(found->as_string()) : std::string();
    }
  };
  Answer call(const std::string& key, net::Method method, const std::string& rest, const json::value& body = nullptr) {
    net::Request request;
    request.method = method;
    request.target = "/api/v1/miniprograms/wxapp/notify" + rest;
    request.path = request.target.substr(0, request.target.find('?'));
    if (rest.contains('?')) request.query = rest.substr(rest.find('?') + 1);
    if (!body.is_null()) request.body = json::serialize(body);
    if (!body.is_null()) request.headers.add("Content-Type", "application/json");
    request.headers.add("Authorization", "Bearer " + key);
    request.request_id = "r";
    const auto match = router_.match(method, request.path);
    if (match.route == nullptr) return {0, nullptr};
    request.path_params = match.params;
    const net::Response response = sql::run(match.route->handler(request));
    return {response.status, response.body.empty() ? json::value(nullptr) : json::parse(response.body)};
  }
  json::object robot_input() {
    return {{"name", "值班群"},
            {"kind", "wecom_robot"},
            {"settings", json::object{{"mentioned", json::array{"zhangsan"}}}},
            {"secrets", json::object{{"key", "693a91f6-secret-key"}}}};
  }
  std::string add_robot_by_api() {
    const Answer made = call(admin_, post, "/channels", robot_input());
    EXPECT_EQ(made.status, 201) << made.text();
    return made.text_at("id");
  }

  net::Router router_;
  net::Workers workers_{1, 100};
  std::optional<sql::ConfigVersion> version_;
  std::optional<identity::Service> identity_;
  std::optional<identity::Guard> guard_;
  std::optional<Service> service_;
  int woken_ = 0;
  std::string admin_, analyst_, agent_, stranger_;
};

TEST_P(RoutesTest, AChannelIsMadeChangedShownAndRemoved) {
  const std::string id = add_robot_by_api();
  const Answer shown = call(analyst_, get, "/channels/" + id);
  ASSERT_EQ(shown.status, 200);
  EXPECT_EQ(shown.text_at("name"), "值班群");
  EXPECT_EQ(shown.body.at("per_minute"), 19);
  EXPECT_EQ(shown.body.at("secrets"), (json::object{{"key", true}}));
  EXPECT_EQ(shown.body.at("health").at("state"), "unused");
  EXPECT_TRUE(shown.body.at("remaining_consents").is_null());

  const Answer changed = call(admin_, patch, "/channels/" + id,
                              {{"enabled", false}, {"per_minute", 5}, {"settings", json::object{{"format", "text"}}}});
  ASSERT_EQ(changed.status, 200) << changed.text();
  EXPECT_EQ(changed.body.at("enabled"), false);
  EXPECT_EQ(changed.body.at("settings").at("mentioned"), json::array()) << "settings are given as a whole";
  EXPECT_EQ(changed.body.at("secrets"), (json::object{{"key", true}})) << "secrets stay";
  EXPECT_EQ(call(analyst_, get, "/channels").body.at("items").as_array().size(), 1U);

  EXPECT_EQ(call(admin_, del, "/channels/" + id).status, 204);
  EXPECT_EQ(call(admin_, get, "/channels/" + id).code(), "notify.not_found");
  EXPECT_EQ(call(admin_, del, "/channels/" + id).code(), "notify.not_found");
}

TEST_P(RoutesTest, SecretsAreSealedAndNeverShownAgain) {
  const std::string secret = "693a91f6-secret-key";
  const std::string id = add_robot_by_api();
  for (const std::string& path : {"/channels/" + id, std::string("/channels")})
    EXPECT_FALSE(call(admin_, get, path).text().contains(secret)) << path;
  EXPECT_FALSE(call(admin_, post, "/channels/" + id + "/test").text().contains(secret));
  for (const auto& row : query("SELECT settings, target FROM notify_channels"))
    EXPECT_FALSE((row.text(0) + row.text(1)).contains(secret));
  EXPECT_FALSE(query("SELECT secrets FROM notify_channels").front().blob(0).contains(secret));
  for (const auto& row : query("SELECT changes FROM audit_entries")) EXPECT_FALSE(row.text(0).contains(secret));
  // They are there all the same.
  ASSERT_EQ(http_.seen().size(), 1U);
  EXPECT_TRUE(http_.seen().front().url.contains(secret));
}

TEST_P(RoutesTest, ASecretIsChangedAloneAndAudited) {
  const json::object hook{
      {"name", "hook"},
      {"kind", "webhook"},
      {"settings", json::object()},
      {"secrets", {{"url", "https://hook.example/path?token=t"}, {"signing_secret", signing_secret}}}};
  const Answer made = call(admin_, post, "/channels", hook);
  ASSERT_EQ(made.status, 201) << made.text();
  EXPECT_EQ(made.text_at("target"), "https://hook.example");
  EXPECT_FALSE(made.text().contains("token=t"));
  const Answer changed =
      call(admin_, patch, "/channels/" + made.text_at("id"), {{"secrets", {{"url", "https://other.example/"}}}});
  EXPECT_EQ(changed.text_at("target"), "https://other.example");
  call(admin_, post, "/channels/" + made.text_at("id") + "/test");
  const auto sent = http_.seen();
  ASSERT_EQ(sent.size(), 1U);
  EXPECT_EQ(sent[0].url, "https://other.example/");
  EXPECT_NE(sent[0].guard, nullptr) << "an address that people gave";
  EXPECT_TRUE(sent[0].headers.get("webhook-signature"));
  const auto rows = query("SELECT action, changes FROM audit_entries WHERE action LIKE 'notify.%' ORDER BY id");
  ASSERT_EQ(rows.size(), 3U);
  EXPECT_EQ(rows[1].text(0), "notify.channel.update");
  EXPECT_TRUE(rows[1].text(1).contains(R"("secret url":{"changed":true})")) << rows[1].text(1);
  EXPECT_EQ(rows[2].text(0), "notify.channel.test");
}

TEST_P(RoutesTest, WhatIsWrongIsNamed) {
  const auto pointer = [&](json::object changes) {
    json::object input = robot_input();
    for (auto& [name, value] : changes) input[name] = value;
    const Answer answer = call(admin_, post, "/channels", input);
    EXPECT_EQ(answer.code(), "request.invalid") << answer.text();
    return std::string(answer.body.at("errors").at(0).at("pointer").as_string());
  };
  EXPECT_EQ(pointer({{"name", ""}}), "/name");
  EXPECT_EQ(pointer({{"kind", "pigeon"}}), "/kind");
  EXPECT_EQ(pointer({{"settings", {{"format", "html"}}}}), "/settings/format");
  EXPECT_EQ(pointer({{"settings", {{"url", "x"}}}}), "/settings/url");
  EXPECT_EQ(pointer({{"secrets", {{"key", "a b"}}}}), "/secrets/key");
  EXPECT_EQ(pointer({{"secrets", {{"password", "x"}}}}), "/secrets/password");
  EXPECT_EQ(pointer({{"per_minute", 21}}), "/per_minute") << "WeCom takes 20";
  EXPECT_EQ(pointer({{"other", 1}}), "/other");
  EXPECT_EQ(call(admin_, post, "/channels", {{"name", "x"}, {"kind", "wecom_robot"}}).code(), "request.invalid");
  EXPECT_EQ(call(admin_, post, "/channels", json::array()).code(), "request.invalid");
}

TEST_P(RoutesTest, ThereMayBeFiftyChannels) {
  for (std::size_t i = 0; i < channels_max; ++i) add_robot();
  EXPECT_EQ(call(admin_, post, "/channels", robot_input()).code(), "notify.too_many_channels");
}

TEST_P(RoutesTest, EachRouteKeepsToItsMiniProgramAndPermission) {
  const std::string id = add_robot_by_api();
  const std::string delivery = tell({ChannelId(*parse_id(id))}).str() + "-0";
  struct Case {
    net::Method method;
    std::string path;
    bool changes;
  };
  const std::vector<Case> cases = {{get, "/channels", false},
                                   {post, "/channels", true},
                                   {get, "/channels/" + id, false},
                                   {patch, "/channels/" + id, true},
                                   {del, "/channels/" + id, true},
                                   {post, "/channels/" + id + "/test", true},
                                   {get, "/deliveries", false},
                                   {get, "/deliveries/" + delivery, false},
                                   {post, "/deliveries/" + delivery + "/retry", true},
                                   {get, "/consents", false}};
  EXPECT_EQ(cases.size(), router_.routes().size());
  for (const Case& one : cases) {
    const json::value body = one.method == patch || one.path == "/channels" ? json::value(json::object()) : nullptr;
    const json::value given = one.method == get ? json::value(nullptr) : body;
    EXPECT_EQ(call(stranger_, one.method, one.path, given).status, 404) << one.path;
    EXPECT_EQ(call(agent_, one.method, one.path, given).status, 403) << one.path;
    const int status = call(analyst_, one.method, one.path, given).status;
    EXPECT_EQ(status == 403, one.changes) << one.path << " " << status;
  }
}

TEST_P(RoutesTest, PhonesAreMaskedForWhoMayNotEnterThem) {
  add_sms();
  EXPECT_TRUE(call(admin_, get, "/channels").text().contains("+8613800000000"));
  const std::string masked = call(analyst_, get, "/channels").text();
  EXPECT_FALSE(masked.contains("13800000000")) << masked;
}

TEST_P(RoutesTest, TheTestButtonTellsWhatHappenedStepByStep) {
  const std::string id = add_robot_by_api();
  call(admin_, patch, "/channels/" + id, {{"enabled", false}});
  const Answer good = call(admin_, post, "/channels/" + id + "/test");
  ASSERT_EQ(good.status, 200) << good.text();
  EXPECT_EQ(good.body.at("sent"), true);
  EXPECT_EQ(good.body.at("steps").at(0), (json::object{{"step", "request"}, {"ok", true}, {"detail", "HTTP 200"}}));
  EXPECT_TRUE(http_.seen().front().body.contains("测试消息"));
  EXPECT_EQ(call(admin_, get, "/channels/" + id).body.at("health").at("state"), "ok");

  http_.script("qyapi", {FakeHttp::errcode(93000)});
  const Answer bad = call(admin_, post, "/channels/" + id + "/test");
  EXPECT_EQ(bad.body.at("state"), "failed");
  EXPECT_EQ(bad.body.at("reason"), "wrong_credentials");
  EXPECT_EQ(bad.body.at("steps").at(1).at("ok"), false);
  const json::object health = call(admin_, get, "/channels/" + id).body.at("health").as_object();
  EXPECT_EQ(health.at("state"), "broken");
  EXPECT_EQ(health.at("last_failure_reason"), "wrong_credentials");
  EXPECT_TRUE(call(admin_, get, "/deliveries").body.at("items").as_array().empty()) << "a test is none";

  json::object input = robot_input();
  input.erase("secrets");
  const Answer unset =
      call(admin_, post, "/channels/" + call(admin_, post, "/channels", input).text_at("id") + "/test");
  EXPECT_EQ(unset.body.at("reason"), "wrong_settings");
  EXPECT_EQ(unset.body.at("steps").at(0).at("step"), "settings");
}

TEST_P(RoutesTest, ATestOfASubscribeChannelSpendsAConsent) {
  const ChannelId id = add_subscribe();
  write([&](sql::Transaction& tx) {
    for (int i = 0; i < 2; ++i)
      note_consents(tx, appid_, OpenId("o1"), subscribe_event("subscribe_msg_popup_event", "TPL_A", "accept"),
                    clock_.now());
  });
  EXPECT_EQ(call(analyst_, get, "/channels/" + id.str()).body.at("remaining_consents"), 2);
  call(admin_, post, "/channels/" + id.str() + "/test");
  EXPECT_EQ(call(analyst_, get, "/channels/" + id.str()).body.at("remaining_consents"), 1);
  const Answer consents = call(analyst_, get, "/consents?openid=o1&template_id=TPL_A");
  ASSERT_EQ(consents.body.at("items").as_array().size(), 1U);
  EXPECT_EQ(consents.body.at("items").at(0).at("spent"), 1);
  EXPECT_TRUE(call(analyst_, get, "/consents?openid=o2").body.at("items").as_array().empty());
}

TEST_P(RoutesTest, ConsentsArePaged) {
  write([&](sql::Transaction& tx) {
    for (int i = 0; i < 5; ++i)
      note_consents(tx, appid_, OpenId(fmt::format("o{}", i / 2)),
                    subscribe_event("subscribe_msg_popup_event", fmt::format("T{}", i), "accept"), clock_.now());
  });
  std::string seen, cursor;
  for (int page = 0; page < 5; ++page) {
    const Answer answer = call(analyst_, get, "/consents?limit=2" + cursor);
    for (const json::value& item : answer.body.at("items").as_array())
      seen += std::string(item.at("template_id").as_string()) + " ";
    if (answer.body.at("next_cursor").is_null()) break;
    cursor = "&cursor=" + answer.text_at("next_cursor");
  }
  EXPECT_EQ(seen, "T0 T1 T2 T3 T4 ");
  EXPECT_EQ(call(analyst_, get, "/consents?cursor=zz").code(), "request.invalid_cursor");
}

TEST_P(RoutesTest, TheLogIsListedFilteredAndPaged) {
  const ChannelId robot = add_robot(), hook = add_webhook();
  http_.script("qyapi", {FakeHttp::errcode(40058)});
  tell({robot, hook}, "first");
  Notification other = notification({hook}, "second");
  other.subject = "alert:8";
  queue(other);
  drain();
  const auto titles = [&](const std::string& query) {
    std::string all;
    for (const json::value& item : call(analyst_, get, "/deliveries" + query).body.at("items").as_array())
      all +=
          fmt::format("{}:{} ", std::string(item.at("title").as_string()), std::string(item.at("state").as_string()));
    return all;
  };
  EXPECT_EQ(titles(""), "second:sent first:sent first:failed ");
  EXPECT_EQ(titles("?state=failed"), "first:failed ");
  EXPECT_EQ(titles("?channel=" + hook.str()), "second:sent first:sent ");
  EXPECT_EQ(titles("?subject=alert:8"), "second:sent ");
  const Answer page = call(analyst_, get, "/deliveries?limit=2");
  EXPECT_EQ(titles("?limit=2&cursor=" + page.text_at("next_cursor")), "first:failed ");
  EXPECT_EQ(call(analyst_, get, "/deliveries?state=odd").code(), "request.invalid");
  EXPECT_EQ(call(analyst_, get, "/deliveries?channel=x").code(), "request.invalid");
  EXPECT_EQ(call(analyst_, get, "/deliveries?cursor=x").code(), "request.invalid_cursor");
}

TEST_P(RoutesTest, OneDeliveryIsShownWithItsAttemptsAndItsChain) {
  const ChannelId robot = add_robot(), hook = add_webhook();
  http_.script("qyapi", {FakeHttp::errcode(40058)});
  const NotificationId id = tell({robot, hook});
  drain();
  const Answer detail = call(analyst_, get, "/deliveries/" + id.str() + "-0");
  ASSERT_EQ(detail.status, 200) << detail.text();
  EXPECT_EQ(detail.body.at("delivery").at("reason"), "refused");
  EXPECT_EQ(detail.body.at("delivery").at("channel_name"), "channel 1");
  EXPECT_EQ(detail.body.at("text"), "服务：checkout");
  EXPECT_EQ(detail.body.at("history").at(0).at("state"), "failed");
  EXPECT_EQ(detail.body.at("history").at(0).at("steps").at(1).at("step"), "answer");
  ASSERT_EQ(detail.body.at("chain").as_array().size(), 2U);
  EXPECT_EQ(detail.body.at("chain").at(1).at("state"), "sent");
  for (const std::string& none : {id.str(), id.str() + "-5", id.str() + "-10", std::string("x-0"), "-" + id.str()})
    EXPECT_EQ(call(analyst_, get, "/deliveries/" + none).code(), "notify.not_found") << none;
}

TEST_P(RoutesTest, AFailedDeliveryIsTriedAgainByHandOnItsOwnChannel) {
  const ChannelId robot = add_robot(), hook = add_webhook();
  http_.script("qyapi", {FakeHttp::errcode(40058), FakeHttp::errcode(40058), FakeHttp::ok()});
  const NotificationId id = tell({robot, hook});
  drain();
  const std::string path = "/deliveries/" + id.str() + "-0/retry";
  EXPECT_EQ(call(admin_, post, "/deliveries/" + id.str() + "-1/retry").code(), "notify.not_retryable") << "it is sent";
  EXPECT_EQ(call(admin_, post, path).text_at("state"), "queued");
  EXPECT_EQ(woken_, 1);
  drain();
  EXPECT_EQ(told(id), "failed/refused sent") << "it does not fall through again";
  EXPECT_EQ(http_.seen("hook.example").size(), 1U);
  call(admin_, post, path);
  drain();
  EXPECT_EQ(told(id), "sent sent");
  EXPECT_EQ(attempts(id).size(), 3U) << "its history stays";
  EXPECT_EQ(call(admin_, post, path).code(), "notify.not_retryable");
}

MINIOPS_ON_BOTH_ENGINES(RoutesTest);

}  // namespace
}  // namespace miniops::notify
