// The operation centre's APIs over HTTP: real field names, limits, and the same answer to the same question.
#include "sandbox/operations.hpp"

#include <set>

#include "sandbox/tests/platform.hpp"

namespace miniops::sandbox::testing {
namespace {

class OperationsTest : public Platform {
 protected:
  std::string url(std::string_view path, std::string_view query = "") {
    if (access_.empty()) access_ = stable_token();
    return fmt::format("{}?access_token={}{}{}", path, access_, query.empty() ? "" : "&", query);
  }
  json::object post(std::string_view name, const json::object& body) {
    return call("POST", url(fmt::format("/wxaapi/log/{}", name)), body);
  }
  json::object get(std::string_view path, std::string_view query = "") { return call("GET", url(path, query)); }
  std::int64_t today() const { return day_in_china(clock_.now()); }
  json::object list_question(std::int64_t from, std::int64_t to) const {
    return {{"startTime", dashed_date(from)},
            {"endTime", dashed_date(to)},
            {"errType", "0"},
            {"appVersion", "0"},
            {"openid", ""},
            {"keyword", ""},
            {"orderby", "pv"},
            {"desc", "1"},
            {"offset", 0},
            {"limit", 30}};
  }
  // Of one whole day.
  std::string log_query(std::int64_t day, std::string_view more = "") const {
    const TimeMs begin = start_of_day(day) / second_ms;
    return fmt::format("date={}&begintime={}&endtime={}&limit=100{}", date_text(day), begin, begin + 86'399, more);
  }
  static int error_of(const json::object& answer) { return errcode(answer); }

  std::string access_;
};

TEST(OperationDates, AreReadAsTheyAreWritten) {
  EXPECT_EQ(date_text(day_in_china(1795237200000)), "20261121");
  EXPECT_EQ(dashed_date(day_in_china(1795237200000)), "2026-11-21");
  EXPECT_EQ(parse_date("20261121"), day_in_china(1795237200000));
  EXPECT_EQ(parse_dashed_date("2026-11-21"), day_in_china(1795237200000));
  for (const std::string_view bad : {"", "2026112", "20261321", "20260230", "2026-1-2", "202611-1", "2026112x"})
    EXPECT_FALSE(parse_date(bad)) << bad;
  for (const std::string_view bad : {"", "20261121", "2026-13-01", "2026/11/21", "2026-11-2 "})
    EXPECT_FALSE(parse_dashed_date(bad)) << bad;
}

TEST(OperationData, IsTheSameForAppidAndDay) {
  const auto one = errors_of_day("wx1", 20'000);
  const auto again = errors_of_day("wx1", 20'000);
  ASSERT_GT(one.size(), 30u) << "more than one page";
  EXPECT_EQ(one[7].pv, again[7].pv);
  EXPECT_NE(errors_of_day("wx2", 20'000)[0].pv, one[0].pv);
  EXPECT_EQ(logs_of_day("wx1", 20'000)[3].trace, logs_of_day("wx1", 20'000)[3].trace);
  EXPECT_NE(logs_of_day("wx1", 20'000)[3].trace, logs_of_day("wx1", 20'001)[3].trace);
}

TEST_F(OperationsTest, AskForATokenAsTheOthers) {
  for (const std::string path : {"/wxaapi/log/get_scene", "/wxaapi/userlog/userlog_search", "/wxaapi/feedback/list"}) {
    EXPECT_EQ(error_of(call("GET", path)), 41001) << path;
    EXPECT_EQ(error_of(call("GET", path + "?access_token=" + std::string(150, 'x'))), 40001) << path;
    EXPECT_EQ(error_of(call("POST", url(path), json::object{})), 43001) << path;
  }
  EXPECT_EQ(error_of(call("POST", url("/wxaapi/log/jserr_list"))), 44002);
  patch({{"unauthorized_apis", json::array{"log/get_scene"}}});
  EXPECT_EQ(error_of(get("/wxaapi/log/get_scene")), 48001);
}

TEST_F(OperationsTest, ErrorsAreListedByPagesWithMixedCapitals) {
  const json::object question = list_question(today() - 3, today() - 1);
  const json::object first = post("jserr_list", question);
  EXPECT_EQ(first.at("success"), true);
  ASSERT_EQ(first.at("data").as_array().size(), 30u);
  const std::int64_t total = first.at("totalCount").as_int64();
  EXPECT_GT(total, 30);
  const json::object& top = first.at("data").at(0).as_object();
  EXPECT_EQ(top.at("errorMsgMd5").as_string().size(), 32u);
  EXPECT_TRUE(top.at("pv").is_int64());
  EXPECT_TRUE(top.at("pvPercent").as_string().ends_with("%"));
  EXPECT_GE(top.at("pv").as_int64(), first.at("data").at(1).at("pv").as_int64());
  json::object second_page = question;
  second_page["offset"] = 30;
  EXPECT_EQ(post("jserr_list", second_page).at("data").as_array().size(), static_cast<std::size_t>(total - 30));
  json::object ascending = question;
  ascending["desc"] = "2";
  EXPECT_LE(post("jserr_list", ascending).at("data").at(0).at("pv").as_int64(), top.at("pv").as_int64());

  json::object detail{{"startTime", dashed_date(today() - 3)},
                      {"endTime", dashed_date(today() - 1)},
                      {"errorMsgMd5", top.at("errorMsgMd5")},
                      {"errorStackMd5", top.at("errorStackMd5")},
                      {"appVersion", "0"},
                      {"sdkVersion", "0"},
                      {"osName", "2"},
                      {"clientVersion", "0"},
                      {"openid", ""},
                      {"offset", 0},
                      {"limit", 5},
                      {"desc", "1"}};
  const json::object events = post("jserr_detail", detail);
  ASSERT_EQ(events.at("data").as_array().size(), 5u);
  const json::object& newest = events.at("data").at(0).as_object();
  for (const char* name : {"Count", "ClientVersion", "TimeStamp", "Ds", "OsName", "openId", "DeviceModel",
                           "pluginversion", "Uin", "route", "nickname", "appId", "sdkVersion"})
    EXPECT_TRUE(newest.contains(name) && newest.at(name).is_string()) << name;
  EXPECT_EQ(newest.at("OsName"), "2");
  EXPECT_GE(newest.at("TimeStamp").as_string(), events.at("data").at(1).at("TimeStamp").as_string());
  const json::object found = post("jserr_search", {{"errmsg_keyword", "price"},
                                                   {"type", 1},
                                                   {"client_version", ""},
                                                   {"start_time", start_of_day(today() - 2) / second_ms},
                                                   {"end_time", start_of_day(today()) / second_ms},
                                                   {"start", 0},
                                                   {"limit", 10}});
  EXPECT_GT(found.at("total").as_int64(), 0);
  EXPECT_TRUE(std::string_view(found.at("results").at(0).at("errmsg").as_string()).contains("price"));
}

TEST_F(OperationsTest, BadQuestionsAreRefused) {
  const std::vector<std::pair<std::string, json::value>> wrong{
      {"limit", 31}, {"limit", "30"},    {"offset", -1}, {"startTime", "20261101"}, {"endTime", "2000-01-01"},
      {"desc", "0"}, {"orderby", "day"}, {"errType", 0}, {"keyword", nullptr}};
  for (const auto& [name, value] : wrong) {
    json::object question = list_question(today() - 3, today() - 1);
    question[name] = value;
    EXPECT_EQ(error_of(post("jserr_list", question)), 40097) << name << " " << json::serialize(value);
  }
  patch({{"quotas", {{"log/jserr_list", {{"minute", 0}}}}}});
  EXPECT_EQ(error_of(post("jserr_list", list_question(today() - 3, today() - 1))), 20011);
}

TEST_F(OperationsTest, PerformanceIsAJsonTextOfDaysThatAreOver) {
  const auto ask = [&](json::object more) {
    json::object body{{"cost_time_type", 2},
                      {"default_start_time", start_of_day(today() - 6) / second_ms},
                      {"default_end_time", start_of_day(today()) / second_ms},
                      {"device", "@_all"},
                      {"is_download_code", "@_all"},
                      {"scene", "@_all"},
                      {"networktype", "@_all"}};
    for (const auto& [name, value] : more) body[name] = value;
    return post("get_performance", body);
  };
  const json::object answer = ask({});
  EXPECT_EQ(answer.at("compare_time_data"), "");
  const json::value inner = json::parse(std::string_view(answer.at("default_time_data").as_string()));
  ASSERT_EQ(inner.at("list").as_array().size(), 6u) << "yesterday is the newest";
  EXPECT_EQ(inner.at("list").at(5).at("ref_date").as_string(), date_text(today() - 1));
  EXPECT_EQ(inner.at("list").at(0).at("cost_time_type"), 2);
  const auto slow = json::parse(std::string_view(ask({{"networktype", "2g"}}).at("default_time_data").as_string()));
  EXPECT_GT(slow.at("list").at(0).at("cost_time").as_int64(), inner.at("list").at(0).at("cost_time").as_int64());
  EXPECT_EQ(error_of(ask({{"cost_time_type", 4}})), 40097);
  EXPECT_EQ(error_of(ask({{"device", "3"}})), 40097);
  EXPECT_EQ(error_of(ask({{"scene", 99}})), 40097);
  EXPECT_EQ(error_of(ask({{"scene", 2}})), 0);
  const json::object scenes = get("/wxaapi/log/get_scene");
  EXPECT_EQ(scenes.at("scene").at(0).at("value"), "@_all");
  EXPECT_TRUE(scenes.at("scene").at(1).at("value").is_int64());
  EXPECT_EQ(get("/wxaapi/log/get_client_version").at("cvlist").at(1).at("type"), 2);
}

TEST_F(OperationsTest, RealtimeLogsOfOneDayFilteredAndPaged) {
  const json::object all = get("/wxaapi/userlog/userlog_search", log_query(today() - 1));
  const std::int64_t total = all.at("data").at("total").as_int64();
  ASSERT_EQ(all.at("data").at("list").as_array().size(), 100u);
  EXPECT_GT(total, 200);
  const json::object& first = all.at("data").at("list").at(0).as_object();
  EXPECT_TRUE(first.at("msg").at(0).at("msg").is_array());
  std::set<std::string> traces;
  for (std::int64_t start = 0; start < total; start += 100) {
    const auto page = get("/wxaapi/userlog/userlog_search", log_query(today() - 1, fmt::format("&start={}", start)));
    for (const json::value& one : page.at("data").at("list").as_array()) traces.emplace(one.at("traceid").as_string());
  }
  EXPECT_EQ(traces.size(), static_cast<std::size_t>(total));
  const auto errors = get("/wxaapi/userlog/userlog_search", log_query(today() - 1, "&level=8"));
  EXPECT_LT(errors.at("data").at("total").as_int64(), total);
  for (const json::value& one : errors.at("data").at("list").as_array()) EXPECT_EQ(one.at("level").as_int64() & 8, 8);
  const std::string trace(first.at("traceid").as_string());
  EXPECT_EQ(get("/wxaapi/userlog/userlog_search", log_query(today() - 1, "&traceId=" + trace)).at("data").at("total"),
            1);
}

TEST_F(OperationsTest, RealtimeLogsHaveLimits) {
  EXPECT_EQ(error_of(get("/wxaapi/userlog/userlog_search", log_query(today() - 6))), 0);
  for (const std::int64_t day : {today() - 7, today() + 1})
    EXPECT_EQ(error_of(get("/wxaapi/userlog/userlog_search", log_query(day))), 200002) << day;
  for (const std::string_view more : {"&start=-1", "&limit=101", "&level=x"}) {
    std::string query = log_query(today() - 1, more);
    if (more.starts_with("&limit")) query.erase(query.find("&limit=100"), 10);
    EXPECT_EQ(error_of(get("/wxaapi/userlog/userlog_search", query)), 200002) << more;
  }
  EXPECT_EQ(error_of(get("/wxaapi/userlog/userlog_search", "date=20261101")), 200002);
  EXPECT_EQ(Quotas().limit("userlog/userlog_search").minute, 50);
  patch({{"quotas", {{"userlog/userlog_search", {{"minute", 0}}}}}});
  EXPECT_EQ(error_of(get("/wxaapi/userlog/userlog_search", log_query(today() - 1))), 200010);
}

TEST_F(OperationsTest, FeedbackWithItsPictures) {
  const json::object list = get("/wxaapi/feedback/list", "page=1&num=50");
  const json::array& items = list.at("list").as_array();
  ASSERT_FALSE(items.empty());
  EXPECT_GE(list.at("total_num").as_int64(), static_cast<std::int64_t>(items.size()));
  EXPECT_GE(items.front().at("create_time").as_int64(), items.back().at("create_time").as_int64());
  EXPECT_EQ(get("/wxaapi/feedback/list", "page=2&num=1").at("list").at(0), items.at(1));
  for (const json::value& one : get("/wxaapi/feedback/list", "page=1&num=50&type=7").at("list").as_array())
    EXPECT_EQ(one.at("type"), 7);
  const auto with_picture =
      std::ranges::find_if(items, [](const json::value& one) { return !one.at("mediaIds").as_array().empty(); });
  ASSERT_NE(with_picture, items.end());
  const std::string query = fmt::format("record_id={}&media_id={}", with_picture->at("record_id").as_int64(),
                                        std::string_view(with_picture->at("mediaIds").at(0).as_string()));
  const auto picture = send(url("/cgi-bin/media/getfeedbackmedia", query), {});
  EXPECT_EQ(picture->headers.get("content-type"), "image/png");
  EXPECT_TRUE(picture->body.starts_with("\x89PNG"));
  EXPECT_EQ(error_of(get("/cgi-bin/media/getfeedbackmedia", "record_id=1&media_id=no")), 46001);
  EXPECT_EQ(error_of(get("/wxaapi/feedback/list", "page=0&num=10")), 40097);
}

}  // namespace
}  // namespace miniops::sandbox::testing
