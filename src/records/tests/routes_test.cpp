// The module's part of the console API, as a script with a key calls it.
#include "records/routes.hpp"

#include "identity/service.hpp"
#include "records/records.hpp"
#include "records/tests/records_fixture.hpp"

namespace miniops::records {
namespace {

using identity::Role;
using testing::HasSubstr;
using enum net::Method;

class RoutesTest : public RecordsTest {
 protected:
  void SetUp() override {
    RecordsTest::SetUp();
    version_.emplace(db());
    identity::Settings settings;
    settings.password_cost = {64, 1};
    identity_.emplace(db(), *version_, clock_, random_, ids_, passwords_, settings);
    guard_.emplace(router_, *identity_);
    records_.emplace(Records::Collaborators{db(), archive_, erasures_, clock_, ids_, "node"}, folder_.path());
    records_->add_keeper(messages_);
    records_->mount(*guard_);
    admin_ = key_of("admin", Role::admin);
    agent_ = key_of("agent", Role::agent);
    analyst_ = key_of("analyst", Role::analyst);
  }
  void TearDown() override {
    records_.reset();
    guard_.reset();
    identity_.reset();
    version_.reset();
    RecordsTest::TearDown();
  }
  std::string key_of(const std::string& name, Role role) {
    const Access system = Access::system(shop, "test");
    const identity::NewAccount account{name, "correct-horse-7", name};
    const auto made = must(sql::run(identity_->create_account(system, account)));
    const identity::NewMember member{name, role};
    must(sql::run(identity_->add_member(system, member)));
    return must(sql::run(identity_->create_api_key(system, made.id, {"key"}))).secret;
  }

  struct Answer {
    int status = 0;
    std::string type, bytes;
    json::value body;
    std::string code() const { return std::string(body.at("code").as_string()); }
    std::string id() const { return std::string(body.at("id").as_string()); }
    const json::array& items() const { return body.at("items").as_array(); }
  };
  Answer call(const std::string& key, net::Method method, const std::string& path, const std::string& body = "") {
    net::Request request;
    request.method = method;
    request.target = "/api/v1/miniprograms/wxshop/records" + path;
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
    Answer answer{response.status, std::string(response.headers.get("Content-Type").value_or("")), response.body, {}};
    if (answer.type.contains("json") && !answer.type.contains("ndjson")) answer.body = json::parse(response.body);
    return answer;
  }
  Answer admin(net::Method method, const std::string& path, const std::string& body = "") {
    return call(admin_, method, path, body);
  }
  void work() {
    while (must(sql::run(records_->step()))) {
    }
  }

