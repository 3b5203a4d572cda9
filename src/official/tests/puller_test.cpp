// Runs against a scripted WeChat and a clock that is moved: limits, resuming, backing off; and what is stored.
#include "official/puller.hpp"

#include "official/tests/scripted.hpp"
#include "storage/testing/engines.hpp"

namespace miniops::official {

std::span<const sql::Migration> migrations();

namespace {

class PullerTest : public sql::EngineTest {
 protected:
  void SetUp() override {
    open({migrations()});
    clock_.set(noon);
    start();
    wechat_.always("log/get_performance", [](const auto&) { return performance_of({{"20261120", 900}}); });
    wechat_.always("log/jserr_list",
                   [](const auto&) { return Scripted::ok({{"data", json::array{}}, {"totalCount", 0}}); });
    wechat_.always("log/jserr_detail",
                   [](const auto&) { return Scripted::ok({{"data", json::array{}}, {"totalCount", 0}}); });
    wechat_.always("userlog/userlog_search", [this](const auto& call) { return log_page(log_, call); });
    wechat_.always("feedback/list",
                   [](const auto&) { return Scripted::ok({{"list", json::array{}}, {"total_num", 0}}); });
    wechat_.always("log/get_scene",
                   [](const auto&) { return Scripted::text(R"({"scene":[{"name":"搜索","value":2}]})"); });
    wechat_.always("log/get_client_version", [](const auto&) {
      return Scripted::text(R"({"cvlist":[{"type":1,"client_version_list":["8.0.55"]}]})");
    });
  }
  // As a process starts.
  void start(const std::string& owner = "one") {
    puller_.emplace(Puller::Collaborators{db(), wechat_, clock_, owner, {}});
    ASSERT_TRUE(sql::run(puller_->welcome(app)));
  }
  // Each source makes one call that may; how many were made.
  std::size_t step() {
    const auto before = wechat_.calls.size();
    const auto more = sql::run(puller_->step({app}));
    EXPECT_TRUE(more) << more.error().message;
    return wechat_.calls.size() - before;
  }
  // Until nothing is to be done at this time.
  void run_all() {
    for (int i = 0; i < 1000; ++i)
      if (!sql::run(puller_->step({app})).value()) return;
    FAIL() << "it never ends";
  }
  SourceState state(Source source) {
    return *db().read_blocking([&](sql::Transaction& tx) -> Result<std::optional<SourceState>> {
                  return store::find(tx, app, source);
                })
                .value();
  }
  // Only this source is pulled.
  void only(Source source) {
    execute("UPDATE official_sources SET enabled = 0 WHERE source <> $1", {to_string(source)});
  }
  std::int64_t count(const std::string& table) { return query("SELECT count(*) FROM " + table).front().integer(0); }

