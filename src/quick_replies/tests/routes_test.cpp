// The module's part of the console API, as a script with a key calls it.
#include "quick_replies/routes.hpp"

#include "identity/service.hpp"
#include "net/workers.hpp"
#include "quick_replies/tests/quick_replies_fixture.hpp"

namespace miniops::quick_replies {
namespace {

using identity::Role;
using testing::HasSubstr;
using enum net::Method;

class RoutesTest : public QuickRepliesTest {
 protected:
  void SetUp() override {
    QuickRepliesTest::SetUp();
    version_.emplace(db());
    identity::Settings settings;
    settings.password_cost = {64, 1};
    identity_.emplace(db(), *version_, clock_, random_, ids_, workers_, settings);
    guard_.emplace(router_, *identity_);
    mount(*guard_, *service_);
    chief_ = key_of("chief", Role::operator_, shop);
    agent_ = key_of("agent", Role::agent, shop);
    analyst_ = key_of("analyst", Role::analyst, shop);
    stranger_ = key_of("stranger", Role::admin, bank);
  }
  void TearDown() override {
    guard_.reset();
    identity_.reset();
    version_.reset();
    QuickRepliesTest::TearDown();
  }
  std::string key_of(const std::string& name, Role role, const AppId& appid) {
    const Access system = Access::system(appid, "test");
    const identity::NewAccount account{name, "correct-horse-7", name};
    const auto made = must(sql::run(identity_->create_account(system, account)));
    const identity::NewMember member{name, role};
    must(sql::run(identity_->add_member(system, member)));
    return must(sql::run(identity_->create_api_key(system, made.id, {"key"}))).secret;
  }

  struct Answer {
    int status = 0;
    std::string text;
    json::value body() const { return json::parse(text); }
    std::string code() const { return std::string(body().at("code").as_string()); }
    std::string id() const { return std::string(body().at("id").as_string()); }
    json::array items() const { return body().at("items").as_array(); }
  };
  Answer call(const std::string& key, net::Method method, const std::string& path, const std::string& body = "",
              const std::string& type = "application/json") {
    net::Request request;
    request.method = method;
    request.target = "/api/v1/miniprograms/wxshop" + path;
    request.path = request.target.substr(0, request.target.find('?'));
    if (request.target.contains('?')) request.query = request.target.substr(request.target.find('?') + 1);
    request.body = body;
    request.received_at = clock_.now();
    if (!body.empty()) request.headers.add("Content-Type", type);
    request.headers.add("Authorization", "Bearer " + key);
    request.request_id = "r";
    const auto match = router_.match(method, request.path);
    if (match.route == nullptr) return {};
    request.path_params = match.params;
    const net::Response response = sql::run(match.route->handler(request));
    return {response.status, response.body};
  }
  Answer chief(net::Method method, const std::string& path, const std::string& body = "") {
    return call(chief_, method, path, body);
  }
  Answer agent(net::Method method, const std::string& path, const std::string& body = "") {
    return call(agent_, method, path, body);
  }

