// The module's part of the console API, as a script with a key calls it.
#include "satisfaction/routes.hpp"

#include "identity/service.hpp"
#include "net/workers.hpp"
#include "satisfaction/tests/satisfaction_fixture.hpp"

namespace miniops::satisfaction {
namespace {

using identity::Role;
using testing::HasSubstr;
using testing::Not;
using enum net::Method;

class RoutesTest : public SatisfactionTest {
 protected:
  void SetUp() override {
    SatisfactionTest::SetUp();
    version_.emplace(db());
    identity::Settings settings;
    settings.password_cost = {64, 1};
    identity_.emplace(db(), *version_, clock_, random_, ids_, workers_, settings);
    guard_.emplace(router_, *identity_);
    service_.emplace(Service::Collaborators{db(), clock_, ids_, surveys_});
    mount(*guard_, *service_);
    admin_ = key_of("admin", Role::admin, shop);
    agent_ = key_of("agent", Role::agent, shop);
    analyst_ = key_of("analyst", Role::analyst, shop);
    stranger_ = key_of("stranger", Role::admin, AppId("wxbank"));
  }
  void TearDown() override {
    service_.reset();
    guard_.reset();
    identity_.reset();
    version_.reset();
    SatisfactionTest::TearDown();
  }
  std::string key_of(const std::string& name, Role role, const AppId& appid) {
    const identity::Access system = identity::Access::system(appid, "test");
    const identity::NewAccount account{name, "correct-horse-7", name};
    const auto made = must(sql::run(identity_->create_account(system, account)));
    accounts_[name] = made.id;
    const identity::NewMember member{name, role};
    must(sql::run(identity_->add_member(system, member)));
    return must(sql::run(identity_->create_api_key(system, made.id, {"key"}))).secret;
  }

