// The API on a real event store.
#include "performance/tests/performance_fixture.hpp"

namespace miniops::performance {
namespace {

class RoutesTest : public PerformanceTest {};

TEST_P(RoutesTest, NothingIsStored) {
  for (const json::value& metric : get("overview").at("metrics").as_array()) {
    EXPECT_EQ(metric.at("count"), 0.0);
    EXPECT_TRUE(metric.at("quantiles").is_null());
    EXPECT_TRUE(metric.at("shares").is_null());
  }
  EXPECT_TRUE(get("overview").at("startup_phases").as_array().empty());
  for (const char* list : {"series", "breakdown", "loads"}) EXPECT_TRUE(get(list).at("items").as_array().empty());
  EXPECT_TRUE(get("distribution").at("bars").as_array().empty());
  EXPECT_TRUE(get("compare").at("moved").as_array().empty());
  EXPECT_EQ(get("compare").at("differences").at(0).at("verdict"), "needs_data");
  EXPECT_TRUE(get("heatmap").at("cells").as_array().empty());
  const json::object advice = get("advice");
  ASSERT_EQ(advice.at("items").as_array().size(), 6u);
  for (const json::value& one : advice.at("items").as_array()) EXPECT_EQ(one.at("status"), "needs_data");
}

TEST_P(RoutesTest, TheOverviewAgainstTheDayBefore) {
  std::vector<Record> all;
  for (int i = 0; i < 10; ++i) {
    all.push_back(measured("appLaunch", 1000 + 500 * i));
    all.push_back(measured("appLaunch", 9000, noon - 30 * hour_ms));
    all.push_back(measured("evaluateScript", 325));
  }
  all.push_back(measured("loadPackage", 1625));
  load(all);
  const json::object overview = get("overview");
  EXPECT_EQ(overview.at("before_from").as_int64(), noon + minute_ms - 2 * day_ms);
  const json::value& startup = overview.at("metrics").at(0);
  EXPECT_EQ(startup.at("metric"), "startup");
  EXPECT_EQ(startup.at("count"), 10.0);
  EXPECT_NEAR(startup.at("quantiles").at("p50").to_number<double>(), 3000, 30);
  EXPECT_NEAR(startup.at("before").at("quantiles").at("p50").to_number<double>(), 9000, 90);
  EXPECT_NEAR(startup.at("shares").at("good").to_number<double>(), 0.3, 0.11);
  EXPECT_NEAR(startup.at("shares").at("poor").to_number<double>(), 0.1, 1e-9);
  ASSERT_EQ(startup.at("trend").as_array().size(), 1u);
  EXPECT_EQ(startup.at("trend").at(0).at("at").as_int64(), noon - hour_ms);
  EXPECT_EQ(startup.at("trend").at(0).at("count"), 10.0);
  const json::array& phases = overview.at("startup_phases").as_array();
  ASSERT_EQ(phases.size(), 4u);  // of a mean startup of 3250 ms
  EXPECT_NEAR(phases[0].at("share").to_number<double>(), 0.05, 0.002);
  EXPECT_NEAR(phases[1].at("share").to_number<double>(), 0.1, 0.002);
  EXPECT_NEAR(phases[3].at("share").to_number<double>(), 0.85, 0.01);
}

TEST_P(RoutesTest, ASeriesInLocalDaysWeeksAndMonths) {
  std::vector<Record> all;
  for (int day = 0; day < 29; ++day) all.push_back(measured("appLaunch", 1000, noon - day * day_ms));
  all.push_back(measured("appLaunch", 2000, noon));
  all.back().release = "1.1";
  load(all);
  const std::string range = fmt::format("?from={}&to={}", noon - 29 * day_ms, noon + 1);
  const auto shape = [&](const std::string& more) {
    const json::object series = get("series" + range + more);
    std::string out(series.at("interval").as_string());
    for (const json::value& point : series.at("items").as_array())
      out += fmt::format(" {}{}:{}", day_name(point.at("at").as_int64(), 8 * hour_ms).substr(5),
                         std::string(point.at("name").as_string()), point.at("count").to_number<double>());
    return out;
  };
  EXPECT_EQ(shape("&interval=month"), "month 10-01:8 11-01:22");
  EXPECT_EQ(shape("&interval=week"), "week 10-19:2 10-26:7 11-02:7 11-09:7 11-16:7");
  EXPECT_EQ(shape("&interval=month&by=release&top=1"), "month 10-011.0:8 11-01(其他):1 11-011.0:21");
  EXPECT_EQ(shape("&release=1.1"), "day 11-21:1");
  EXPECT_EQ(shape("&release=!1.0"), "day 11-21:1");
  EXPECT_EQ(refusal(fmt::format("series?from={}&to={}&interval=minute", noon - 2 * day_ms, noon)),
            "performance.too_many_points");
}

TEST_P(RoutesTest, FiltersOfColumnsAndDevices) {
  Record apple = measured("appLaunch", 500);
  apple.device = {"Apple", "iPhone 15", "45", "iOS", "17", "8.0.50", "3.6.0"};
  apple.network = "wifi";
  Record unknown = measured("appLaunch", 100);
  unknown.device = {};
  Record old = measured("appLaunch", 4000);
  old.page = "pages/pay/index";
  old.scene = 1011;
  old.build = telemetry::Build::trial;
  load({apple, unknown, old, measured("lcp", 7)});
  const auto count = [&](const std::string& filters) {
    return get("distribution?" + filters).at("count").to_number<double>();
  };
  for (const auto& [filters, wanted] : std::vector<std::pair<std::string, double>>{{"", 3},
                                                                                   {"network=wifi", 1},
                                                                                   {"network=!wifi", 2},
                                                                                   {"device=iPhone%2015", 1},
                                                                                   {"device=!iPhone%2015", 2},
                                                                                   {"device=iPhone%2015,Redmi", 2},
                                                                                   {"device_level=high", 1},
                                                                                   {"device_level=low", 1},
                                                                                   {"device_level=unknown", 1},
                                                                                   {"device_level=!unknown", 2},
                                                                                   {"os=Android", 1},
                                                                                   {"os=Android&network=wifi", 0},
                                                                                   {"device=nobody", 0},
                                                                                   {"device=!nobody", 3},
                                                                                   {"scene=1011", 1},
                                                                                   {"build=trial", 1},
                                                                                   {"page=pages/pay/index", 1},
                                                                                   {"region=%E5%B9%BF%E4%B8%9C", 3},
                                                                                   {"release=9", 0},
                                                                                   {"url=GET%20https://a/b", 0},
                                                                                   {"url=!GET%20https://a/b", 3},
                                                                                   {"metric=lcp", 1}})
    EXPECT_EQ(count(filters), wanted) << filters;
}

TEST_P(RoutesTest, BreakdownsByEachDimension) {
  Record apple = measured("request", 5000);
  apple.device = {"Apple", "iPhone 15", "45", "iOS", "17", "8.0.51", "3.7.0"};
  apple.page = "pages/pay/index";
  apple.properties = R"({"method":"POST","url":"https://a/pay","failed":true,"status":0,
                          "phases":{"dns":10,"connect":30,"ttfb":60,"download":"x"}})";
  Record theirs = measured("loadPackage", 1000);  // as aegis reports it
  theirs.properties = R"({"packageName":"__APP__","size":5})";
  load({apple, request("https://a/list", 100), request("https://a/list", 300, 502), request("https://a/list", 100),
        measured("loadPackage", 10), theirs});
  for (const auto& [by, wanted] :
       std::vector<std::pair<std::string, std::string>>{{"page", "pages/index/index 3 1, pages/pay/index 1 50"},
                                                        {"device", "Redmi 3 1, iPhone 15 1 50"},
                                                        {"device_level", "low 3 1, high 1 50"},
                                                        {"os", "Android 3 1, iOS 1 50"},
                                                        {"os_version", "Android 12 3 1, iOS 17 1 50"},
                                                        {"brand", "Xiaomi 3 1, Apple 1 50"},
                                                        {"wechat", "8.0.50 3 1, 8.0.51 1 50"},
                                                        {"base_library", "3.6.0 3 1, 3.7.0 1 50"},
                                                        {"scene", "0 4 1"},
                                                        {"network", "4g 4 1"},
                                                        {"status", "200 2 1, 0 1 50, 502 1 3"},
                                                        {"url", "GET https://a/list 3 1, POST https://a/pay 1 50"}})
    EXPECT_EQ(rows(get("breakdown?metric=request&sort=count&by=" + by)), wanted) << by;
  const json::object urls = get("breakdown?metric=request&by=url");
  EXPECT_EQ(urls.at("items").at(0).at("name"), "POST https://a/pay");  // the largest impact
  EXPECT_EQ(urls.at("items").at(0).at("failure_share"), 1.0);
  EXPECT_NEAR(urls.at("items").at(1).at("failure_share").to_number<double>(), 1 / 3.0, 1e-9);
  EXPECT_EQ(urls.at("total").at("count"), 4.0);
  EXPECT_EQ(urls.at("items").at(0).at("phases"),
            json::parse(R"({"dns":10.0,"connect":30.0,"ssl":null,"ttfb":60.0,"download":null})"));
  EXPECT_TRUE(urls.at("items").at(1).at("phases").is_null());
  EXPECT_EQ(rows(get("breakdown?metric=request&by=page&url=POST%20https://a/pay")), "pages/pay/index 1 50");
  EXPECT_EQ(rows(get("breakdown?metric=request&by=page&url=!POST%20https://a/pay")), "pages/index/index 3 1");
  EXPECT_EQ(rows(get("breakdown?metric=request&by=url&url=https://a/list,POST%20https://a/pay&limit=9&sort=count")),
            "GET https://a/list 3 1, POST https://a/pay 1 50");
  EXPECT_EQ(rows(get("breakdown?metric=request&by=url&limit=1&sort=p50")), "POST https://a/pay 1 50");
  EXPECT_EQ(rows(get("breakdown?metric=package&by=package")), "__APP__ 1 10,  1 0");
}

