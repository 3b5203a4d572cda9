// The API, and WeChat's paths answered by us: who may, what is refused, and the form of the answers.
#include "identity/routes.hpp"

#include "official/official.hpp"
#include "official/tests/scripted.hpp"
#include "storage/testing/engines.hpp"
#include "telemetry/loader.hpp"

namespace miniops::telemetry {
std::span<const sql::Migration> migrations();
}
namespace miniops::official {
namespace {

using net::Method;
using telemetry::Kind;
using telemetry::Record;

// Gives errors their issues, as the module issues does.
class Grouping final : public telemetry::LoadObserver {
 public:
  Result<void> look(const AppId&, std::span<const Record* const> records,
                    std::span<telemetry::Additions> out) override {
    for (std::size_t i = 0; i < records.size(); ++i)
      if (records[i]->kind == Kind::error) out[i].issue = number_of({records[i]->name, records[i]->text});
    return {};
  }
};

class RoutesTest : public sql::EngineTest {
 protected:
  void SetUp() override {
    open({identity::migrations(), telemetry::migrations(), migrations()});
    clock_.set(noon);
    version_.emplace(db());
    telemetry::ProjectKey key;
    key.id = ids_.next();
    key.appid = app;
    key.key = "k";
    ASSERT_TRUE(db().write_blocking(
        [&](sql::Transaction& tx) -> Result<telemetry::ProjectKey> { return telemetry::store::add_key(tx, key); }));
    events_ = std::make_unique<telemetry::LazyEvents>(events::Options{folder_.path() / "events"}, db());
    spool_ = std::move(*spool::Spool::open(*disk_, folder_.path() / "spool", clock_));
    loader_ = std::make_unique<telemetry::Loader>(
        telemetry::Loader::Collaborators{db(), *events_, *spool_, ids_, clock_, *version_, 0});
    loader_->add_observer(grouping_);
    telemetry_ = std::make_unique<telemetry::Service>(
        telemetry::Service::Collaborators{db(), *version_, clock_, random_, ids_, workers_, *events_, *loader_});
    identity::Settings settings;
    settings.password_cost = {64, 1};
    settings.data_folder = folder_.path();
    identity_.emplace(db(), *version_, clock_, random_, ids_, workers_, settings);
    make_official(true);
    for (const auto role : {identity::Role::admin, identity::Role::developer, identity::Role::agent}) {
      const std::string name(to_string(role));
      const auto member = sql::run(identity_->add_member(access(), {name, role, "correct-horse-7"}));
      ASSERT_TRUE(member) << member.error().message;
      const auto made = sql::run(identity_->create_api_key(access(), member->account, {name}));
      ASSERT_TRUE(made) << made.error().message;
      keys_[role] = made->secret;
      accounts_[role] = member->account;
    }
  }
  void make_official(bool enabled) {
    OfficialSettings settings;
    settings.enabled = enabled;
    settings.owner = "one";
    auto programs = []() -> Task<std::vector<AppId>> { co_return std::vector{app}; };
    official_.emplace(
        Official::Collaborators{db(), clock_, ids_, wechat_, *telemetry_, *identity_, std::move(programs)}, settings);
    guard_.reset();
    router_.emplace();
    guard_.emplace(*router_, *identity_);
    official_->mount(*guard_);
  }
  void pull() {
    for (int i = 0; i < 1000; ++i)
      if (!sql::run(official_->step()).value()) return;
    FAIL() << "it never ends";
  }
  static identity::Access access() { return identity::Access::system(app, "test"); }

