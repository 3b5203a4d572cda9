// The desk's part of the console API, as a script with a key calls it.
#include "desk/tests/desk_fixture.hpp"

namespace miniops::desk {
namespace {

using testing::HasSubstr;
using enum net::Method;

class RoutesTest : public DeskTest {
 protected:
  void SetUp() override {
    DeskTest::SetUp();
    identity::Settings settings;
    settings.password_cost = {64, 1};
    identity_.emplace(db(), *version_, clock_, random_, ids_, workers_, settings);
    guard_.emplace(router_, *identity_);
    desk_->mount(*guard_, signals_);
    agent_key_ = key_of("agent", identity::Role::agent, "wxapp");
    analyst_key_ = key_of("analyst", identity::Role::analyst, "wxapp");
    admin_key_ = key_of("boss", identity::Role::admin, "wxapp");
    other_key_ = key_of("other", identity::Role::admin, "wxother");
  }

  std::string key_of(const std::string& name, identity::Role role, const std::string& appid) {
    const Access system = Access::system(AppId(appid), "test");
    const identity::NewAccount account{name, "correct-horse-7", "名" + name};
    const auto made = must(sql::run(identity_->create_account(system, account)));
    const identity::NewMember member{name, role};
    must(sql::run(identity_->add_member(system, member)));
    colleagues_.names[made.id] = made.display_name;
    return must(sql::run(identity_->create_api_key(system, made.id, {"key"}))).secret;
  }

  struct Answer {
    int status;
    json::value body;
    std::string code() const {
      const json::object* object = body.if_object();
      const json::value* found = object != nullptr ? object->if_contains("code") : nullptr;
      return found != nullptr ? std::string(found->get_string()) : std::string();
    }
  };
  Answer call(const std::string& key, net::Method method, const std::string& target, const std::string& body = "",
              const std::string& type = "application/json") {
    net::Request request;
    request.method = method;
    request.target = target;
    request.path = target.substr(0, target.find('?'));
    if (target.contains('?')) request.query = target.substr(target.find('?') + 1);
    request.body = body;
    if (!body.empty()) request.headers.add("Content-Type", type);
    request.headers.add("Authorization", "Bearer " + key);
    request.request_id = "r";
    const auto match = router_.match(method, request.path);
    if (match.route == nullptr) return {0, nullptr};
    request.path_params = match.params;
    const net::Response response = sql::run(match.route->handler(request));
    return {response.status, response.body.empty() ? json::value(nullptr) : json::parse(response.body)};
  }
  std::string conversation_path() { return "/api/v1/conversations/" + only().id.str(); }