TEST_P(RoutesTest, ADistributionOnReadableBars) {
  load({request("a", 15), request("a", 17), request("a", 220), measured("request", 1e308), measured("request", -5)});
  const json::object found = get("distribution?metric=request");
  EXPECT_EQ(found.at("bars").as_array().size(), 30u);
  double sum = 0;
  for (const json::value& bar : found.at("bars").as_array()) sum += bar.at("count").to_number<double>();
  EXPECT_EQ(sum, 5);
  EXPECT_EQ(found.at("bars").at(1).at("count"), 2.0);
  EXPECT_TRUE(found.at("bars").at(29).at("to_ms").is_null());
}

TEST_P(RoutesTest, TwoReleasesCompared) {
  std::vector<Record> all;
  for (int i = 0; i < 300; ++i) {
    all.push_back(measured("firstRender", 400 + i % 50));
    all.push_back(measured("firstRender", (i % 2 == 0 ? 400 : 800) + i % 50));
    all.back().release = "1.1";
    if (i % 2 != 0) all.back().page = "pages/pay/index";
  }
  load(all);
  const json::object found = get("compare?metric=render&a_release=1.0&b_release=1.1");
  EXPECT_EQ(found.at("a").at("count"), 300.0);
  EXPECT_EQ(found.at("b").at("release"), "1.1");
  const json::value& p75 = found.at("differences").at(1);
  EXPECT_EQ(p75.at("quantile"), "p75");
  EXPECT_EQ(p75.at("verdict"), "worse");
  EXPECT_LE(p75.at("low_ms").to_number<double>(), p75.at("change_ms").to_number<double>());
  EXPECT_NEAR(found.at("mean_change_ms").to_number<double>(), 200, 5);
  double of_pages = 0;
  for (const json::value& move : found.at("moved").as_array())
    if (move.at("by") == "page") of_pages += move.at("contribution_ms").to_number<double>();
  EXPECT_NEAR(of_pages, 200, 5);
  // A period against the one before it.
  const json::object periods = get("compare?metric=render");
  EXPECT_EQ(periods.at("a").at("count"), 0.0);
  EXPECT_EQ(periods.at("a").at("to"), periods.at("b").at("from"));
}

