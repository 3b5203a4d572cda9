// The module's part of the console API, as a script with a key calls it; and who sees what.
#include "reports/routes.hpp"

#include "base/json.hpp"
#include "reports/tests/reports_fixture.hpp"

namespace miniops::reports::routes_test {
namespace {

using identity::Permission;
using identity::Role;
using testing::HasSubstr;
using testing::Not;
using enum net::Method;

class RoutesTest : public ReportsTest {
 protected:
  void SetUp() override {
    ReportsTest::SetUp();
    version_.emplace(db());
    identity::Settings settings;
    settings.password_cost = {64, 1};
    identity_.emplace(db(), *version_, clock_, random_, ids_, workers_, settings);
    guard_.emplace(router_, *identity_);
    mount(*guard_, *service_);
    admin_ = key_of("admin", Role::admin, shop);
    analyst_ = key_of("analyst", Role::analyst, shop);
    stranger_ = key_of("stranger", Role::admin, bank);
    History first = example(1), second(2, ten_o_clock + hour_ms);
    first.surveyed(5).from("=cmd()");
    second.routed(4);
    record(first.rows());
    record(second.rows());
    derive_all();
  }
  void TearDown() override {
    guard_.reset();
    identity_.reset();
    version_.reset();
    ReportsTest::TearDown();
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
  };
  Answer call(const std::string& key, net::Method method, const std::string& target) {
    net::Request request;
    request.method = method;
    request.target = target;
    request.path = target.substr(0, target.find('?'));
    if (target.contains('?')) request.query = target.substr(target.find('?') + 1);
    request.received_at = clock_.now();
    request.headers.add("Authorization", "Bearer " + key);
    request.request_id = "r";
    const auto match = router_.match(method, request.path);
    if (match.route == nullptr) return {};
    request.path_params = match.params;
    const net::Response response = sql::run(match.route->handler(request));
    return {response.status, response.body};
  }
  Answer ask(const std::string& path, const std::string& more = "") {
    return call(admin_, get, "/api/v1/miniprograms/wxshop/desk/reports/" + path + "?" + range_ + more);
  }

