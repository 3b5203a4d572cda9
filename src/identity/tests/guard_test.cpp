#include "identity/tests/fixture.hpp"

namespace miniops::identity {
namespace {

using enum net::Method;

// Routes as another module would mount them, and how often their handlers ran.
class GuardTest : public IdentityTest {
 protected:
  void SetUp() override {
    IdentityTest::SetUp();
    const auto handler = [this](net::Request& made, const Access& access) { return answer(made, access); };
    guard_->app_route(get, "/api/v1/miniprograms/{appid}/things", Permission::desk_read, handler);
    guard_->app_route(post, "/api/v1/miniprograms/{appid}/things", Permission::desk_reply, handler);
    guard_->instance_route(
        get, "/api/v1/instance-things", Permission::instance_manage,
        [this](net::Request& made, const Caller&, const Access& access) { return answer(made, access); });
    make_account("root", true);
    agent_ = make_account("agent");
    make_member("agent", "wxa", Role::agent);
    analyst_ = make_account("analyst");
    make_member("analyst", "wxa", Role::analyst);
  }

  Task<Result<net::Response>> answer(net::Request& made, const Access& access) {
    ++runs_;
    if (made.body == "\"fail\"") co_return fail(ErrorKind::unavailable, "test.failed", "for now");
    co_return net::Response::json({{"run", runs_}, {"who", access.username()}}, made.method == post ? 201 : 200);
  }

