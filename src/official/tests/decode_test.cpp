// Answers in WeChat's form, and those that are not.
#include "official/decode.hpp"

#include "official/tests/scripted.hpp"

namespace miniops::official {
namespace {

const std::string deep = std::string(5000, '[');

TEST(Dates, AreReadInAllForms) {
  EXPECT_EQ(parse_date("20261121"), china_day(noon));
  EXPECT_EQ(parse_date("2026-11-21"), china_day(noon));
  for (const std::string_view bad : {"", "2026-1121", "20261301", "20260230", "2026112a", "-2026112", "19691231"})
    EXPECT_FALSE(parse_date(bad)) << bad;
  EXPECT_EQ(parse_time("2026-11-21 13:00:00"), noon);
  EXPECT_EQ(time_text(noon), "2026-11-21 13:00:00");
  for (const std::string_view bad :
       {"", "2026-11-21", "2026-11-21T13:00:00", "2026-11-21 24:00:00", "2026-11-21 1a:00:00"})
    EXPECT_EQ(parse_time(bad), 0) << bad;
}

TEST(Decode, PerformanceIsATextInsideTheAnswer) {
  const auto points = read_performance(performance_of({{"20261119", 1533}, {"2026-11-20", 1600}}).body);
  ASSERT_TRUE(points);
  EXPECT_EQ(*points, (std::vector<PerformancePoint>{{china_day(noon) - 2, 1533}, {china_day(noon) - 1, 1600}}));
  EXPECT_TRUE(read_performance(R"({"default_time_data":"","errcode":0})")->empty());
  const auto odd = read_performance(
      R"({"default_time_data":"{\"list\":[{\"ref_date\":20261120,\"cost_time\":\"9\"},{\"ref_date\":\"x\",\"cost_time\":1},)"
      R"({\"ref_date\":\"20261120\",\"cost_time\":-1},{\"ref_date\":\"20261120\",\"cost_time\":1e99},7]}"})");
  ASSERT_TRUE(odd) << odd.error().message;
  EXPECT_EQ(*odd, (std::vector<PerformancePoint>{{china_day(noon) - 1, 9}})) << "numbers may be texts";
}

TEST(Decode, ErrorsAndTheirEventsWithMixedCapitals) {
  const json::object list{{"success", true},
                          {"data", json::array{error_item(1, 400), error_item(2, 3)}},
                          {"totalCount", "41"},
                          {"errcode", 0}};
  const auto errors = read_js_errors(json::serialize(list));
  ASSERT_TRUE(errors);
  ASSERT_EQ(errors->items.size(), 2u);
  EXPECT_EQ(errors->total, 41);
  EXPECT_EQ(errors->items[0].events, 400);
  EXPECT_EQ(errors->items[0].message, "TypeError 1");
  EXPECT_NE(errors->items[0].number(), errors->items[1].number());
  EXPECT_GT(errors->items[0].number(), 0);

  const json::object detail{{"data", json::array{event_item("oA"), event_item("oB", "yesterday")}}, {"totalCount", 2}};
  const auto events = read_js_error_events(json::serialize(detail));
  ASSERT_TRUE(events);
  ASSERT_EQ(events->items.size(), 1u) << "one has no time";
  EXPECT_EQ(events->given, 2);
  EXPECT_EQ(events->items[0].os, "ios");
  EXPECT_EQ(events->items[0].openid, "oA");
  EXPECT_EQ(time_text(events->items[0].at), "2026-11-20 10:00:00");
}

TEST(Decode, LogLinesHaveTheirWorstLevel) {
  json::object item = log_item(noon, 14);
  item["msg"] = json::array{json::object{{"time", noon / 1000}, {"msg", json::array{"支付", 7}}, {"level", 8}},
                            json::object{{"time", noon / 1000}, {"msg", "one text"}, {"level", "2"}}, 5};
  const json::object answer{{"data", {{"list", json::array{item}}, {"total", 1}}}};
  const auto page = read_logs(json::serialize(answer));
  ASSERT_TRUE(page);
  const LogLine& line = page->items.at(0);
  EXPECT_EQ(line.level, 8);
  EXPECT_EQ(line.platform, "android");
  ASSERT_EQ(line.messages.size(), 3u);
  EXPECT_EQ(line.messages[0], (LogMessage{noon, 8, "支付 7"}));
  EXPECT_EQ(line.messages[1], (LogMessage{noon, 2, "one text"}));
  EXPECT_EQ(line.id(), read_logs(json::serialize(answer))->items.at(0).id()) << "the same line";
}

TEST(Decode, FeedbackPhonesAreNumbersOrTexts) {
  json::object as_text = feedback_item(8, noon);
  as_text["phone"] = "13800138000";
  as_text["type"] = 99;
  const json::object answer{{"list", json::array{feedback_item(7, noon), as_text, json::object{}}}, {"total_num", 3}};
  const auto page = read_feedback(json::serialize(answer));
  ASSERT_TRUE(page);
  ASSERT_EQ(page->items.size(), 2u);
  EXPECT_EQ(page->items[0].phone, "13800138000");
  EXPECT_EQ(page->items[1].phone, "13800138000");
  EXPECT_EQ(page->items[1].type, 8) << "other";
  EXPECT_EQ(page->items[0].pictures, 2);
}

TEST(Decode, ScenesAndVersions) {
  EXPECT_EQ(*read_scenes(R"({"scene":[{"name":"全部","value":"@_all"},{"name":"搜索","value":2},{"name":"x"}]})"),
            (std::vector<Word>{{"全部", "@_all"}, {"搜索", "2"}}));
  EXPECT_EQ(
      *read_versions(
          R"({"cvlist":[{"type":1,"client_version_list":["8.0.1",""]},{"type":2,"client_version_list":["1.2"]},{}]})"),
      (std::vector<Word>{{"client", "8.0.1"}, {"service_direct", "1.2"}}));
}

TEST(Decode, WhatIsNoAnswerIsSaidSo) {
  const std::vector<std::string> bodies{"",
                                        "null",
                                        "[]",
                                        "\"x\"",
                                        "<html>",
                                        "{",
                                        "{}",
                                        R"({"data":7,"list":7,"scene":{}})",
                                        deep,
                                        R"({"default_time_data":"[1]"})",
                                        std::string("{\"a\":\"\0\"}", 9)};
  for (const std::string& body : bodies) {
    EXPECT_FALSE(read_js_errors(body)) << body.substr(0, 50);
    EXPECT_FALSE(read_js_error_events(body)) << body.substr(0, 50);
    EXPECT_FALSE(read_logs(body)) << body.substr(0, 50);
    EXPECT_FALSE(read_feedback(body)) << body.substr(0, 50);
    EXPECT_FALSE(read_scenes(body)) << body.substr(0, 50);
    EXPECT_FALSE(read_versions(body)) << body.substr(0, 50);
  }
  EXPECT_FALSE(read_performance(R"({"default_time_data":"[1]"})"));
  EXPECT_FALSE(read_performance(R"({"default_time_data":"{\"list\":1}"})"));
  EXPECT_EQ(read_performance("[]").error().code, "official.not_understood");
}

TEST(Decode, HostileItemsAreBounded) {
  json::array many;
  for (int i = 0; i < 3000; ++i) many.push_back(error_item(i, -5));
  const json::object flood{{"data", many}, {"totalCount", 1e300}};
  const auto page = read_js_errors(json::serialize(flood));
  ASSERT_TRUE(page);
  EXPECT_EQ(page->items.size(), items_max);
  EXPECT_EQ(page->total, 0);
  EXPECT_EQ(page->items[0].events, 0) << "never negative";
  json::object item = log_item(noon);
  item["url"] = std::string(100'000, 'x');
  item["traceid"] = std::string("a\0b", 3);
  item["msg"] = "none";
  json::object past = log_item(noon);
  past["timestamp"] = -1e300;
  const json::object logs{{"data", {{"list", json::array{item, past, nullptr}}}}};
  const auto lines = read_logs(json::serialize(logs));
  ASSERT_TRUE(lines);
  ASSERT_EQ(lines->items.size(), 1u);
  EXPECT_EQ(lines->items[0].page.size(), 200u);
  EXPECT_FALSE(lines->items[0].trace.contains('\0')) << "no database takes it";
}

}  // namespace
}  // namespace miniops::official