  net::Router router_;
  std::optional<identity::Service> identity_;
  std::optional<identity::Guard> guard_;
  struct Signals final : CustomerSignals {
    Task<Result<std::vector<Signal>>> of(identity::Access access, OpenId openid, SignalsAsked asked, int) override {
      if (access.appid() != AppId("wxapp") || openid != OpenId("o1")) co_return std::vector<Signal>{};
      asked_for = asked;
      if (asked.events) {
        std::vector<Signal> many;
        for (TimeMs at = 120; at > 0; --at)
          if (at / 2 * 2 < asked.before)
            many.push_back({Signal::Kind::event, at / 2 * 2, "pages/pay/pay", "PayOrder", 0, 0});
        many.resize(std::min<std::size_t>(many.size(), 51));
        co_return many;
      }
      co_return std::vector<Signal>{
          {Signal::Kind::error, 300, "pages/pay/pay", "call 13812345678", 0, 77},
          {Signal::Kind::slow_request, 200, "pages/pay/pay", "POST /order", 2300, 0},
          {Signal::Kind::page, 100, "pages/pay/pay", "", 0, 0},
      };
    }
    SignalsAsked asked_for;
  };
  Signals signals_;
  std::string agent_key_, analyst_key_, admin_key_, other_key_;
};

const std::string app = "/api/v1/miniprograms/wxapp";

TEST_P(RoutesTest, TheMainJob) {
  says("o1", "订单打不开 13812345678");
  const auto list = call(agent_key_, get, app + "/conversations?state=waiting");
  ASSERT_EQ(list.status, 200);
  const auto& item = list.body.at("items").at(0);
  EXPECT_EQ(item.at("openid").as_string(), "o1");
  EXPECT_EQ(item.at("state").as_string(), "waiting");
  EXPECT_EQ(item.at("unread").as_int64(), 1);
  EXPECT_TRUE(item.at("assignee").is_null());
  EXPECT_EQ(item.at("budget").at("remaining").as_int64(), 5);
  EXPECT_TRUE(list.body.at("next_cursor").is_null());

  const auto sent = call(agent_key_, post, conversation_path() + "/messages",
                         R"({"msgtype":"text","text":{"content":"您好"},"client_id":"c1"})");
  ASSERT_EQ(sent.status, 201) << json::serialize(sent.body);
  EXPECT_EQ(sent.body.at("state").as_string(), "queued");
  EXPECT_EQ(sent.body.at("text").at("content").as_string(), "您好");
  EXPECT_EQ(sent.body.at("sender_name").as_string(), "名agent");

  const auto shown = call(agent_key_, get, conversation_path() + "/messages?limit=1");
  ASSERT_EQ(shown.status, 200);
  EXPECT_EQ(shown.body.at("items").at(0).at("direction").as_string(), "out");
  const std::string cursor(shown.body.at("next_cursor").as_string());
  const auto earlier = call(agent_key_, get, conversation_path() + "/messages?limit=1&cursor=" + cursor);
  EXPECT_EQ(earlier.body.at("items").at(0).at("msgtype").as_string(), "text");
  EXPECT_EQ(earlier.body.at("items").at(0).at("seq").as_int64(), 1);
  EXPECT_TRUE(earlier.body.at("next_cursor").is_null());
  const auto counts = call(agent_key_, get, app + "/conversations/counts");
  EXPECT_EQ(counts.body.at("mine").as_int64(), 1);
}

TEST_P(RoutesTest, WhoMayNotSeePersonalDataGetsThemMasked) {
  Settings unsealed;
  unsealed.seal_numbers = false;
  must(sql::run(desk_->settings().set_settings(admin(), unsealed)));
  says("o1", "电话 13812345678");
  index_all();
  for (const std::string& path : {conversation_path(), conversation_path() + "/messages", app + "/conversations",
                                  app + "/search?q=%E7%94%B5%E8%AF%9D"}) {
    const bool sees = role_has(identity::Role::agent, identity::Permission::personal_data_read);
    const std::string agents = json::serialize(call(agent_key_, get, path).body);
    EXPECT_EQ(agents.contains("13812345678"), sees) << path;
    EXPECT_TRUE(json::serialize(call(admin_key_, get, path).body).contains("13812345678")) << path;
  }
}

TEST_P(RoutesTest, ASealedNumberIsMaskedForAllAndRevealedToWhoeverMaySeeIt) {
  says("o1", "电话 13812345678");
  index_all();
  for (const std::string& path : {conversation_path(), conversation_path() + "/messages", app + "/conversations",
                                  app + "/search?q=%E7%94%B5%E8%AF%9D"})
    EXPECT_FALSE(json::serialize(call(admin_key_, get, path).body).contains("13812345678")) << path;
  const auto shown = call(admin_key_, get, conversation_path() + "/messages").body.at("items").at(0);
  const auto& hidden = shown.at("hidden").at(0);
  EXPECT_EQ(hidden.at("kind").as_string(), "phone");
  EXPECT_EQ(hidden.at("field").as_string(), "content");
  EXPECT_EQ(hidden.at("at").as_int64(), 3);
  EXPECT_EQ(hidden.at("length").as_int64(), 11);
  const std::string path = conversation_path() + "/messages/" + std::string(shown.at("id").as_string()) + "/reveal";
  const auto revealed = call(admin_key_, post, path, R"({"position":0})");
  ASSERT_EQ(revealed.status, 200) << json::serialize(revealed.body);
  EXPECT_EQ(revealed.body.at("value").as_string(), "13812345678");
  EXPECT_EQ(call(admin_key_, post, path, R"({"position":1})").status, 404);
  EXPECT_EQ(call(admin_key_, post, path, R"({"position":-1})").status, 400);
  EXPECT_EQ(call(other_key_, post, path, R"({"position":0})").status, 404) << "of another mini program";
  const bool sees = role_has(identity::Role::agent, identity::Permission::personal_data_read);
  EXPECT_EQ(call(agent_key_, post, path, R"({"position":0})").status, sees ? 200 : 403);
}

TEST_P(RoutesTest, EntrancesAreOfASpanOfDays) {
  enters("o1", "page=pages/a");
  const auto at = clock_.now();
  const std::string path = app + "/entrances";
  const auto found = call(agent_key_, get, fmt::format("{}?from={}&to={}", path, at - 2 * day_ms, at + 1));
  ASSERT_EQ(found.status, 200);
  EXPECT_EQ(json::serialize(found.body), R"({"items":[{"entries":1,"people":1,"conversations":0,"source":"pages/a"}],)"
                                         R"("total":{"entries":1,"people":1,"conversations":0},"more":false})");
  for (const std::string& wrong : {std::string("?from=1"), std::string("?from=5&to=5"), std::string("?from=x&to=9"),
                                   fmt::format("?from=1&to={}", 2 + 366 * day_ms)})
    EXPECT_EQ(call(agent_key_, get, path + wrong).code(), "request.invalid") << wrong;
  EXPECT_EQ(call(analyst_key_, get, path + "?from=1&to=2").status, 403);
}

TEST_P(RoutesTest, APrivacyNoticeHasALinkAndAVersion) {
  const std::string path = app + "/desk-settings";
  const std::string link = R"("privacy_link":"https://shop.example/privacy")";
  EXPECT_EQ(call(admin_key_, put, path, "{" + link + "}").status, 400) << "no version";
  EXPECT_EQ(call(admin_key_, put, path, R"({"privacy_version":"1"})").status, 400) << "no link";
  for (const char* wrong : {"http://a.example", "javascript:alert(1)", "https://", "https://a.example/ b"})
    EXPECT_EQ(
        call(admin_key_, put, path, fmt::format(R"({{"privacy_link":"{}","privacy_version":"1"}})", wrong)).status, 400)
        << wrong;
  const auto set = call(admin_key_, put, path, "{" + link + R"(,"privacy_version":"2026-11","seal_numbers":false})");
  ASSERT_EQ(set.status, 200) << json::serialize(set.body);
  EXPECT_EQ(set.body.at("privacy_version").as_string(), "2026-11");
  EXPECT_FALSE(set.body.at("seal_numbers").as_bool());
  EXPECT_EQ(call(admin_key_, put, path, R"({"privacy_link":"","privacy_version":""})").status, 200);
}

TEST_P(RoutesTest, EachRouteKeepsToItsMiniProgramAndPermission) {
  says("o1", "hi");
  const std::string one = conversation_path();
  const std::string text = R"({"msgtype":"text","text":{"content":"x"}})";
  struct Case {
    net::Method method;
    std::string path, body;
  };
  const std::vector<Case> objects = {{get, one, ""},
                                     {get, one + "/messages", ""},
                                     {get, one + "/events", ""},
                                     {post, one + "/messages", text},
                                     {post, one + "/take", ""},
                                     {post, one + "/release", ""},
                                     {post, one + "/close", "{}"},
                                     {post, one + "/reopen", ""},
                                     {post, one + "/read", R"({"seq":1})"},
                                     {post, one + "/typing", R"({"state":"start"})"},
                                     {post, one + "/transfer", R"({"account_id":"1"})"},
                                     {post, one + "/transfer/accept", ""},
                                     {post, one + "/transfer/decline", ""},
                                     {post, one + "/transfer/withdraw", ""},
                                     {post, one + "/take-over", ""},
                                     {post, one + "/watch", ""},
                                     {post, one + "/whispers", R"({"content":"x"})"},
                                     {get, one + "/mentions", ""},
                                     {del, one + "/mentions/1", ""},
                                     {get, one + "/messages/1/attempts", ""},
                                     {post, one + "/messages/1/resend", ""}};
  for (const Case& each : objects) {
    const auto answer = call(other_key_, each.method, each.path, each.body);
    EXPECT_EQ(answer.status, 404) << each.path;
    EXPECT_EQ(answer.code(), "desk.not_found") << each.path;
    EXPECT_EQ(call(agent_key_, each.method, "/api/v1/conversations/9" + each.path.substr(one.size()), each.body).code(),
              "desk.not_found");
  }
  for (const std::string path :
       {"/conversations", "/mentions", "/search?q=a", "/agents", "/rules", "/hours", "/words"}) {
    EXPECT_EQ(call(other_key_, get, app + path).status, 404) << path;
  }
  EXPECT_EQ(call(agent_key_, put, app + "/hours", "{}").status, 403);
  EXPECT_EQ(call(agent_key_, post, app + "/rules", "{}").status, 403);
  EXPECT_EQ(call(agent_key_, del, app + "/words").status, 403);
}

TEST_P(RoutesTest, BadInputIsNamed) {
  says("o1", "hi");
  const std::string send = conversation_path() + "/messages";
  struct Case {
    std::string body;
    int status;
    std::string says;
  };
  const std::vector<Case> bodies = {
      {"{", 400, "request.malformed_json"},
      {"[]", 400, "request.invalid"},
      {"{}", 400, "/msgtype"},
      {R"({"msgtype":"voice","voice":{}})", 400, "/msgtype"},
      {R"({"msgtype":"text"})", 400, "/text"},
      {R"({"msgtype":"text","text":{"content":"a"},"extra":1})", 400, "/extra"},
      {R"({"msgtype":"text","text":{"content":"a"},"quick_reply_id":7})", 400, "/quick_reply_id"},
      {R"({"msgtype":"image","image":{"picture_id":"none"}})", 422, "desk.unknown_picture"},
      {R"({"msgtype":"note","note":{"content":""}})", 400, "/note/content"},
      {R"({"msgtype":"note","note":{"content":"a","mentions":["x"]}})", 400, "/note/mentions"},
      {R"({"msgtype":"note","note":{"content":"a","consult":true}})", 400, "/note/mentions"},
      {R"({"msgtype":"note","note":{"content":"a","mentions":["77"]}})", 422, "desk.not_an_agent"},
      {R"({"msgtype":"miniprogrampage","miniprogrampage":{"title":"a","pagepath":"p"}})", 400,
       "/miniprogrampage/picture_id"}};
  for (const Case& each : bodies) {
    const auto answer = call(agent_key_, post, send, each.body);
    EXPECT_EQ(answer.status, each.status) << each.body;
    EXPECT_THAT(json::serialize(answer.body), HasSubstr(each.says)) << each.body;
  }
  for (const std::string query : {"state=open", "stage=x", "assignee=you", "sort=best", "limit=0", "limit=101",
                                  "cursor=%%%", "thread_id=x", "q=%ff"}) {
    EXPECT_EQ(call(agent_key_, get, app + "/conversations?" + query).status, 400) << query;
  }
  EXPECT_EQ(call(agent_key_, get, app + "/search?q=").status, 400);
  EXPECT_EQ(call(agent_key_, get, app + "/customers/%ff").status, 404);
  EXPECT_EQ(call(agent_key_, post, conversation_path() + "/transfer", "{}").status, 400);
  EXPECT_EQ(call(agent_key_, post, conversation_path() + "/close", R"({"outcome":"maybe"})").status, 400);
  EXPECT_EQ(call(agent_key_, put, app + "/presence", R"({"presence":"gone"})").status, 400);
  EXPECT_EQ(call(admin_key_, post, app + "/words/import", "{}").status, 415);
}

TEST_P(RoutesTest, SettingsRulesHoursWordsAndPresence) {
  auto ok = [&](net::Method method, const std::string& path, const std::string& body, int status) {
    const auto answer = call(admin_key_, method, app + path, body);
    EXPECT_EQ(answer.status, status) << path << " " << json::serialize(answer.body);
    return answer.body;
  };
  EXPECT_EQ(ok(get, "/desk-settings", "", 200).at("reopen_minutes").as_int64(), 30);
  EXPECT_EQ(ok(put, "/desk-settings", R"({"reopen_minutes":5})", 200).at("reopen_minutes").as_int64(), 5);
  EXPECT_EQ(ok(get, "/desk-settings", "", 200).at("grace_seconds").as_int64(), 60);

  const std::string hours = R"({"time_zone":"Asia/Shanghai","days":{"mon":[{"from":"09:00","to":"18:00"}]}})";
  ok(put, "/hours", hours, 200);
  EXPECT_EQ(ok(get, "/hours", "", 200).at("days").at("mon").at(0).at("to").as_string(), "18:00");
  const std::string with_holiday =
      R"({"time_zone":"Asia/Shanghai","days":{},"special":[{"date":"2026-10-01","name":"国庆节","spans":[]}]})";
  ok(put, "/hours", with_holiday, 200);
  EXPECT_EQ(ok(get, "/hours", "", 200).at("special").at(0).at("name").as_string(), "国庆节");

  const auto rule = ok(post, "/rules",
                       R"({"name":"a","kind":"keyword","patterns":["退款"],
                           "replies":[{"msgtype":"text","text":{"content":"好"}}]})",
                       201);
  const std::string id(rule.at("id").as_string());
  EXPECT_EQ(ok(patch, "/rules/" + id, R"({"priority":7})", 200).at("priority").as_int64(), 7);
  const auto tried = ok(post, "/rules/try", R"({"text":"我要退款"})", 200);
  EXPECT_EQ(tried.at("fired").at("id").as_string(), id);
  EXPECT_EQ(tried.at("considered").at(0).at("matched").as_bool(), true);
  EXPECT_EQ(ok(get, "/rules", "", 200).at("items").as_array().size(), 1U);
  ok(del, "/rules/" + id, "", 204);
  EXPECT_EQ(call(admin_key_, del, app + "/rules/" + id).code(), "desk.not_found");

