// The figures of src/reports are what docs/metrics.md says: its SQL, run on the desk's own rows, gives the same.
#include <fstream>
#include <random>
#include <sstream>

#include "desk/report_source.hpp"
#include "desk/tests/desk_fixture.hpp"
#include "reports/changes.hpp"
#include "reports/keeper.hpp"
#include "reports/reports.hpp"
#include "reports/service.hpp"

namespace miniops::desk {
namespace {

using reports::Metric;

const AppId app("wxapp");
constexpr TimeMs monday = 1773619200000;  // 2026-03-16 00:00 UTC

// The SQL of the page, by the name in its first line.
std::map<std::string, std::string> queries_of_docs() {
  std::ifstream file(std::string(MINIOPS_SOURCE_DIR) + "/docs/metrics.md");
  std::stringstream text;
  text << file.rdbuf();
  std::map<std::string, std::string> queries;
  const std::string page = text.str(), begin = "```sql\n-- ", end = "```";
  for (auto at = page.find(begin); at != std::string::npos; at = page.find(begin, at)) {
    at += begin.size();
    const auto line_end = page.find('\n', at);
    const auto block_end = page.find(end, line_end);
    queries[page.substr(at, line_end - at)] = page.substr(line_end + 1, block_end - line_end - 1);
    at = block_end + end.size();
  }
  return queries;
}

// Customers and agents for some weeks, written as the desk writes it.
class Weeks {
 public:
  Weeks(sql::Transaction& tx, IdSource& ids, std::uint64_t seed) : tx_(tx), ids_(ids), random_(seed) {}

  void thread() {
    thread_ = ids_.next();
    seq_ = 0;
    tx_.execute(
        "INSERT INTO desk_threads (id, appid, channel, openid, first_seen_at, last_seen_at) VALUES ($1, 'wxapp', "
        "'wechat', $2, 0, 0)",
        {thread_, std::to_string(thread_)});
    at_ = monday + up_to(20 * day_ms);
    const std::int64_t conversations = up_to(3);
    for (std::int64_t number = 1; number <= conversations; ++number) conversation(number);
  }

 private:
  std::int64_t up_to(std::int64_t most) { return std::uniform_int_distribution<std::int64_t>(1, most)(random_); }

  void conversation(std::int64_t number) {
    conversation_ = ids_.next();
    opened_at_ = at_ += up_to(5 * day_ms);
    first_seq_ = seq_ + 1;
    closed_at_ = 0;
    says();
    at_ += up_to(50);
    event("opened", "", "queued", "customer");
    if (up_to(3) == 1) event("routed", "", std::to_string(up_to(3) + 1), "rule");
    place_ = "queue";
    const std::int64_t steps = up_to(25);
    for (std::int64_t i = 0; i < steps; ++i) step();
    if (place_ != "closed" && up_to(4) != 1) close();
    tx_.execute(
        "INSERT INTO desk_conversations (id, appid, thread_id, openid, number, channel, state, stage, first_seq, "
        "last_seq, opened_at, closed_at) VALUES ($1, 'wxapp', $2, $3, $4, 'wechat', $5, 'assigned', $6, $7, $8, $9)",
        {conversation_, thread_, std::to_string(thread_), number, place_ == "closed" ? "closed" : "active", first_seq_,
         seq_, opened_at_, closed_at_});
    if (place_ == "closed" && up_to(2) == 1) survey();
  }

