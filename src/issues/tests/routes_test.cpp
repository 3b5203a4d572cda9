// The API: who may, what is refused, and that answers have the form that openapi.yaml says.
#include "identity/routes.hpp"

#include "issues/issues.hpp"
#include "issues/tests/maps.hpp"
#include "issues/tests/reports_fixture.hpp"
#include "net/client.hpp"

namespace miniops::issues {
namespace {

using net::Method;

class RoutesTest : public ReportsTest {
 protected:
  void SetUp() override {
    ReportsTest::SetUp();
    identity::Settings settings;
    settings.password_cost = {64, 1};
    settings.data_folder = folder_.path();
    identity_.emplace(db(), *version_, clock_, random_, ids_, workers_, settings);
    guard_.emplace(router_, *identity_);
    issues_.emplace(Issues::Collaborators{db(), *version_, clock_, ids_, *blobs_, *identity_, *telemetry_, nullptr});
    issues_->mount(*guard_);
    for (const auto role : {identity::Role::developer, identity::Role::analyst, identity::Role::agent}) {
      const std::string name(to_string(role));
      identity::NewMember wanted{name, role, "correct-horse-7"};
      const auto member = sql::run(identity_->add_member(access(), wanted));
      ASSERT_TRUE(member) << member.error().message;
      const auto key = sql::run(identity_->create_api_key(access(), member->account, {name}));
      ASSERT_TRUE(key) << key.error().message;
      keys_[role] = key->secret;
    }
  }

  net::Response send(Method method, const std::string& path, const std::string& body = "",
                     const std::string& type = "application/json", identity::Role as = identity::Role::developer) {
    net::Request request;
    request.method = method;
    request.target = "/api/v1/miniprograms/wx1/issues" + path;
    request.path = request.target.substr(0, request.target.find('?'));
    if (const auto at = request.target.find('?'); at != std::string::npos)
      request.query = request.target.substr(at + 1);
    request.body = body;
    if (!body.empty()) request.headers.add("Content-Type", type);
    request.headers.add("Authorization", "Bearer " + keys_[as]);
    request.remote_address = "10.0.0.1";
    request.request_id = "r1";
    const auto match = router_.match(request.method, request.path);
    if (match.route == nullptr) return net::Response::text("no route", 404);
    request.path_params = match.params;
    return sql::run(match.route->handler(request));
  }
  json::value ok(const net::Response& response, int status = 200) {
    EXPECT_EQ(response.status, status) << response.body;
    return response.body.empty() ? json::value() : json::parse(response.body);
  }
  // "400 request.invalid".
  static std::string refusal(const net::Response& response) {
    const json::value body = json::parse(response.body.empty() ? "{}" : response.body);
    const json::value* code = body.as_object().if_contains("code");
    return fmt::format("{} {}", response.status, code == nullptr ? "" : std::string(code->as_string()));
  }
  json::value get(const std::string& path) { return ok(send(Method::get, path)); }
  std::string id_of_issue(const std::string& function) { return std::to_string(issue_called(function)); }