  const auto word = ok(post, "/words", R"({"word":"赌博","action":"block"})", 201);
  EXPECT_EQ(call(admin_key_, post, app + "/words", R"({"word":"赌博","action":"block"})").status, 409);
  EXPECT_EQ(ok(get, "/words?q=%E8%B5%8C", "", 200).at("items").as_array().size(), 1U);
  const auto import = call(admin_key_, post, app + "/words/import?action=mask", "一\n二,flag\n,\n", "text/plain");
  EXPECT_EQ(import.status, 200);
  EXPECT_EQ(import.body.at("added").as_int64(), 2);
  EXPECT_EQ(import.body.at("rejected").as_array().size(), 1U);
  ok(del, "/words/" + std::string(word.at("id").as_string()), "", 204);
  ok(del, "/words", "", 204);

  const auto agent = ok(put, "/presence", R"({"presence":"online","load_max":3})", 200);
  EXPECT_EQ(agent.at("presence").as_string(), "online");
  EXPECT_EQ(ok(get, "/presence", "", 200).at("load_max").as_int64(), 3);
  EXPECT_GE(ok(get, "/agents", "", 200).at("items").as_array().size(), 3U);
}

TEST_P(RoutesTest, AConversationFromTakeToClose) {
  says("o1", "hi");
  const std::string one = conversation_path();
  EXPECT_EQ(call(agent_key_, post, one + "/take").status, 200);
  EXPECT_EQ(call(admin_key_, post, one + "/take").code(), "desk.already_taken");
  EXPECT_EQ(call(agent_key_, post, one + "/read", R"({"seq":1})").body.at("unread").as_int64(), 0);
  EXPECT_EQ(call(agent_key_, post, one + "/typing", R"({"state":"start"})").status, 204);
  EXPECT_EQ(call(agent_key_, post, one + "/close", R"({"reason":"已解决"})").body.at("state").as_string(), "closed");
  const auto events = call(agent_key_, get, one + "/events").body.at("items").as_array();
  ASSERT_EQ(events.size(), 3U);
  EXPECT_EQ(events[0].at("kind").as_string(), "closed");
  EXPECT_EQ(events[0].at("note").as_string(), "已解决");
  EXPECT_EQ(events[0].at("to").as_string(), "resolved");
  EXPECT_EQ(call(agent_key_, post, one + "/messages", R"({"msgtype":"text","text":{"content":"x"}})").code(),
            "desk.conversation_closed");
  EXPECT_EQ(call(agent_key_, post, one + "/reopen").body.at("state").as_string(), "active");
}