  void step() {
    at_ += up_to(400'000);
    const std::int64_t what = up_to(10);
    if (place_ == "closed") {
      if (what <= 2) come_back();
      if (what == 3) take_up();
    } else if (what <= 3) {
      says();
      if (place_ == "parked") give("unparked", "customer");
    } else if (what == 4) {
      sends("rule", "");
    } else if (place_ == "queue") {
      if (what == 5) event("transferred", "", "group:" + std::to_string(up_to(3)), "agent");
      if (what == 6) close();
      if (what > 6) give("assigned", "system");
    } else if (what == 5) {
      give("transferred", "agent");
    } else if (what == 6) {
      event("transferred", agent_, "group:" + std::to_string(up_to(3)), "agent");
      place_ = "queue";
    } else if (what == 7 && place_ == "agent") {
      event(up_to(2) == 1 ? "parked" : "returned", agent_, "", "agent");
      place_ = last_kind_ == "parked" ? "parked" : "queue";
    } else if (what == 8) {
      close();
    } else if (place_ == "agent") {
      sends("agent", up_to(5) == 1 ? "9" : agent_);
    }
  }
  void give(const std::string& kind, const std::string& by) {
    const std::string before = agent_;
    if (kind != "unparked") agent_ = std::to_string(up_to(4));
    event(kind, kind == "transferred" ? before : "", agent_, by);
    place_ = "agent";
  }
  void close() {
    closed_at_ = at_;
    event("closed", "assigned", up_to(2) == 1 ? "resolved" : "", "agent");
    place_ = "closed";
  }
  void come_back() {
    closed_at_ = 0;
    says();
    at_ += up_to(50);
    event("reopened", "assigned", "queued", "customer");
    place_ = "queue";
  }
  void take_up() {
    closed_at_ = 0;
    event("reopened", "assigned", "queued", "agent");
    give("taken", "agent");
  }

  void event(const std::string& kind, const std::string& from, const std::string& to, const std::string& by) {
    last_kind_ = kind;
    tx_.execute(
        "INSERT INTO desk_events (id, appid, conversation_id, at, kind, from_value, to_value, actor_kind, seq) VALUES "
        "($1, 'wxapp', $2, $3, $4, $5, $6, $7, $8)",
        {ids_.next(), conversation_, at_, kind, from, to, by, seq_});
  }
  void says() { message("in", "customer", "", 0, 0, up_to(15) == 1 && place_ == "closed" ? "satisfaction" : ""); }
  void sends(const std::string& kind, const std::string& id) {
    message("out", kind, id, at_, up_to(6) == 1 ? 0 : at_ + up_to(30'000), "");
  }
  void message(const std::string& direction, const std::string& kind, const std::string& sender, TimeMs queued_at,
               TimeMs accepted_at, const std::string& cause) {
    tx_.execute(
        "INSERT INTO desk_messages (id, appid, thread_id, conversation_id, seq, direction, sender_kind, sender_id, "
        "cause, msgtype, body, state, queued_at, accepted_at, created_at) VALUES ($1, 'wxapp', $2, $3, $4, $5, $6, $7, "
        "$8, 'text', '{}', 'sent', $9, $10, $11)",
        {ids_.next(), thread_, conversation_, ++seq_, direction, kind, sender, cause, queued_at, accepted_at, at_});
  }
  void survey() {
    const std::int64_t score = up_to(6) - 1;
    const std::string state = score > 0 ? "answered" : up_to(2) == 1 ? "delivered" : "closed";
    tx_.execute("INSERT INTO satisfaction_surveys (conversation, state, score) VALUES ($1, $2, $3)",
                {conversation_, state, score});
  }

  sql::Transaction& tx_;
  IdSource& ids_;
  std::mt19937_64 random_;
  std::int64_t thread_ = 0, conversation_ = 0, seq_ = 0, first_seq_ = 0;
  TimeMs at_ = 0, opened_at_ = 0, closed_at_ = 0;
  std::string place_{}, agent_{"1"}, last_kind_{};
};

class MetricsTest : public DeskTest {
 protected:
  void SetUp() override {
    DeskTest::SetUp();
    auto survey = [](sql::Transaction& tx, ConversationId id) -> reports::SurveyRow {
      const auto row = tx.query_one("SELECT state, score FROM satisfaction_surveys WHERE conversation = $1", {id});
      if (!row) return {};
      return {row->text(0) == "delivered" || row->text(0) == "answered", static_cast<int>(row->integer(1))};
    };
    source_.emplace(ReportSource::Collaborators{desk_->configs(), *setups_, presence_log_, colleagues_, survey});
    keeper_.emplace(reports::Keeper::Collaborators{db(), clock_, *source_});
    reports_.emplace(reports::ReportService::Collaborators{db(), clock_, ids_, *source_, {}});
  }
  void TearDown() override {
    reports_.reset();
    keeper_.reset();
    source_.reset();
    DeskTest::TearDown();
  }
  void derive_all() {
    while (must(sql::run(keeper_->rebuild_step()))) {
    }
    while (must(sql::run(keeper_->derive_step()))) {
    }
  }
  reports::Figures totals(TimeMs from, TimeMs to) {
    const reports::Filter filter{.from = from, .to = to};
    return must(sql::run(reports_->figures(admin(), filter, reports::Interval::none, reports::By::none))).answer.totals;
  }

  std::optional<ReportSource> source_;
  std::optional<reports::Keeper> keeper_;
  std::optional<reports::ReportService> reports_;
};

TEST_P(MetricsTest, TheSqlOfTheDocumentationGivesTheSame) {
  execute("CREATE TABLE satisfaction_surveys (conversation BIGINT, state TEXT, score BIGINT)");
  const auto queries = queries_of_docs();
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    auto write = [&](sql::Transaction& tx) -> Result<void> {
      Weeks weeks(tx, ids_, seed);
      for (int i = 0; i < 25; ++i) weeks.thread();
      return {};
    };
    must(db().write_blocking(write));
  }
  clock_.set(monday + 30 * day_ms);
  derive_all();
  const TimeMs from = monday + 2 * day_ms, to = monday + 28 * day_ms;
  const reports::Figures figures = totals(from, to);
  for (std::size_t i = 0; i < reports::metrics; ++i) {
    const std::string name(word(static_cast<Metric>(i)));
    ASSERT_TRUE(queries.contains(name)) << name;
    sql::Params params{app, from, to};
    if (queries.at(name).contains("$4")) params.emplace_back(clock_.now());
    std::int64_t count = 0, sum = 0;
    for (const sql::Row& row : query(queries.at(name), params)) {
      const auto value = row.optional_integer(row.size() - 1);
      count += value ? 1 : 0;
      sum += value.value_or(0);
    }
    EXPECT_GT(count, 0) << name;
    EXPECT_EQ(figures[i].count, count) << name;
    EXPECT_EQ(figures[i].sum, sum) << name;
  }
  const sql::Row spread = query(queries.at("spread"), {app, from, to}).at(0);
  const reports::Figure& reaction = figures[static_cast<std::size_t>(Metric::first_reaction)];
  EXPECT_EQ(spread.integer(0), reaction.sum);
  EXPECT_EQ(spread.integer(1), reaction.median);
  EXPECT_EQ(spread.integer(2), reaction.p90);
}

TEST_P(MetricsTest, UnansweredTurnsAreInTheSqlToo) {
  execute("CREATE TABLE satisfaction_surveys (conversation BIGINT, state TEXT, score BIGINT)");
  auto write = [&](sql::Transaction& tx) -> Result<void> {
    Weeks weeks(tx, ids_, 99);
    for (int i = 0; i < 40; ++i) weeks.thread();
    return {};
  };
  must(db().write_blocking(write));
  clock_.set(monday + 60 * day_ms);
  derive_all();
  const reports::Figures figures = totals(monday, monday + 60 * day_ms);
  for (const Metric metric : {Metric::response, Metric::wait}) {
    std::int64_t without = 0;
    for (const sql::Row& row :
         query(queries_of_docs().at(std::string(word(metric))), {app, monday, monday + 60 * day_ms}))
      without += row.is_null(row.size() - 1) ? 1 : 0;
    const reports::Figure& figure = figures[static_cast<std::size_t>(metric)];
    EXPECT_GT(without, 0);
    EXPECT_EQ(figure.missed + figure.open, without) << word(metric);
  }
}

TEST_P(MetricsTest, AgentsTimeIsThatOfTheirStays) {
  const TimeMs from = clock_.now();
  online(1);
  clock_.advance(hour_ms);
  must(sql::run(desk_->agents().set_own(access_of(1), Presence::busy, "", std::nullopt)));
  online(2);
  clock_.advance(30 * minute_ms);
  const TimeMs to = clock_.now();
  std::map<std::string, std::int64_t> by_sql, by_reports;
  for (const sql::Row& row : query(queries_of_docs().at("presence"), {app, from, to}))
    by_sql[std::to_string(row.integer(0)) + row.text(1)] = row.integer(2);
  for (const reports::AgentWork& one : must(sql::run(reports_->agents(admin(), from, to))).agents) {
    const std::string agent = one.time.agent.str();
    if (one.time.online_ms > 0) by_reports[agent + "online"] = one.time.online_ms;
    if (one.time.busy_ms > 0) by_reports[agent + "busy"] = one.time.busy_ms;
    if (one.time.away_ms > 0) by_reports[agent + "away"] = one.time.away_ms;
  }
  EXPECT_EQ(by_sql.size(), 3U);
  EXPECT_EQ(by_reports, by_sql);
}

// A conversation from the first push to its closing, through the desk itself.
TEST_P(MetricsTest, WhatTheDeskRecordsIsCounted) {
  execute("CREATE TABLE satisfaction_surveys (conversation BIGINT, state TEXT, score BIGINT)");
  const TimeMs from = clock_.now();
  online(1);
  says("a", "在吗");
  const Conversation opened = only();
  clock_.advance(minute_ms);
  assign_all();
  clock_.advance(minute_ms);
  const Message answer = must(sends(1, opened.id, "您好"));
  clock_.advance(second_ms);
  deliver(answer.id, gateway::DeliveryState::sent, 1);
  derive_all();
  EXPECT_EQ(must(sql::run(reports_->wallboard(admin()))).service.answered_today, 1);
  EXPECT_EQ(must(sql::run(reports_->wallboard(admin()))).desk.online, 1);
  says("a", "谢谢");
  must(sql::run(service().close(access_of(1), opened.id, "", std::nullopt)));
  derive_all();
  const reports::Figures figures = totals(from, clock_.now() + 1);
  const auto of = [&](Metric metric) { return figures[static_cast<std::size_t>(metric)]; };
  EXPECT_EQ(of(Metric::conversations).count, 1);
  EXPECT_EQ(of(Metric::wait).count, 1);
  EXPECT_EQ(of(Metric::first_answer).sum, 2 * minute_ms + second_ms + 10);
  EXPECT_EQ(of(Metric::response).count, 1);
  EXPECT_EQ(of(Metric::response).missed, 1);
  EXPECT_EQ(of(Metric::handling).sum, minute_ms + second_ms + 10);
  EXPECT_EQ(of(Metric::resolution).hits, 1);
  EXPECT_EQ(query("SELECT COUNT(*) FROM reports_pending")[0].integer(0), 0);
}

MINIOPS_ON_BOTH_ENGINES(MetricsTest);

}  // namespace
}  // namespace miniops::desk