  const std::string range_ = fmt::format("from={}&to={}", march().from, march().to);
  net::Workers workers_{1, 8};
  net::Router router_;
  std::optional<sql::ConfigVersion> version_;
  std::optional<identity::Service> identity_;
  std::optional<identity::Guard> guard_;
  std::string admin_, analyst_, stranger_;
};

TEST_P(RoutesTest, EachRouteAsksForItsPermission) {
  int routes = 0;
  for (const net::RouteInfo& route : router_.routes()) {
    std::string path = route.pattern;
    const std::string param = "{appid}";
    const auto at = path.find(param);
    if (at != std::string::npos) path.replace(at, param.size(), "wxshop");
    EXPECT_EQ(call(analyst_, route.method, path).status, 403) << path;
    EXPECT_EQ(call("mo_wrong", route.method, path).status, 401) << path;
    if (at != std::string::npos) {
      EXPECT_EQ(call(stranger_, route.method, path).status, 404) << path;
    }
    ++routes;
  }
  EXPECT_EQ(routes, 10);
}

TEST_P(RoutesTest, FiguresByAgentWithNames) {
  const Answer answer = ask("figures", "&by=agent");
  ASSERT_EQ(answer.status, 200) << answer.text;
  const json::value body = answer.body();
  EXPECT_EQ(body.at("time_zone").as_string(), "Asia/Shanghai");
  EXPECT_EQ(body.at("pending").as_int64(), 0);
  EXPECT_EQ(body.at("totals").at("conversations").at("count").as_int64(), 2);
  EXPECT_EQ(body.at("totals").at("wait").at("open").as_int64(), 1);
  EXPECT_EQ(body.at("totals").at("response").at("median_ms").as_int64(), 91'000);
  EXPECT_EQ(body.at("totals").at("response").at("missed").as_int64(), 1);
  EXPECT_EQ(body.at("totals").at("satisfaction").at("share").as_double(), 1.0);
  ASSERT_EQ(body.at("rows").as_array().size(), 3U);
  EXPECT_TRUE(body.at("rows").at(0).at("agent_id").is_null());
  EXPECT_EQ(body.at("rows").at(1).at("agent_id").as_string(), "7");
  EXPECT_EQ(body.at("rows").at(2).at("name").as_string(), "小李");
  EXPECT_TRUE(body.at("rows").at(0).at("figures").at("handling").at("mean_ms").is_null());
}

TEST_P(RoutesTest, WhatIsNobodysHasItsConversations) {
  const json::value by_agent = ask("figures", "&by=agent").body();
  const json::value& nobody = by_agent.at("rows").at(0);
  ASSERT_TRUE(nobody.at("agent_id").is_null());
  const json::value alone = ask("figures", "&agent_id=none").body();
  EXPECT_EQ(alone.at("totals"), nobody.at("figures"));
  EXPECT_EQ(alone.at("totals").at("conversations").at("count").as_int64(), 1);
  const json::value listed = ask("conversations", "&metric=conversations&agent_id=none").body();
  ASSERT_EQ(listed.at("items").as_array().size(), 1U);
  EXPECT_EQ(listed.at("items").at(0).at("conversation_id").as_string(), "2");
  EXPECT_EQ(ask("figures", "&agent_id=&reason_id=").body().at("totals"), ask("figures").body().at("totals"));
  EXPECT_EQ(ask("figures", "&agent_id=nobody").code(), "request.invalid");
}

TEST_P(RoutesTest, DaysHaveTheirBounds) {
  const json::value body = ask("figures", "&interval=day&group_id=4").body();
  ASSERT_EQ(body.at("rows").as_array().size(), 1U);
  EXPECT_EQ(body.at("rows").at(0).at("from").as_int64(), ten_o_clock - 10 * hour_ms);
  EXPECT_EQ(body.at("rows").at(0).at("to").as_int64(), ten_o_clock + 14 * hour_ms);
}

TEST_P(RoutesTest, ANumberLeadsToItsConversations) {
  const Answer answer = ask("conversations", "&metric=response&part=counted&limit=1");
  ASSERT_EQ(answer.status, 200) << answer.text;
  const json::value body = answer.body();
  ASSERT_EQ(body.at("items").as_array().size(), 1U);
  EXPECT_EQ(body.at("items").at(0).at("conversation_id").as_string(), "1");
  EXPECT_EQ(body.at("items").at(0).at("samples").at(1).at("value").as_int64(), 122'000);
  EXPECT_TRUE(body.at("next_cursor").is_null());
  const json::value all = ask("conversations", "&metric=conversations&limit=1").body();
  EXPECT_EQ(all.at("items").at(0).at("conversation_id").as_string(), "2");
  const std::string cursor(all.at("next_cursor").as_string());
  const json::value rest = ask("conversations", "&metric=conversations&limit=1&cursor=" + cursor).body();
  EXPECT_EQ(rest.at("items").at(0).at("conversation_id").as_string(), "1");
  EXPECT_TRUE(rest.at("next_cursor").is_null());
}

TEST_P(RoutesTest, WhatEndedSince) {
  const auto answers = [&](const std::string& more) {
    return ask("conversations", "&metric=response&part=counted" + more).body().at("items").as_array();
  };
  const json::array all = answers("");
  ASSERT_EQ(all.size(), 1U);
  const json::array& samples = all[0].at("samples").as_array();
  ASSERT_EQ(samples.size(), 2U);
  const std::int64_t last = samples[1].at("at").as_int64() + samples[1].at("value").as_int64();
  ASSERT_LT(samples[0].at("at").as_int64() + samples[0].at("value").as_int64(), last);
  const json::array one = answers(fmt::format("&ended_from={}", last));
  ASSERT_EQ(one.size(), 1U);
  EXPECT_EQ(one[0].at("samples").as_array(), json::array{samples[1]});
  EXPECT_TRUE(answers(fmt::format("&ended_from={}", last + 1)).empty());
  EXPECT_TRUE(ask("conversations", "&metric=wait&part=open&ended_from=1").body().at("items").as_array().empty());
}

TEST_P(RoutesTest, FilesAreSafeAgainstFormulasAndAudited) {
  const Answer figures = ask("figures/export", "&by=source");
  EXPECT_EQ(figures.status, 200);
  EXPECT_TRUE(
      figures.text.starts_with("\xef\xbb\xbf"
                               "from,id,source,conversations,"));
  EXPECT_THAT(figures.text, HasSubstr("\"'=cmd()\""));
  EXPECT_THAT(ask("figures/export", "&by=agent").text, HasSubstr("\"7\",\"'=小王\""));
  const Answer list = ask("conversations/export", "&metric=wait");
  EXPECT_THAT(list.text, HasSubstr("\"1\",\"2026-03-14 10:00\",\"wait\",\"counted\",60000,"));
  EXPECT_EQ(rows("audit_entries WHERE action = 'report.export'"), 3);
}

TEST_P(RoutesTest, ScoresStandWithTheirAnswerRateInFilesToo) {
  History silent(3, ten_o_clock + hour_ms);
  silent.at(30).assigned(7);
  silent.at(40).answers(7).closed();
  silent.surveyed(0).from("pages/silent");
  record(silent.rows());
  derive_all();
  const std::string file = ask("figures/export", "&by=source").text;
  EXPECT_THAT(file, HasSubstr(",satisfaction_hits,satisfaction_of,satisfaction_share,satisfaction_answer_rate,"
                              "satisfaction_mean,satisfaction_missed,satisfaction_open\r\n"));
  EXPECT_TRUE(file.ends_with(",1,1,1.0000,0.5000,5.0000,1,0\r\n")) << file;
  EXPECT_THAT(file, HasSubstr(",0,0,,0.0000,,1,0\r\n")) << "who was asked and did not answer";
  EXPECT_THAT(file, HasSubstr(",0,0,,,,0,0\r\n")) << "who was not asked";
}

TEST_P(RoutesTest, AgentsAndMiniProgramsAsFiles) {
  desk_.agents = {{AccountId(7), hour_ms, 0, 0}};
  const Answer agents = ask("agents/export");
  EXPECT_EQ(agents.status, 200);
  EXPECT_THAT(agents.text, HasSubstr("agent_id,agent,online_ms,busy_ms,away_ms,load,conversations,"));
  EXPECT_THAT(agents.text, HasSubstr("\"7\",\"'=小王\",3600000,0,0,0.0500,"));
  const std::string across = "/api/v1/desk/reports/miniprograms/export?" + range_;
  const Answer programs = call(admin_, get, across);
  EXPECT_THAT(programs.text, HasSubstr("\r\n\"wxshop\",\"茶铺\",\"Asia/Shanghai\",2,"));
  EXPECT_THAT(programs.text, Not(HasSubstr("wxbank")));
  EXPECT_EQ(rows("audit_entries WHERE action = 'report.export' AND appid = 'wxshop'"), 2);
  EXPECT_TRUE(call(admin_, get, across + "&format=xlsx").text.starts_with("PK"));
  for (const std::string path : {"figures", "agents", "conversations"})
    EXPECT_TRUE(ask(path + "/export", "&metric=wait&format=xlsx").text.starts_with("PK")) << path;
  EXPECT_EQ(rows("audit_entries WHERE action = 'report.export'"), 6);
}

TEST_P(RoutesTest, WrongQueriesAreRefused) {
  const std::string base = "/api/v1/miniprograms/wxshop/desk/reports/";
  for (const std::string query : {"figures",
                                  "figures?from=1",
                                  "figures?from=2&to=1",
                                  "figures?from=1&to=99999999999999",
                                  "figures?from=x&to=2",
                                  "agents?from=1&to=9999999999",
                                  "conversations?from=1&to=2",
                                  "conversations?from=1&to=2&metric=speed",
                                  "figures?from=1&to=2&by=person",
                                  "figures?from=1&to=2&interval=year",
                                  "figures?from=1&to=2&agent_id=x",
                                  "figures?from=1&to=2&hour=24",
                                  "figures?from=1&to=2&source=%FF",
                                  "conversations?from=1&to=2&metric=wait&part=some",
                                  "conversations?from=1&to=2&metric=wait&order=oldest",
                                  "figures/export?from=1&to=2&format=xls",
                                  "agents/export?from=1&to=9999999999",
                                  "conversations?from=1&to=2&metric=wait&limit=0",
                                  "conversations?from=1&to=2&metric=wait&cursor=x",
                                  "conversations?from=1&to=2&metric=wait&ended_from=now"})
    EXPECT_EQ(call(admin_, get, base + query).status, 400) << query;
}

TEST_P(RoutesTest, MiniProgramsSideBySide) {
  const Answer answer = call(admin_, get, "/api/v1/desk/reports/miniprograms?" + range_);
  ASSERT_EQ(answer.status, 200) << answer.text;
  const json::value body = answer.body();
  ASSERT_EQ(body.at("items").as_array().size(), 1U);
  EXPECT_EQ(body.at("items").at(0).at("appid").as_string(), "wxshop");
  EXPECT_EQ(body.at("items").at(0).at("totals").at("conversations").at("count").as_int64(), 2);
  const auto everything = must(sql::run(service_->mini_programs(std::nullopt, march().from, march().to)));
  EXPECT_EQ(everything.size(), 2U);
}

TEST_P(RoutesTest, TheWallboard) {
  desk_.desk = {
      {{default_group, 2, clock_.now() - 5 * minute_ms, 6}, {GroupId(4), 1, clock_.now() - minute_ms, 1}}, 3, 2, 1};
  const json::value body = call(admin_, get, "/api/v1/miniprograms/wxshop/desk/reports/wallboard").body();
  EXPECT_EQ(body.at("waiting").as_int64(), 3);
  EXPECT_EQ(body.at("longest_wait_ms").as_int64(), 5 * minute_ms);
  EXPECT_EQ(body.at("open").as_int64(), 7);
  EXPECT_EQ(body.at("agents").at("away").as_int64(), 1);
  EXPECT_EQ(body.at("groups").at(0).at("name").as_string(), "默认客服组");
  EXPECT_EQ(body.at("today").at("opened").as_int64(), 2);
  EXPECT_EQ(body.at("today").at("answered").as_int64(), 2);
}

// ---- who sees what ----

TEST_P(RoutesTest, AnAgentSeesWhatIsTheirOwn) {
  const Access agent = access(Role::agent, 7);
  const auto report = must(sql::run(service_->figures(agent, march(), Interval::none, By::agent)));
  ASSERT_EQ(report.answer.rows.size(), 1U);
  EXPECT_EQ(report.answer.rows[0].number, 7);
  EXPECT_EQ(report.answer.totals[static_cast<std::size_t>(Metric::satisfaction)].count, 0);
  Filter of_another = march();
  of_another.agent = AccountId(8);
  EXPECT_EQ(code_of(sql::run(service_->figures(agent, of_another, Interval::none, By::none))), "reports.own_only");
  of_another.agent = AccountId();
  EXPECT_EQ(code_of(sql::run(service_->figures(agent, of_another, Interval::none, By::none))), "reports.own_only");
  ListingAsked scores{.filter = march(), .metric = Metric::satisfaction};
  EXPECT_EQ(code_of(sql::run(service_->conversations(access(Role::agent, 8), scores))), "reports.own_only");
  desk_.agents = {{AccountId(7), hour_ms, 0, 0}, {AccountId(8), hour_ms, 0, 0}};
  const auto agents = must(sql::run(service_->agents(agent, march().from, march().to)));
  ASSERT_EQ(agents.agents.size(), 1U);
  EXPECT_EQ(agents.agents[0].time.agent, AccountId(7));
  EXPECT_EQ(agents.agents[0].load(), 180.0 * second_ms / hour_ms);
}

TEST_P(RoutesTest, ASupervisorOfAGroupSeesThatGroup) {
  identity::Adjustments of_group;
  of_group.grants.insert({Permission::desk_supervise, "4"});
  const Access supervisor = access(Role::agent, 9, of_group);
  const auto report = must(sql::run(service_->figures(supervisor, march(), Interval::none, By::group)));
  ASSERT_EQ(report.answer.rows.size(), 1U);
  EXPECT_EQ(report.answer.rows[0].number, 4);
  desk_.desk.groups = {{default_group, 2, 1, 6}, {GroupId(4), 1, 1, 1}};
  EXPECT_EQ(must(sql::run(service_->wallboard(supervisor))).desk.groups.size(), 1U);
}

MINIOPS_ON_BOTH_ENGINES(RoutesTest);

}  // namespace
}  // namespace miniops::reports::routes_test
