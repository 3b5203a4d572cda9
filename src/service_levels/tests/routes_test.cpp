// The module's part of the console API, as a script with a key calls it.
#include "service_levels/routes.hpp"

#include "identity/service.hpp"
#include "net/workers.hpp"
#include "service_levels/tests/service_levels_fixture.hpp"
#include "service_levels/views.hpp"

namespace miniops::service_levels {
namespace {

using identity::Role;
using testing::ElementsAre;
using enum net::Method;

class RoutesTest : public ServiceLevelsTest {
 protected:
  void SetUp() override {
    ServiceLevelsTest::SetUp();
    version_.emplace(db());
    identity::Settings settings;
    settings.password_cost = {64, 1};
    identity_.emplace(db(), *version_, clock_, random_, ids_, workers_, settings);
    guard_.emplace(router_, *identity_);
    mount(*guard_, *service_, clock_);
    admin_ = key_of("admin", Role::admin, shop);
    agent_ = key_of("agent", Role::agent, shop);
    analyst_ = key_of("analyst", Role::analyst, shop);
    stranger_ = key_of("stranger", Role::admin, AppId("wxbank"));
  }
  void TearDown() override {
    guard_.reset();
    identity_.reset();
    version_.reset();
    ServiceLevelsTest::TearDown();
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
    const json::array& items() const { return body.at("items").as_array(); }
  };
  Answer call(const std::string& key, net::Method method, const std::string& path, const std::string& body = "") {
    net::Request request;
    request.method = method;
    request.target = "/api/v1/miniprograms/wxshop/service-levels" + path;
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
  // The conversations of the items, in order.
  std::vector<std::string> conversations(const std::string& path) {
    std::vector<std::string> out;
    const Answer answer = call(admin_, get, path);
    if (answer.status != 200) return {answer.text()};
    for (const json::value& item : answer.items()) out.emplace_back(item.at("conversation_id").as_string());
    return out;
  }
  // "key held/breached/unanswered/open share" of each.
  std::vector<std::string> summary(const std::string& query) {
    std::vector<std::string> out;
    const Answer answer = call(admin_, get, "/summary?" + query);
    if (answer.status != 200) return {answer.text()};
    for (const json::value& item : answer.items()) {
      const auto count = [&](const char* name) { return item.at(name).as_int64(); };
      const json::value& share = item.at("share");
      out.push_back(fmt::format("{} {}/{}/{}/{} {}", std::string_view(item.at("key").as_string()), count("held"),
                                count("breached"), count("unanswered"), count("open"),
                                share.is_null() ? "-" : fmt::format("{:.2f}", share.as_double())));
    }
    return out;
  }

  // Conversations 1 … 4 of minute 0, with first answers due in 30 minutes: 1 of group 5 is answered by 11 in time, 2
  // too late, 3 of no group is closed unanswered, 4 of the next day is late and open. All noticed at minute 1500.
  void some_days() {
    Target target = promise(30, 0, 0);
    set_targets({target});
    const auto begin = [this](int conversation, const std::string& group, int minute) {
      about_.conversation = ConversationId(conversation);
      about_.group = group;
      about_.agent = AccountId(11);
      happens([=](ConversationClocks& clocks) { clocks.queued(at(minute)); });
    };
    begin(1, "5", 0);
    answers(at(3), AccountId(11));
    begin(2, "5", 1);
    answers(at(100), AccountId(12));
    begin(3, "", 2);
    happens([](ConversationClocks& clocks) { clocks.closed(at(20)); });
    begin(4, "6", 1440);
    about_.agent = AccountId();
    fire(at(1500));
    clock_.set(at(1500));
  }

  net::Workers workers_{1, 8};
  net::Router router_;
  std::optional<sql::ConfigVersion> version_;
  std::optional<identity::Service> identity_;
  std::optional<identity::Guard> guard_;
  std::string admin_, agent_, analyst_, stranger_;
};

TEST_P(RoutesTest, EachRouteAsksForItsPermission) {
  const auto refused = [&](const std::string& key, int expected) {
    int count = 0;
    for (const net::RouteInfo& route : router_.routes()) {
      std::string path = route.pattern.substr(std::string("/api/v1/miniprograms/{appid}/service-levels").size());
      if (const auto at = path.find("{id}"); at != std::string::npos) path.replace(at, 4, "7");
      EXPECT_EQ(call(key, route.method, path, "{}").status, expected) << path;
      ++count;
    }
    return count;
  };
  EXPECT_EQ(refused(analyst_, 403), 5);
  EXPECT_EQ(refused(stranger_, 404), 5);
  EXPECT_EQ(refused("mo_wrong", 401), 5);
  EXPECT_EQ(call(agent_, put, "/targets", "{}").status, 403);
}

TEST_P(RoutesTest, TargetsAreSetByWhoConfiguresAndSeenByAgents) {
  EXPECT_EQ(call(agent_, get, "/targets").text(),
            R"({"version":0,"warnings":{"half_percent":50,"most_percent":80},"items":[],)"
            R"("updated_by":"","updated_at":null})");
  const std::string wanted =
      R"({"version":0,"warnings":{"half_percent":0,"most_percent":75},"items":[{"group":"5","first_answer_ms":60000}]})";
  const auto set = call(admin_, put, "/targets", wanted);
  ASSERT_EQ(set.status, 200) << set.text();
  EXPECT_EQ(set.body.at("version").as_int64(), 1);
  EXPECT_EQ(call(agent_, get, "/targets").text(), set.text());
  EXPECT_EQ(json::serialize(set.items()[0]),
            R"({"group":"5","priority":null,"first_answer_ms":60000,"next_answer_ms":null,)"
            R"("resolution_ms":null,"business":true})");
  const auto again = call(admin_, put, "/targets", wanted);
  EXPECT_EQ(again.status, 409);
  EXPECT_EQ(again.code(), "service_levels.changed");
  EXPECT_EQ(call(admin_, put, "/targets", R"({"version":1})").code(), "request.invalid");
}

TEST_P(RoutesTest, TheClocksOfAConversation) {
  set_targets({promise(30, 10, 60)});
  opens(at(0));
  answers(at(3), AccountId(4));
  clock_.set(at(4));
  const auto clocks = call(agent_, get, "/conversations/7/clocks");
  ASSERT_EQ(clocks.items().size(), 2U) << clocks.text();
  EXPECT_TRUE(clocks.body.at("next_cursor").is_null());
  const json::value& first = clocks.items()[0];
  EXPECT_EQ(
      json::serialize(first),
      fmt::format(R"({{"id":"{}","conversation_id":"7","kind":"first_answer","ordinal":1,"group":"","priority":0,)"
                  R"("agent_id":"4","state":"answered","level":"none","target_ms":1800000,"business":false,)"
                  R"("used_ms":180000,"started_at":{},"due_at":null,"breached_at":null,"stopped_at":{}}})",
                  std::string_view(first.at("id").as_string()), at(0), at(3)));
  EXPECT_EQ(clocks.items()[1].at("state").as_string(), "paused");
  EXPECT_EQ(call(agent_, get, "/conversations/8/clocks").items().size(), 0U);
  EXPECT_EQ(call(agent_, get, "/conversations/x/clocks").items().size(), 0U);
  const auto page = call(agent_, get, "/conversations/7/clocks?limit=1");
  const std::string cursor(page.body.at("next_cursor").as_string());
  EXPECT_EQ(call(agent_, get, "/conversations/7/clocks?limit=1&cursor=" + cursor).items()[0].at("kind").as_string(),
            "resolution");
}

TEST_P(RoutesTest, NextAnswersAreNumbered) {
  set_targets({promise(0, 10, 0)});
  for (int minute = 0; minute < 30; minute += 10) {
    happens([=](ConversationClocks& clocks) { clocks.asked(at(minute)); });
    answers(at(minute + 1));
  }
  std::vector<std::int64_t> ordinals;
  const auto clocks = call(agent_, get, "/conversations/7/clocks");
  for (const json::value& item : clocks.items()) ordinals.push_back(item.at("ordinal").as_int64());
  EXPECT_THAT(ordinals, ElementsAre(3, 2, 1));
}

TEST_P(RoutesTest, BreachesTheNewestFirst) {
  some_days();
  EXPECT_THAT(conversations("/breaches"), ElementsAre("4", "2"));
  EXPECT_THAT(conversations("/breaches?open=true"), ElementsAre("4"));
  EXPECT_THAT(conversations("/breaches?open=false"), ElementsAre("2"));
  EXPECT_THAT(conversations("/breaches?group=5"), ElementsAre("2"));
  EXPECT_THAT(conversations("/breaches?group="), ElementsAre());
  EXPECT_THAT(conversations("/breaches?kind=resolution"), ElementsAre());
  EXPECT_THAT(conversations("/breaches?agent=11"), ElementsAre("2"));
  EXPECT_THAT(conversations("/breaches?agent=12"), ElementsAre()) << "it was late before 12 had it";
  EXPECT_THAT(conversations(fmt::format("/breaches?from={}", at(31))), ElementsAre("4", "2"));
  EXPECT_THAT(conversations(fmt::format("/breaches?from={}", at(32))), ElementsAre("4"));
  EXPECT_THAT(conversations(fmt::format("/breaches?to={}", at(31))), ElementsAre());
  const auto page = call(admin_, get, "/breaches?limit=1");
  const std::string cursor(page.body.at("next_cursor").as_string());
  EXPECT_THAT(conversations("/breaches?limit=1&cursor=" + cursor), ElementsAre("2"));
}

TEST_P(RoutesTest, TheSummaryCountsEachClockOnce) {
  some_days();
  EXPECT_THAT(summary("from=2026-09-20"), ElementsAre("first_answer 1/2/1/0 0.33"));
  EXPECT_THAT(summary("from=2026-09-20&by=group"), ElementsAre(" 0/0/1/0 -", "5 1/1/0/0 0.50", "6 0/1/0/0 0.00"));
  EXPECT_THAT(summary("from=2026-09-20&by=agent"), ElementsAre("0 0/1/0/0 0.00", "11 1/1/1/0 0.50"));
  EXPECT_THAT(summary("from=2026-09-20&by=day"), ElementsAre("2026-09-23 1/1/1/0 0.50", "2026-09-24 0/1/0/0 0.00"));
  EXPECT_THAT(summary("by=day&group=6"), ElementsAre("2026-09-24 0/1/0/0 0.00")) << "the last seven days";
  EXPECT_THAT(summary("to=2026-09-23&agent=11"), ElementsAre("first_answer 1/1/1/0 0.50"));
  EXPECT_THAT(summary("from=2026-09-20&kind=resolution"), ElementsAre());
  EXPECT_THAT(summary("to=2026-09-22"), ElementsAre());
}

TEST_P(RoutesTest, WhoDoesNotSuperviseCountsTheirOwn) {
  some_days();
  execute(
      "UPDATE service_levels_clocks SET agent_id = (SELECT id FROM identity_accounts WHERE username = 'agent') "
      "WHERE agent_id = 11");
  const auto items = [&](const std::string& path) { return call(agent_, get, path).items(); };
  ASSERT_EQ(items("/breaches").size(), 1U);
  EXPECT_EQ(items("/breaches")[0].at("conversation_id").as_string(), "2");
  EXPECT_EQ(items("/breaches?group=6").size(), 0U);
  const auto days = items("/summary?from=2026-09-20&by=day");
  ASSERT_EQ(days.size(), 1U);
  EXPECT_EQ(days[0].at("breached").as_int64(), 1);
  EXPECT_THAT(summary("from=2026-09-20"), ElementsAre("first_answer 1/2/1/0 0.33")) << "an admin supervises";
}

TEST_P(RoutesTest, WhoSupervisesGroupsCountsTheseAndTheirOwn) {
  some_days();
  const auto breached = [&](std::set<std::string> groups, std::int64_t own) {
    BreachFilter filter{.to = at(10'000)};
    filter.among.scope = {std::move(groups), AccountId(own)};
    std::vector<std::string> out;
    must(db().read_blocking([&](sql::Transaction& tx) -> Result<void> {
      for (const ServiceClock& one : store::list_breaches(tx, shop, filter, std::nullopt, 10))
        out.push_back(one.conversation.str());
      return {};
    }));
    return out;
  };
  EXPECT_THAT(breached({"6"}, 11), ElementsAre("4", "2"));
  EXPECT_THAT(breached({"6"}, 99), ElementsAre("4"));
  EXPECT_THAT(breached({"5", "6"}, 99), ElementsAre("4", "2"));
  EXPECT_THAT(breached({}, 99), ElementsAre());
}

TEST_P(RoutesTest, WrongQuestionsAreRefused) {
  for (const std::string path :
       {"/breaches?kind=answer", "/breaches?open=1", "/breaches?agent=x", "/breaches?from=-1", "/breaches?to=now",
        "/breaches?limit=0", "/breaches?cursor=x", "/summary?by=week", "/summary?from=2026-02-30",
        "/summary?to=20260923", "/summary?from=2026-09-23&to=2026-09-22", "/summary?from=2025-08-19&to=2026-09-23",
        "/summary?from=1969-12-31", "/summary?kind=x", "/conversations/7/clocks?limit=101"})
    EXPECT_EQ(call(agent_, get, path).status, 400) << path;
  EXPECT_EQ(call(agent_, get, "/summary?from=2025-08-20&to=2026-09-23").status, 200);
}

TEST(Views, WhatTheDeskShowsAndTells) {
  const Notice notice{ConversationId(7), std::nullopt, Level::most, 5, "5", AccountId()};
  EXPECT_EQ(json::serialize(to_json(notice)),
            R"({"conversation_id":"7","kind":"window","level":"most","due_at":5,"group":"5","agent_id":null})");
  EXPECT_EQ(json::serialize(to_json(std::vector<Mark>{{Kind::first_answer, Level::half, false, 5},
                                                      {Kind::resolution, Level::breached, true, 0, -6}})),
            R"([{"kind":"first_answer","level":"half","paused":false,"due_at":5,"left_ms":null},)"
            R"({"kind":"resolution","level":"breached","paused":true,"due_at":null,"left_ms":-6}])");
}

MINIOPS_ON_BOTH_ENGINES(RoutesTest);

}  // namespace
}  // namespace miniops::service_levels