TEST_P(RoutesTest, HeatMapsOfHoursDaysAndMetrics) {
  Record pay = measured("appLaunch", 9000, noon - day_ms + hour_ms);
  pay.page = "pages/pay/index";
  load({measured("appLaunch", 1000, noon - hour_ms), measured("appLaunch", 1000, noon - 2 * day_ms - hour_ms), pay,
        measured("lcp", 3000)});
  const std::string range = fmt::format("&from={}&to={}", noon - 3 * day_ms, noon);
  const auto cells = [&](const std::string& query) {
    std::string out;
    for (const json::value& cell : get("heatmap?" + query + range).at("cells").as_array())
      out += fmt::format("{} {} {} {}; ", std::string(cell.at("row").as_string()),
                         std::string(cell.at("column").as_string()), cell.at("count").to_number<double>(),
                         std::string(cell.at("grade").as_string()));
    return out;
  };
  EXPECT_EQ(cells("rows=page"), "pages/index/index 12 2 good; pages/pay/index 14 1 poor; ");
  EXPECT_EQ(cells("rows=device&columns=day"),
            "Redmi 2026-11-19 1 good; Redmi 2026-11-20 1 poor; Redmi 2026-11-21 1 good; ");
  EXPECT_EQ(cells("rows=region&columns=metric&quantile=p50"), "广东 startup 3 good; 广东 lcp 1 fair; ");
  EXPECT_EQ(cells("rows=page&limit=1"), "pages/index/index 12 2 good; ");
  EXPECT_EQ(get("heatmap").at("column_names").as_array().size(), 24u);
}