  void load(std::vector<Record> records) {
    for (Record& record : records) {
      record.id[0] = static_cast<char>(++number_);
      record.id[1] = static_cast<char>(number_ >> 8);
    }
    telemetry::Block block{app, "miniops", clock_.now(), {}};
    block.decoded.records = std::move(records);
    ASSERT_TRUE(spool_->append_blocking(telemetry::encode(block)));
    for (;;) {
      const auto stored = loader_->step();
      ASSERT_TRUE(stored) << stored.error().message;
      if (!*stored) return;
    }
  }
  // As they came at that time.
  void load_at(TimeMs at, std::vector<Record> records) {
    clock_.set(at);
    load(std::move(records));
  }
  static Record of(Kind kind, std::string name, TimeMs at = noon) {
    Record record;
    record.kind = kind;
    record.protocol = "miniops";
    record.name = std::move(name);
    record.release = "1.4.2";
    record.page = "pages/cart/cart";
    record.scene = 1011;
    record.network = "wifi";
    record.device = {"Xiaomi", "14", "30", "Android", "14", "8.0.53", "3.6.6"};
    record.client_time = record.time = record.received_at = at;
    record.user.openid = "oABCDEFGHIJKLMNOPQRSTUVWXYZa";
    return record;
  }
  static Record metric(std::string name, double value, TimeMs at = noon) {
    Record record = of(Kind::performance, std::move(name), at);
    record.value = value;
    return record;
  }

  net::Response send(Method method, const std::string& target, const std::string& body = "",
                     const std::string& bearer = "") {
    net::Request request;
    request.method = method;
    request.target = target;
    request.path = target.substr(0, target.find('?'));
    if (const auto at = target.find('?'); at != std::string::npos) request.query = target.substr(at + 1);
    request.body = body;
    if (!body.empty()) request.headers.add("Content-Type", "application/json");
    if (!bearer.empty()) request.headers.add("Authorization", "Bearer " + bearer);
    request.remote_address = "10.0.0.1";
    request.request_id = "r1";
    const auto match = router_->match(request.method, request.path);
    if (match.route == nullptr) return net::Response::text("no route", 404);
    request.path_params = match.params;
    return sql::run(match.route->handler(request));
  }
  net::Response api(Method method, const std::string& path, const std::string& body = "",
                    identity::Role as = identity::Role::admin) {
    return send(method, "/api/v1/miniprograms/wx1/official" + path, body, keys_[as]);
  }
  json::value get(const std::string& path, identity::Role as = identity::Role::admin) {
    const auto response = api(Method::get, path, "", as);
    EXPECT_EQ(response.status, 200) << path << response.body;
    return json::parse(response.body);
  }
  static std::string refusal(const net::Response& response) {
    const json::value body = json::parse(response.body.empty() ? "{}" : response.body);
    const json::value* code = body.as_object().if_contains("code");
    return fmt::format("{} {}", response.status, code == nullptr ? "" : std::string(code->as_string()));
  }
  json::object wx(Method method, const std::string& path, const std::string& query = "", const std::string& body = "",
                  std::string token = "-") {
    if (token == "-") token = keys_[identity::Role::admin];
    const auto response = send(method, fmt::format("/wxapi/wxaapi{}?access_token={}&{}", path, token, query), body);
    EXPECT_EQ(response.status, 200) << response.body;
    return json::parse(response.body).as_object();
  }
  static json::object list_question() {
    return {{"startTime", "2026-01-01"},
            {"endTime", "2026-11-21"},
            {"errType", "0"},
            {"appVersion", "0"},
            {"openid", ""},
            {"keyword", ""},
            {"orderby", "pv"},
            {"desc", "1"},
            {"offset", 0},
            {"limit", 30}};
  }

