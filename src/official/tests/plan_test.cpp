// Which call comes next, and when: tables.
#include "official/plan.hpp"

#include "official/schedule.hpp"
#include "official/tests/scripted.hpp"

namespace miniops::official {
namespace {

const std::int64_t today = china_day(noon);
const TimeMs midnight = start_of_day(today + 1);

TEST(Position, IsReadAsItWasWritten) {
  const Position position{1, 2, -1, 4, 5, 6, {{"m", "s"}, {"\"", "\n"}}};
  EXPECT_EQ(position_of(to_text(position)), position);
  for (const std::string_view bad :
       {"", "x", "[]", "{}", R"({"day":"x","details":7})", R"({"details":[1,[2],["a",3]]})"})
    EXPECT_EQ(position_of(bad), Position{}) << bad;
  // What is left of a position makes a call all the same.
  EXPECT_TRUE(call_at(Source::js_errors, position_of(R"({"day":5,"to":5,"offset":-1})")));
}

TEST(Begin, NeverBeforeWhatWeChatKeepsAndNeverAfterYesterday) {
  EXPECT_EQ(begin(Source::performance, {}, noon).from, today - 90);
  EXPECT_EQ(begin(Source::performance, {.until = today}, noon).from, today - 7);
  EXPECT_EQ(begin(Source::performance, {}, noon).to, today - 1);
  EXPECT_EQ(begin(Source::js_errors, {}, noon).day, today - 7);
  EXPECT_EQ(begin(Source::js_errors, {.until = today - 2}, noon).day, today - 2);
  EXPECT_FALSE(call_at(Source::js_errors, begin(Source::js_errors, {.until = today}, noon))) << "nothing is over";
  const Position first = begin(Source::logs, {}, noon);
  EXPECT_EQ(first.from * 1000, start_of_day(today - 6));
  EXPECT_EQ(first.to * 1000, start_of_day(today - 5));
  const Position again = begin(Source::logs, {.until = noon / 1000 - 300}, noon);
  EXPECT_EQ(again.from, noon / 1000 - 900);
  EXPECT_EQ(again.to, noon / 1000 - 60);
  EXPECT_EQ(begin(Source::logs, {.until = 5}, noon).from * 1000, start_of_day(today - 6)) << "after a long rest";
}

TEST(Calls, SayWhatWeChatWants) {
  const auto call = call_at(Source::logs, begin(Source::logs, {}, noon));
  EXPECT_EQ(call->path, "/wxaapi/userlog/userlog_search");
  EXPECT_EQ(call->query, fmt::format("date=20261115&begintime={}&endtime={}&start=0&limit=50",
                                     start_of_day(today - 6) / 1000, start_of_day(today - 5) / 1000 - 1));
  const auto list = call_at(Source::js_errors, begin(Source::js_errors, {}, noon));
  const json::value body = json::parse(list->body);
  EXPECT_EQ(body.at("startTime"), "2026-11-14");
  EXPECT_EQ(body.at("limit"), 30);
  EXPECT_EQ(body.at("desc"), "1");
  EXPECT_EQ(call_at(Source::feedback, {.offset = 2})->query, "page=3&num=50");
  EXPECT_FALSE(call_at(Source::scenes, {})->post);
}

TEST(Take, AnEndlessListComesToAnEnd) {
  json::array lines;
  for (int i = 0; i < 50; ++i) lines.push_back(log_item(noon - i * second_ms));
  const json::object answer{{"data", {{"list", lines}}}};  // and no total
  const std::string endless = json::serialize(answer);
  Position position = begin(Source::logs, {.until = noon / 1000 - 300}, noon);
  int calls = 0;
  for (bool finished = false; !finished; ++calls) {
    const auto taken = take(Source::logs, position, endless, noon);
    ASSERT_TRUE(taken);
    position = taken->next;
    finished = taken->finished;
    ASSERT_LE(calls, 2001);
  }
  EXPECT_EQ(calls, 2000) << "the most lines of a window";
  EXPECT_EQ(position.until, noon / 1000 - 60);
}

TEST(Schedule, DailyInTheMorningOfChina) {
  for (const Source source : {Source::performance, Source::js_errors, Source::scenes, Source::versions}) {
    const TimeMs next = next_run(source, app, noon);
    EXPECT_GE(next, midnight + 9 * hour_ms);
    EXPECT_LT(next, midnight + 10 * hour_ms);
    EXPECT_EQ(next_run(source, app, midnight), next) << "today, when it is early";
    EXPECT_EQ(next_run(source, app, next), next + day_ms);
  }
  EXPECT_NE(next_run(Source::scenes, AppId("wx1"), noon), next_run(Source::scenes, AppId("wx2"), noon));
}

TEST(Schedule, WhatAnErrorMeans) {
  struct Case {
    Platform::Answer answer;
    std::int64_t failures;
    TimeMs wait;
    bool ends;
  };
  const std::vector<Case> cases{{Scripted::errcode(45011), 1, minute_ms, false},
                                {Scripted::errcode(200010), 3, 4 * minute_ms, false},
                                {Scripted::errcode(20011), 100, hour_ms, false},
                                {Scripted::errcode(-1), 1, minute_ms, false},
                                {Scripted::errcode(40001), 2, 2 * minute_ms, false},
                                {Scripted::errcode(45009), 1, midnight - noon, false},
                                {Scripted::errcode(48001), 1, 6 * hour_ms, true},
                                {Scripted::errcode(200002), 1, 6 * hour_ms, true},
                                {Scripted::not_sent(), 1, minute_ms, false},
                                {Scripted::not_sent(noon + 2 * hour_ms), 1, 2 * hour_ms, false}};
  for (const Case& c : cases) {
    const Pause pause = after_failure(Source::logs, app, c.answer, c.failures, noon);
    EXPECT_EQ(pause.until - noon, c.wait) << c.answer.errcode;
    EXPECT_EQ(pause.ends_run, c.ends) << c.answer.errcode;
  }
}

}  // namespace
}  // namespace miniops::official