TEST_P(RoutesTest, PageLoadsAndTheirWaterfall) {
  const std::string view = "s-1.1";
  std::vector<Record> all;
  for (int i = 0; i < 30; ++i) {
    all.push_back(measured("page_load", 1000 + 100 * i, noon - hour_ms + i));
    all.back().properties = R"({"reason":"sample","entries":[{"entryType":"navigation","name":"route","startTime":)" +
                            std::to_string(noon - hour_ms - 5000) + R"(,"duration":300}]})";
    all.back().weight = i == 29 ? 1 : 100;
    all.back().page_view = i == 29 ? view : "other";
  }
  Record asked = request("https://a/list", 200, 200, noon - hour_ms - 4500);
  asked.page_view = view;
  Record broken = measured("TypeError", 0, noon - hour_ms - 4000);
  broken.kind = telemetry::Kind::error;
  broken.value = {};
  broken.page_view = view;
  broken.text = "13800138000 is no number";
  all.insert(all.end(), {asked, broken});
  load(all);
  const json::object slowest = get("loads?limit=3");
  ASSERT_EQ(slowest.at("items").as_array().size(), 3u);
  EXPECT_EQ(slowest.at("items").at(0).at("ms"), 3900.0);
  EXPECT_EQ(slowest.at("items").at(2).at("ms"), 3700.0);
  EXPECT_EQ(slowest.at("items").at(0).at("device").at("model"), "Redmi");
  EXPECT_EQ(get("loads?limit=50").at("items").as_array().size(), 30u);
  EXPECT_EQ(get("loads?sort=newest&limit=2").at("items").at(0).at("ms"), 3900.0);
  EXPECT_TRUE(get("loads?page=none").at("items").as_array().empty());

  const std::string id(slowest.at("items").at(0).at("id").as_string());
  const json::object load = get("loads/" + id);
  EXPECT_EQ(load.at("about"), false);
  EXPECT_EQ(load.at("session").as_string().size(), 32u);
  EXPECT_EQ(load.at("page_view").as_string().size(), 32u);
  ASSERT_EQ(load.at("entries").as_array().size(), 3u);
  EXPECT_EQ(load.at("entries").at(0).at("name"), "route");
  EXPECT_EQ(load.at("entries").at(1).at("start_ms"), 300.0);
  EXPECT_EQ(load.at("entries").at(2).at("source"), "error");
  EXPECT_EQ(json::serialize(load).find("13800138000"), std::string::npos);
  for (const std::string& wrong : {std::string("x"), std::string("1.2"), net::make_cursor(noon, 5),
                                   net::make_cursor(INT64_MAX, INT64_MAX), net::make_cursor(INT64_MIN, -1)})
    EXPECT_EQ(refusal("loads/" + wrong), "performance.load_not_found");
}