  net::Workers passwords_{1, 8};
  net::Router router_;
  std::optional<sql::ConfigVersion> version_;
  std::optional<identity::Service> identity_;
  std::optional<identity::Guard> guard_;
  std::optional<Records> records_;
  std::string admin_, agent_, analyst_;
};

TEST_P(RoutesTest, EachRouteAsksForItsPermission) {
  int count = 0;
  for (const net::RouteInfo& route : router_.routes()) {
    std::string path = route.pattern.substr(std::string("/api/v1/miniprograms/{appid}/records").size());
    if (const auto at = path.find("{id}"); at != std::string::npos) path.replace(at, 4, "1");
    EXPECT_EQ(call(analyst_, route.method, path, "{}").status, 403) << path;
    EXPECT_EQ(call("mo_wrong", route.method, path, "{}").status, 401) << path;
    const bool for_agents = route.permission == "desk.read";
    EXPECT_EQ(call(agent_, route.method, path, "{}").status == 403 &&
                  call(agent_, route.method, path, "{}").code() == "identity.forbidden",
              !for_agents)
        << path;
    ++count;
  }
  EXPECT_EQ(count, 17);
}

TEST_P(RoutesTest, SearchFindsReadsAndPages) {
  for (int i = 0; i < 3; ++i) {
    conversation("o" + std::to_string(i), 0, {"你好", "再见"});
    clock_.advance(1);
  }
  const Answer first = admin(get, "?limit=2");
  ASSERT_EQ(first.status, 200);
  ASSERT_EQ(first.items().size(), 2U);
  const std::string cursor(first.body.at("next_cursor").as_string());
  EXPECT_EQ(first.body.at("not_indexed").as_int64(), 0) << "nothing was asked of the index";
  EXPECT_EQ(admin(get, "?text=%E4%BD%A0").body.at("not_indexed").as_int64(), 3);
  const Answer rest = admin(get, "?limit=2&cursor=" + cursor);
  ASSERT_EQ(rest.items().size(), 1U);
  EXPECT_TRUE(rest.body.at("next_cursor").is_null());
  const std::string id(rest.items()[0].at("conversation").at("id").as_string());
  const Answer read = admin(get, "/conversations/" + id + "?limit=1");
  ASSERT_EQ(read.status, 200);
  EXPECT_EQ(read.items()[0].at("text").as_string(), "你好");
  const std::string more(read.body.at("next_cursor").as_string());
  EXPECT_EQ(admin(get, "/conversations/" + id + "?limit=1&cursor=" + more).items()[0].at("text").as_string(), "再见");
}

TEST_P(RoutesTest, BadInputIsRefused) {
  for (const char* query : {"?from=x", "?from=-1", "?from=2&to=1", "?agent=x", "?group=0", "?reason_id=x", "?score=0",
                            "?score=6", "?text=%ff", "?limit=0", "?cursor=x", "?to=99999999999999999999"})
    EXPECT_EQ(admin(get, query).status, 400) << query;
  for (const char* body : {"{}", R"({"version":0,"messages_days":-1})", R"({"version":0,"messages_days":3651})",
                           R"({"version":0,"unknown":1})"}) {
    EXPECT_EQ(admin(patch, "/retention", body).code(), "request.invalid") << body;
  }
  for (const char* body :
       {"{}", R"({"kind":"all","reason":"x"})", R"({"kind":"person","reason":"x"})",
        R"({"kind":"person","openid":"o1"})", R"({"kind":"conversation","conversation_id":"x","reason":"x"})",
        R"({"kind":"mini_program","openid":"o1","reason":"x"})"})
    EXPECT_EQ(admin(post, "/holds", body).status, 400) << body;
  for (const char* body : {"{}", R"({"format":"xlsx"})", R"({"format":"csv","score":9})",
                           R"({"format":"csv","reason_id":"x"})", R"({"format":"csv","from":2,"to":1})",
                           R"({"format":"csv","events":true})", R"({"format":"jsonl","text":"a","events":true})"})
    EXPECT_EQ(admin(post, "/exports", body).status, 400) << body;
  EXPECT_EQ(admin(post, "/erasures", R"({"openid":""})").status, 400);
  EXPECT_EQ(admin(get, "/exports/0").code(), "records.not_found");
  EXPECT_EQ(admin(get, "/conversations/x").code(), "records.not_found");
  EXPECT_EQ(admin(get, "/exports/1/download?part=0").status, 400);
}

TEST_P(RoutesTest, AnExportIsMadeInTheBackgroundAndDownloaded) {
  conversation("o1", clock_.now(), {"=1+1"});
  clock_.advance(1);
  const Answer made = admin(post, "/exports", R"({"format":"csv","reason_id":"3","tag":"催办","customer_tag":"VIP"})");
  ASSERT_EQ(made.status, 201);
  const json::value& asked = made.body.at("question");
  EXPECT_EQ(asked.at("reason_id").as_string(), "3");
  EXPECT_EQ(asked.at("tag").as_string(), "催办");
  EXPECT_EQ(asked.at("customer_tag").as_string(), "VIP");
  EXPECT_EQ(made.body.at("state").as_string(), "waiting");
  EXPECT_EQ(made.body.at("parts").as_int64(), 0);
  work();
  const Answer done = admin(get, "/exports/" + made.id());
  EXPECT_EQ(done.body.at("question").at("reason_id"), asked.at("reason_id")) << "as it was kept";
  EXPECT_EQ(done.body.at("state").as_string(), "done");
  ASSERT_EQ(done.body.at("parts").as_int64(), 1);
  const Answer file = admin(get, "/exports/" + made.id() + "/download?part=1");
  EXPECT_EQ(file.type, "text/csv; charset=utf-8");
  EXPECT_THAT(file.bytes, HasSubstr("\"'=1+1\"\r\n"));
  EXPECT_EQ(admin(get, "/exports").items().size(), 1U);
  EXPECT_EQ(admin(del, "/exports/" + made.id()).status, 204);
  EXPECT_EQ(admin(get, "/exports/" + made.id()).status, 404);
}

TEST_P(RoutesTest, ADeletionUnderAHoldIsRefusedAndSaysSo) {
  conversation("o1", 0, {"a"});
  const Answer placed = admin(post, "/holds", R"({"kind":"person","openid":"o1","reason":"诉讼"})");
  ASSERT_EQ(placed.status, 201);
  const std::string wish = R"({"openid":"o1","reason":"本人要求"})";
  const Answer refused = admin(post, "/erasures", wish);
  EXPECT_EQ(refused.status, 409);
  EXPECT_EQ(refused.code(), "records.held");
  EXPECT_EQ(refused.body.at("holds").as_array().at(0).as_string(), placed.id());
  ASSERT_EQ(admin(post, "/holds/" + placed.id() + "/release", R"({"reason":"结案"})").status, 200);
  EXPECT_EQ(admin(get, "/holds").items().size(), 0U);
  EXPECT_EQ(admin(get, "/holds?state=all").items().size(), 1U);
  const Answer asked = admin(post, "/erasures", wish);
  ASSERT_EQ(asked.status, 201);
  must(records_->forget({shop, OpenId("o1")}));
  others_are_done(ErasureId(std::stoll(asked.id())));
  const Answer done = admin(get, "/erasures/" + asked.id());
  EXPECT_EQ(done.body.at("state").as_string(), "done");
  EXPECT_EQ(done.body.at("receipt").at("deleted").at("conversations.messages").as_int64(), 1);
}

TEST_P(RoutesTest, OneProcessWorksAtATime) {
  conversation("o1", clock_.now(), {"a"});
  clock_.advance(1);
  for (int i = 0; i < 2; ++i) ASSERT_EQ(admin(post, "/exports", R"({"format":"csv"})").status, 201);
  Records other({db(), archive_, erasures_, clock_, ids_, "other"}, folder_.path());
  ASSERT_TRUE(must(sql::run(records_->step())));
  EXPECT_FALSE(must(sql::run(other.step()))) << "the lease is not its";
  ASSERT_TRUE(must(sql::run(records_->step()))) << "one waited";
}

MINIOPS_ON_BOTH_ENGINES(RoutesTest);

}  // namespace
}  // namespace miniops::records
