// The whole loop under power cuts: push → journal → desk → outbox → phone, and the relay; agents who take, transfer,
// park and close; queues and timers; on a disk that forgets what was not synced. Several cuts per seed; afterwards
// everything is counted.
//
//   POWER_CUTS=1000 app_tests --gtest_filter='PowerCuts.*'        how many seeds (50)
//   POWER_CUT_SEED=17 app_tests --gtest_filter='PowerCuts.*'      one again, with its log
//
// The seed decides who writes when, what is under way together, what the network does and where the power goes; not
// where SQLite's checkpoints fall beside the writer.
#include <gtest/gtest.h>
#include <spdlog/spdlog.h>

#include <cstdlib>

#include "app/tests/powercut_desk.hpp"
#include "base/json.hpp"
#include "base/log.hpp"

namespace miniops::app {

namespace {

struct Counts {
  int cuts = 0;
  std::size_t acknowledged = 0, stored = 0, in_desk = 0, relayed = 0;
  std::size_t promised = 0, delivered = 0, failed_or_held = 0, possibly_repeated = 0, repeated = 0;
  std::size_t lost = 0;
  std::size_t pushed_again = 0, sending_at_cuts = 0;  // how much there was to get wrong
  DeskCounts desk;

  void add(const Counts& other) {
    cuts += other.cuts;
    acknowledged += other.acknowledged;
    stored += other.stored;
    in_desk += other.in_desk;
    relayed += other.relayed;
    promised += other.promised;
    delivered += other.delivered;
    failed_or_held += other.failed_or_held;
    possibly_repeated += other.possibly_repeated;
    repeated += other.repeated;
    lost += other.lost;
    pushed_again += other.pushed_again;
    sending_at_cuts += other.sending_at_cuts;
    desk.add(other.desk);
  }
};

using Markers = std::vector<std::string>;
using ByCustomer = std::map<std::string, Markers>;

bool each_once(Markers markers) {
  std::ranges::sort(markers);
  return std::ranges::adjacent_find(markers) == markers.end();
}

// One seed, from the first power-on to the last count.
class PowerCutRun {
 public:
  explicit PowerCutRun(std::uint64_t seed) : seed_(seed), disk_(seed), world_(seed, disk_) {}

  Counts run() {
    const auto lives = 3 + world_.random.below(3);
    for (std::uint64_t life = 0; life < lives; ++life) live_until_cut();
    last_life();
    return counts_;
  }

 private:
  std::unique_ptr<Program> power_on();
  void live_until_cut();
  void last_life();
  void after_a_cut(Program& program);
  void budgets(Program& program);
  void count_pushes(Program& program);
  void count_answers(Program& program);
  void order_of_acknowledgements(const std::string& openid, const Markers& stored);
  void order_on_the_phone(Program& program);
  void count_webhooks(Program& program);
  void rest(Program& program);