  net::Workers workers_{1, 8};
  net::Router router_;
  std::optional<sql::ConfigVersion> version_;
  std::optional<identity::Service> identity_;
  std::optional<identity::Guard> guard_;
  std::string chief_, agent_, analyst_, stranger_;
};

TEST_P(RoutesTest, EachRouteAsksForItsPermission) {
  const auto refused = [&](const std::string& key, int expected) {
    int count = 0;
    for (const net::RouteInfo& route : router_.routes()) {
      std::string path = route.pattern.substr(std::string("/api/v1/miniprograms/{appid}").size());
      if (const auto at = path.find("{id}"); at != std::string::npos) path.replace(at, 4, "7");
      EXPECT_EQ(call(key, route.method, path, "{}").status, expected) << path;
      ++count;
    }
    return count;
  };
  EXPECT_EQ(refused(analyst_, 403), 15);
  EXPECT_EQ(refused(stranger_, 404), 15);
  EXPECT_EQ(refused("mo_wrong", 401), 15);
}

// As the console has called it from the first.
TEST_P(RoutesTest, AQuickReplyFromTheFirstTextToTheLastUse) {
  const auto made = chief(post, "/quick-replies", R"({"shortcut":"hi","content":"您好","scope":"shared"})");
  ASSERT_EQ(made.status, 201) << made.text;
  EXPECT_EQ(made.body().at("scope").as_string(), "shared");
  const std::string path = "/quick-replies/" + made.id();
  EXPECT_EQ(chief(patch, path, R"({"title":"问候语"})").body().at("initials").as_string(), "why");
  EXPECT_EQ(chief(patch, path, R"({"initials":"WH"})").body().at("initials").as_string(), "wh");
  const auto list = agent(get, "/quick-replies");
  ASSERT_EQ(list.items().size(), 1U);
  EXPECT_EQ(list.items()[0].at("content").as_string(), "您好");
  EXPECT_TRUE(list.items()[0].at("initials_by_hand").as_bool());
  EXPECT_TRUE(list.items()[0].at("last_used_at").is_null());
  EXPECT_EQ(agent(get, "/quick-replies?q=wh&limit=1").items().size(), 1U);
  EXPECT_EQ(agent(get, "/quick-replies?q=why").items().size(), 0U);
  EXPECT_EQ(agent(get, "/quick-replies?q=%FF").code(), "request.invalid");
  EXPECT_EQ(agent(get, "/quick-replies?limit=0").code(), "request.invalid_limit");
  EXPECT_EQ(agent(post, path + "/fill-in", R"({"conversation_id":"1"})").body().at("text").as_string(), "您好");
  EXPECT_EQ(agent(patch, path, R"({"title":"x"})").code(), "identity.forbidden");
  EXPECT_EQ(agent(del, path).code(), "identity.forbidden");
  EXPECT_EQ(chief(del, path).status, 204);
  EXPECT_EQ(chief(del, "/quick-replies/x").code(), "quick_replies.not_found");
}

TEST_P(RoutesTest, WrongBodiesAreRefused) {
  struct Case {
    net::Method method;
    std::string path, body;
    int status = 400;
  };
  const std::vector<Case> cases{
      {post, "/quick-replies", R"({"title":"x"})"},
      {post, "/quick-replies", R"({"content":"x","scope":"all"})"},
      {post, "/quick-replies", R"({"content":"x","owner":"7"})"},
      {post, "/quick-replies", R"({"content":7})"},
      {post, "/quick-replies", R"({"content":""})", 422},
      {post, "/quick-replies", R"({"content":"{{x}}"})", 422},
      {post, "/quick-replies/7/fill-in", R"({"conversation_id":1})"},
      {post, "/quick-replies/7/fill-in", R"({})"},
      {post, "/quick-reply-folders/rename", R"({"scope":"personal","from":"","to":"a"})"},
      {post, "/quick-reply-folders/rename", R"({"scope":"personal","from":"a","to":"b"})", 404},
      {post, "/quick-replies/import?scope=all", "{}"},
      {post, "/quick-replies/import", "{}", 415},
      {post, "/macros", R"({"name":"x"})"},
      {post, "/macros", R"({"actions":[{"kind":"close"}]})"},
      {post, "/macros", R"({"name":"x","actions":[]})", 422},
      {post, "/macros/7/run", R"({"conversation_id":"x"})"},
      {post, "/macros/7/run", R"({"conversation_id":"1","seen_seq":-1})"},
      {post, "/macros/7/run", R"({"conversation_id":"1"})", 404},
      {post, "/macro-runs/7/undo", "", 404},
  };
  for (const Case& each : cases) {
    const auto answer = agent(each.method, each.path, each.body);
    EXPECT_EQ(answer.status, each.status) << each.path << each.body << answer.text;
  }
  EXPECT_EQ(agent(post, "/quick-replies", R"({"content":"您好{{x}}"})").body().at("position").as_int64(), 3);
}

TEST_P(RoutesTest, AMacroFromTheFirstActionToItsUndoing) {
  const auto made =
      chief(post, "/macros",
            R"({"name":"结束","scope":"shared","actions":[{"kind":"add_tag","tag":"done"},{"kind":"close"}]})");
  ASSERT_EQ(made.status, 201) << made.text;
  EXPECT_EQ(agent(get, "/macros").items().at(0).at("actions").as_array().size(), 2U);
  const auto run = agent(post, "/macros/" + made.id() + "/run", R"({"conversation_id":"1"})");
  ASSERT_EQ(run.status, 200) << run.text;
  EXPECT_TRUE(run.body().at("actions").at(1).at("undoable").as_bool());
  EXPECT_TRUE(desk_.conversations[1].closed);
  const auto back = agent(post, "/macro-runs/" + run.id() + "/undo");
  ASSERT_EQ(back.status, 200) << back.text;
  EXPECT_EQ(back.body().at("actions").as_array(), (json::array{"reopen", "remove_tag"}));
  EXPECT_FALSE(desk_.conversations[1].closed);
  EXPECT_EQ(agent(post, "/macro-runs/" + run.id() + "/undo").code(), "quick_replies.undone");
  EXPECT_EQ(chief(patch, "/macros/" + made.id(), R"({"actions":[{"kind":"close"}]})").status, 200);
  EXPECT_EQ(chief(del, "/macros/" + made.id()).status, 204);
}

TEST_P(RoutesTest, AMacroIsRunWithWhatWasSeen) {
  const auto made = agent(post, "/macros", R"({"name":"再见","actions":[{"kind":"send_text","text":"再见"}]})");
  ASSERT_EQ(made.status, 201) << made.text;
  const std::string path = "/macros/" + made.id() + "/run";
  desk_.answered_seq = 4;
  const auto moved = agent(post, path, R"({"conversation_id":"1","seen_seq":3})");
  EXPECT_EQ(moved.status, 409);
  EXPECT_EQ(moved.code(), "desk.conversation_moved");
  EXPECT_EQ(agent(post, path, R"({"conversation_id":"1","seen_seq":4})").status, 200);
}

TEST_P(RoutesTest, AFileGoesInAndOut) {
  const std::string file = "folder,content\n售后,您好\n,{{x}}\n";
  const auto done = call(agent_, post, "/quick-replies/import", file, "text/csv");
  ASSERT_EQ(done.status, 200) << done.text;
  EXPECT_EQ(done.body().at("added").as_int64(), 1);
  EXPECT_EQ(done.body().at("rejected").at(0).at("line").as_int64(), 3);
  EXPECT_THAT(agent(get, "/quick-replies/export").text, HasSubstr("您好"));
  EXPECT_EQ(agent(get, "/quick-reply-folders").items().at(0).at("path").as_string(), "售后");
  EXPECT_EQ(call(agent_, post, "/quick-replies/import?scope=shared", file, "text/csv").status, 403);
}

MINIOPS_ON_BOTH_ENGINES(RoutesTest);

}  // namespace
}  // namespace miniops::quick_replies