  struct Answer {
    int status = 0;
    json::value body;
    std::string text() const { return json::serialize(body); }
    std::string code() const { return std::string(body.at("code").as_string()); }
    const json::array& items() const { return body.at("items").as_array(); }
  };
  Answer call(const std::string& key, net::Method method, const std::string& path, const std::string& body = "") {
    net::Request request;
    request.method = method;
    request.target = "/api/v1/miniprograms/wxshop/satisfaction" + path;
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
  Answer agent(net::Method method, const std::string& path, const std::string& body = "") {
    return call(agent_, method, path, body);
  }

  // Conversation `id` of customer `id`, rated.
  void rated(std::int64_t id, int score, const std::string& comment = "", const std::string& by = "agent") {
    clock_.advance(second_ms);
    ClosedConversation facts = conversation(id, id);
    facts.agent = accounts_.at(by);
    facts.day = 20251120 + id % 2;
    close(facts);
    hear(std::to_string(score), id);
    if (!comment.empty()) hear(comment, id);
  }
  std::string follow_up_path() {
    return "/follow-ups/" + std::string(admin(get, "/follow-ups").items()[0].at("id").as_string());
  }

  net::Workers workers_{1, 8};
  net::Router router_;
  std::optional<sql::ConfigVersion> version_;
  std::optional<identity::Service> identity_;
  std::optional<identity::Guard> guard_;
  std::optional<Service> service_;
  std::map<std::string, AccountId> accounts_;
  std::string admin_, agent_, analyst_, stranger_;
};

TEST_P(RoutesTest, EachRouteAsksForItsPermission) {
  const auto refused = [&](const std::string& key, int expected) {
    int count = 0;
    for (const net::RouteInfo& route : router_.routes()) {
      std::string path = route.pattern.substr(std::string("/api/v1/miniprograms/{appid}/satisfaction").size());
      if (const auto at = path.find("{id}"); at != std::string::npos) path.replace(at, 4, "1");
      EXPECT_EQ(call(key, route.method, path, "{}").status, expected) << path;
      ++count;
    }
    return count;
  };
  EXPECT_EQ(refused(analyst_, 403), 7);
  EXPECT_EQ(refused(stranger_, 404), 7);
  EXPECT_EQ(refused("mo_wrong", 401), 7);
  EXPECT_EQ(agent(patch, "/settings", "{}").status, 403);
}

TEST_P(RoutesTest, SettingsAreChangedAndAudited) {
  EXPECT_FALSE(agent(get, "/settings").body.at("enabled").as_bool());
  const auto changed = admin(patch, "/settings", R"({"enabled":true,"form":"link","follow_up":{"due_hours":48}})");
  ASSERT_EQ(changed.status, 200) << changed.text();
  EXPECT_EQ(agent(get, "/settings").text(), changed.text());
  EXPECT_EQ(rows("audit_entries WHERE action = 'satisfaction.settings.update'"), 1);
  EXPECT_EQ(admin(patch, "/settings", R"({"form":"menu"})").status, 400);
  EXPECT_EQ(admin(patch, "/settings", R"({"anonymous":true})").status, 400);
  EXPECT_EQ(admin(patch, "/settings", "[]").status, 400);
  const auto owned_by = [&](const std::string& name) {
    return R"({"follow_up":{"owner":"account","account_id":")" + accounts_.at(name).str() + "\"}}";
  };
  EXPECT_EQ(admin(patch, "/settings", owned_by("analyst")).code(), "satisfaction.unknown_owner");
  EXPECT_EQ(admin(patch, "/settings", owned_by("stranger")).code(), "satisfaction.unknown_owner");
  EXPECT_EQ(admin(patch, "/settings", owned_by("agent")).status, 200);
}

TEST_P(RoutesTest, ALinkNeedsAnAddressOfOurOwn) {
  const Surveys nowhere({ids_, random_, vault_, ""});
  Service service({db(), clock_, ids_, nowhere});
  const identity::Access system = identity::Access::system(shop, "test");
  const json::value wanted{{"form", "link"}};
  EXPECT_EQ(code_of(sql::run(service.change_settings(system, wanted))), "satisfaction.no_public_url");
}

TEST_P(RoutesTest, ResultsAreFilteredAndPaged) {
  set(switched_on());
  rated(1, 5, "很好，我的电话是13812345678");
  rated(2, 1);
  rated(3, 4, "", "admin");
  const auto all = admin(get, "/results");
  ASSERT_EQ(all.items().size(), 3U) << all.text();
  EXPECT_EQ(all.items()[0].at("conversation_id").as_string(), "3");  // the latest answer first
  EXPECT_EQ(all.items()[2].at("day").as_string(), "2025-11-21");
  EXPECT_THAT(all.text(), HasSubstr("138****5678"));
  EXPECT_THAT(all.text(), Not(HasSubstr("13812345678"))) << "revealed one by one, even to who may";
  EXPECT_THAT(all.text(), Not(HasSubstr("token")));

  const std::vector<std::pair<std::string, std::string>> cases{
      {"?score=1", "2"},
      {"?profile=2", "2"},
      {"?profile=2&score=5", ""},
      {"?profile=9", ""},
      {"?with_comment=true", "1"},
      {"?agent=" + accounts_.at("admin").str(), "3"},
      {"?from=2025-11-20&to=2025-11-20", "2"},
      {"?from=2025-11-21", "31"},
      {"?group=3", "321"},
      {"?group=4", ""},
      {"?to=2025-11-19", ""},
  };
  for (const auto& [asked, expected] : cases) {
    std::string found;
    for (const json::value& item : admin(get, "/results" + asked).items())
      found += std::string(item.at("conversation_id").as_string());
    EXPECT_EQ(found, expected) << asked;
  }
  std::string walked;
  std::string cursor;
  do {
    const auto page = admin(get, "/results?limit=1" + cursor);
    for (const json::value& item : page.items()) walked += std::string(item.at("conversation_id").as_string());
    const json::value& next = page.body.at("next_cursor");
    cursor = next.is_null() ? "" : "&cursor=" + std::string(next.as_string());
  } while (!cursor.empty());
  EXPECT_EQ(walked, "321");
  for (const char* wrong : {"?score=0", "?score=55", "?score=x", "?agent=me", "?group=0", "?from=yesterday",
                            "?to=2025-02-30", "?with_comment=1", "?profile=x", "?limit=0", "?cursor=x"})
    EXPECT_EQ(admin(get, std::string("/results") + wrong).status, 400) << wrong;
}

TEST_P(RoutesTest, ACommentIsRevealedToWhoMayAndThatIsAudited) {
  set(switched_on());
  rated(1, 1, "太慢，电话13812345678");
  rated(2, 4, "很好");
  const auto items = admin(get, "/results").items();
  EXPECT_EQ(items[0].at("comment_masked").as_bool(), false);
  EXPECT_EQ(items[1].at("comment_masked").as_bool(), true);
  const std::string path = "/results/" + std::string(items[1].at("id").as_string()) + "/reveal";
  EXPECT_EQ(agent(post, path).status, 403);
  EXPECT_EQ(rows("audit_entries WHERE action = 'satisfaction.comment.reveal'"), 0);
  const auto shown = admin(post, path);
  ASSERT_EQ(shown.status, 200) << shown.text();
  EXPECT_EQ(shown.body.at("value").as_string(), "太慢，电话13812345678");
  EXPECT_EQ(rows("audit_entries WHERE action = 'satisfaction.comment.reveal'"), 1);
  EXPECT_EQ(rows("audit_entries WHERE changes LIKE '%13812345678%' OR object LIKE '%13812345678%'"), 0);
  EXPECT_EQ(admin(post, "/results/1/reveal").code(), "satisfaction.not_found");
  EXPECT_EQ(admin(post, "/results/x/reveal").code(), "satisfaction.not_found");
}

TEST_P(RoutesTest, TheFunnelAddsUp) {
  set(switched_on());
  rated(1, 5);
  rated(2, 2);
  close(3, 3);
  const auto funnel = agent(get, "/funnel?from=2025-11-01&to=2025-11-30&by=day");
  ASSERT_EQ(funnel.status, 200) << funnel.text();
  const json::value& total = funnel.body.at("total");
  EXPECT_EQ(total.at("asked").as_int64(), 3);
  EXPECT_EQ(total.at("answered").as_int64(), 2);
  EXPECT_EQ(total.at("scores").at("2").as_int64(), 1);
  EXPECT_EQ(total.at("satisfaction").as_double(), 0.5);
  EXPECT_EQ(total.at("answer_rate").as_double(), 1);  // the third was not delivered
  ASSERT_EQ(funnel.items().size(), 2U);
  EXPECT_EQ(funnel.items()[0].at("key").as_string(), "2025-11-20");
  EXPECT_TRUE(agent(get, "/funnel?from=2025-10-01&to=2025-10-30").body.at("total").at("satisfaction").is_null());
  EXPECT_EQ(agent(get, "/funnel?from=2025-11-01&to=2025-11-30&by=question").items()[0].at("key").as_string(), "text");
  for (const char* wrong : {"", "?from=2025-11-01", "?from=2025-11-02&to=2025-11-01", "?from=2024-01-01&to=2025-12-31",
                            "?from=2025-11-01&to=2025-11-02&by=customer"})
    EXPECT_EQ(agent(get, std::string("/funnel") + wrong).status, 400) << wrong;
}

TEST_P(RoutesTest, NobodyCanChangeAScore) {
  set(switched_on());
  rated(1, 1);
  for (const net::RouteInfo& route : router_.routes()) {
    if (route.pattern.ends_with("/results") || route.pattern.ends_with("/funnel")) {
      EXPECT_EQ(route.method, get) << route.pattern;
    }
  }
  EXPECT_EQ(admin(patch, follow_up_path(), R"({"version":1,"score":5})").status, 400);
  EXPECT_EQ(stored(1).score, 1);
}

TEST_P(RoutesTest, AFollowUpIsWorkedOffByItsOwner) {
  set(switched_on());
  rated(1, 1);
  rated(2, 2, "", "admin");
  EXPECT_EQ(agent(get, "/follow-ups?state=open").items().size(), 2U);
  EXPECT_EQ(agent(get, "/follow-ups?owner=" + accounts_.at("agent").str()).items().size(), 1U);
  EXPECT_EQ(agent(get, "/follow-ups?owner=nobody").items().size(), 0U);
  EXPECT_EQ(agent(get, "/follow-ups?overdue=true").items().size(), 0U);
  const auto first = agent(get, "/follow-ups?limit=1");
  ASSERT_EQ(first.items().size(), 1U);
  const std::string admins = follow_up_path();
  const std::string rest = "/follow-ups?cursor=" + std::string(first.body.at("next_cursor").as_string());
  const std::string own = "/follow-ups/" + std::string(agent(get, rest).items()[0].at("id").as_string());

  EXPECT_EQ(agent(patch, admins, R"({"version":1,"state":"done"})").code(), "satisfaction.not_yours");
  const auto done = agent(patch, own, R"({"version":1,"state":"done","note":"已电话致歉"})");
  ASSERT_EQ(done.status, 200) << done.text();
  EXPECT_EQ(done.body.at("version").as_int64(), 2);
  EXPECT_EQ(done.body.at("done_by").as_string(), "agent");
  EXPECT_EQ(done.body.at("result").at("score").as_int64(), 1);
  EXPECT_EQ(agent(patch, own, R"({"version":1,"note":"x"})").code(), "satisfaction.changed");
  EXPECT_EQ(admin(patch, own, R"({"version":2,"state":"open"})").body.at("done_at").is_null(), true);
  EXPECT_EQ(rows("audit_entries WHERE action = 'satisfaction.follow_up.update'"), 2);
  EXPECT_EQ(rows("audit_entries WHERE changes LIKE '%致歉%'"), 0);

  const auto give_to = [&](const std::string& name) {
    return admin(patch, admins, R"({"version":1,"owner_id":")" + accounts_.at(name).str() + "\"}");
  };
  EXPECT_EQ(give_to("analyst").code(), "satisfaction.unknown_owner");
  EXPECT_EQ(give_to("agent").status, 200);
  EXPECT_EQ(agent(patch, admins, R"({"version":2,"due_at":1})").status, 200);
  EXPECT_EQ(agent(get, "/follow-ups?overdue=true").items().size(), 1U);
  EXPECT_EQ(agent(patch, "/follow-ups/1", R"({"version":1})").code(), "satisfaction.not_found");
  EXPECT_EQ(agent(patch, "/follow-ups/x", R"({"version":1})").code(), "satisfaction.not_found");
  EXPECT_EQ(agent(patch, own, "{}").status, 400);
  for (const char* wrong : {"?state=late", "?owner=me", "?overdue=yes"})
    EXPECT_EQ(agent(get, std::string("/follow-ups") + wrong).status, 400) << wrong;
}

TEST_P(RoutesTest, AnonymousFiguresAreSumsOfPartsThatNeverChange) {
  const std::string path = "/funnel?from=2025-11-01&to=2025-12-31";
  const auto answered = [](const Answer& got) { return got.body.at("total").at("answered").as_int64(); };
  Settings settings = switched_on();
  settings.anonymous = true;
  set(settings);
  for (std::int64_t id = 1; id <= 5; ++id) rated(id, 4);
  for (std::int64_t id = 6; id <= 9; ++id) rated(id, 1, "", "admin");
  EXPECT_FALSE(admin(get, path).body.at("whole_weeks").as_bool());
  EXPECT_EQ(answered(admin(get, path)), 9);
  EXPECT_TRUE(agent(get, path).body.at("whole_weeks").as_bool());
  EXPECT_EQ(agent(get, path).body.at("total").at("closed").as_int64(), 0);

  clock_.set(1764547200000 - 1);  // Monday, 1 December, but for a moment: the week was over on 24 November
  EXPECT_EQ(answered(agent(get, path)), 0);
  clock_.advance(1);
  const std::string told = agent(get, path).text();
  EXPECT_EQ(answered(agent(get, path)), 5);
  ASSERT_EQ(agent(get, path).items().size(), 1U);
  EXPECT_EQ(agent(get, path).items()[0].at("key").as_string(), "2025-11-17");
  // Four of another agent are in no sum, and parts of a week in none either.
  EXPECT_EQ(agent(get, path + "&by=agent").items().size(), 1U);
  EXPECT_EQ(answered(agent(get, path + "&agent=" + accounts_.at("admin").str())), 0);
  for (const char* days : {"from=2025-11-18&to=2025-11-30", "from=2025-11-01&to=2025-11-22"})
    EXPECT_EQ(answered(agent(get, std::string("/funnel?") + days)), 0) << days;
  EXPECT_EQ(answered(agent(get, "/funnel?from=2025-11-17&to=2025-11-23&by=group")), 5);

  rated(11, 2);  // the day of its conversation was in that week, its answer comes later
  EXPECT_EQ(answered(admin(get, path)), 10);
  EXPECT_EQ(agent(get, path).body.at("total").at("scores"), json::parse(told).at("total").at("scores"));
}

TEST_P(RoutesTest, WithAnonymousScoresAgentsSeeNoResultsAndTheirOwnFollowUps) {
  Settings settings = switched_on();
  settings.anonymous = true;
  settings.follow_up = {2, OwnerRule::nobody};
  set(settings);
  rated(1, 1, "太慢");
  EXPECT_EQ(agent(get, "/results").code(), "satisfaction.scores_hidden");
  EXPECT_EQ(admin(get, "/results").items().size(), 1U);
  EXPECT_EQ(agent(get, "/follow-ups").items().size(), 0U);
  EXPECT_EQ(agent(get, "/follow-ups?owner=nobody").items().size(), 0U);
  EXPECT_EQ(agent(patch, follow_up_path(), R"({"version":1,"state":"done"})").code(), "satisfaction.not_found");
  const std::string give = R"({"version":1,"owner_id":")" + accounts_.at("agent").str() + "\"}";
  EXPECT_EQ(admin(patch, follow_up_path(), give).status, 200);
  EXPECT_EQ(agent(get, "/follow-ups").items().size(), 1U);
  EXPECT_EQ(agent(patch, follow_up_path(), R"({"version":2,"state":"done"})").status, 200);
}

TEST_P(RoutesTest, WhoSupervisesSeesAnonymousScores) {
  const std::string supervisor = key_of("supervisor", Role::agent, shop);
  identity::AdjustmentsPatch grant;
  grant.grants = std::set{identity::Permission::desk_supervise};
  must(sql::run(identity_->adjust(identity::Access::system(shop, "test"), accounts_.at("supervisor"), grant)));
  Settings settings = switched_on();
  settings.anonymous = true;
  settings.follow_up = {2, OwnerRule::nobody};
  set(settings);
  rated(1, 1);
  EXPECT_EQ(agent(get, "/results").code(), "satisfaction.scores_hidden");
  EXPECT_EQ(call(supervisor, get, "/results").items().size(), 1U);
  EXPECT_EQ(call(supervisor, get, "/follow-ups").items().size(), 1U);
  EXPECT_EQ(call(supervisor, patch, "/settings", R"({"enabled":false})").status, 403);
}

MINIOPS_ON_BOTH_ENGINES(RoutesTest);

}  // namespace
}  // namespace miniops::satisfaction