  const std::uint64_t seed_;
  sql::PowerCutDisk disk_;
  World world_;
  Counts counts_;
  bool configured_ = false;
  std::uint64_t powered_on_ = 0;
  std::set<std::pair<std::int64_t, std::int64_t>> sending_at_cut_;  // outbox id, attempt
};

// Sometimes the power goes again while the program starts.
std::unique_ptr<Program> PowerCutRun::power_on() {
  for (;;) {
    if (configured_ && world_.chance(25)) disk_.cut_after(static_cast<int>(1 + world_.random.below(30)));
    try {
      auto program = std::make_unique<Program>(world_, seed_ * 1000 + ++powered_on_);
      if (!configured_) program->configure();
      configured_ = true;
      if (program->prepare()) {
        after_a_cut(*program);
        return program;
      }
    } catch (const std::runtime_error&) {
      if (disk_.has_power()) throw;
    }
    ++counts_.cuts;
    disk_.cut();
    disk_.power_on();
    world_.clock.advance(35 * second_ms);
  }
}

void PowerCutRun::after_a_cut(Program& program) {
  disk_.cut_after(1 << 30);  // the checkpointer works beside us: the power shall not go while we look
  if (!disk_.has_power()) return;
  for (const auto& row : program.query("SELECT outbox_id, attempt FROM gateway_attempts WHERE state = 'sending'")) {
    sending_at_cut_.emplace(row.integer(0), row.integer(1));
  }
  EXPECT_EQ(program.query("PRAGMA integrity_check")[0].text(0), "ok");
  budgets(program);
}

void PowerCutRun::live_until_cut() {
  auto program = power_on();
  disk_.cut_after(static_cast<int>(50 + world_.random.below(4000)));
  for (int turn = 0; turn < 400 && disk_.has_power(); ++turn) program->turn();
  disk_.cut();
  ++counts_.cuts;
  program->end();
  program.reset();
  disk_.power_on();
  world_.clock.advance(35 * second_ms);
}

void PowerCutRun::last_life() {
  auto program = power_on();
  while (!disk_.has_power()) {  // cut while it was counted
    program->end();
    program.reset();
    disk_.power_on();
    world_.clock.advance(35 * second_ms);
    program = power_on();
  }
  disk_.cut_after(1 << 30);
  world_.calm = true;
  int turn = 0;
  for (; turn < 3000 && !program->idle(); ++turn) {
    program->turn_everything();
    world_.clock.advance(turn < 500 ? second_ms : 5 * minute_ms);
  }
  EXPECT_TRUE(program->idle()) << "something is never done";
  count_pushes(*program);
  count_answers(*program);
  order_on_the_phone(*program);
  count_webhooks(*program);
  rest(*program);
  budgets(*program);
  counts_.desk = count_desk(*program, world_);
  counts_.sending_at_cuts = sending_at_cut_.size();
  program->end();
}

// ---- counting ----

void PowerCutRun::budgets(Program& program) {
  const auto wrong = program.query(
      "SELECT openid FROM gateway_windows w "
      "WHERE remaining < 0 OR remaining + (SELECT COUNT(*) FROM gateway_outbox o WHERE o.appid = w.appid "
      "AND o.openid = w.openid AND o.unfinished = 1 AND o.reserved = 1) > 5");
  EXPECT_TRUE(wrong.empty()) << wrong.size() << " budgets are impossible";
}

void PowerCutRun::count_pushes(Program& program) {
  ByCustomer journal, desk;
  for (const auto& row : program.query("SELECT openid, raw_body FROM gateway_journal ORDER BY entry_id"))
    journal[row.text(0)].push_back(marker_in(row.blob(1)));
  for (const auto& row : program.query("SELECT t.openid, m.body FROM desk_messages m JOIN desk_threads t "
                                       "ON t.id = m.thread_id WHERE m.sender_kind IN ('customer', 'system') "
                                       "AND m.body LIKE '%[[c%' ORDER BY m.thread_id, m.seq"))
    desk[row.text(0)].push_back(marker_in(row.text(1)));
  for (const std::string& openid : world_.customers) {
    EXPECT_TRUE(each_once(journal[openid])) << openid << " has a push in the journal twice";
    EXPECT_EQ(desk[openid], journal[openid]) << openid;
    EXPECT_EQ(world_.backend[openid], journal[openid]) << openid;
    order_of_acknowledgements(openid, journal[openid]);
    counts_.stored += journal[openid].size();
    counts_.in_desk += desk[openid].size();
    counts_.relayed += world_.backend[openid].size();
  }
  for (const Push& push : world_.pushes) {
    counts_.pushed_again += push.in_doubt ? 1 : 0;
    if (push.acknowledged_at == 0) continue;
    ++counts_.acknowledged;
    for (const ByCustomer* where : {&journal, &desk, &world_.backend}) {
      if (std::ranges::count(where->at(push.openid), push.marker) != 1) {
        ++counts_.lost;
        ADD_FAILURE() << push.marker << " was acknowledged and is not where it should be";
      }
    }
  }
}

// Who was acknowledged before the other was first pushed is stored before it; and those that were acknowledged at
// their first try stand in the order of their acknowledgements.
void PowerCutRun::order_of_acknowledgements(const std::string& openid, const Markers& stored) {
  std::vector<const Push*> in_order;
  for (const std::string& marker : stored) {
    for (const Push& push : world_.pushes) {
      if (push.openid == openid && push.marker == marker && push.acknowledged_at != 0) in_order.push_back(&push);
    }
  }
  for (std::size_t later = 1; later < in_order.size(); ++later) {
    for (std::size_t earlier = 0; earlier < later; ++earlier) {
      const Push& first = *in_order[earlier];
      const Push& second = *in_order[later];
      EXPECT_FALSE(second.acknowledged_at < first.first_try_at) << second.marker << " belongs before " << first.marker;
      if (first.in_doubt || second.in_doubt) continue;
      EXPECT_LT(first.acknowledged_at, second.acknowledged_at) << first.marker << " and " << second.marker;
    }
  }
}

void PowerCutRun::count_answers(Program& program) {
  // How often each text may have reached the phone: at least, at most.
  std::map<std::pair<std::string, std::string>, std::pair<int, int>> expected;
  std::map<std::string, int> doubts = world_.answers_lost, uncertain_of;
  std::map<std::string, int> rows_of;
  std::map<std::int64_t, std::string> outbox_state;
  const auto rows = program.query(
      "SELECT o.id, o.openid, o.message, o.state, o.reason, o.possibly_repeated, m.state, m.possibly_repeated, "
      "m.sender_kind, (SELECT COUNT(*) FROM gateway_attempts a WHERE a.outbox_id = o.id AND a.state = 'uncertain') "
      "FROM gateway_outbox o JOIN desk_messages m ON m.id = o.reference");
  for (const auto& row : rows) {
    const std::string text = marker_in(row.text(2)), state = row.text(3);
    const int uncertain = static_cast<int>(row.integer(9));
    auto& [least, most] = expected[{row.text(1), text}];
    least += state == "sent" ? 1 : 0;
    most += uncertain + (state == "sent" ? 1 : 0);
    uncertain_of[text] += uncertain;
    ++rows_of[text];
    outbox_state[row.integer(0)] = state;
    for (const auto& [id, attempt] : sending_at_cut_) doubts[text] += id == row.integer(0) ? 1 : 0;
    const bool done = state == "sent" || state == "failed" || state == "held";
    EXPECT_TRUE(done) << text << " is still " << state;
    if (state != "sent") EXPECT_FALSE(row.text(4).empty()) << text << " is " << state << " for no reason";
    EXPECT_EQ(row.text(6), state) << text << ": the desk shows something else";
    EXPECT_EQ(row.integer(7), row.integer(5)) << text;
    EXPECT_EQ(row.integer(5) != 0, uncertain > 0) << text << " is marked wrongly";
    counts_.possibly_repeated += row.integer(5) != 0 ? 1 : 0;
  }
  for (const auto& [text, uncertain] : uncertain_of)
    EXPECT_LE(uncertain, doubts[text]) << text << " is in doubt without a cause";

  std::map<std::pair<std::string, std::string>, int> arrived;
  for (const auto& one : world_.phone) ++arrived[{one.openid, one.text}];
  for (const auto& [key, times] : arrived) {
    EXPECT_TRUE(expected.contains(key)) << key.second << " arrived and is not in the outbox";
    const bool each = key.second == automatic_reply || key.second == silence_warning;  // the same text each time
    if (!each && times > 1) ++counts_.repeated;
  }
  for (const auto& [key, range] : expected) {
    EXPECT_GE(arrived[key], range.first) << key.second << " is called sent and did not arrive";
    EXPECT_LE(arrived[key], range.second) << key.second << " arrived too often";
  }
  for (const Answer& answer : world_.answers) {
    EXPECT_LE(rows_of[answer.text], 1) << answer.text << " is there twice";
    if (answer.promised.empty()) continue;
    ++counts_.promised;
    const auto found = outbox_state.find(answer.promised.value());
    const bool there = found != outbox_state.end();
    EXPECT_TRUE(there) << answer.text << " was promised and is gone";
    const bool sent = there && found->second == "sent";
    if (!there || (sent && arrived[{answer.openid, answer.text}] == 0)) ++counts_.lost;
    sent ? ++counts_.delivered : ++counts_.failed_or_held;
  }
  // Those who wrote once have one window, whose budget WeChat never has to defend.
  for (std::size_t i = 0; i < world_.written_once; ++i) {
    const auto spent = std::ranges::count(world_.phone, world_.customers[i], &World::Delivered::openid);
    EXPECT_LE(spent, 5) << world_.customers[i] << " got more than the budget";
  }
}

// Of one customer's messages that were never held back, failed or sent again, each arrived after those before it.
void PowerCutRun::order_on_the_phone(Program& program) {
  for (const std::string& openid : world_.customers) {
    Markers arrived, queued;
    for (const auto& one : world_.phone) {
      if (one.openid == openid && std::ranges::find(arrived, one.text) == arrived.end()) arrived.push_back(one.text);
    }
    const auto rows = program.query(
        "SELECT o.message FROM gateway_outbox o WHERE o.openid = $1 AND o.state = 'sent' AND o.automatic = 0 "
        "AND NOT EXISTS (SELECT 1 FROM gateway_attempts a WHERE a.outbox_id = o.id AND a.errcode IN (45015, 45047)) "
        "AND NOT EXISTS (SELECT 1 FROM desk_events e WHERE e.kind = 'resent' AND e.to_value = CAST(o.id AS TEXT)) "
        "AND o.queued_at = (SELECT MIN(m.created_at) FROM desk_messages m WHERE m.id = o.reference) ORDER BY o.seq",
        {openid});
    for (const auto& row : rows) queued.push_back(marker_in(row.text(0)));
    std::erase_if(arrived, [&](const std::string& text) { return std::ranges::find(queued, text) == queued.end(); });
    EXPECT_EQ(arrived, queued) << openid;
  }
}

// Other programs are told of what is there, once each, and of nothing else.
void PowerCutRun::count_webhooks(Program& program) {
  const auto ids = [&](const std::string& statement) {
    std::multiset<std::string> found;
    for (const auto& row : program.query(statement)) found.insert(std::to_string(row.integer(0)));
    return found;
  };
  std::map<std::string, std::multiset<std::string>> told;  // what they are about, by what was told
  for (const auto& row : program.query(
           "SELECT kind, body FROM webhooks_events WHERE kind LIKE 'conversation.%' OR kind LIKE 'message.%'")) {
    const std::string kind = row.text(0).starts_with("conversation.") ? "conversation" : row.text(0);
    const json::value body = json::parse(row.text(1));
    const auto& data = body.at("data").as_object();
    told[kind].emplace(data.at(kind == "conversation" ? "event" : "message").at("id").as_string());
  }
  EXPECT_EQ(told["conversation"],
            ids("SELECT id FROM desk_events WHERE kind IN ('opened', 'assigned', 'taken', 'unparked', 'transferred', "
                "'escalated', 'released', 'returned', 'parked', 'reopened', 'closed', 'transfer_asked', "
                "'transfer_accepted', 'transfer_declined', 'transfer_withdrawn', 'transfer_expired', 'routed', "
                "'priority', 'reason_set', 'tags_set', 'field_set', 'resent', "
                "'check_confirmed', 'window_closing', 'silence_warned', "
                "'agent_reminded', 'supervisor_notified', 'reply_refused')"));
  EXPECT_EQ(told["message.received"],
            ids("SELECT id FROM desk_messages WHERE direction = 'in' AND conversation_id <> 0"));
  // A greeting may be accepted before there is a conversation.
  const auto sent = ids("SELECT id FROM desk_messages WHERE state = 'sent' AND sender_kind = 'agent'");
  EXPECT_TRUE(std::ranges::includes(told["message.sent"], sent));
  EXPECT_EQ(std::ranges::adjacent_find(told["message.sent"]), told["message.sent"].end()) << "told twice";
  EXPECT_EQ(ids("SELECT event_id FROM webhooks_deliveries"), ids("SELECT id FROM webhooks_events"));
}

// Numbers without gaps, nothing set aside.
void PowerCutRun::rest(Program& program) {
  EXPECT_EQ(program.query("SELECT COUNT(*) FROM gateway_dead_letters")[0].integer(0), 0);
  for (const auto& row : program.query("SELECT thread_id, COUNT(*), COUNT(DISTINCT seq), MIN(seq), MAX(seq) "
                                       "FROM desk_messages GROUP BY thread_id")) {
    EXPECT_EQ(row.integer(1), row.integer(4)) << "a thread's numbers have a gap";
    EXPECT_EQ(row.integer(2), row.integer(1)) << "a number of a thread is there twice";
    EXPECT_EQ(row.integer(3), 1);
  }
  for (const auto& row :
       program.query("SELECT COUNT(*), COUNT(DISTINCT seq), MIN(seq), MAX(seq) FROM live_changes GROUP BY appid")) {
    EXPECT_EQ(row.integer(0), row.integer(3) - row.integer(2) + 1) << "the change log has a gap";
    EXPECT_EQ(row.integer(1), row.integer(0));
  }
}

std::uint64_t number_from(const char* name, std::uint64_t otherwise) {
  const char* given = std::getenv(name);
  return given == nullptr ? otherwise : std::strtoull(given, nullptr, 10);
}

int failures_so_far() { return testing::UnitTest::GetInstance()->current_test_info()->result()->total_part_count(); }

TEST(PowerCuts, LoseNothingThatWasAcknowledged) {
  const std::uint64_t only = number_from("POWER_CUT_SEED", 0);
  const std::uint64_t seeds = only != 0 ? 1 : number_from("POWER_CUTS", 50);
  log::configure(log::Level::error, false);
  if (auto logger = spdlog::get("miniops"); logger && only == 0) logger->set_level(spdlog::level::off);
  Counts total;
  int failed = 0;
  for (std::uint64_t i = 1; i <= seeds; ++i) {
    const std::uint64_t seed = only != 0 ? only : i;
    PowerCutRun run(seed);
    const int problems = failures_so_far();
    total.add(run.run());
    if (failures_so_far() == problems) continue;
    std::printf("seed %llu failed: POWER_CUT_SEED=%llu app_tests --gtest_filter='PowerCuts.*'\n",
                static_cast<unsigned long long>(seed), static_cast<unsigned long long>(seed));
    std::fflush(stdout);
    if (++failed == 5) break;
  }
  log::configure(log::Level::info, false);
  std::printf(
      "| seeds | cuts | acknowledged | stored | in desk | relayed | promised | delivered | failed or held | "
      "possibly repeated | repeated | lost |\n");
  std::printf("| %llu | %d | %zu | %zu | %zu | %zu | %zu | %zu | %zu | %zu | %zu | %zu |\n",
              static_cast<unsigned long long>(seeds), total.cuts, total.acknowledged, total.stored, total.in_desk,
              total.relayed, total.promised, total.delivered, total.failed_or_held, total.possibly_repeated,
              total.repeated, total.lost);
  std::printf("%zu pushes were not acknowledged at first, %zu messages were being sent when the power went\n",
              total.pushed_again, total.sending_at_cuts);
  const DeskCounts& desk = total.desk;
  std::printf(
      "| open at the end | in queues | acts | warned | reminded | returned | unparked | closed by itself | levels told "
      "| "
      "forgotten | fired twice | timers lost |\n");
  std::printf("| %zu | %zu | %zu | %zu | %zu | %zu | %zu | %zu | %zu | %zu | %zu | %zu |\n", desk.open, desk.queued,
              desk.acts, desk.warned, desk.reminded, desk.returned, desk.unparked, desk.closed, desk.told,
              desk.forgotten, desk.fired_twice, desk.timers_lost);
  EXPECT_EQ(total.lost, 0U);
  EXPECT_EQ(desk.forgotten + desk.fired_twice + desk.timers_lost, 0U);
  if (only != 0) return;
  EXPECT_GT(desk.acts, seeds * 10);
  EXPECT_GT(desk.fired(), seeds * 5);
  EXPECT_GT(total.acknowledged, seeds * 10);
  EXPECT_GT(total.delivered, seeds * 4);
  EXPECT_GT(total.pushed_again, seeds / 2);
  EXPECT_GT(total.sending_at_cuts, seeds / 2);
}

}  // namespace

}  // namespace miniops::app
