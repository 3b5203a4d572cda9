// The module's part of the console API, as a script with a key calls it.
#include "teams/routes.hpp"

#include "teams/tests/teams_fixture.hpp"

namespace miniops::teams {
namespace {

using identity::Role;
using testing::ElementsAre;
using enum net::Method;

class RoutesTest : public TeamsTest {
 protected:
  void SetUp() override {
    TeamsTest::SetUp();
    guard_.emplace(router_, *identity_);
    mount(*guard_, *service_);
    admin_ = key_of(account("admin", Role::admin));
    agent_id_ = account("agent");
    agent_ = key_of(agent_id_);
    analyst_ = key_of(account("analyst", Role::analyst));
    stranger_ = key_of(account("stranger", Role::admin, bank), bank);
  }
  void TearDown() override {
    guard_.reset();
    TeamsTest::TearDown();
  }
  std::string key_of(AccountId id, const AppId& appid = shop) {
    const Access system = Access::system(appid, "test");
    return must(sql::run(identity_->create_api_key(system, id, {"key"}))).secret;
  }

  struct Answer {
    int status = 0;
    json::value body;
    std::string text() const { return json::serialize(body); }
    std::string code() const { return std::string(body.at("code").as_string()); }
    std::string id() const { return std::string(body.at("id").as_string()); }
    const json::array& items() const { return body.at("items").as_array(); }
  };
  Answer call(const std::string& key, net::Method method, const std::string& path, const std::string& body = "") {
    net::Request request;
    request.method = method;
    request.target = "/api/v1/miniprograms/wxshop/teams" + path;
    request.path = request.target.substr(0, request.target.find('?'));
    if (request.target.contains('?')) request.query = request.target.substr(request.target.find('?') + 1);
    request.body = body;
    request.received_at = clock_.now();
    if (!body.empty()) request.headers.add("Content-Type", "application/json");
    request.headers.add("Authorization", "Bearer " + key);
    request.request_id = "r";
    const auto match = router_.match(method, request.path);
    if (match.route == nullptr) return {};
    request.path_params = match.params;
    const net::Response response = sql::run(match.route->handler(request));
    return {response.status, response.body.empty() ? json::value(nullptr) : json::parse(response.body)};
  }
  Answer admin(net::Method method, const std::string& path, const std::string& body = "") {
    return call(admin_, method, path, body);
  }
  std::string agent_path(const std::string& more = "") const { return "/agents/" + agent_id_.str() + more; }