  sql::TemporaryFolder folder_;
  std::unique_ptr<spool::Disk> disk_ = spool::real_disk();
  net::Workers workers_{2, 32};
  std::optional<sql::ConfigVersion> version_;
  Grouping grouping_;
  Scripted wechat_;
  std::unique_ptr<telemetry::LazyEvents> events_;
  std::unique_ptr<spool::Spool> spool_;
  std::unique_ptr<telemetry::Loader> loader_;
  std::unique_ptr<telemetry::Service> telemetry_;
  std::optional<net::Router> router_;
  std::optional<identity::Service> identity_;
  std::optional<identity::Guard> guard_;
  std::optional<Official> official_;
  std::map<identity::Role, std::string> keys_;
  std::map<identity::Role, identity::AccountId> accounts_;
  int number_ = 0;
};
MINIOPS_ON_BOTH_ENGINES(RoutesTest);

// ---- the console's API ----

TEST_P(RoutesTest, StatusSaysWhatIsPulledAndWhy) {
  pull();
  const json::value status = get("");
  EXPECT_EQ(status.at("enabled"), true);
  EXPECT_EQ(status.at("keep_log_days"), 30);
  ASSERT_EQ(status.at("sources").as_array().size(), 6u);
  const json::value& first = status.at("sources").at(0);
  EXPECT_EQ(first.at("source"), "performance");
  EXPECT_EQ(first.at("error").at("errcode"), 48001);
  EXPECT_EQ(first.at("error").at("at"), noon);
  EXPECT_TRUE(first.at("last_success_at").is_null());
  EXPECT_EQ(first.at("last_run_at"), noon);
  EXPECT_EQ(refusal(api(Method::get, "", "", identity::Role::agent)), "403 identity.forbidden");
}

TEST_P(RoutesTest, SourcesAreSwitchedAndRunAndAudited) {
  pull();
  const auto changed = api(Method::put, "", R"({"sources":{"logs":false}})");
  ASSERT_EQ(changed.status, 200) << changed.body;
  EXPECT_EQ(json::parse(changed.body).at("sources").at(2).at("enabled"), false);
  EXPECT_TRUE(get("").at("sources").at(2).at("next_run_at").is_null());
  EXPECT_EQ(refusal(api(Method::put, "", R"({"sources":{"nothing":true}})")), "400 request.invalid");
  EXPECT_EQ(refusal(api(Method::put, "", "{}")), "400 request.invalid");
  EXPECT_EQ(refusal(api(Method::post, "/run", R"({"source":"logs"})")), "422 official.source_off");
  EXPECT_EQ(refusal(api(Method::post, "/run", R"({"source":"all"})")), "400 request.invalid");
  const auto before = wechat_.calls.size();
  EXPECT_EQ(api(Method::post, "/run", R"({"source":"scenes"})").status, 200);
  pull();
  EXPECT_EQ(wechat_.calls.size(), before + 1);
  EXPECT_EQ(api(Method::post, "/run", "{}").status, 200);
  pull();
  EXPECT_EQ(wechat_.calls.size(), before + 6) << "the five that are on";
  const auto audited = query("SELECT action FROM audit_entries WHERE action LIKE 'official.%' ORDER BY id");
  ASSERT_EQ(audited.size(), 3u);
  EXPECT_EQ(audited[0].text(0), "official.sources.change");
  EXPECT_EQ(refusal(api(Method::put, "", R"({"sources":{}})", identity::Role::agent)), "403 identity.forbidden");
}

TEST_P(RoutesTest, SwitchedOffForTheInstallation) {
  make_official(false);
  EXPECT_EQ(get("").at("enabled"), false);
  EXPECT_EQ(refusal(api(Method::post, "/run", "{}")), "422 official.switched_off");
}

TEST_P(RoutesTest, BothSidesOfOneFigure) {
  wechat_.always("log/get_performance", [](const wechat::ApiCall& call) {
    const json::value body = json::parse(call.body);
    return performance_of({{"20261120", body.at("cost_time_type") == 1 && body.at("device") == "@_all" ? 1500 : 1}});
  });
  pull();
  load({metric("appLaunch", 1000, noon - day_ms), metric("appLaunch", 3000, noon - day_ms), metric("appLaunch", 500),
        metric("firstRender", 7)});
  const json::value points = get("/performance");
  ASSERT_EQ(points.at("items").as_array().size(), 3u);
  const json::value& theirs = points.at("items").at(0);
  EXPECT_EQ(theirs.at("source"), "wechat");
  EXPECT_EQ(theirs.at("day"), "2026-11-20");
  EXPECT_EQ(theirs.at("mean"), 1500.0);
  EXPECT_TRUE(theirs.at("p50").is_null());
  const json::value& ours = points.at("items").at(1);
  EXPECT_EQ(ours.at("source"), "miniops");
  EXPECT_EQ(ours.at("at"), start_of_day(china_day(noon) - 1));
  EXPECT_EQ(ours.at("mean"), 2000.0);
  EXPECT_EQ(ours.at("count"), 2.0);
  EXPECT_GT(ours.at("p50").as_double(), 900.0);
  for (const auto& item : get("/performance?device=ios").at("items").as_array())
    EXPECT_EQ(item.at("source"), "wechat") << "the phone is a Xiaomi";
  EXPECT_EQ(get("/performance?device=android&metric=first_render").at("items").as_array().size(), 2u);
  for (const std::string bad : {"metric=x", "device=pc", "network=5g", "from=x", "to=-1", "from=1&to=99999999999999"})
    EXPECT_EQ(refusal(api(Method::get, "/performance?" + bad)), "400 request.invalid") << bad;
}

TEST_P(RoutesTest, ErrorsWithTheirEvents) {
  wechat_.always("log/jserr_list", [](const wechat::ApiCall& call) {
    if (json::parse(call.body).at("startTime") == "2026-11-19")
      return Scripted::ok({{"data", json::array{error_item(1, 5), error_item(2, 40)}}, {"totalCount", 2}});
    return Scripted::ok({{"data", json::array{error_item(1, 10)}}, {"totalCount", 1}});
  });
  wechat_.always("log/jserr_detail", [](const auto&) {
    return Scripted::ok({{"data", json::array{event_item("oA"), event_item("oB", "2026-11-20 11:00:00")}}});
  });
  pull();
  const json::value list = get("/js-errors?limit=1");
  EXPECT_EQ(list.at("items").at(0).at("message"), "TypeError 1");
  EXPECT_EQ(list.at("items").at(0).at("events"), 65);
  EXPECT_EQ(list.at("items").at(0).at("first_day"), "2026-11-14");
  const std::string cursor(list.at("next_cursor").as_string());
  const json::value second = get("/js-errors?limit=1&cursor=" + cursor);
  EXPECT_EQ(second.at("items").at(0).at("events"), 40);
  EXPECT_TRUE(second.at("next_cursor").is_null());
  const std::string id(list.at("items").at(0).at("id").as_string());
  const json::value events = get("/js-errors/" + id + "/events");
  ASSERT_EQ(events.at("items").as_array().size(), 2u);
  EXPECT_EQ(events.at("items").at(0).at("openid"), "oB") << "the newest first";
  EXPECT_TRUE(get("/js-errors/" + id + "/events", identity::Role::developer).at("items").at(0).at("openid").is_null());
  EXPECT_EQ(refusal(api(Method::get, "/js-errors/7/events")), "404 official.not_found");
  EXPECT_EQ(refusal(api(Method::get, "/js-errors/x/events")), "404 official.not_found");
}

TEST_P(RoutesTest, LogsAndFeedbackAndTheirForgetting) {
  const std::vector<json::object> lines{log_item(noon - hour_ms, 2, "Pay 100% ok", "oA"),
                                        log_item(noon - 2 * hour_ms, 8, "电话 13800138000", "oB")};
  wechat_.always("userlog/userlog_search", [&](const auto& call) { return log_page(lines, call); });
  const json::array said{feedback_item(2, noon - hour_ms, "oA"), feedback_item(1, noon - 2 * hour_ms, "oB")};
  wechat_.always("feedback/list", [&](const auto&) { return Scripted::ok({{"list", said}, {"total_num", 2}}); });
  wechat_.always("log/get_scene",
                 [](const auto&) { return Scripted::text(R"({"scene":[{"name":"搜索","value":2}]})"); });
  wechat_.always("log/get_client_version", [](const auto&) {
    return Scripted::text(R"({"cvlist":[{"type":1,"client_version_list":["8.0.55"]}]})");
  });
  pull();
  EXPECT_EQ(get("/logs").at("items").as_array().size(), 2u);
  EXPECT_EQ(get("/logs?limit=1").at("items").at(0).at("messages").at(0).at("text"), "Pay 100% ok");
  for (const auto& [query, found] : std::vector<std::pair<std::string, std::size_t>>{{"level=error", 1},
                                                                                     {"text=100%25", 1},
                                                                                     {"text=pay", 1},
                                                                                     {"text=%25pay%25", 0},
                                                                                     {"text=%E6%94%AF%E4%BB%98", 2},
                                                                                     {"page=pages/index/index", 2},
                                                                                     {"page=pages", 0},
                                                                                     {"trace=no", 0}})
    EXPECT_EQ(get("/logs?" + query).at("items").as_array().size(), found) << query;
  const json::value masked = get("/logs?level=error", identity::Role::developer).at("items").at(0);
  EXPECT_TRUE(masked.at("openid").is_null());
  EXPECT_EQ(masked.at("messages").at(0).at("text"), "电话 138****8000");
  EXPECT_EQ(get("/feedback?type=7").at("items").at(0).at("phone"), "13800138000");
  EXPECT_EQ(get("/feedback?type=3").at("items").as_array().size(), 0u);
  EXPECT_TRUE(get("/feedback", identity::Role::developer).at("items").at(0).at("phone").is_null());
  EXPECT_EQ(get("/scenes").at("items").at(0).at("value"), "2");
  EXPECT_EQ(get("/versions").at("items").at(0).at("type"), "client");
  EXPECT_EQ(refusal(api(Method::get, "/logs?level=fatal")), "400 request.invalid");
  EXPECT_EQ(refusal(api(Method::get, "/feedback?type=9")), "400 request.invalid");

  EXPECT_EQ(sql::run(official_->forget(app, "oA")).value(), 2);
  EXPECT_EQ(sql::run(official_->forget(app, "")).value(), 0);
  clock_.advance(2 * hour_ms);
  pull();
  EXPECT_EQ(get("/logs").at("items").as_array().size(), 1u) << "what WeChat still has does not come back";
  EXPECT_EQ(get("/feedback").at("items").as_array().size(), 1u);
}

// ---- /wxapi ----

TEST_P(RoutesTest, AKeyIsTheAccessToken) {
  EXPECT_EQ(wx(Method::get, "/log/get_scene", "", "", "").at("errcode"), 41001);
  EXPECT_EQ(wx(Method::get, "/log/get_scene", "", "", "mok_nobody").at("errcode"), 40001);
  EXPECT_EQ(wx(Method::get, "/log/get_scene", "", "", keys_[identity::Role::agent]).at("errcode"), 40013)
      << "it reaches no mini program in which it may look";
  EXPECT_EQ(wx(Method::get, "/log/get_scene", "appid=wx1", "", keys_[identity::Role::agent]).at("errcode"), 48001);
  EXPECT_EQ(wx(Method::get, "/log/get_scene", "appid=wxother").at("errcode"), 40013);
  const json::object refused = wx(Method::get, "/log/get_scene", "", "", "mok_nobody");
  EXPECT_TRUE(std::string_view(refused.at("errmsg").as_string()).ends_with(" rid: r1"));
  EXPECT_EQ(wx(Method::get, "/log/get_scene").at("errcode"), 0);
  identity::NewApiKey wanted{"script"};
  wanted.appid = app;
  wanted.scopes = std::set{identity::Permission::telemetry_read};
  const auto made = sql::run(identity_->create_api_key(access(), accounts_[identity::Role::admin], wanted));
  ASSERT_TRUE(made);
  EXPECT_EQ(wx(Method::get, "/log/get_scene", "", "", made->secret).at("errcode"), 0);
  wanted.scopes = std::set{identity::Permission::desk_read};
  const auto other = sql::run(identity_->create_api_key(access(), accounts_[identity::Role::admin], wanted));
  EXPECT_EQ(wx(Method::get, "/log/get_scene", "", "", other->secret).at("errcode"), 48001);
}

TEST_P(RoutesTest, ErrorsInWeChatsForm) {
  Record one = of(Kind::error, "TypeError", noon - 100 * day_ms);
  one.received_at = one.time;
  one.text = "x is undefined";
  one.properties = R"-({"stack":"TypeError: x\n    at f (pages/a.js:1:2)"})-";
  one.level = telemetry::Level::error;
  Record other = one;
  other.time = other.received_at = noon;
  other.text = "y is undefined";
  Record network = of(Kind::error, "request_failed");
  load_at(one.time, {one});
  load_at(noon, {other, other, network});
  const json::object list = wx(Method::post, "/log/jserr_list", "", json::serialize(list_question()));
  EXPECT_EQ(list.at("errcode"), 0) << json::serialize(list);
  EXPECT_EQ(list.at("success"), true);
  ASSERT_EQ(list.at("totalCount"), 2) << "a hundred days back, and a failed request is no error of JavaScript";
  const json::object& top = list.at("data").at(0).as_object();
  EXPECT_EQ(top.at("pv"), 2);
  EXPECT_EQ(top.at("uv"), 1);
  EXPECT_EQ(top.at("pvPercent"), "66.7%");
  EXPECT_EQ(top.at("errorMsg"), "TypeError: y is undefined");
  EXPECT_TRUE(std::string_view(top.at("errorStack").as_string()).contains("pages/a.js"));
  EXPECT_EQ(top.at("errorMsgMd5").as_string().size(), 32u);

  for (const auto& [name, value, found] :
       std::vector<std::tuple<std::string, json::value, int>>{{"appVersion", "1.4.2", 2},
                                                              {"appVersion", "9", 0},
                                                              {"keyword", "x is", 1},
                                                              {"errType", "2", 0},
                                                              {"openid", "oABCDEFGHIJKLMNOPQRSTUVWXYZa", 2},
                                                              {"openid", "oNobody", 0},
                                                              {"startTime", "2026-11-01", 1}}) {
    json::object question = list_question();
    question[name] = value;
    EXPECT_EQ(wx(Method::post, "/log/jserr_list", "", json::serialize(question)).at("totalCount"), found) << name;
  }
  for (const auto& [name, value] : std::vector<std::pair<std::string, json::value>>{{"limit", 101},
                                                                                    {"limit", "x"},
                                                                                    {"offset", -1},
                                                                                    {"startTime", "now"},
                                                                                    {"endTime", "2025-01-01"},
                                                                                    {"openid", json::array{}}}) {
    json::object question = list_question();
    question[name] = value;
    EXPECT_EQ(wx(Method::post, "/log/jserr_list", "", json::serialize(question)).at("errcode"), 40097) << name;
  }
  EXPECT_EQ(wx(Method::post, "/log/jserr_list").at("errcode"), 44002);
  EXPECT_EQ(wx(Method::post, "/log/jserr_list", "", "{").at("errcode"), 47001);
  EXPECT_EQ(wx(Method::post, "/log/jserr_list", "", "[]").at("errcode"), 47001);

  json::object question = list_question();
  for (const char* name : {"errorMsgMd5", "errorStackMd5"}) question[name] = top.at(name);
  for (const char* name : {"sdkVersion", "osName", "clientVersion"}) question[name] = "0";
  const json::object detail = wx(Method::post, "/log/jserr_detail", "", json::serialize(question));
  ASSERT_EQ(detail.at("data").as_array().size(), 2u) << json::serialize(detail);
  const json::object& event = detail.at("data").at(0).as_object();
  EXPECT_EQ(event.at("TimeStamp"), "2026-11-21 13:00:00");
  EXPECT_EQ(event.at("OsName"), "1");
  EXPECT_EQ(event.at("ClientVersion"), "8.0.53");
  EXPECT_EQ(event.at("openId"), "oABCDEFGHIJKLMNOPQRSTUVWXYZa");
  question["osName"] = "2";
  EXPECT_EQ(wx(Method::post, "/log/jserr_detail", "", json::serialize(question)).at("totalCount"), 0);
  question["osName"] = "0";
  question["errorMsgMd5"] = "zz";
  EXPECT_EQ(wx(Method::post, "/log/jserr_detail", "", json::serialize(question)).at("totalCount"), 0);
  question["errorMsgMd5"] = top.at("errorMsgMd5");
  const json::object hidden =
      wx(Method::post, "/log/jserr_detail", "", json::serialize(question), keys_[identity::Role::developer]);
  EXPECT_EQ(hidden.at("data").at(0).at("openId"), "") << "without personal_data.read";
}

TEST_P(RoutesTest, FiguresAndLogsInWeChatsForm) {
  Record log = of(Kind::log, "log", noon - 20 * day_ms);
  log.received_at = log.time;
  log.level = telemetry::Level::warn;
  log.text = "支付失败";
  log.trace = "trace-1";
  Record info = log;
  info.level = telemetry::Level::info;
  info.trace = "trace-2";
  Record old = metric("appLaunch", 1000, noon - 120 * day_ms);
  load_at(old.time, {old});
  load_at(log.time, {log, info});
  load_at(noon, {metric("appLaunch", 1000, noon - day_ms), metric("appLaunch", 2000, noon - day_ms),
                 of(Kind::session, "start")});
  json::object question{{"cost_time_type", 1},
                        {"default_start_time", (noon - 130 * day_ms) / 1000},
                        {"default_end_time", noon / 1000},
                        {"device", "@_all"},
                        {"is_download_code", "@_all"},
                        {"scene", "@_all"},
                        {"networktype", "@_all"}};
  const json::object answer = wx(Method::post, "/log/get_performance", "", json::serialize(question));
  const json::value inner = json::parse(std::string_view(answer.at("default_time_data").as_string()));
  ASSERT_EQ(inner.at("list").as_array().size(), 2u) << "more than 90 days back";
  EXPECT_EQ(inner.at("list").at(1).at("ref_date"), "20261120");
  EXPECT_EQ(inner.at("list").at(1).at("cost_time"), 1500);
  EXPECT_EQ(answer.at("compare_time_data"), "");
  for (const auto& [name, value] : std::vector<std::pair<std::string, json::value>>{
           {"cost_time_type", 4}, {"device", "3"}, {"networktype", "5g"}, {"scene", "x"}, {"default_end_time", 1}}) {
    json::object bad = question;
    bad[name] = value;
    EXPECT_EQ(wx(Method::post, "/log/get_performance", "", json::serialize(bad)).at("errcode"), 40097) << name;
  }
  EXPECT_EQ(wx(Method::get, "/log/get_scene").at("scene").at(1).at("value"), 1011);
  EXPECT_EQ(wx(Method::get, "/log/get_client_version").at("cvlist").at(0).at("client_version_list").at(0), "8.0.53");

  const std::int64_t begin = start_of_day(china_day(log.time)) / 1000;
  const std::string day =
      fmt::format("date={}&begintime={}&endtime={}", date_text(china_day(log.time)), begin, begin + 86399);
  const json::object logs = wx(Method::get, "/userlog/userlog_search", day);
  ASSERT_EQ(logs.at("data").at("total"), 2) << "twenty days back";
  const json::object warn = wx(Method::get, "/userlog/userlog_search", day + "&level=4");
  ASSERT_EQ(warn.at("data").at("list").as_array().size(), 1u);
  const json::object& line = warn.at("data").at("list").at(0).as_object();
  EXPECT_EQ(line.at("level"), 4);
  EXPECT_EQ(line.at("url"), "pages/cart/cart");
  EXPECT_EQ(line.at("msg").at(0).at("msg").at(0), "支付失败");
  EXPECT_EQ(line.at("id"), "oABCDEFGHIJKLMNOPQRSTUVWXYZa");
  for (const auto& [more, found] : std::vector<std::pair<std::string, int>>{{"&traceId=trace-2", 1},
                                                                            {"&url=pages/no", 0},
                                                                            {"&id=oNobody", 0},
                                                                            {"&filterMsg=%E6%94%AF%E4%BB%98", 2},
                                                                            {"&level=8", 0}})
    EXPECT_EQ(wx(Method::get, "/userlog/userlog_search", day + more).at("data").at("total"), found) << more;
  EXPECT_EQ(
      wx(Method::get, "/userlog/userlog_search", day + "&start=1&limit=1").at("data").at("list").as_array().size(), 1u);
  for (const std::string bad :
       {"date=2026", "date=20261101&begintime=1", "date=20261101&limit=1000", "date=20261101&start=x"})
    EXPECT_EQ(wx(Method::get, "/userlog/userlog_search", bad).at("errcode"), 200002) << bad;
}

}  // namespace
}  // namespace miniops::official