  Account agent_, analyst_;
  int runs_ = 0;
};
MINIOPS_ON_BOTH_ENGINES(GuardTest);

const std::string own = "/api/v1/miniprograms/wxa/things";
const std::string elsewhere = "/api/v1/miniprograms/wxb/things";

TEST_P(GuardTest, Refuses) {
  const auto agent = sign_in("agent");
  const auto analyst = sign_in("analyst");
  const auto root = sign_in("root");
  const auto narrow = make_key(agent_, {"narrow", std::set{Permission::desk_read}});
  const auto expiring = make_key(agent_, {"expiring", std::nullopt, std::nullopt, clock_.now() + 1000});
  const auto bound = make_key(agent_, {"bound", std::nullopt, AppId("wxa")});
  const std::string wrong_key = "mok_" + std::string(40, 'a');
  struct Case {
    std::string name;
    net::Request request;
    std::string outcome;
  };
  std::vector<Case> cases = {
      {"nobody", request(get, own), "401 identity.unauthenticated"},
      {"a wrong cookie", by_cookie(request(get, own), std::string(43, 'x')), "401 identity.unauthenticated"},
      {"a session", by_cookie(request(get, own), agent, false), "200 "},
      {"a write with the token", by_cookie(request(post, own, "{}"), agent), "201 "},
      {"a write without it", by_cookie(request(post, own, "{}"), agent, false), "403 identity.csrf"},
      {"a wrong key", by_key(request(get, own), wrong_key), "401 identity.unauthenticated"},
      {"a malformed key", by_key(request(get, own), "xyz"), "401 identity.unauthenticated"},
      {"a key within its scope", by_key(request(get, own), narrow), "200 "},
      {"a key beyond its scope", by_key(request(post, own, "{}"), narrow), "403 identity.forbidden"},
      {"a key that has not expired", by_key(request(get, own), expiring), "200 "},
      {"a bound key", by_key(request(post, own, "{}"), bound), "201 "},
      {"a bound key for its owner's account", by_key(request(get, "/api/v1/session"), bound), "403 identity.forbidden"},
      {"not a member", by_cookie(request(get, elsewhere), agent), "404 identity.not_found"},
      {"a member without the permission", by_cookie(request(get, own), analyst), "403 identity.forbidden"},
      {"not an administrator", by_cookie(request(get, "/api/v1/instance-things"), agent), "403 identity.forbidden"},
      {"an administrator", by_cookie(request(get, "/api/v1/instance-things"), root), "200 "},
      {"an administrator elsewhere", by_cookie(request(get, elsewhere), root), "200 "},
      {"an unknown mini program", by_cookie(request(get, "/api/v1/miniprograms/none/things"), root),
       "404 identity.not_found"},
  };
  for (auto& one : cases) EXPECT_EQ(code(send(std::move(one.request))), one.outcome) << one.name;
  clock_.advance(1000);
  EXPECT_EQ(code(send(by_key(request(get, own), expiring))), "401 identity.unauthenticated");
}

TEST_P(GuardTest, WhoMustChangeThePasswordMayDoNothingElse) {
  AccountPatch patch;
  patch.password = "another-horse-8";
  const auto root = sql::run(service_->find_account_by_name("root")).value();
  Caller admin;
  admin.account = root.id;
  admin.instance_admin = true;
  ASSERT_TRUE(
      sql::run(service_->update_account(*admin.instance_access(Permission::instance_manage), agent_.id, patch)));
  const auto token = sign_in("agent", "another-horse-8");
  EXPECT_EQ(code(send(by_cookie(request(get, own), token))), "403 identity.password_change_required");
  EXPECT_EQ(code(send(by_cookie(request(get, "/api/v1/session"), token))), "200 ");
  const std::string change = R"({"old_password":"another-horse-8","new_password":"a-third-horse-9"})";
  EXPECT_EQ(send(by_cookie(request(post, "/api/v1/account/password", change), token)).status, 204);
  EXPECT_EQ(code(send(by_cookie(request(get, own), token))), "200 ");
}

TEST_P(GuardTest, AnAnswerIsKeptForItsKey) {
  const auto token = sign_in("agent");
  const auto once = [&](const std::string& key, const std::string& body) {
    auto made = by_cookie(request(post, own, body), token);
    made.headers.add("Idempotency-Key", key);
    return send(std::move(made));
  };
  const auto first = once("k1", "{}");
  const auto again = once("k1", "{}");
  EXPECT_EQ(again.body, first.body);
  EXPECT_EQ(again.status, 201);
  EXPECT_EQ(again.headers.get("Idempotency-Replayed"), "true");
  EXPECT_EQ(runs_, 1);
  EXPECT_EQ(code(once("k1", R"({"x":1})")), "409 request.idempotency_conflict");
  EXPECT_EQ(once("k2", "{}").status, 201);
  EXPECT_EQ(runs_, 2);
  EXPECT_EQ(code(once("", "{}")), "400 request.invalid");
  // What failed for now may be tried again.
  EXPECT_EQ(code(once("k3", "\"fail\"")), "503 test.failed");
  EXPECT_EQ(code(once("k3", "\"fail\"")), "503 test.failed");
  EXPECT_EQ(runs_, 4);
  clock_.advance(day_ms + 1);
  const auto later = sign_in("agent");
  ASSERT_TRUE(sql::run(service_->prune_step()));
  EXPECT_EQ(query("SELECT count(*) FROM identity_idempotency")[0].integer(0), 0);
}

TEST_P(GuardTest, ARepetitionWhileTheFirstIsUnderWayIsRefused) {
  const IdempotentRequest once{"caller", "/route", "key", "hash"};
  ASSERT_EQ(*sql::run(service_->idempotency().begin(once)), std::nullopt);
  EXPECT_EQ(sql::run(service_->idempotency().begin(once)).error().code, "request.idempotency_in_progress");
  clock_.advance(3 * minute_ms);  // its process died
  EXPECT_EQ(*sql::run(service_->idempotency().begin(once)), std::nullopt);
}

TEST_P(GuardTest, SignInAndKeysByTheirRoutes) {
  const std::string body = R"({"username":"agent","password":"correct-horse-7"})";
  auto answer = send(request(post, "/api/v1/session", body));
  ASSERT_EQ(answer.status, 200) << answer.body;
  const std::string cookie(answer.headers.get("Set-Cookie").value());
  EXPECT_NE(cookie.find("HttpOnly; SameSite=Lax"), std::string::npos);
  EXPECT_EQ(cookie.find("Secure"), std::string::npos);
  const std::string token = cookie.substr(16, 43);
  EXPECT_EQ(boost::json::parse(answer.body).at("csrf_token").as_string(), csrf_token(token));
  auto over_tls = request(post, "/api/v1/session", body);
  over_tls.secure = true;
  EXPECT_NE(send(std::move(over_tls)).headers.get("Set-Cookie")->find("; Secure"), std::string::npos);

  const std::string keys = "/api/v1/account/api-keys";
  auto made = by_cookie(request(post, keys, R"({"name":"ci","scopes":["desk.read"]})"), token);
  made.headers.add("Idempotency-Key", "once");
  const auto key = send(made);
  ASSERT_EQ(key.status, 201) << key.body;
  EXPECT_EQ(code(send(made)), "409 request.idempotency_not_kept") << "the secret is not stored";
  const std::string secret(boost::json::parse(key.body).at("key").as_string());
  EXPECT_EQ(send(by_key(request(get, own), secret)).status, 200);
  EXPECT_EQ(code(send(by_cookie(request(post, keys, R"({"name":"x","scopes":["fly"]})"), token))),
            "400 request.invalid");
  const std::string id(boost::json::parse(key.body).at("id").as_string());
  EXPECT_EQ(send(by_cookie(request(del, keys + "/" + id), token)).status, 204);
  EXPECT_EQ(send(by_key(request(get, own), secret)).status, 401);

  EXPECT_EQ(send(by_cookie(request(del, "/api/v1/session"), token)).status, 204);
  EXPECT_EQ(send(by_cookie(request(get, "/api/v1/session"), token)).status, 401);
}

TEST_P(GuardTest, ThrottledSignInsSayWhenToComeBack) {
  const std::string body = R"({"username":"agent","password":"wrong-password"})";
  for (int i = 0; i < 5; ++i) EXPECT_EQ(send(request(post, "/api/v1/session", body)).status, 401);
  const auto answer = send(request(post, "/api/v1/session", body));
  EXPECT_EQ(code(answer), "429 identity.too_many_attempts");
  EXPECT_EQ(answer.headers.get("Retry-After"), "1");
}

TEST_P(GuardTest, AccountsMembersAndAuditByTheirRoutes) {
  const auto root = sign_in("root");
  const auto body = R"({"username":"li","password":"correct-horse-7","display_name":"李"})";
  const auto account = send(by_cookie(request(post, "/api/v1/accounts", body), root));
  ASSERT_EQ(account.status, 201) << account.body;
  const std::string id(boost::json::parse(account.body).at("id").as_string());
  EXPECT_EQ(code(send(by_cookie(request(post, "/api/v1/accounts", body), root))), "409 identity.username_taken");
  const auto page = boost::json::parse(send(by_cookie(request(get, "/api/v1/accounts?limit=2"), root)).body);
  EXPECT_EQ(page.at("items").as_array().size(), 2u);
  const std::string cursor(page.at("next_cursor").as_string());
  const auto rest =
      boost::json::parse(send(by_cookie(request(get, "/api/v1/accounts?limit=2&cursor=" + cursor), root)).body);
  EXPECT_EQ(rest.at("items").as_array().size(), 2u);
  EXPECT_TRUE(rest.at("next_cursor").is_null());

  const std::string members = "/api/v1/miniprograms/wxa/members";
  EXPECT_EQ(send(by_cookie(request(post, members, R"({"username":"li","role":"operator"})"), root)).status, 201);
  EXPECT_EQ(send(by_cookie(request(put, members + "/" + id, R"({"role":"admin"})"), root)).status, 200);
  const auto li = sign_in("li");
  EXPECT_EQ(boost::json::parse(send(by_cookie(request(get, members), li)).body).at("items").as_array().size(), 3u);
  const auto audit = send(by_cookie(request(get, "/api/v1/miniprograms/wxa/audit?action=member."), li));
  EXPECT_EQ(boost::json::parse(audit.body).at("items").as_array().size(), 4u) << audit.body;
  EXPECT_EQ(send(by_cookie(request(get, "/api/v1/audit"), li)).status, 403);
  const auto csv = send(by_cookie(request(get, "/api/v1/audit/export?action=member.role"), root));
  EXPECT_NE(csv.body.find("\"member.role\""), std::string::npos);
  EXPECT_EQ(send(by_cookie(request(del, members + "/" + id), root)).status, 204);
  EXPECT_EQ(send(by_cookie(request(get, members), li)).status, 404) << "out at once";
  EXPECT_EQ(send(by_cookie(request(get, "/api/v1/audit?from=x"), root)).status, 400);
}

}  // namespace
}  // namespace miniops::identity