  Scripted wechat_;
  std::vector<json::object> log_;
  std::optional<Puller> puller_;
};
MINIOPS_ON_BOTH_ENGINES(PullerTest);

TEST_P(PullerTest, AllSourcesOnceThenInTheirTime) {
  log_.push_back(log_item(noon - hour_ms));
  run_all();
  for (const Source source : sources) {
    EXPECT_FALSE(state(source).running) << to_string(source);
    EXPECT_EQ(state(source).last_success_at, noon) << to_string(source);
    EXPECT_FALSE(state(source).failure) << to_string(source);
  }
  EXPECT_EQ(wechat_.of("log/get_performance").size(), 21u);
  EXPECT_EQ(wechat_.of("log/get_scene").size(), 1u);
  EXPECT_EQ(count("official_performance"), 21);
  EXPECT_EQ(count("official_logs"), 1);
  EXPECT_EQ(count("official_words"), 2);
  EXPECT_EQ(step(), 0u) << "nothing is due";
  // The next morning, within an hour after nine.
  const TimeMs next = state(Source::performance).next_at;
  EXPECT_GE(next, start_of_day(china_day(noon) + 1) + 9 * hour_ms);
  EXPECT_LT(next, start_of_day(china_day(noon) + 1) + 10 * hour_ms);
  EXPECT_EQ(state(Source::logs).next_at, noon + 5 * minute_ms);
  EXPECT_EQ(state(Source::feedback).next_at, noon + hour_ms);
}

TEST_P(PullerTest, PerformanceAsksForEachMetricPhoneAndNetwork) {
  only(Source::performance);
  run_all();
  std::set<std::string> asked;
  for (const wechat::ApiCall& call : wechat_.of("log/get_performance")) {
    EXPECT_TRUE(call.post);
    EXPECT_EQ(call.path, "/wxaapi/log/get_performance");
    const json::value body = json::parse(call.body);
    EXPECT_EQ(body.at("default_start_time").as_int64(), start_of_day(china_day(noon) - 90) / 1000);
    EXPECT_EQ(body.at("default_end_time").as_int64(), start_of_day(china_day(noon) - 1) / 1000);
    asked.insert(call.body);
  }
  EXPECT_EQ(asked.size(), 21u);
  wechat_.calls.clear();
  wechat_.always("log/get_performance", [](const auto&) { return performance_of({{"20261120", 950}}); });
  clock_.advance(day_ms);
  run_all();
  const json::value again = json::parse(wechat_.of("log/get_performance").at(0).body);
  EXPECT_EQ(again.at("default_start_time").as_int64(), start_of_day(china_day(noon) - 6) / 1000) << "the last days";
  EXPECT_EQ(query("SELECT cost_ms FROM official_performance").front().number(0), 950) << "a figure may change";
  EXPECT_EQ(count("official_performance"), 21);
}

TEST_P(PullerTest, ErrorsOfEachDayByPagesWithEventsOfTheMostFrequent) {
  only(Source::js_errors);
  wechat_.always("log/jserr_list", [](const wechat::ApiCall& call) {
    const json::value body = json::parse(call.body);
    json::array data;
    const std::int64_t offset = body.at("offset").as_int64();
    for (std::int64_t i = offset; i < std::min<std::int64_t>(offset + 30, 36); ++i)
      data.push_back(error_item(static_cast<int>(i), 100 - i));
    return Scripted::ok({{"data", std::move(data)}, {"totalCount", 36}});
  });
  wechat_.always("log/jserr_detail", [](const wechat::ApiCall& call) {
    const std::string which(json::parse(call.body).at("errorMsgMd5").as_string());
    return Scripted::ok({{"data", json::array{event_item("o" + which), event_item("oOther")}}, {"totalCount", 2}});
  });
  for (int minutes = 0; state(Source::js_errors).last_success_at == 0 && minutes < 10; ++minutes) {
    run_all();
    clock_.advance(minute_ms);
  }
  EXPECT_EQ(wechat_.of("log/jserr_list").size(), 14u) << "two pages of each of seven days";
  EXPECT_EQ(wechat_.of("log/jserr_detail").size(), 70u);
  EXPECT_EQ(count("official_js_errors"), 7 * 36);
  EXPECT_EQ(count("official_js_error_events"), 20) << "the same event is told on each day, and stored once";
  const std::int64_t until = state(Source::js_errors).position.until;
  EXPECT_EQ(until, china_day(noon)) << "all days that are over";
  wechat_.calls.clear();
  clock_.set(noon + day_ms);
  run_all();
  EXPECT_EQ(wechat_.of("log/jserr_list").size(), 2u) << "one more day";
}

TEST_P(PullerTest, LogsAreReadIncrementallyAndNoLineTwice) {
  only(Source::logs);
  for (int day = 0; day < 9; ++day)
    for (int i = 0; i < 60; ++i) log_.push_back(log_item(noon - day * day_ms - i * minute_ms - 2 * minute_ms));
  run_all();
  const std::int64_t first = count("official_logs");
  EXPECT_EQ(first, 7 * 60) << "seven days back, no more";
  for (const wechat::ApiCall& call : wechat_.of("userlog/userlog_search")) {
    EXPECT_EQ(china_day(in_query(call, "begintime") * 1000), china_day(in_query(call, "endtime") * 1000)) << call.query;
    EXPECT_EQ(date_text(china_day(in_query(call, "begintime") * 1000)), call.query.substr(5, 8));
  }
  // Late lines, new lines, and lines that are known.
  wechat_.calls.clear();
  log_.push_back(log_item(noon - 3 * minute_ms + second_ms));
  log_.push_back(log_item(noon + minute_ms));
  clock_.advance(6 * minute_ms);
  run_all();
  EXPECT_EQ(count("official_logs"), first + 2);
  ASSERT_EQ(wechat_.calls.size(), 1u);
  EXPECT_EQ(in_query(wechat_.calls[0], "begintime"), (noon - minute_ms) / 1000 - 600) << "a little before its end";
  EXPECT_EQ(state(Source::logs).stored, first + 2);
}

TEST_P(PullerTest, OverMidnightEachDayIsAskedForByItself) {
  only(Source::logs);
  const TimeMs midnight = start_of_day(china_day(noon) + 1);
  clock_.set(midnight - 2 * minute_ms);
  execute("UPDATE official_sources SET next_at = 0");
  run_all();
  wechat_.calls.clear();
  log_ = {log_item(midnight - second_ms), log_item(midnight), log_item(midnight + minute_ms)};
  clock_.set(midnight + 10 * minute_ms);
  run_all();
  EXPECT_EQ(count("official_logs"), 3);
  EXPECT_EQ(wechat_.calls.size(), 2u);
}

TEST_P(PullerTest, FortyCallsAMinuteAndItGoesOnWhereItWas) {
  only(Source::logs);
  for (int i = 0; i < 50 * 45; ++i) log_.push_back(log_item(noon - 2 * minute_ms - i * second_ms));
  run_all();
  EXPECT_EQ(wechat_.calls.size(), 40u);
  EXPECT_TRUE(state(Source::logs).running);
  EXPECT_EQ(step(), 0u) << "the minute's calls are used up";
  start();  // the same after a restart: it is counted in the database
  EXPECT_EQ(step(), 0u);
  const auto stored = count("official_logs");
  clock_.advance(minute_ms);
  run_all();
  EXPECT_FALSE(state(Source::logs).running);
  EXPECT_EQ(count("official_logs"), 50 * 45);
  EXPECT_LT(stored, 50 * 45);
}

TEST_P(PullerTest, ACallWithoutAnAnswerIsMadeAgainAndNothingIsMissing) {
  only(Source::logs);
  for (int i = 0; i < 120; ++i) log_.push_back(log_item(noon - 2 * minute_ms - i * second_ms));
  for (int i = 0; i < 6; ++i) step();  // the days without lines
  step();                              // the first page of today
  EXPECT_EQ(count("official_logs"), 50);
  wechat_.next("userlog/userlog_search", Scripted::not_sent());
  step();
  const SourceState waiting = state(Source::logs);
  EXPECT_EQ(waiting.next_at, noon + minute_ms);
  EXPECT_FALSE(waiting.failure->errcode);
  EXPECT_EQ(waiting.failure->text, "no token");
  EXPECT_TRUE(waiting.running);
  start();
  clock_.advance(2 * minute_ms);
  run_all();
  EXPECT_EQ(count("official_logs"), 120);
  EXPECT_FALSE(state(Source::logs).failure) << "a run that succeeds takes it back";
  std::map<std::int64_t, int> starts;
  for (const auto& call : wechat_.calls)
    if (in_query(call, "begintime") == start_of_day(china_day(noon)) / 1000) ++starts[in_query(call, "start")];
  EXPECT_EQ(starts, (std::map<std::int64_t, int>{{0, 1}, {50, 2}, {100, 1}}));
}

TEST_P(PullerTest, ARunThatRestedTooLongBeginsAnew) {
  only(Source::logs);
  step();
  EXPECT_TRUE(state(Source::logs).running);
  clock_.advance(9 * day_ms);
  wechat_.calls.clear();
  step();
  EXPECT_EQ(in_query(wechat_.calls.at(0), "begintime") * 1000, start_of_day(china_day(noon) + 3))
      << "what lay before is no longer kept by WeChat";
}

TEST_P(PullerTest, FrequencyBacksOffLongerAndLonger) {
  only(Source::logs);
  wechat_.always("userlog/userlog_search", [](const auto&) { return Scripted::errcode(200010); });
  for (const TimeMs wait : {1, 2, 4, 8, 16, 32, 60, 60}) {
    EXPECT_EQ(step(), 1u);
    EXPECT_EQ(state(Source::logs).next_at - clock_.now(), wait * minute_ms);
    EXPECT_EQ(state(Source::logs).failure->errcode, 200010);
    clock_.advance(wait * minute_ms - 1);
    EXPECT_EQ(step(), 0u) << "not yet";
    clock_.advance(1);
  }
}

TEST_P(PullerTest, ADailyQuotaIsWaitedForUntilMidnight) {
  only(Source::performance);
  for (int i = 0; i < 5; ++i) step();
  wechat_.next("log/get_performance", Scripted::errcode(45009));
  step();
  EXPECT_EQ(state(Source::performance).next_at, start_of_day(china_day(noon) + 1));
  clock_.set(start_of_day(china_day(noon) + 1));
  run_all();
  EXPECT_EQ(wechat_.calls.size(), 22u) << "it goes on with the sixth question";
}

TEST_P(PullerTest, WhatOneSourceMayNotStopsNoOther) {
  wechat_.always("log/jserr_list", [](const auto&) { return Scripted::errcode(48001); });
  wechat_.always("feedback/list", [](const auto&) { return Scripted::text("<html>"); });
  run_all();
  EXPECT_EQ(state(Source::js_errors).failure->errcode, 48001);
  EXPECT_FALSE(state(Source::js_errors).running);
  EXPECT_GE(state(Source::js_errors).next_at, noon + 6 * hour_ms);
  EXPECT_FALSE(state(Source::feedback).failure->errcode) << "no answer that is understood";
  EXPECT_EQ(state(Source::performance).last_success_at, noon);
  EXPECT_EQ(state(Source::logs).last_success_at, noon);
}

TEST_P(PullerTest, FeedbackIsReadUntilAPageIsKnown) {
  only(Source::feedback);
  std::int64_t newest = 130;
  wechat_.always("feedback/list", [&](const wechat::ApiCall& call) {
    json::array list;
    const std::int64_t from = newest - (in_query(call, "page") - 1) * 50;
    for (std::int64_t id = from; id > std::max<std::int64_t>(from - 50, 0); --id)
      list.push_back(feedback_item(id, noon - day_ms + id * minute_ms));
    return Scripted::ok({{"list", std::move(list)}, {"total_num", newest}});
  });
  run_all();
  EXPECT_EQ(wechat_.calls.size(), 3u);
  EXPECT_EQ(count("official_feedback"), 130);
  wechat_.calls.clear();
  newest = 133;
  clock_.advance(hour_ms);
  run_all();
  EXPECT_EQ(wechat_.calls.size(), 2u) << "the second page is known";
  EXPECT_EQ(count("official_feedback"), 133);
}

TEST_P(PullerTest, SwitchedOffMeanwhileNothingIsStored) {
  only(Source::scenes);
  wechat_.on_call = [&] { execute("UPDATE official_sources SET enabled = 0, version = version + 1"); };
  EXPECT_EQ(step(), 1u);
  EXPECT_EQ(count("official_words"), 0);
  EXPECT_FALSE(state(Source::scenes).enabled);
  EXPECT_EQ(step(), 0u);
}

TEST_P(PullerTest, OfTwoNodesOnePulls) {
  only(Source::scenes);
  Puller other({db(), wechat_, clock_, "two", {}});
  step();
  execute("UPDATE official_sources SET next_at = 0");
  EXPECT_FALSE(sql::run(other.step({app})).value());
  EXPECT_EQ(wechat_.calls.size(), 1u);
}

TEST_P(PullerTest, OtherMiniProgramsAreLeftAlone) {
  const auto more = sql::run(puller_->step({}));
  ASSERT_TRUE(more);
  EXPECT_FALSE(*more);
  EXPECT_TRUE(wechat_.calls.empty());
}

TEST_P(PullerTest, APersonIsForgottenPieceByPiece) {
  only(Source::logs);
  for (int i = 0; i < 250; ++i) log_.push_back(log_item(noon - 2 * minute_ms - i * second_ms, 2, "x", "oGone"));
  log_.push_back(log_item(noon - 5 * minute_ms, 2, "x", "oStays"));
  run_all();
  std::vector<std::int64_t> pieces;
  do {
    pieces.push_back(db().write_blocking([&](sql::Transaction& tx) -> Result<std::int64_t> {
                           return store::forget(tx, app, "oGone", noon, 100);
                         })
                         .value());
  } while (pieces.back() > 0);
  EXPECT_EQ(pieces, (std::vector<std::int64_t>{100, 100, 50, 0}));
  EXPECT_EQ(count("official_logs"), 1);
  EXPECT_FALSE(query("SELECT person FROM official_forgotten").front().text(0).contains("oGone"));
}

TEST_P(PullerTest, OldRowsGo) {
  log_ = {log_item(noon - hour_ms), log_item(noon - 5 * day_ms)};
  run_all();
  clock_.advance(26 * day_ms);
  ASSERT_TRUE(sql::run(puller_->prune()));
  EXPECT_EQ(count("official_logs"), 1) << "thirty days";
  EXPECT_EQ(count("official_performance"), 21);
  clock_.advance(340 * day_ms);
  ASSERT_TRUE(sql::run(puller_->prune()));
  EXPECT_EQ(count("official_logs"), 0);
  EXPECT_EQ(count("official_performance"), 0);
}

}  // namespace
}  // namespace miniops::official
