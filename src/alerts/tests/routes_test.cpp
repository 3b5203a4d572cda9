// The module's part of the console API, as a script with a key calls it.
#include "alerts/routes.hpp"

#include "alerts/tests/alerts_fixture.hpp"

namespace miniops::alerts {
namespace {

using testing::HasSubstr;
using enum net::Method;

class RoutesTest : public AlertsTest {
 protected:
  void SetUp() override {
    AlertsTest::SetUp();
    identity::Settings settings;
    settings.password_cost = {64, 1};
    identity_.emplace(db(), *version_, clock_, random_, ids_, workers_, settings);
    guard_.emplace(router_, *identity_);
    preview_.emplace(Preview::Collaborators{db(), signals_, health_, queries_});
    mount(*guard_, {*service_, *preview_, clock_});
    developer_ = key_of("dev", identity::Role::developer, "wxapp");
    analyst_ = key_of("ana", identity::Role::analyst, "wxapp");
    stranger_ = key_of("other", identity::Role::admin, "wxother");
  }
  void TearDown() override {
    identity_.reset();
    AlertsTest::TearDown();
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
    int status = 0;
    json::value body;
    std::string code() const {
      const json::object* object = body.if_object();
      const json::value* found = object != nullptr ? object->if_contains("code") : nullptr;
      return found != nullptr ? std::string(found->get_string()) : "";
    }
    std::string id() const { return std::string(body.at("id").as_string()); }
  };
  Answer call(const std::string& key, net::Method method, const std::string& path, const std::string& body = "") {
    net::Request request;
    request.method = method;
    request.target = "/api/v1/miniprograms/wxapp/alerts" + path;
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
  Answer dev(net::Method method, const std::string& path, const std::string& body = "") {
    return call(developer_, method, path, body);
  }

  net::Workers workers_{1, 8};
  net::Router router_;
  std::optional<identity::Service> identity_;
  std::optional<identity::Guard> guard_;
  std::optional<Preview> preview_;
  std::string developer_, analyst_, stranger_;
};

const std::string rule_body =
    R"({"name":"错误多","kind":"error_count","severity":"critical","priority":"P1","watch":{},)"
    R"("condition":{"type":"static","direction":"above","threshold":100},"for_ms":0,"clear_ms":60000})";

TEST_P(RoutesTest, FromARuleToTheReviewNote) {
  const auto rule = dev(post, "/rules", rule_body);
  ASSERT_EQ(rule.status, 201) << json::serialize(rule.body);
  EXPECT_EQ(rule.body.at("sight").as_string(), "waiting");
  figure(500);
  pass(30'000);
  const auto list = dev(get, "");
  ASSERT_EQ(list.body.at("items").as_array().size(), 1U);
  const auto& alert = list.body.at("items").at(0);
  const std::string path = "/" + std::string(alert.at("id").as_string());
  EXPECT_EQ(alert.at("state").as_string(), "firing");
  EXPECT_THAT(std::string(alert.at("sentence").as_string()), HasSubstr("500"));
  EXPECT_EQ(dev(get, "/summary").body.at("firing").at("critical").as_int64(), 1);

  const auto taken = dev(post, path + "/acknowledge", R"({"note":"看"})");
  ASSERT_EQ(taken.status, 200) << json::serialize(taken.body);
  EXPECT_EQ(taken.body.at("acknowledged_by").as_string(), "dev");
  EXPECT_EQ(dev(post, path + "/acknowledge", "{}").code(), "alerts.wrong_state");
  EXPECT_EQ(dev(post, path + "/comments", R"({"text":"回滚中"})").status, 201);
  EXPECT_EQ(dev(post, path + "/resolve", "{}").status, 200);
  EXPECT_EQ(dev(post, path + "/close", R"({"note":"已回滚","verdict":"useful"})").body.at("state").as_string(),
            "closed");
  std::string timeline;
  for (const auto& entry : dev(get, path + "/timeline").body.at("items").as_array())
    timeline += std::string(entry.at("what").as_string()) + " ";
  EXPECT_EQ(timeline, "fired incident acknowledged comment resolved closed ");
  const auto audited = query("SELECT action FROM audit_entries WHERE action LIKE 'alerts.%' ORDER BY action");
  std::string actions;
  for (const sql::Row& row : audited) actions += row.text(0) + " ";
  EXPECT_EQ(
      actions,
      "alerts.alert.acknowledged alerts.alert.closed alerts.alert.comment alerts.alert.resolved alerts.rule.create ");
}

TEST_P(RoutesTest, RulesAreChangedAndRemoved) {
  const std::string id = dev(post, "/rules", rule_body).id();
  figure(500);
  pass(30'000);
  EXPECT_EQ(dev(get, "/rules/" + id).body.at("open_alerts").as_int64(), 1);
  EXPECT_EQ(dev(get, "/rules/" + id).body.at("sight").as_string(), "normal");
  const auto off = dev(patch, "/rules/" + id, R"({"enabled":false})");
  EXPECT_FALSE(off.body.at("enabled").as_bool());
  EXPECT_EQ(only().state, State::resolved);  // what nobody watches is over
  pass(minute_ms);
  EXPECT_EQ(alerts().size(), 1U);
  EXPECT_EQ(dev(patch, "/rules/" + id, R"({"kind":"traffic"})").status, 400);
  EXPECT_EQ(dev(del, "/rules/" + id).status, 204);
  EXPECT_EQ(dev(get, "/rules/" + id).code(), "alerts.not_found");
  EXPECT_GT(dev(post, "/rules/defaults", "{}").body.at("items").as_array().size(), 10U);
  EXPECT_EQ(dev(get, "/rules").body.at("items").as_array().size(),
            dev(post, "/rules/defaults", "{}").body.at("items").as_array().size());
}

TEST_P(RoutesTest, WhatARuleNamesMustBeThere) {
  const auto with = [&](const std::string& kind, const std::string& watch) {
    return dev(post, "/rules",
               fmt::format(R"({{"name":"x","kind":"{}","severity":"notice","priority":"P3","watch":{},)"
                           R"("condition":{{"type":"static","direction":"above","threshold":1}}}})",
                           kind, watch));
  };
  EXPECT_EQ(with("health", R"({"figure":"nothing"})").code(), "alerts.unknown_figure");
  EXPECT_EQ(with("health", R"({"figure":"journal_lag_ms"})").status, 201);
  EXPECT_EQ(with("log_match", R"({"query":"("})").code(), "alerts.invalid_query");
  EXPECT_EQ(with("saved_query", R"({"query_id":"404"})").code(), "logs.not_found");
  EXPECT_EQ(with("saved_query", R"({"query_id":"1"})").status, 201);
  EXPECT_EQ(dev(get, "/figures").body.at("items").at(0).at("name").as_string(), "journal_lag_ms");
}

TEST_P(RoutesTest, PreviewAndProposalLookAtThePast) {
  const TimeMs now = clock_.now();
  signals_.groups[""] = [now](TimeMs at, TimeMs) {
    const double value = at >= now - 2 * day_ms && at < now - 2 * day_ms + hour_ms ? 900 : 50;
    return Sample{0, "", value, value};
  };
  const auto preview = dev(post, "/rules/preview", R"({"rule":)" + rule_body + "}");
  ASSERT_EQ(preview.status, 200) << json::serialize(preview.body);
  ASSERT_EQ(preview.body.at("episodes").as_array().size(), 1U);
  const auto& episode = preview.body.at("episodes").at(0);
  EXPECT_NEAR(static_cast<double>(episode.at("fired_at").as_int64()), static_cast<double>(now - 2 * day_ms),
              10.0 * minute_ms);
  EXPECT_EQ(episode.at("worst").to_number<double>(), 900);
  EXPECT_LE(preview.body.at("points").as_array().size(), 2001U);
  EXPECT_EQ(preview.body.at("windows").as_int64(), 7 * 24 * 12);
  EXPECT_LT(signals_.questions, 10);  // fetched at once
  const auto proposal = dev(post, "/rules/propose", rule_body);
  ASSERT_GE(proposal.body.at("items").as_array().size(), 1U);
  EXPECT_EQ(proposal.body.at("usual").to_number<double>(), 50);

  for (const char* from : {"-9223372036854775808", "9223372036854775807", "\"x\"", "1.5"})
    EXPECT_EQ(dev(post, "/rules/preview", fmt::format(R"({{"rule":{},"from":{}}})", rule_body, from)).status, 400)
        << from;
  EXPECT_EQ(dev(post, "/rules/preview", fmt::format(R"({{"rule":{},"from":{}}})", rule_body, now - 15 * day_ms)).status,
            400);
  EXPECT_EQ(dev(post, "/rules/preview", R"({"rule":7})").status, 400);
  EXPECT_EQ(
      dev(post, "/rules/preview", R"({"rule":{"name":"n","kind":"new_issue","severity":"notice","priority":"P3"}})")
          .code(),
      "alerts.no_preview");
}

TEST_P(RoutesTest, SilencesNeedAMatcherAndAnEnd) {
  const TimeMs now = clock_.now();
  const auto silence = [&](const std::string& matcher, TimeMs ends) {
    return dev(post, "/silences", fmt::format(R"({{{}"reason":"发布","ends_at":{}}})", matcher, ends));
  };
  EXPECT_EQ(silence("", now + hour_ms).status, 400);
  EXPECT_EQ(silence(R"("kind":"traffic",)", now + 31 * day_ms).status, 400);
  EXPECT_EQ(silence(R"("kind":"traffic",)", now).status, 400);
  const auto made = silence(R"("kind":"traffic",)", now + hour_ms);
  ASSERT_EQ(made.status, 201) << json::serialize(made.body);
  EXPECT_EQ(made.body.at("created_by").as_string(), "dev");
  EXPECT_EQ(dev(get, "/silences").body.at("items").as_array().size(), 1U);
  EXPECT_EQ(dev(del, "/silences/" + made.id()).status, 204);
  EXPECT_EQ(dev(del, "/silences/" + made.id()).code(), "alerts.not_found");
}

TEST_P(RoutesTest, AnIncidentIsToldAsOneStory) {
  dev(post, "/rules", rule_body);
  figure(500);
  pass(30'000);
  const auto made =
      dev(post, "/incidents", R"({"title":"支付故障","priority":"P0","alert_ids":[")" + only().id.str() + R"("]})");
  ASSERT_EQ(made.status, 201) << json::serialize(made.body);
  const std::string path = "/incidents/" + made.id();
  EXPECT_EQ(made.body.at("alerts").as_int64(), 1);
  EXPECT_EQ(dev(post, path + "/entries", R"({"kind":"action","text":"回滚 1.4.1"})").status, 200);
  EXPECT_EQ(dev(patch, path, R"({"state":"resolved"})").body.at("state").as_string(), "resolved");
  const auto draft = dev(get, path + "/review");
  EXPECT_FALSE(draft.body.at("written").as_bool());
  EXPECT_THAT(std::string(draft.body.at("markdown").as_string()), HasSubstr("回滚 1.4.1"));
  EXPECT_TRUE(dev(put, path + "/review", R"({"markdown":"# 复盘"})").body.at("written").as_bool());
  EXPECT_EQ(dev(get, "/incidents?state=resolved").body.at("items").as_array().size(), 1U);
  EXPECT_EQ(dev(get, "/incidents/1").code(), "alerts.not_found");
}

TEST_P(RoutesTest, TheReviewSaysWhatToChange) {
  const auto of = [&](const std::string& name) {
    const auto made = dev(post, "/rules", R"({"name":")" + name + rule_body.substr(rule_body.find("错误多") + 9));
    return made.id();
  };
  const std::string ignored = of("ignored");
  const std::string silent = of("silent");
  dev(patch, "/rules/" + silent, R"({"condition":{"type":"static","direction":"above","threshold":100000}})");
  for (int i = 0; i < 6; ++i) {
    figure(500);
    pass(30'000);
    figure(1);
    pass(35 * minute_ms, minute_ms);
  }
  clock_.advance(28 * day_ms - 6 * hour_ms);
  std::map<std::string, std::string> findings;
  const auto review = dev(get, "/review");
  for (const auto& item : review.body.at("items").as_array()) {
    const std::string id(item.at("rule_id").as_string());
    findings[id] = std::string(item.at("finding").as_string());
    if (id == ignored) {
      const auto changed = dev(patch, "/rules/" + id, json::serialize(item.at("suggestion")));
      EXPECT_EQ(changed.status, 200);
      EXPECT_EQ(changed.body.at("severity").as_string(), "notice");
    }
  }
  EXPECT_EQ(findings[ignored], "always_ignored");
}

TEST_P(RoutesTest, EachRouteKeepsToItsMiniProgramAndPermission) {
  for (const net::RouteInfo& route : router_.routes()) {
    if (!route.pattern.contains("/alerts")) continue;
    std::string path = route.pattern.substr(route.pattern.find("/alerts") + 7);
    if (const auto at = path.find("{id}"); at != std::string::npos) path.replace(at, 4, "77");
    const std::string body = route.method == get || route.method == del ? "" : "{}";
    EXPECT_EQ(call(stranger_, route.method, path, body).status, 404) << route.pattern;
    const int analyst = call(analyst_, route.method, path, body).status;
    if (route.permission == "telemetry.read")
      EXPECT_NE(analyst, 403) << route.pattern;
    else
      EXPECT_EQ(analyst, 403) << route.pattern;
  }
  EXPECT_EQ(dev(get, "?state=nonsense").status, 400);
  EXPECT_EQ(dev(get, "?rule=x").status, 400);
  EXPECT_EQ(dev(get, "?from=-1").status, 400);
  EXPECT_EQ(dev(get, "/9223372036854775808").code(), "alerts.not_found");
}

MINIOPS_ON_BOTH_ENGINES(RoutesTest);

}  // namespace
}  // namespace miniops::alerts