  net::Router router_;
  std::optional<identity::Service> identity_;
  std::optional<identity::Guard> guard_;
  std::optional<Issues> issues_;
  std::map<identity::Role, std::string> keys_;
};

TEST_P(RoutesTest, TheListAndOneIssue) {
  load({error_by("buy", "a"), error_by("buy", "b"), of(telemetry::Kind::session, "start", "a")});
  const json::value list =
      get("?sort=users&state=open&kind=js,api&severity=P3&assignee=none&ignored=no&text=buy&limit=5");
  ASSERT_EQ(list.at("items").as_array().size(), 1u);
  EXPECT_TRUE(list.at("next_cursor").is_null());
  const json::value& row = list.at("items").at(0);
  EXPECT_EQ(row.at("figures").at("events"), 2.0);
  EXPECT_EQ(row.at("state"), "found");
  EXPECT_TRUE(row.at("assignee").is_null());
  const json::value one = get("/" + id_of_issue("buy"));
  EXPECT_EQ(one.at("keys").at(0).at("rule"), "stack");
  EXPECT_EQ(one.at("severity_reasons").at(0).at("code"), "reach_low");
  EXPECT_EQ(get("/" + id_of_issue("buy") + "/tags").at("items").at(0).at("tag"), "release");
  EXPECT_EQ(get("/releases").at("items").at(0).at("release"), "1.0");
  const json::value events = get("/" + id_of_issue("buy") + "/events?order=oldest&limit=1");
  EXPECT_TRUE(events.at("next_cursor").is_string());
  const std::string event(events.at("items").at(0).at("event").as_string());
  EXPECT_EQ(get("/" + id_of_issue("buy") + "/events/" + event).at("mapping"), "no_maps");
}

TEST_P(RoutesTest, QuestionsThatMakeNoSenseAreRefused) {
  for (const char* query :
       {"?sort=best", "?kind=bug", "?kind=js,,", "?state=done", "?severity=P9", "?ignored=maybe", "?from=x",
        "?from=9&to=5", "?from=0", "?cursor=x", "?assignee=me2", "?limit=0", "?text=%FF"})
    EXPECT_EQ(send(Method::get, query).status, 400) << query;
  EXPECT_EQ(refusal(send(Method::get, "/0")), "404 issues.not_found");
  EXPECT_EQ(refusal(send(Method::get, "/77")), "404 issues.not_found");
  EXPECT_EQ(refusal(send(Method::get, "/77/events/newest")), "404 issues.not_found");
  EXPECT_EQ(refusal(send(Method::get, "/source-maps/doctor")), "400 request.invalid");
}

TEST_P(RoutesTest, AChangeSaysWhatIsWrongWithIt) {
  load({error_by("buy", "a")});
  const std::string path = "/" + id_of_issue("buy");
  for (const char* body : {"{}", R"({"state":"done"})", R"({"state":"fixed","resolve":true})", R"({"fixed_in":"1"})",
                           R"({"state":"located","fixed_in":"1"})", R"({"tracker_url":"javascript:x"})",
                           R"({"ignored":{}})", R"({"ignored":{"until_count":0}})", R"({"unknown":1})",
                           R"({"severity":"P9"})", R"({"assignee_id":7})", "[]", "{"})
    EXPECT_EQ(send(Method::patch, path, body).status, 400) << body;
  EXPECT_EQ(refusal(send(Method::patch, path, R"({"assignee_id":"123"})")), "422 issues.unknown_assignee");
  EXPECT_EQ(refusal(send(Method::patch, "/77", R"({"state":"located"})")), "404 issues.not_found");
}

TEST_P(RoutesTest, AChangeIsMadeAndTakenBack) {
  load({error_by("buy", "a"), error_by("pay", "a")});
  const std::string path = "/" + id_of_issue("buy");
  const json::value changed = ok(send(
      Method::patch, path,
      R"({"resolve":true,"fixed_in":"2.0","severity":"P1","tracker_url":"https://t.example/1","ignored":{"until_count":5}})"));
  EXPECT_EQ(changed.at("state"), "fixed");
  EXPECT_EQ(changed.at("severity"), "P1");
  EXPECT_EQ(changed.at("severity_overridden"), true);
  EXPECT_EQ(changed.at("ignored").at("count_left"), 5);
  const json::value cleared =
      ok(send(Method::patch, path, R"({"severity":null,"tracker_url":null,"ignored":null,"assignee_id":null})"));
  EXPECT_EQ(cleared.at("severity_overridden"), false);
  EXPECT_TRUE(cleared.at("ignored").is_null());
  EXPECT_TRUE(cleared.at("tracker_url").is_null());
  ok(send(Method::post, path + "/comments", R"({"text":"看一下"})"), 201);
  const json::value steps = get(path + "/activity?limit=2");
  EXPECT_EQ(steps.at("items").at(0).at("what"), "comment");
  EXPECT_EQ(steps.at("items").at(0).at("by"), "developer");
  const std::string step(steps.at("items").at(1).at("id").as_string());
  EXPECT_EQ(ok(send(Method::post, path + "/undo", R"({"activity_id":")" + step + "\"}")).at("severity"), "P1");

  const std::string pay = id_of_issue("pay");
  ok(send(Method::post, path + "/merge", R"({"ids":[")" + pay + "\"]}"));
  EXPECT_EQ(get("/" + pay).at("merged"), 1);
  EXPECT_EQ(refusal(send(Method::post, path + "/merge", R"({"ids":[]})")), "400 request.invalid");
  EXPECT_EQ(ok(send(Method::post, path + "/split", R"({"key_id":")" + pay + "\"}")).at("id").as_string(),
            json::string_view(pay));
  EXPECT_EQ(refusal(send(Method::post, path + "/split", "{}")), "400 request.invalid");
  const std::string both = R"({"ids":[")" + pay + R"(","77"],"change":{"state":"located"}})";
  EXPECT_EQ(refusal(send(Method::post, "/changes", both)), "404 issues.not_found");
  EXPECT_EQ(refusal(send(Method::put, "/releases/order", R"({"releases":["9"]})")), "422 issues.unknown_release");
  EXPECT_EQ(ok(send(Method::put, "/releases/order", R"({"releases":["1.0"]})")).at("releases").as_array().size(), 1u);
}

TEST_P(RoutesTest, SourceMapsComeAsTheyAreOrInAForm) {
  const std::string map = json::serialize(made::map_of({"a.ts"}, {{0, 0, 0, 0, 0}}));
  const std::string place = "/source-maps?release=shop%401.0&layer=build&file=";
  const json::value stored = ok(send(Method::post, place + "a.js", map), 201);
  EXPECT_EQ(stored.at("release"), "1.0");
  EXPECT_EQ(stored.at("sources"), 1);
  const auto form = net::multipart_file("file", "a.js.map", "application/json", map, "boundary7");
  EXPECT_EQ(ok(send(Method::post, place + "a.js", form.body, form.content_type), 201).at("replaced"), true);
  const auto other = net::multipart_file("map", "a.js.map", "application/json", map, "boundary7");
  EXPECT_EQ(refusal(send(Method::post, place + "a.js", other.body, other.content_type)), "400 issues.bad_source_map");
  EXPECT_EQ(refusal(send(Method::post, place + "a.js", "{}")), "400 issues.bad_source_map");
  EXPECT_EQ(refusal(send(Method::post, place, map)), "400 request.invalid");
  EXPECT_EQ(refusal(send(Method::post, "/source-maps?release=1&file=a.js&layer=both", map)), "400 request.invalid");
  const json::value list = get("/source-maps?release=1.0");
  ASSERT_EQ(list.at("items").as_array().size(), 1u);
  EXPECT_EQ(get("/source-maps/doctor?release=1.0").at("findings").at(0).at("level"), "warning");
  const std::string id(list.at("items").at(0).at("id").as_string());
  EXPECT_EQ(send(Method::del, "/source-maps/" + id).status, 204);
  EXPECT_EQ(refusal(send(Method::del, "/source-maps/" + id)), "404 issues.map_not_found");
}

TEST_P(RoutesTest, AnalystsLookAndDoNotActAndAgentsSeeNothing) {
  load({error_by("buy", "a")});
  const std::string path = "/" + id_of_issue("buy");
  EXPECT_EQ(send(Method::get, "", "", "", identity::Role::analyst).status, 200);
  EXPECT_EQ(send(Method::get, "", "", "", identity::Role::agent).status, 403);
  const std::pair<Method, std::string> acts[] = {{Method::patch, path},
                                                 {Method::post, "/changes"},
                                                 {Method::post, path + "/merge"},
                                                 {Method::post, path + "/split"},
                                                 {Method::post, path + "/undo"},
                                                 {Method::post, path + "/comments"},
                                                 {Method::put, "/releases/order"},
                                                 {Method::post, "/source-maps"},
                                                 {Method::del, "/source-maps/1"}};
  for (const auto& [method, where] : acts)
    EXPECT_EQ(send(method, where, "{}", "application/json", identity::Role::analyst).status, 403) << where;
}

MINIOPS_ON_BOTH_ENGINES(RoutesTest);

}  // namespace
}  // namespace miniops::issues
