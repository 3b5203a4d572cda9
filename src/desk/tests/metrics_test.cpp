// The figures of src/reports are what docs/metrics.md says: its SQL, run on the desk's own rows, gives the same; and
// SQL that says something else does not.
#include <fstream>
#include <random>
#include <sstream>

#include "desk/tests/reports_fixture.hpp"

namespace miniops::desk {
namespace {

using reports::Metric;
using testing::ElementsAre;
using testing::IsEmpty;
using Queries = std::map<std::string, std::string>;

const AppId app("wxapp");
constexpr TimeMs monday = 1773619200000;  // 2026-03-16 00:00 UTC
constexpr TimeMs asked_from = monday + 2 * day_ms, asked_to = monday + 28 * day_ms;

// The SQL of the page, by the name in its first line.
Queries queries_of_docs() {
  std::ifstream file(std::string(MINIOPS_SOURCE_DIR) + "/docs/metrics.md");
  std::stringstream text;
  text << file.rdbuf();
  Queries queries;
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
    // Some have several accounts.
    if (up_to(3) != 1) person_ = thread_;
    tx_.execute(
        "INSERT INTO people_profiles (id, person, appid, channel, openid, first_seen_at, last_seen_at, updated_at) "
        "VALUES "
        "($1, $2, 'wxapp', 'wechat_miniprogram', $3, 0, 0, 0)",
        {thread_, person_, std::to_string(thread_)});
    tx_.execute(
        "INSERT INTO desk_threads (id, appid, channel, openid, first_seen_at, last_seen_at, profile) VALUES ($1, "
        "'wxapp', "
        "'wechat_miniprogram', $2, 0, 0, $1)",
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
        "last_seq, opened_at, closed_at) VALUES ($1, 'wxapp', $2, $3, $4, 'wechat_miniprogram', $5, 'assigned', $6, "
        "$7, $8, $9)",
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
      if (what == 5)
        event(up_to(2) == 1 ? "transferred" : "escalated", "", "group:" + std::to_string(up_to(3)), "agent");
      if (what == 6) close();
      if (what == 7) leave_message();
      if (what > 7) give("assigned", "system");
    } else if (place_ == "left") {
      if (what == 5) event("returned", "", "", "system"), place_ = "queue";
      if (what == 6) close();
      if (what > 6) give("taken", "agent");
    } else if (what == 5) {
      give("transferred", "agent");
    } else if (what == 6) {
      event(up_to(3) == 1 ? "escalated" : "transferred", agent_, "group:" + std::to_string(up_to(3)), "agent");
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
  void leave_message() {
    event("parked", "", "1", "customer");
    place_ = "left";
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
    message("out", kind, id, at_, up_to(6) == 1 ? 0 : at_ + up_to(120'000), "");
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
    const TimeMs delivered_at = state == "closed" ? 0 : at_;
    tx_.execute(
        "INSERT INTO satisfaction_surveys (id, appid, conversation, thread, profile, agent, group_id, day, closed_at, "
        "state, not_asked, form, words, asked_at, delivered_at, answered_at, score, token_hash) VALUES ($1, 'wxapp', "
        "$2, $3, 0, 0, 0, 20251121, $4, $5, '', 'text', '[]', $6, $6, $7, $8, '')",
        {ids_.next(), conversation_, thread_, at_, state, delivered_at, score > 0 ? at_ : 0, score});
  }

  sql::Transaction& tx_;
  IdSource& ids_;
  std::mt19937_64 random_;
  std::int64_t thread_ = 0, person_ = 0, conversation_ = 0, seq_ = 0, first_seq_ = 0;
  TimeMs at_ = 0, opened_at_ = 0, closed_at_ = 0;
  std::string place_{}, agent_{"1"}, last_kind_{};
};

class MetricsTest : public ReportedDeskTest {
 protected:
  void live_through(std::uint64_t seed) {
    auto write = [&](sql::Transaction& tx) -> Result<void> {
      Weeks weeks(tx, ids_, seed);
      for (int i = 0; i < 25; ++i) weeks.thread();
      return {};
    };
    must(db().write_blocking(write));
  }
  void live_through_some_weeks() {
    for (std::uint64_t seed = 1; seed <= 5; ++seed) live_through(seed);
    clock_.set(monday + 30 * day_ms);
    derive_all();
  }

  struct Counted {
    std::int64_t count = 0, sum = 0, without = 0;
    bool operator==(const Counted&) const = default;
  };
  Counted by_sql(const std::string& sql) {
    sql::Params params{app, asked_from, asked_to};
    if (sql.contains("$4")) params.emplace_back(clock_.now());
    Counted counted;
    for (const sql::Row& row : query(sql, params)) {
      const auto value = row.optional_integer(row.size() - 1);
      ++(value ? counted.count : counted.without);
      counted.sum += value.value_or(0);
    }
    return counted;
  }
  // The metrics of which SQL and reports say different things.
  std::vector<std::string> different(const Queries& queries) {
    const reports::Figures figures = totals(asked_from, asked_to);
    std::vector<std::string> names;
    for (std::size_t i = 0; i < reports::metrics; ++i) {
      const auto metric = static_cast<Metric>(i);
      const std::string name(word(metric));
      const reports::Figure& figure = figures[i];
      Counted counted = by_sql(queries.at(name));
      // What is missed or open the SQL of the others leaves out.
      const bool told = metric == Metric::response || metric == Metric::wait || metric == Metric::first_contact ||
                        metric == Metric::satisfaction;
      if (!told) counted.without = figure.missed + figure.open;
      if (Counted{figure.count, figure.sum, figure.missed + figure.open} != counted) names.push_back(name);
    }
    return names;
  }
};

TEST_P(MetricsTest, TheSqlOfTheDocumentationGivesTheSame) {
  const Queries queries = queries_of_docs();
  live_through_some_weeks();
  const reports::Figures figures = totals(asked_from, asked_to);
  for (const reports::Figure& figure : figures) EXPECT_GT(figure.count, 0);
  for (const Metric metric : {Metric::response, Metric::wait, Metric::satisfaction})
    EXPECT_GT(of(figures, metric).missed, 0) << word(metric);
  EXPECT_THAT(different(queries), IsEmpty());
  const sql::Row spread = query(queries.at("spread"), {app, asked_from, asked_to}).at(0);
  const reports::Figure& reaction = of(figures, Metric::first_reaction);
  EXPECT_EQ(spread.integer(0), reaction.sum);
  EXPECT_EQ(spread.integer(1), reaction.median);
  EXPECT_EQ(spread.integer(2), reaction.p90);
}

// For each metric a mistake that somebody could make.
TEST_P(MetricsTest, AWrongDefinitionIsCaught) {
  struct Mistake {
    Metric metric;
    std::string right, wrong;
  };
  const std::vector<Mistake> mistakes{
      {Metric::conversations, "opened_at >= $2 AND opened_at < $3", "closed_at >= $2 AND closed_at < $3"},
      {Metric::reopened, "DISTINCT c.id", "e.id"},
      {Metric::first_reaction, "MIN(m.accepted_at)", "MIN(m.queued_at)"},
      {Metric::first_answer, "AND m.sender_kind = 'agent' ", ""},
      {Metric::response, "AND m.queued_at >= a.created_at", "AND m.accepted_at >= a.created_at"},
      {Metric::wait, "CASE WHEN n.place = 'closed' THEN NULL ELSE n.at - s.since END", "n.at - s.since"},
      {Metric::handling, "'parked', ", ""},
      {Metric::transfers, "e.kind = 'transferred'", "e.kind = 'transferred' AND e.to_value NOT LIKE 'group:%'"},
      {Metric::resolution, "e.at DESC, e.id DESC", "e.at, e.id"},
      {Metric::first_contact, "259200000", "86400000"},
      {Metric::satisfaction, "CASE WHEN s.score > 0 THEN s.score END", "s.score"},
  };
  ASSERT_EQ(mistakes.size(), reports::metrics);
  const Queries right = queries_of_docs();
  live_through_some_weeks();
  for (const Mistake& each : mistakes) {
    Queries wrong = right;
    std::string& sql = wrong.at(std::string(word(each.metric)));
    ASSERT_TRUE(sql.contains(each.right)) << word(each.metric);
    for (auto at = sql.find(each.right); at != std::string::npos; at = sql.find(each.right, at + each.wrong.size()))
      sql.replace(at, each.right.size(), each.wrong);
    EXPECT_THAT(different(wrong), ElementsAre(word(each.metric)));
  }
}

TEST_P(MetricsTest, ByReasonAndTagIsWhatTheSqlGroups) {
  live_through(1);
  execute(
      "UPDATE desk_conversations SET reason = number % 3, tags = CASE WHEN number % 2 = 0 THEN '[\"催办\",\"投诉\"]' "
      "ELSE '[]' END");
  for (const std::string tag : {"催办", "投诉"})
    execute(
        "INSERT INTO desk_conversation_tags (appid, tag, conversation_id) SELECT appid, $1, id FROM "
        "desk_conversations WHERE number % 2 = 0",
        {tag});
  clock_.set(monday + 30 * day_ms);
  derive_all();
  std::map<std::string, std::int64_t> expected, counted;
  for (const sql::Row& row : query(queries_of_docs().at("by_reason"), {app, asked_from, asked_to}))
    ++expected["reason " + std::to_string(row.integer(1))];
  for (const sql::Row& row : query(queries_of_docs().at("by_tag"), {app, asked_from, asked_to}))
    ++expected["tag " + row.optional_text(1).value_or("")];
  const reports::Filter filter{.from = asked_from, .to = asked_to};
  for (const reports::By by : {reports::By::reason, reports::By::tag}) {
    const auto report = must(sql::run(reports_->figures(admin(), filter, reports::Interval::none, by)));
    for (const reports::Row& row : report.answer.rows)
      counted[by == reports::By::tag ? "tag " + row.text : "reason " + std::to_string(row.number)] =
          of(row.figures, Metric::conversations).count;
    EXPECT_EQ(of(report.answer.totals, Metric::conversations).count,
              of(totals(asked_from, asked_to), Metric::conversations).count);
  }
  EXPECT_EQ(expected.size(), 6U);
  EXPECT_EQ(counted, expected);
}

TEST_P(MetricsTest, AgentsTimeIsThatOfTheirStays) {
  const TimeMs begin = clock_.now();
  online(1);
  clock_.advance(hour_ms);
  must(sql::run(desk_->agents().set_own(access_of(1), Presence::busy, "", std::nullopt)));
  online(2);
  clock_.advance(30 * minute_ms);
  const TimeMs end = clock_.now();
  std::map<std::string, std::int64_t> stays, by_reports;
  for (const sql::Row& row : query(queries_of_docs().at("presence"), {app, begin, end}))
    stays[std::to_string(row.integer(0)) + row.text(1)] = row.integer(2);
  for (const reports::AgentWork& one : must(sql::run(reports_->agents(admin(), begin, end))).agents) {
    const std::string agent = one.time.agent.str();
    if (one.time.online_ms > 0) by_reports[agent + "online"] = one.time.online_ms;
    if (one.time.busy_ms > 0) by_reports[agent + "busy"] = one.time.busy_ms;
    if (one.time.away_ms > 0) by_reports[agent + "away"] = one.time.away_ms;
  }
  EXPECT_EQ(stays.size(), 3U);
  EXPECT_EQ(by_reports, stays);
}

MINIOPS_ON_BOTH_ENGINES(MetricsTest);

}  // namespace
}  // namespace miniops::desk