TEST_P(RoutesTest, AdviceOfWhatIsStored) {
  std::vector<Record> all;
  for (int i = 0; i < 60; ++i) {
    all.push_back(measured("setData", 90));
    all.back().page = "pages/list/index";
    all.back().properties = R"({"count":80,"total_ms":900})";
  }
  for (int i = 0; i < 150; ++i) {
    all.push_back(measured("route", 300 + i, noon - 20 * hour_ms));
    all.push_back(measured("route", 600 + i));
    all.back().release = "1.1";
  }
  load(all);
  const json::object advice = get("advice");
  const json::value& first = advice.at("items").at(0);
  EXPECT_EQ(first.at("rule"), "frequent_set_data");
  EXPECT_EQ(first.at("where").at(0).at("name"), "pages/list/index");
  EXPECT_EQ(first.at("change").at(0).at("code"), "merge_set_data");
  EXPECT_EQ(first.at("change").at(0).at("parameters").at("page"), "pages/list/index");
  EXPECT_NEAR(first.at("gain").at("ms_high").to_number<double>(), 900 * 75 / 80.0 * 0.95, 1);
  EXPECT_EQ(first.at("evidence").at(0).at("unit"), "count");
  const json::value& second = advice.at("items").at(1);
  EXPECT_EQ(second.at("rule"), "release_regression");
  EXPECT_EQ(second.at("gain").at("metric"), "page_switch");
  EXPECT_EQ(second.at("change").at(0).at("parameters").at("before"), "1.0");
  for (std::size_t i = 2; i < 6; ++i) EXPECT_EQ(advice.at("items").at(i).at("status"), "needs_data");
}

TEST_P(RoutesTest, QuestionsThatMakeNoSenseAreRefused) {
  for (const auto& [target, code] : std::vector<std::pair<std::string, std::string>>{
           {"series?metric=fcp", "performance.unknown_metric"},
           {"distribution?metric=%FF", "performance.unknown_metric"},
           {"breakdown?metric=startup&by=url", "performance.wrong_dimension"},
           {"breakdown?metric=request&by=package", "performance.wrong_dimension"},
           {"breakdown?by=name", "request.invalid"},
           {"breakdown?sort=mean", "request.invalid"},
           {"breakdown?limit=201", "request.invalid"},
           {"series?interval=year", "request.invalid"},
           {"series?by=device", "request.invalid"},
           {"series?top=0", "request.invalid"},
           {"overview?from=5&to=4", "request.invalid"},
           {"overview?from=0", "request.invalid"},
           {"overview?from=x", "request.invalid"},
           {"overview?offset_minutes=900", "request.invalid"},
           {"overview?page=%FF", "request.invalid"},
           {"overview?url=%FF", "request.invalid"},
           {"heatmap?rows=os", "request.invalid"},
           {"heatmap?columns=week", "request.invalid"},
           {"heatmap?quantile=p1", "request.invalid"},
           {"heatmap?limit=51", "request.invalid"},
           {"loads?sort=best", "request.invalid"},
           {"loads?limit=51", "request.invalid"},
           {"compare?a_release=%FF", "request.invalid"},
           {"compare?a_from=9&a_to=5", "request.invalid"},
           {"compare?b_from=0", "request.invalid"}})
    EXPECT_EQ(refusal(target), code) << target;
  std::string many = "overview?page=";
  for (int i = 0; i < 101; ++i) many += "a,";
  EXPECT_EQ(refusal(many), "request.invalid");
  EXPECT_EQ(refusal("overview?to=0"), "200");
}

TEST_P(RoutesTest, WhoMayNotReadTelemetryIsRefused) {
  for (const char* target :
       {"overview", "series", "breakdown", "distribution", "compare", "heatmap", "loads", "loads/x", "advice"}) {
    EXPECT_EQ(call(agent_, target).status, 403) << target;
    EXPECT_EQ(call("nobody", target).status, 401) << target;
  }
}

MINIOPS_ON_BOTH_ENGINES(RoutesTest);

}  // namespace
}  // namespace miniops::performance
