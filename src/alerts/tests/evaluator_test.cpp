// Rules looked at over time: what fires, what is missed, what is lost when something fails.
#include "alerts/default_rules.hpp"
#include "alerts/tests/alerts_fixture.hpp"
#include "storage/testing/powercut_vfs.hpp"

namespace miniops::storage {
std::span<const sql::Migration> migrations();
}

namespace miniops::alerts {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class EvaluatorTest : public AlertsTest {
 protected:
  Sight sight_of(RuleId rule) {
    for (const RuleShown& one : must(sql::run(service_->rules(access_of()))))
      if (one.rule.id == rule && one.sight) return *one.sight;
    throw std::runtime_error("not looked at");
  }
};

TEST_P(EvaluatorTest, FiresTellsAndResolves) {
  receivers();
  count_rule();
  figure(10);
  pass(30'000);
  EXPECT_TRUE(alerts().empty());
  figure(500);
  pass(15'000);
  const Alert fired = only();
  EXPECT_EQ(fired.state, State::firing);
  EXPECT_EQ(fired.value, 500);
  EXPECT_EQ(fired.expected, 100);
  EXPECT_TRUE(sent().empty());  // what begins together is told together
  pass(15'000);
  ASSERT_EQ(sent().size(), 1U);
  EXPECT_THAT(sent()[0], HasSubstr("错误多"));
  EXPECT_EQ(sender_.wakes, 1);
  figure(10);
  pass(90'000);
  EXPECT_EQ(only().state, State::resolved);
  EXPECT_EQ(sent().size(), 2U);
  EXPECT_EQ(whole_timeline(fired.id), "fired told resolved told ");
}

TEST_P(EvaluatorTest, EachGroupHasItsAlert) {
  rule(R"({"name":"慢","kind":"performance","severity":"warning","priority":"P2","watch":{"metric":"request"},
    "condition":{"type":"static","direction":"above","threshold":1000,"min_sample":50},"for_ms":0,"group_by":"region"})");
  figure(3000, "广东");
  figure(200, "江苏");
  signals_.groups["西藏"] = [](TimeMs, TimeMs) { return Sample{0, "", 9000, 3}; };
  pass(15'000);
  EXPECT_EQ(only().group, "广东");
  EXPECT_EQ(only().group_by, "region");
  figure(3000, "江苏");
  pass(15'000);
  EXPECT_EQ(alerts().size(), 2U);
}

TEST_P(EvaluatorTest, WhatItCannotSeeIsAStateOfItsOwn) {
  const Rule keep =
      rule(R"({"name":"a","kind":"performance","severity":"warning","priority":"P2","watch":{"metric":"x"},
    "condition":{"type":"static","direction":"above","threshold":1,"min_sample":50},"for_ms":0})");
  const Rule tell =
      rule(R"({"name":"b","kind":"performance","severity":"warning","priority":"P2","watch":{"metric":"x"},
    "condition":{"type":"static","direction":"above","threshold":1,"min_sample":50},"for_ms":0,"query_failed":"alert","no_data":"alert"})");
  const Rule anomaly = rule(R"({"name":"c","kind":"traffic","severity":"warning","priority":"P2","watch":{},
    "condition":{"type":"anomaly","direction":"below"}})");
  pass(15'000);
  EXPECT_EQ(sight_of(keep.id), Sight::no_data);
  EXPECT_EQ(sight_of(anomaly.id), Sight::no_reference);
  EXPECT_EQ(only().rule, tell.id);
  EXPECT_EQ(only().cause, Cause::no_data);
  figure(0.5);
  pass(15'000);
  EXPECT_EQ(sight_of(keep.id), Sight::too_little_data);
  signals_.broken = true;
  pass(15'000);
  EXPECT_EQ(sight_of(keep.id), Sight::query_failed);
  EXPECT_EQ(only().rule, tell.id);
}

TEST_P(EvaluatorTest, ARegionThatIsUnusualAgainstEarlierWeeks) {
  const Rule made =
      rule(R"({"name":"失败","kind":"request_failure_rate","severity":"warning","priority":"P2","watch":{},
    "condition":{"type":"anomaly","direction":"above","percent":100,"least":0.03},"for_ms":90000})");
  const TimeMs trouble = clock_.now() + 10 * minute_ms;
  signals_.groups[""] = [this, trouble](TimeMs at, TimeMs step) {
    const double visits = static_cast<double>(step) / 1000;
    const double bad = std::clamp(static_cast<double>(at + step - trouble) / static_cast<double>(step), 0.0, 1.0);
    const bool failed = signals_.asked->matching->op == events::Predicate::Op::all;
    return Sample{0, "", failed ? std::floor(visits * (0.02 + 0.3 * bad)) : visits, visits};
  };
  pass(10 * minute_ms);
  EXPECT_TRUE(alerts().empty());
  EXPECT_EQ(sight_of(made.id), Sight::normal);
  pass(4 * minute_ms);
  const Alert fired = only();
  EXPECT_EQ(fired.state, State::firing);
  EXPECT_LE(fired.fired_at - trouble, 2 * minute_ms);
  EXPECT_NEAR(fired.expected, 0.02, 0.005);
  // The last hours do not learn the trouble while it lasts.
  pass(2 * hour_ms, minute_ms);
  EXPECT_EQ(only().state, State::firing);
}

TEST_P(EvaluatorTest, AfterAGapTheMissedTimeIsLookedAtOnce) {
  receivers();
  count_rule();
  figure(1);
  pass(15'000);
  const TimeMs from = clock_.now() + 20 * minute_ms;
  signals_.groups[""] = [from](TimeMs at, TimeMs) {
    const double value = at >= from && at < from + 10 * minute_ms ? 500 : 1;
    return Sample{0, "", value, value};
  };
  clock_.advance(40 * minute_ms);  // nobody looked
  look();
  const Alert seen = only();
  EXPECT_EQ(seen.state, State::resolved);
  EXPECT_NEAR(static_cast<double>(seen.fired_at), static_cast<double>(from + 5 * minute_ms), 2.0 * minute_ms);
  pass(15'000);
  ASSERT_EQ(sent().size(), 1U);  // that it was there, and is over
  EXPECT_THAT(sent()[0], HasSubstr("已恢复"));
  const int questions = signals_.questions;
  clock_.advance(30 * day_ms);
  look();
  EXPECT_LE(signals_.questions - questions, 70);  // an hour of it, and no more
}

TEST_P(EvaluatorTest, TwoNodesDoNotDouble) {
  receivers();
  count_rule();
  figure(500);
  Watcher other_watcher({signals_, health_, queries_});
  Evaluator other({db(), *version_, clock_, ids_, other_watcher});
  for (int i = 0; i < 4; ++i) {
    clock_.advance(tick_ms);
    look();
    EXPECT_FALSE(must(sql::run(other.evaluate(app_id))));
  }
  EXPECT_EQ(alerts().size(), 1U);
  EXPECT_EQ(sent().size(), 1U);
}

TEST_P(EvaluatorTest, WhatFailsIsDoneAgain) {
  receivers();
  count_rule();
  figure(500);
  clock_.advance(tick_ms);
  execute("ALTER TABLE alerts_news RENAME TO alerts_away");  // the mail cannot be written: nothing is
  EXPECT_FALSE(sql::run(evaluator_->evaluate(app_id)));
  execute("ALTER TABLE alerts_away RENAME TO alerts_news");
  EXPECT_TRUE(alerts().empty());
  look();
  EXPECT_EQ(only().state, State::firing);
  sender_.refuses = true;
  pass(30'000);
  EXPECT_TRUE(sent().empty());
  sender_.refuses = false;
  pass(15'000);
  EXPECT_EQ(sent().size(), 1U);
  EXPECT_EQ(alerts().size(), 1U);
}

TEST_P(EvaluatorTest, TheServersOwnFigures) {
  rule(R"({"name":"滞后","kind":"health","severity":"critical","priority":"P1","watch":{"figure":"journal_lag_ms"},
    "condition":{"type":"static","direction":"above","threshold":60000},"for_ms":120000})");
  health_.all[0].value = 90'000;
  pass(2 * minute_ms);
  EXPECT_EQ(only().state, State::pending);
  pass(30'000);
  EXPECT_EQ(only().state, State::firing);
  EXPECT_EQ(only().unit, "ms");
  health_.all.clear();  // gone: kept as it was
  pass(2 * minute_ms);
  EXPECT_EQ(only().state, State::firing);
}

TEST_P(EvaluatorTest, ANewMiniProgramGetsTheDefaultRulesOnce) {
  for (int i = 0; i < 2; ++i) {
    Watcher watcher({signals_, health_, queries_});
    Evaluator evaluator({db(), *version_, clock_, ids_, watcher});
    must(sql::run(evaluator.welcome(app_id)));
  }
  EXPECT_EQ(must(sql::run(service_->rules(access_of()))).size(), default_rules(app_id, 1).size());
}

TEST_P(EvaluatorTest, IssuesFireOnceAndEndWhenTheyAreOver) {
  receivers();
  rule(
      R"({"name":"新错误","kind":"new_issue","severity":"warning","priority":"P2","watch":{"scope":{"page_prefixes":["pages/pay"]}}})");
  const auto tell = [&](std::int64_t issue, const std::string& page, bool regressed = false) {
    IssueNews news{app_id, issue, regressed, "TypeError: x", "TypeError", page, "1.2", clock_.now()};
    auto write = [&](sql::Transaction& tx) -> Result<void> {
      Recorder(tx, ids_, clock_.now()).issue_appeared(news);
      return {};
    };
    must(db().write_blocking(write));
  };
  tell(1, "pages/index");
  tell(2, "pages/pay/index", true);
  EXPECT_TRUE(alerts().empty());
  tell(3, "pages/pay/index");
  tell(3, "pages/pay/index");
  EXPECT_EQ(only().state, State::firing);
  EXPECT_EQ(only().issue, 3);
  const TimeMs at = clock_.now();
  pass(15'000, 5'000);
  EXPECT_EQ(sent().size(), 1U);
  EXPECT_LE(clock_.now() - at, 15'000);
  pass(23 * hour_ms, hour_ms);
  EXPECT_EQ(only().state, State::firing);
  pass(2 * hour_ms, hour_ms);
  EXPECT_EQ(only().state, State::resolved);
  tell(3, "pages/pay/index");
  auto over = [&](sql::Transaction& tx) -> Result<void> {
    Recorder(tx, ids_, clock_.now()).issue_over(app_id, 3);
    return {};
  };
  must(db().write_blocking(over));
  for (const Alert& alert : alerts()) EXPECT_EQ(alert.state, State::resolved);
}

MINIOPS_ON_BOTH_ENGINES(EvaluatorTest);

// ---- whatever dies when ----

// The power goes at the nth write, for each n: after the restart there is one alert, and one message.
TEST(EvaluatorPowerCut, NothingIsLostAndNothingTwice) {
  int cuts = 0;
  for (int operations = 1; operations < 120; operations += 3) {
    ManualClock clock;
    IdSource ids(clock, 1);
    sql::PowerCutDisk disk(static_cast<std::uint64_t>(operations));
    FakeSignals signals;
    FakeHealth health;
    FakeQueries queries;
    FakeSender sender;
    signals.groups[""] = [](TimeMs, TimeMs) { return Sample{0, "", 500, 500}; };
    sql::OpenOptions options;
    options.sqlite_vfs = disk.vfs();
    auto database = std::move(*sql::open("sqlite:alerts.db", clock, options));
    ASSERT_TRUE(sql::migrate(*database, {storage::migrations(), identity::migrations(), alerts::migrations()}));
    auto prepare = [&](sql::Transaction& tx) -> Result<void> {
      tx.execute(
          "CREATE TABLE sent (key TEXT NOT NULL PRIMARY KEY, title TEXT NOT NULL, text TEXT NOT NULL, resolved BIGINT "
          "NOT NULL)");
      auto all = to_json(Receivers{});
      all["receivers"] = json::parse(R"([{"name":"值班","channels":["1"]}])");
      all["otherwise"] = json::array{"值班"};
      store::put_receivers(tx, app_id, *parse_receivers(all));
      Rule rule = *parse_rule(json::parse(
          R"({"name":"错误多","kind":"error_count","severity":"critical","priority":"P1","watch":{},
          "condition":{"type":"static","direction":"above","threshold":100},"for_ms":15000})"));
      rule.id = RuleId(1);
      rule.appid = app_id;
      store::insert_rule(tx, rule);
      return {};
    };
    ASSERT_TRUE(database->write_blocking(prepare));
    const auto run = [&](int ticks) {
      sql::ConfigVersion version(*database);
      Watcher watcher({signals, health, queries});
      Evaluator evaluator({*database, version, clock, ids, watcher});
      Teller teller({*database, sender, clock, ids, ""});
      for (int i = 0; i < ticks; ++i) {
        clock.advance(tick_ms);
        if (!sql::run(evaluator.evaluate(app_id)) || !sql::run(teller.tell())) return false;
      }
      return true;
    };
    disk.cut_after(operations);
    cuts += run(6) ? 0 : 1;
    disk.cut();
    database.reset();
    disk.power_on();
    database = std::move(*sql::open("sqlite:alerts.db", clock, options));
    ASSERT_TRUE(run(6));
    auto count = [](sql::Transaction& tx) -> Result<std::vector<std::int64_t>> {
      std::vector<std::int64_t> out;
      for (const char* table : {"alerts_alerts", "sent", "alerts_news", "alerts_incidents"})
        out.push_back(tx.query(fmt::format("SELECT COUNT(*) FROM {}", table))[0].integer(0));
      out.push_back(tx.query("SELECT COUNT(*) FROM alerts_timeline WHERE what = 'fired'")[0].integer(0));
      return out;
    };
    EXPECT_THAT(*database->read_blocking(count), ElementsAre(1, 1, 0, 1, 1)) << "cut after " << operations;
  }
  EXPECT_GT(cuts, 10);
}

}  // namespace
}  // namespace miniops::alerts
