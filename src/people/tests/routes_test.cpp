// The module's part of the console API, as a script with a key calls it.
#include "people/routes.hpp"

#include "identity/service.hpp"
#include "net/workers.hpp"
#include "people/tests/people_fixture.hpp"

namespace miniops::people {
namespace {

using identity::Role;
using testing::HasSubstr;
using testing::Not;
using enum net::Method;

class RoutesTest : public PeopleTest {
 protected:
  void SetUp() override {
    PeopleTest::SetUp();
    version_.emplace(db());
    identity::Settings settings;
    settings.password_cost = {64, 1};
    identity_.emplace(db(), *version_, clock_, random_, ids_, workers_, settings);
    guard_.emplace(router_, *identity_);
    keys_.emplace(SessionKeys::Collaborators{db(), clock_, random_, ids_, sealer_});
    mount(*guard_, *service_, *keys_, clock_);
    admin_ = key_of("admin", Role::admin, shop);
    agent_ = key_of("agent", Role::agent, shop);
    analyst_ = key_of("analyst", Role::analyst, shop);
    stranger_ = key_of("stranger", Role::admin, bank);
    a_ = add(shop, "a");
  }
  void TearDown() override {
    guard_.reset();
    identity_.reset();
    version_.reset();
    PeopleTest::TearDown();
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
    json::value body;
    std::string text() const { return json::serialize(body); }
    std::string code() const { return std::string(body.at("code").as_string()); }
    std::string id() const { return std::string(body.at("id").as_string()); }
    const json::array& items() const { return body.at("items").as_array(); }
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
    if (!once_.empty()) request.headers.add("Idempotency-Key", once_);
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
  Answer agent(net::Method method, const std::string& path, const std::string& body = "") {
    return call(agent_, method, path, body);
  }
  std::string one(const std::string& more = "") const { return "/people/" + a_.str() + more; }

  net::Workers workers_{1, 8};
  net::Router router_;
  std::optional<sql::ConfigVersion> version_;
  std::optional<identity::Service> identity_;
  std::optional<identity::Guard> guard_;
  std::optional<SessionKeys> keys_;
  std::string admin_, agent_, analyst_, stranger_;
  std::string once_;  // the Idempotency-Key of what follows
  ProfileId a_;
};

TEST_P(RoutesTest, EachRouteAsksForItsPermission) {
  const auto refused = [&](const std::string& key, int expected) {
    int count = 0;
    for (const net::RouteInfo& route : router_.routes()) {
      std::string path = route.pattern.substr(std::string("/api/v1/miniprograms/{appid}").size());
      for (const char* name : {"{id}", "{identity_id}", "{number_id}", "{link_id}"})
        if (const auto at = path.find(name); at != std::string::npos)
          path.replace(at, std::string_view(name).size(), a_.str());
      EXPECT_EQ(call(key, route.method, path, "{}").status, expected) << path;
      ++count;
    }
    return count;
  };
  EXPECT_EQ(refused(analyst_, 403), 31);
  EXPECT_EQ(refused(stranger_, 404), 31);
  EXPECT_EQ(refused("mo_wrong", 401), 31);
}

TEST_P(RoutesTest, AgentsWorkWithPeopleAndConfigureNothing) {
  EXPECT_EQ(agent(get, one()).status, 200);
  EXPECT_EQ(agent(patch, one(), R"({"version":1,"level":3})").status, 200);
  EXPECT_EQ(agent(put, one("/block"), R"({"reason":"骚扰","ends_at":0})").status, 200);
  EXPECT_EQ(agent(get, "/person-attributes").status, 200);
  EXPECT_EQ(agent(get, "/segments").status, 200);
  EXPECT_EQ(agent(post, "/person-attributes", "{}").status, 403);
  EXPECT_EQ(agent(post, "/segments", "{}").status, 403);
  EXPECT_EQ(agent(del, "/segments/1").status, 403);
}

TEST_P(RoutesTest, APersonFromTheFirstLookToTheBlacklist) {
  EXPECT_EQ(admin(get, "/people").items().size(), 1U);
  const auto changed = admin(patch, one(),
                             R"({"version":1,"nickname":"小红","avatar_url":"https://wx.qlogo.cn/1",)"
                             R"("note":"常客","level":4,"tags":["vip"]})");
  ASSERT_EQ(changed.status, 200) << changed.text();
  const auto& profile = changed.body.at("profiles").at(0);
  EXPECT_EQ(profile.at("version").as_int64(), 2);
  EXPECT_EQ(profile.at("level_source").as_string(), "api");
  EXPECT_EQ(admin(patch, one(), R"({"version":1,"level":5})").code(), "people.changed");

  const auto blocked = admin(put, one("/block"), R"({"reason":"骚扰","ends_at":0})");
  EXPECT_EQ(blocked.body.at("profiles").at(0).at("block").at("reason").as_string(), "骚扰");
  const auto list = admin(get, "/blacklist");
  ASSERT_EQ(list.items().size(), 1U);
  EXPECT_EQ(list.items()[0].at("person").at("openid").as_string(), "a");
  EXPECT_EQ(list.items()[0].at("block").at("blocked_by").as_string(), "admin");
  EXPECT_TRUE(admin(get, "/people").items()[0].at("blocked").as_bool());
  EXPECT_EQ(admin(del, one("/block")).status, 204);
  EXPECT_EQ(admin(del, one("/block")).code(), "people.not_found");
  EXPECT_EQ(admin(get, "/blacklist").items().size(), 0U);
  EXPECT_EQ(admin(get, "/people/12345").code(), "people.not_found");
  EXPECT_EQ(admin(get, "/people/x").code(), "people.not_found");
}

TEST_P(RoutesTest, WrongBodiesAreRefused) {
  struct Case {
    net::Method method;
    std::string path, body;
  };
  const std::vector<Case> cases{
      {patch, one(), R"({"level":3})"},
      {patch, one(), R"({"version":1,"level":10})"},
      {patch, one(), R"({"version":1,"avatar_url":"http://wx.qlogo.cn/1"})"},
      {patch, one(), R"({"version":1,"avatar_url":"https://a@b/"})"},
      {patch, one(), R"j({"version":1,"avatar_url":"javascript:alert(1)"})j"},
      {patch, one(), R"({"version":1,"avatar_url":"https://a/\"onload="})"},
      {patch, one(), R"({"version":1,"tags":["",""]})"},
      {patch, one(), R"({"version":1,"attributes":[]})"},
      {patch, one(), R"({"version":1,"openid":"b"})"},
      {post, one("/identities"), R"({"kind":"openid","value":"b"})"},
      {post, one("/identities"), R"({"kind":"phone","value":""})"},
      {post, one("/links"), R"({"person_id":7})"},
      {post, one("/links"), R"({"person_id":"x"})"},
      {put, one("/block"), R"({"reason":"","ends_at":0})"},
      {put, one("/block"), R"({"reason":"x","ends_at":1000})"},
      {put, one("/block"), R"({"reason":"x","ends_at":9223372036854775807})"},
      {post, "/people/search", R"({"kind":"name","value":"x"})"},
      {post, "/person-attributes", R"({"key":"Key","name":"n","type":"text"})"},
      {post, "/segments", R"({"name":"n"})"},
  };
  for (const Case& each : cases) {
    const auto answer = admin(each.method, each.path, each.body);
    EXPECT_EQ(answer.status, 400) << each.body << answer.text();
  }
  EXPECT_EQ(admin(post, one("/identities"), R"({"kind":"phone","value":"110"})").code(), "people.invalid_identity");
  EXPECT_EQ(admin(post, "/segments", R"({"name":"n","condition":{}})").code(), "people.invalid_segment");
}

TEST_P(RoutesTest, ANumberIsShownWholeOnlyWhenItIsAskedForAndThatIsAudited) {
  const auto made = admin(post, one("/identities"), R"({"kind":"phone","value":"13812345678"})");
  ASSERT_EQ(made.status, 201);
  EXPECT_THAT(made.text(), HasSubstr("138****5678"));
  EXPECT_THAT(made.text(), Not(HasSubstr("13812345678")));
  const std::string id(made.body.at("profiles").at(0).at("identities").at(0).at("id").as_string());
  const std::string reveal = one("/identities/" + id + "/reveal");
  EXPECT_EQ(agent(post, reveal).status, 403);
  EXPECT_EQ(rows("audit_entries WHERE action = 'people.identity.reveal'"), 0);
  EXPECT_EQ(admin(post, reveal).body.at("value").as_string(), "13812345678");
  EXPECT_EQ(rows("audit_entries WHERE action = 'people.identity.reveal'"), 1);
  once_ = "k1";
  EXPECT_EQ(admin(post, reveal).body.at("value").as_string(), "13812345678");
  EXPECT_EQ(admin(post, reveal).code(), "request.idempotency_not_kept");
  once_.clear();
  EXPECT_EQ(rows("audit_entries WHERE changes LIKE '%1234%'"), 0);
  EXPECT_EQ(rows("people_identities WHERE value LIKE '%12345%' OR search_key LIKE '%13812345678%'"), 0);
  EXPECT_EQ(admin(post, "/people/search", R"({"kind":"phone","value":"138 1234 5678"})").items().size(), 1U);
  EXPECT_EQ(agent(post, "/people/search", R"({"kind":"phone","value":"13812345678"})").code(),
            "people.needs_personal_data");
  EXPECT_EQ(admin(del, one("/identities/" + id)).status, 204);
  EXPECT_EQ(admin(del, one("/identities/" + id)).code(), "people.not_found");
  EXPECT_EQ(admin(post, reveal).code(), "people.not_found");
  const auto plain = admin(post, one("/identities"), R"({"kind":"login_id","value":"u77"})");
  const std::string plain_id(plain.body.at("profiles").at(0).at("identities").at(0).at("id").as_string());
  EXPECT_EQ(admin(post, one("/identities/" + plain_id + "/reveal")).code(), "people.not_sealed");
}

TEST_P(RoutesTest, ANumberInATextIsShownToWhoMay) {
  const auto made = agent(patch, one(), R"({"version":1,"note":"打 13812345678"})");
  ASSERT_EQ(made.status, 200) << made.text();
  EXPECT_THAT(made.text(), Not(HasSubstr("13812345678")));
  EXPECT_THAT(admin(get, one()).text(), Not(HasSubstr("13812345678")));
  const auto& hidden = made.body.at("profiles").at(0).at("hidden").at(0);
  EXPECT_EQ(hidden.at("field").as_string(), "note");
  EXPECT_EQ(hidden.at("kind").as_string(), "phone");
  EXPECT_EQ(hidden.at("at").as_int64(), 2);
  EXPECT_EQ(hidden.at("length").as_int64(), 11);
  const std::string reveal = one("/numbers/" + std::string(hidden.at("id").as_string()) + "/reveal");
  EXPECT_EQ(agent(post, reveal).status, 403);
  EXPECT_EQ(admin(post, one("/numbers/7/reveal")).code(), "people.not_found");
  EXPECT_EQ(admin(post, reveal).body.at("value").as_string(), "13812345678");
  EXPECT_EQ(rows("audit_entries WHERE action = 'people.number.reveal'"), 1);
  EXPECT_EQ(admin(post, "/people/search", R"({"kind":"phone","value":"138-1234-5678"})").items().size(), 1U);
  EXPECT_EQ(rows("audit_entries WHERE changes LIKE '%1234%'"), 0);
}

TEST_P(RoutesTest, LinksAreProposedMadeAndUndone) {
  const ProfileId b = add(shop, "b");
  for (const std::string& id : {a_.str(), b.str()})
    EXPECT_EQ(admin(post, "/people/" + id + "/identities", R"({"kind":"phone","value":"13812345678"})").status, 201);
  const auto open = agent(get, "/people/proposals");
  ASSERT_EQ(open.items().size(), 1U);
  EXPECT_EQ(open.items()[0].at("because").as_string(), "phone");
  const std::string proposal = "/people/proposals/" + std::string(open.items()[0].at("id").as_string());
  EXPECT_EQ(agent(post, proposal + "/confirm").body.at("state").as_string(), "confirmed");
  EXPECT_EQ(agent(post, proposal + "/reject").code(), "people.decided");
  EXPECT_EQ(agent(get, "/people/" + b.str()).id(), a_.str());
  const auto links = agent(get, one("/links"));
  ASSERT_EQ(links.items().size(), 1U);
  const std::string link = one("/links/" + std::string(links.items()[0].at("id").as_string()));
  EXPECT_EQ(links.items()[0].at("source").as_string(), "proposal");
  EXPECT_EQ(agent(post, one("/links"), R"({"person_id":")" + b.str() + "\"}").code(), "people.already_linked");
  EXPECT_EQ(agent(del, link).status, 204);
  EXPECT_EQ(agent(del, link).code(), "people.not_found");
  EXPECT_EQ(agent(get, "/people/" + b.str()).id(), b.str());
  const auto made = agent(post, one("/links"), R"({"person_id":")" + b.str() + "\"}");
  EXPECT_EQ(made.status, 201);
  EXPECT_EQ(made.body.at("linked_by").as_string(), "agent");
}

TEST_P(RoutesTest, TheKeyOfSessionFromIsShownOnceToWhoeverConfigures) {
  EXPECT_EQ(call(agent_, post, "/session-from/key").status, 403);
  EXPECT_FALSE(call(agent_, get, "/session-from/key").body.at("made").as_bool());
  const auto made = admin(post, "/session-from/key");
  ASSERT_EQ(made.status, 201) << made.text();
  const std::string key(made.body.at("key").as_string());
  EXPECT_GE(key.size(), 43U);
  const auto state = call(agent_, get, "/session-from/key");
  EXPECT_TRUE(state.body.at("made").as_bool());
  EXPECT_THAT(state.text(), Not(HasSubstr(key)));
  const std::string signed_text = must(sign_session_from(key, {{"level", "3"}}, "", clock_.now()));
  const auto checked = call(agent_, post, "/session-from/check",
                            json::serialize(json::object{{"session_from", signed_text + "&page=a"}}));
  EXPECT_EQ(checked.text(), R"({"problem":"none","trusted":{"level":"3"},"untrusted":{"page":"a"}})");
  EXPECT_EQ(call(agent_, post, "/session-from/check", "{}").status, 400);
}

TEST_P(RoutesTest, AttributesAndSegmentsAreSetUpAndUsed) {
  const auto attribute =
      admin(post, "/person-attributes", R"({"key":"city","name":"城市","type":"choice","choices":["杭州","北京"]})");
  ASSERT_EQ(attribute.status, 201) << attribute.text();
  const auto set = admin(patch, one(), R"({"version":1,"attributes":{"city":"杭州"}})");
  EXPECT_EQ(set.body.at("profiles").at(0).at("attributes").at("city").as_string(), "杭州");
  EXPECT_EQ(admin(patch, one(), R"({"version":2,"attributes":{"city":"上海"}})").code(), "people.invalid_attribute");
  const auto segment = admin(
      post, "/segments", R"({"name":"杭州","condition":{"field":"attribute","key":"city","op":"is","value":"杭州"}})");
  ASSERT_EQ(segment.status, 201) << segment.text();
  const std::string path = "/segments/" + segment.id();
  EXPECT_EQ(agent(get, path + "/count").body.at("people").as_int64(), 1);
  EXPECT_EQ(agent(get, path + "/members?limit=1").items()[0].at("profile_id").as_string(), a_.str());
  EXPECT_EQ(admin(patch, path, R"({"condition":{"field":"level","op":"at_least","value":9}})").status, 200);
  EXPECT_EQ(agent(get, path + "/count").body.at("people").as_int64(), 0);
  EXPECT_EQ(agent(get, path).body.at("name").as_string(), "杭州");
  EXPECT_EQ(admin(del, path).status, 204);
  EXPECT_EQ(agent(get, path).code(), "people.not_found");
  EXPECT_EQ(admin(patch, "/person-attributes/" + attribute.id(), R"({"name":"所在城市"})").status, 200);
  EXPECT_EQ(admin(del, "/person-attributes/" + attribute.id()).status, 204);
  EXPECT_EQ(admin(get, "/person-attributes").items().size(), 0U);
}

MINIOPS_ON_BOTH_ENGINES(RoutesTest);

}  // namespace
}  // namespace miniops::people