TEST_P(RoutesTest, WhatACustomersPhoneReported) {
  const std::string path = "/api/v1/miniprograms/wxapp/customers/o1/signals";
  says("o1", "在吗");
  const auto items = call(agent_key_, get, path).body.at("items").as_array();
  ASSERT_EQ(items.size(), 3U);
  EXPECT_EQ(signals_.asked_for.before, clock_.now() + 1);
  EXPECT_EQ(json::serialize(items[1]),
            R"({"kind":"slow_request","at":200,"page":"pages/pay/pay","text":"POST /order","ms":2.3E3})");
  EXPECT_EQ(items[0].at("issue_id").as_string(), "77");
  EXPECT_EQ(call(admin_key_, get, path).body.at("items").as_array()[0].at("text").as_string(), "call 13812345678");
  EXPECT_EQ(call(analyst_key_, get, path).body.as_object().contains("items"), false);
  call(agent_key_, get, path + "?before=250");
  EXPECT_EQ(signals_.asked_for.before, 250);
  EXPECT_EQ(signals_.asked_for.since, 0) << "seven days before";
  for (const char* wrong : {"?before=x", "?days=0", "?days=91", "?days=x"})
    EXPECT_EQ(call(agent_key_, get, path + wrong).code(), "request.invalid") << wrong;
  call(agent_key_, get, path + fmt::format("?days=30&before={}", clock_.now()));
  EXPECT_EQ(signals_.asked_for.since, clock_.now() - 30 * day_ms);
  EXPECT_EQ(call(other_key_, get, path).status, 404);
}

TEST_P(RoutesTest, ATimelineIsReadPageByPageAndLosesNothing) {
  const std::string path = app + "/customers/o1/signals?events=true&days=90";
  says("o1", "在吗");
  std::vector<std::int64_t> seen;
  for (std::string before; before != "null";) {
    const auto page = call(agent_key_, get, path + (before.empty() ? "" : "&before=" + before)).body;
    for (const json::value& item : page.at("items").as_array()) seen.push_back(item.at("at").as_int64());
    EXPECT_EQ(page.at("items").at(0).at("kind").as_string(), "event");
    before = json::serialize(page.at("next_before"));
    ASSERT_LE(seen.size(), 120U);
  }
  EXPECT_EQ(seen.size(), 120U);
  EXPECT_TRUE(std::ranges::is_sorted(seen, std::ranges::greater{}));
}

MINIOPS_ON_BOTH_ENGINES(RoutesTest);

}  // namespace
}  // namespace miniops::desk
