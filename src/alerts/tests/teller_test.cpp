// Who is told, when, and when not.
#include "alerts/tests/alerts_fixture.hpp"

namespace miniops::alerts {
namespace {

using testing::HasSubstr;
using testing::Not;

class TellerTest : public AlertsTest {
 protected:
  // An alert that fired a moment ago, of a rule of its own.
  Alert fire(const std::string& name, Severity severity, const std::string& more = "",
             const std::string& priority = "P2") {
    rule(fmt::format(
        R"({{"name":"{}","kind":"error_count","severity":"{}","priority":"{}","watch":{{}},)"
        R"("condition":{{"type":"static","direction":"above","threshold":100}},"for_ms":0,"clear_ms":60000{}}})",
        name, word(severity), priority, more));
    sql::run(version_->refresh());
    figure(500);
    clock_.advance(tick_ms);
    must(sql::run(evaluator_->evaluate(app_id)));
    for (const Alert& alert : alerts())
      if (alert.rule_name == name) return alert;
    throw std::runtime_error("did not fire");
  }
  void tell(TimeMs after) {
    clock_.advance(after);
    must(sql::run(teller_->remind()));
    must(sql::run(teller_->tell()));
  }
  Alert again(const Alert& alert) { return must(sql::run(service_->find(access_of(), alert.id))); }
};

TEST_P(TellerTest, WhatBeginsTogetherIsOneMessage) {
  receivers();
  fire("甲", Severity::warning);
  fire("乙", Severity::critical);
  tell(0);
  tell(6'000);
  ASSERT_EQ(sent().size(), 1U);
  EXPECT_THAT(sent()[0], HasSubstr("乙"));  // the worst gives the title
  EXPECT_THAT(sent()[0], HasSubstr("2"));
  EXPECT_THAT(query("SELECT text FROM sent")[0].text(0), HasSubstr("甲"));
}

TEST_P(TellerTest, NoticesComeTogetherOnceAnHour) {
  receivers();
  fire("甲", Severity::notice);
  fire("乙", Severity::notice);
  tell(30 * minute_ms);
  EXPECT_TRUE(sent().empty());
  tell(31 * minute_ms);
  ASSERT_EQ(sent().size(), 1U);
  EXPECT_THAT(sent()[0], HasSubstr("提醒汇总：2"));
}

TEST_P(TellerTest, ASilenceHoldsItBackUntilItEnds) {
  receivers();
  Silence silence;
  silence.kind = RuleKind::error_count;
  silence.reason = "发布";
  silence.starts_at = clock_.now();
  silence.ends_at = clock_.now() + hour_ms;
  must(sql::run(service_->silence(access_of(), silence)));
  const Alert alert = fire("甲", Severity::critical);
  tell(6'000);
  tell(30 * minute_ms);
  EXPECT_TRUE(sent().empty());
  EXPECT_THAT(again(alert).hidden_by, HasSubstr("silence:"));
  EXPECT_EQ(again(alert).escalated, 0);
  EXPECT_THAT(whole_timeline(alert.id), Not(HasSubstr("hidden hidden")));
  tell(30 * minute_ms);  // its end
  tell(minute_ms);
  EXPECT_EQ(sent().size(), 1U);
  EXPECT_EQ(again(alert).hidden_by, "");
}

TEST_P(TellerTest, WhatWasNeverToldIsNotToldToBeOver) {
  receivers();
  Silence silence;
  silence.kind = RuleKind::error_count;
  silence.reason = "发布";
  silence.starts_at = clock_.now();
  silence.ends_at = clock_.now() + hour_ms;
  must(sql::run(service_->silence(access_of(), silence)));
  const Alert alert = fire("甲", Severity::warning);
  tell(6'000);
  must(sql::run(service_->resolve(access_of(), alert.id, "")));
  tell(2 * hour_ms);
  EXPECT_TRUE(sent().empty());
  EXPECT_TRUE(query("SELECT id FROM alerts_news").empty());
}

TEST_P(TellerTest, AGraverAlertHidesLesserOnesOfTheKindsItNames) {
  receivers();
  const Alert grave = fire("全挂", Severity::critical, R"(,"inhibits":["error_count"])");
  const Alert lesser = fire("错误", Severity::warning);
  tell(6'000);
  ASSERT_EQ(sent().size(), 1U);
  EXPECT_THAT(query("SELECT text FROM sent")[0].text(0), Not(HasSubstr("] 错误")));
  EXPECT_EQ(again(lesser).hidden_by, "alert:" + grave.id.str());
  must(sql::run(service_->resolve(access_of(), grave.id, "")));
  tell(31'000);
  EXPECT_THAT(query("SELECT text FROM sent ORDER BY key DESC")[0].text(0), HasSubstr("] 错误"));
}

TEST_P(TellerTest, AcknowledgedIsSilentUntilClear) {
  receivers();
  const Alert alert = fire("甲", Severity::critical);
  must(sql::run(service_->acknowledge(access_of(), alert.id, "看看")));
  tell(6'000);
  tell(day_ms);
  EXPECT_TRUE(sent().empty());
  EXPECT_EQ(again(alert).state, State::acknowledged);
}

TEST_P(TellerTest, RepeatsAndEscalatesInTwoSteps) {
  receivers(R"("otherwise":["值班"],"escalation":{"first":["主管"],"second":["主管","值班"]})");
  const Alert alert = fire("甲", Severity::critical);
  tell(6'000);
  EXPECT_EQ(sent().size(), 1U);
  tell(hour_ms - 10 * minute_ms);  // a critical one is repeated each half an hour
  tell(6'000);
  EXPECT_EQ(sent().size(), 2U);
  tell(10 * minute_ms);  // P2: an hour
  tell(6'000);
  EXPECT_EQ(again(alert).escalated, 1);
  EXPECT_EQ(query("SELECT key FROM sent WHERE key LIKE '%主管'").size(), 1U);
  tell(hour_ms);
  tell(6'000);
  EXPECT_EQ(again(alert).escalated, 2);
  EXPECT_EQ(again(alert).escalate_at, 0);
  EXPECT_EQ(query("SELECT key FROM sent WHERE key LIKE '%主管'").size(), 2U);
  EXPECT_THAT(whole_timeline(alert.id), HasSubstr("escalated"));
}

TEST_P(TellerTest, WhatFlapsMustBeClearForEverLonger) {
  receivers();
  const Alert alert = fire("甲", Severity::warning);
  tell(6'000);
  for (int i = 0; i < 3; ++i) {
    figure(1);
    pass(minute_ms * (1 << i) + 30'000);
    ASSERT_EQ(again(alert).state, State::resolved) << i;
    figure(500);
    pass(45'000);
    ASSERT_EQ(again(alert).state, State::firing) << i;
  }
  EXPECT_EQ(alerts().size(), 1U);
  EXPECT_THAT(whole_timeline(alert.id), HasSubstr("flapping"));
  const std::size_t told = sent().size();
  EXPECT_EQ(told, 7U);  // fired, and three times over and back
  for (int i = 0; i < 10; ++i) {
    figure(i % 2 == 0 ? 1 : 500);
    pass(3 * minute_ms);
  }
  EXPECT_EQ(sent().size(), told);
}

TEST_P(TellerTest, NobodyGetsMoreThanThereIsRoomFor) {
  receivers(R"("otherwise":["值班"],"group_wait_ms":0,"group_interval_ms":60000)");
  for (int i = 0; i < 14; ++i) {
    fire(fmt::format("规则{}", i), Severity::warning);
    tell(0);
  }
  EXPECT_EQ(sent().size(), 10U + 14U * 15U / 60U);
  tell(minute_ms);
  tell(minute_ms);
  EXPECT_TRUE(query("SELECT id FROM alerts_news").empty());  // the rest in one message
}

TEST_P(TellerTest, WhoIsNotThereAnyMoreIsForgotten) {
  receivers();
  fire("甲", Severity::warning);
  receivers(R"("receivers":[{"name":"新人","channels":["3"]}],"otherwise":["新人"])");
  tell(6'000);
  EXPECT_TRUE(sent().empty());
  EXPECT_TRUE(query("SELECT id FROM alerts_news").empty());
}

TEST_P(TellerTest, AGraveOneOpensAnIncidentAndTheNextJoinsIt) {
  receivers();
  fire("甲", Severity::critical, "", "P1");
  const Alert second = fire("乙", Severity::critical, "", "P0");
  fire("丙", Severity::critical);
  const auto incidents = must(sql::run(service_->incidents(access_of(), std::nullopt, std::nullopt, 10)));
  ASSERT_EQ(incidents.size(), 1U);
  EXPECT_EQ(incidents[0].alerts, 2);
  const auto shown = must(sql::run(service_->incident(access_of(), second.incident, "zh")));
  EXPECT_EQ(shown.timeline.size(), 3U);  // opened, two alerts
  const auto review = must(sql::run(service_->review(access_of(), second.incident, "zh")));
  for (const char* part : {"# 复盘", "## 影响", "## 时间线", "## 原因", "## 后续改进", "甲"})
    EXPECT_THAT(review.first, HasSubstr(part));
  EXPECT_EQ(review.second, 0);
}

MINIOPS_ON_BOTH_ENGINES(TellerTest);

TEST(Message, SaysWhatHappenedInBothLanguages) {
  Rule rule;
  rule.kind = RuleKind::request_failure_rate;
  rule.name = "请求失败增多";
  rule.group_by = events::Field::region;
  Alert alert = alert_of(rule, "广东");
  alert.id = AlertId(7);
  alert.cause = Cause::condition;
  alert.worst = 0.1234;
  alert.expected = 0.02;
  EXPECT_EQ(sentence(alert, "zh"), "地区 广东：5 分钟内请求失败率 12.3 %，通常或允许 2 %");
  EXPECT_EQ(sentence(alert, "en"), "region 广东: share of failed requests 12.3 % within 5 min; usual or allowed: 2 %");
  EXPECT_EQ(shown_value(1234, "ms"), "1.23 s");
  EXPECT_EQ(shown_time(1763701200000), "2025-11-21 13:00");
  alert.state = State::firing;
  alert.severity = Severity::critical;
  const Told told{&alert, "fired", "先看网关"};
  const auto message = compose({"小店", "zh", "https://ops/m/wx1/alerts/"}, std::span(&told, 1));
  EXPECT_EQ(message.title, "小店 [严重 P2] 请求失败增多 · 触发");
  EXPECT_THAT(message.text, HasSubstr("先看网关"));
  EXPECT_EQ(message.link, "https://ops/m/wx1/alerts/7");
  EXPECT_FALSE(message.resolved);
}

}  // namespace
}  // namespace miniops::alerts