  net::Router router_;
  std::optional<identity::Guard> guard_;
  std::string admin_, agent_, analyst_, stranger_;
  AccountId agent_id_;
};

TEST_P(RoutesTest, EachRouteAsksForItsPermission) {
  const auto answered = [&](const std::string& key, auto expected) {
    int count = 0;
    for (const net::RouteInfo& route : router_.routes()) {
      std::string path = route.pattern.substr(std::string("/api/v1/miniprograms/{appid}/teams").size());
      if (const auto at = path.find("{id}"); at != std::string::npos) path.replace(at, 4, "12345");
      EXPECT_TRUE(expected(route, call(key, route.method, path, "{}").status)) << route.pattern;
      ++count;
    }
    return count;
  };
  const auto always = [](int status) { return [status](const net::RouteInfo&, int got) { return got == status; }; };
  EXPECT_EQ(answered(analyst_, always(403)), 22);
  EXPECT_EQ(answered(stranger_, always(404)), 22);
  EXPECT_EQ(answered("mo_wrong", always(401)), 22);
  answered(agent_, [](const net::RouteInfo& route, int got) {
    EXPECT_EQ(route.permission, route.method == get ? "desk.read" : "desk.configure");
    return route.method == get ? got == 200 || got == 404 : got == 403;
  });
  answered(admin_, [](const net::RouteInfo&, int got) { return got != 401 && got != 403; });
}

TEST_P(RoutesTest, AGroupFromTheFirstLookToTheEnd) {
  ASSERT_EQ(admin(get, "/groups").items().size(), 1U);
  EXPECT_TRUE(admin(get, "/groups/1").body.at("is_default").as_bool());
  const auto made = admin(post, "/groups",
                          R"({"name":"售后","calendar":{"time_zone":"Asia/Shanghai","days":{"mon":[{"from":"09:00",)"
                          R"("to":"18:00"}]}},"busy":{"set":"automatic","from_waiting":20,"limit_percent":200}})");
  ASSERT_EQ(made.status, 201) << made.text();
  const std::string path = "/groups/" + made.id();
  EXPECT_EQ(made.body.at("busy").at("from_waiting").as_int64(), 20);
  const auto changed = admin(patch, path, R"({"version":1,"busy":{"set":"on"}})");
  EXPECT_EQ(changed.body.at("version").as_int64(), 2);
  EXPECT_EQ(changed.body.at("busy").at("set").as_string(), "on");
  EXPECT_EQ(changed.body.at("calendar").at("days").at("mon").at(0).at("from").as_string(), "09:00");
  EXPECT_EQ(admin(patch, path, R"({"version":1,"name":"x"})").code(), "teams.changed");
  const std::string both = fmt::format(R"({{"add":["{}"]}})", agent_id_.str());
  EXPECT_EQ(admin(post, path + "/agents", both).body.at("agents").as_int64(), 1);
  EXPECT_EQ(admin(get, agent_path()).body.at("groups").at(0).at("group_id").as_string(), made.id());
  EXPECT_EQ(admin(del, path).status, 204);
  EXPECT_EQ(admin(del, path).code(), "teams.not_found");
  EXPECT_EQ(admin(del, "/groups/1").code(), "teams.default_group");
  EXPECT_EQ(admin(get, "/groups/x").code(), "teams.not_found");
}

TEST_P(RoutesTest, AnAgentIsSetUpAndFound) {
  const auto skill = admin(post, "/skills", R"({"name":"英语"})");
  ASSERT_EQ(skill.status, 201);
  EXPECT_EQ(admin(patch, "/skills/" + skill.id(), R"({"name":"English"})").body.at("name").as_string(), "English");
  const auto set = admin(
      patch, agent_path(),
      fmt::format(R"({{"version":1,"load_max":8,"languages":["zh","en_US"],"skills":[{{"skill_id":"{}","level":4}}],)"
                  R"("groups":[{{"group_id":"1","shift":{{"time_zone":"Asia/Shanghai","days":{{}}}}}}]}})",
                  skill.id()));
  ASSERT_EQ(set.status, 200) << set.text();
  EXPECT_EQ(set.body.at("presence").as_string(), "offline");
  const auto cleared = admin(patch, agent_path(), R"({"version":2,"groups":[{"group_id":"1","shift":null}]})");
  EXPECT_TRUE(cleared.body.at("groups").at(0).at("shift").is_null());
  EXPECT_EQ(cleared.body.at("load_max").as_int64(), 8);
  EXPECT_EQ(admin(get, "/agents").items().size(), 2U);
  EXPECT_EQ(
      admin(get, "/agents?skill_id=" + skill.id() + "&group_id=1&language=en&presence=offline&q=gen").items().size(),
      1U);
  const auto first = admin(get, "/agents?limit=1");
  EXPECT_EQ(first.items()[0].at("username").as_string(), "admin");
  const std::string cursor(first.body.at("next_cursor").as_string());
  EXPECT_EQ(admin(get, "/agents?limit=1&cursor=" + cursor).items()[0].at("username").as_string(), "agent");
  EXPECT_EQ(admin(get, "/agents?presence=asleep").code(), "request.invalid");
  EXPECT_EQ(admin(get, "/agents?group_id=x").code(), "request.invalid");
  EXPECT_EQ(admin(del, "/skills/" + skill.id()).status, 204);
}

TEST_P(RoutesTest, PresenceIsShownOfATime) {
  const PresenceLog log(ids_);
  for (const Presence presence : {Presence::online, Presence::away, Presence::offline}) {
    within([&](sql::Transaction& tx) {
      log.changed(tx, shop, agent_id_, presence, presence == Presence::away ? "lunch" : "", clock_.now());
    });
    clock_.advance(hour_ms);
  }
  const auto newest = call(agent_, get, agent_path("/presence?limit=1"));
  ASSERT_EQ(newest.items().size(), 1U);
  EXPECT_TRUE(newest.items()[0].at("to").is_null());
  const std::string cursor(newest.body.at("next_cursor").as_string());
  const auto rest = call(agent_, get, agent_path("/presence?cursor=" + cursor));
  ASSERT_EQ(rest.items().size(), 2U);
  EXPECT_EQ(rest.items()[0].at("reason").as_string(), "lunch");
  EXPECT_TRUE(rest.body.at("next_cursor").is_null());
  EXPECT_EQ(call(agent_, get, agent_path(fmt::format("/presence?from={}", clock_.now() - minute_ms))).items().size(),
            1U);
  EXPECT_EQ(call(agent_, get, agent_path("/presence?from=yesterday")).code(), "request.invalid");
  EXPECT_EQ(call(agent_, get, agent_path("/presence?cursor=x")).code(), "request.invalid_cursor");
}

TEST_P(RoutesTest, RulesAreAddedMovedAndSwitchedOff) {
  const std::string all = R"({"name":"全部","condition":null,"target":{"group":"1"}})";
  const auto first = admin(post, "/routing-rules", all);
  ASSERT_EQ(first.status, 201) << first.text();
  const auto second =
      admin(post, "/routing-rules",
            fmt::format(
                R"({{"name":"退货","condition":{{"field":"tag","op":"has","value":["退货"]}},"target":{{"group":"1"}},)"
                R"("before":"{}"}})",
                first.id()));
  ASSERT_EQ(second.status, 201) << second.text();
  EXPECT_EQ(second.body.at("position").as_int64(), 0);
  const std::string path = "/routing-rules/" + second.id();
  const auto moved = admin(post, path + "/move", "{}");
  EXPECT_EQ(moved.body.at("position").as_int64(), 1);
  EXPECT_EQ(moved.body.at("warnings").at(0).at("kind").as_string(), "unreachable");
  EXPECT_EQ(admin(post, path + "/move", R"({"before":")" + first.id() + "\"}").body.at("position").as_int64(), 0);
  EXPECT_FALSE(admin(patch, path, R"({"version":1,"enabled":false})").body.at("enabled").as_bool());
  EXPECT_EQ(admin(patch, path, R"({"version":1,"enabled":true})").code(), "teams.changed");
  EXPECT_EQ(call(agent_, get, path).body.at("name").as_string(), "退货");
  EXPECT_EQ(call(agent_, get, "/routing-rules").items().size(), 2U);
  EXPECT_EQ(admin(del, path).status, 204);
  EXPECT_EQ(admin(get, path).code(), "teams.not_found");
}

TEST_P(RoutesTest, WrongBodiesAreRefused) {
  struct Case {
    net::Method method;
    std::string path, body;
  };
  const std::vector<Case> cases{
      {patch, "/settings", R"({"points_per_minute":2})"},
      {patch, "/settings", R"({"version":1,"points_per_minute":0})"},
      {patch, "/settings", R"({"version":1,"presence_reasons":["a","a"]})"},
      {patch, "/settings", R"({"version":1,"presence_reasons":[""]})"},
      {post, "/groups", R"({"name":""})"},
      {post, "/groups", R"({"name":"a","version":1})"},
      {post, "/groups", R"({"name":"a","busy":{"set":"automatic"}})"},
      {post, "/groups", R"({"name":"a","busy":{"set":"always"}})"},
      {post, "/groups", R"({"name":"a","busy":{"set":"on","limit_percent":301}})"},
      {post, "/groups", R"({"name":"a","calendar":{"time_zone":"Mars","days":{}}})"},
      {post, "/groups", R"({"name":"a","calendar":[]})"},
      {patch, "/groups/1", R"({"name":"a"})"},
      {post, "/groups/1/agents", R"({"add":[7]})"},
      {post, "/groups/1/agents", R"({"add":["x"]})"},
      {post, "/groups/1/agents", R"({"add":["7"],"remove":["7"]})"},
      {post, "/skills", R"({})"},
      {patch, agent_path(), R"({"version":1,"load_max":201})"},
      {patch, agent_path(), R"({"version":1,"languages":["中文"]})"},
      {patch, agent_path(), R"({"version":1,"skills":[{"skill_id":"1","level":6}]})"},
      {patch, agent_path(), R"({"version":1,"skills":[{"level":1}]})"},
      {patch, agent_path(), R"({"version":1,"skills":[{"skill_id":"1","level":1},{"skill_id":"1","level":2}]})"},
      {patch, agent_path(), R"({"version":1,"groups":[{"group_id":"1"},{"group_id":"1"}]})"},
      {patch, agent_path(), R"({"version":1,"groups":[{"group_id":"1","shift":{}}]})"},
      {post, "/routing-rules", "[]"},
      {post, "/routing-rules", R"({"name":"a","target":{"group":"1"},"before":7})"},
      {post, "/routing-rules", R"({"name":"a","target":{}})"},
      {post, "/routing-rules", R"({"name":"a","target":{"group":"1"},"version":1})"},
      {patch, "/routing-rules/1", R"({"enabled":true})"},
      {post, "/routing-rules/1/move", R"({"after":"1"})"},
  };
  for (const Case& each : cases) {
    const auto answer = admin(each.method, each.path, each.body);
    EXPECT_EQ(answer.status, 400) << each.body << answer.text();
  }
  std::string skills;
  for (int i = 1; i <= 101; ++i) skills += fmt::format(R"({}{{"skill_id":"{}","level":1}})", i == 1 ? "" : ",", i);
  EXPECT_EQ(admin(patch, agent_path(), R"({"version":1,"skills":[)" + skills + "]}").status, 400);
  EXPECT_EQ(rows("test_told"), 0);
}

TEST_P(RoutesTest, EachChangeIsAuditedAndToldToBrowsers) {
  admin(patch, "/settings", R"({"version":1,"points_per_minute":3})");
  const std::string group = admin(post, "/groups", R"({"name":"售后"})").id();
  admin(post, "/groups/" + group + "/agents", fmt::format(R"({{"add":["{}"]}})", agent_id_.str()));
  admin(post, "/skills", R"({"name":"英语"})");
  admin(patch, agent_path(), R"({"version":2,"load_max":3})");
  admin(post, "/routing-rules", R"({"name":"全部","target":{"group":"1"}})");
  const auto column = [&](const std::string& select) {
    std::vector<std::string> out;
    for (const auto& row : query(select)) out.push_back(row.text(0));
    return out;
  };
  EXPECT_THAT(column("SELECT action FROM audit_entries WHERE action LIKE 'teams.%' ORDER BY id"),
              ElementsAre("teams.settings.update", "teams.group.create", "teams.group.assign", "teams.skill.create",
                          "teams.agent.update", "teams.routing_rule.create"));
  EXPECT_THAT(column("SELECT part FROM test_told"),
              testing::UnorderedElementsAre("settings", "groups", "agents", "skills", "agents", "routing_rules"));
  const auto changes =
      json::parse(column("SELECT changes FROM audit_entries WHERE action = 'teams.agent.update'").at(0));
  EXPECT_EQ(changes.at("agent").at("from").at("load_max").as_int64(), 0);
  EXPECT_EQ(changes.at("agent").at("to").at("load_max").as_int64(), 3);
  admin(patch, agent_path(), R"({"version":2,"load_max":4})");
  EXPECT_EQ(rows("audit_entries WHERE action = 'teams.agent.update'"), 1) << "what is refused leaves nothing";
}

MINIOPS_ON_BOTH_ENGINES(RoutesTest);

}  // namespace
}  // namespace miniops::teams
