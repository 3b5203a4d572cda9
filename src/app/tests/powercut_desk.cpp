#include "app/tests/powercut_desk.hpp"

#include <gtest/gtest.h>

namespace miniops::app {

namespace {

// As configure_desk() sets them.
constexpr desk::Delays delays{minute_ms, minute_ms, false, minute_ms, 2 * minute_ms, 48 * hour_ms};

struct Said {
  std::int64_t seq = 0;
  std::string by, direction, state, cause;
  TimeMs ended_at = 0;  // accepted, or failed
};
struct Happened {
  std::string kind, from, to, by, name, note;
  TimeMs at = 0;
  std::int64_t seq = 0;
  bool by_timer() const { return by == "system" && name == "timer"; }
};

// One conversation, held against its event rows, messages and timers.
class Story {
 public:
  Story(Program& program, const desk::Conversation& conversation, DeskCounts& counts)
      : program_(program), conversation_(conversation), counts_(counts) {
    for (const auto& row :
         program.query("SELECT seq, sender_kind, direction, state, cause, accepted_at, failed_at FROM desk_messages "
                       "WHERE conversation_id = $1 ORDER BY seq",
                       {conversation.id}))
      said_.push_back({row.integer(0), row.text(1), row.text(2), row.text(3), row.text(4),
                       std::max(row.integer(5), row.integer(6))});
    for (const auto& row :
         program.query("SELECT kind, from_value, to_value, actor_kind, actor_name, note, at, seq FROM desk_events "
                       "WHERE conversation_id = $1 ORDER BY id",
                       {conversation.id}))
      events_.push_back({row.text(0), row.text(1), row.text(2), row.text(3), row.text(4), row.text(5), row.integer(6),
                         row.integer(7)});
  }

  void reachable() {
    if (conversation_.state == desk::State::closed) return;
    ++counts_.open;
    const bool queued = conversation_.stage == desk::Stage::queued;
    counts_.queued += queued ? 1 : 0;
    if (last_of("customer") > last_of("agent") && conversation_.waiting_since == 0)
      forgotten("nobody answered, and it does not wait");
    if (queued && (conversation_.queue_since == 0 || conversation_.placement.target.empty()))
      forgotten("is in a queue without a place");
    if (queued != conversation_.assignee.empty()) forgotten("is with nobody, or with somebody and in a queue");
  }

  // Each timer that it wants is set, for then or earlier; one that is over has none.
  void timers(TimeMs now) {
    std::map<std::string, TimeMs> set;
    for (const auto& row :
         program_.query("SELECT kind, due_at FROM desk_timers WHERE conversation_id = $1", {conversation_.id}))
      set[row.text(0)] = row.integer(1);
    for (const auto& [kind, due] : set)
      if (due <= now) lost(kind + " is overdue");
    for (const desk::Timer& wanted : desk::timers_of(conversation_, delays)) {
      const auto found = set.find(std::string(to_string(wanted.kind)));
      if (found == set.end() || found->second > wanted.due_at)
        lost(fmt::format("{} is not set", to_string(wanted.kind)));
    }
    if (conversation_.state == desk::State::closed && !set.empty()) lost("has timers, and is closed");
  }

  // Between two that fire there is what sets it anew.
  void firings() {
    for (const Happened& event : events_) {
      if (event.kind == "silence_warned") told(event, counts_.warned, {"customer", "agent"});
      if (event.kind == "agent_reminded") told(event, counts_.reminded, {"agent"});
      if (event.by_timer()) {
        if (event.kind == "returned" && event.note == "the agent did not answer") took(event, counts_.returned, held_);
        if (event.kind == "unparked") took(event, counts_.unparked, parked_until_ != 0 && event.at >= parked_until_);
        if (event.kind == "closed") took(event, counts_.closed, open_);
      }
      follow(event);
    }
    const auto warned = std::ranges::count(events_, "silence_warned", &Happened::kind);
    const auto refused = std::ranges::count_if(
        events_, [](const Happened& one) { return one.kind == "reply_refused" && one.by_timer(); });
    const auto sent = std::ranges::count(said_, "silence", &Said::cause);
    if (sent + refused > warned) twice("was warned less often than it was said");
    if (sent + refused < warned) lost("was warned, and it was not said");
  }

  // Each level of a clock is told once, and what was passed is told.
  void levels() {
    for (const std::string kind : {"first_answer", "next_answer", "resolution"}) {
      const auto clocks = program_.query(
          "SELECT told FROM service_levels_clocks WHERE conversation_id = $1 AND kind = $2", {conversation_.id, kind});
      const auto of = [&](std::string_view level) {
        return std::ranges::count_if(events_, [&](const Happened& one) {
          return one.kind == "service_level" && one.from == kind && one.to == level;
        });
      };
      for (const auto level : {"half", "most", "breached"}) {
        counts_.told += static_cast<std::size_t>(of(level));
        if (of(level) > std::ssize(clocks)) twice(kind + " was told more often than there are clocks");
      }
      const auto breached =
          std::ranges::count_if(clocks, [](const sql::Row& row) { return row.text(0) == "breached"; });
      if (of("breached") > breached) twice(kind + " was breached once, and told again");
      if (of("breached") < breached) lost(kind + " was breached, and not told");
    }
  }

 private:
  std::int64_t last_of(std::string_view who) const {
    std::int64_t last = 0;
    for (const Said& one : said_)
      if (one.by == who && one.direction != "note" && one.state != "held" && one.state != "failed") last = one.seq;
    return last;
  }

  // What is only told: what was said since, or who has it, sets it anew.
  void told(const Happened& event, std::size_t& count, const std::set<std::string>& by) {
    ++count;
    auto& [before, moved, at] = told_[event.kind];
    const bool again = std::ranges::any_of(said_, [&](const Said& one) {
      if (!by.contains(one.by) || one.direction == "note") return false;
      // An answer that was held until the customer wrote again counts when it goes out.
      const bool went_out = one.by == "agent" && one.seq <= before && one.ended_at > at;
      return went_out || (one.seq > before && one.seq <= event.seq);
    });
    if (moved == moves_ && !again) twice(event.kind + " was told already");
    before = event.seq;
    moved = moves_;
    at = event.at;
  }
  void took(const Happened& event, std::size_t& count, bool possible) {
    ++count;
    if (!possible) twice(event.kind + " has taken place already");
  }
  void follow(const Happened& event) {
    static const std::set<std::string> moving{"assigned", "taken",    "transferred", "escalated", "released",
                                              "returned", "unparked", "reopened",    "closed"};
    if (event.kind == "parked") parked_until_ = event.to.empty() ? 0 : std::stoll(event.to);
    if (!moving.contains(event.kind)) return;
    ++moves_;
    parked_until_ = 0;
    open_ = event.kind != "closed";
    if (event.kind == "closed") return;
    held_ = event.kind == "assigned" || event.kind == "taken" || event.kind == "unparked" ||
            (event.kind == "transferred" && !event.to.starts_with("group:"));
  }

  void forgotten(const std::string& why) { broken(counts_.forgotten, why); }
  void twice(const std::string& why) { broken(counts_.fired_twice, why); }
  void lost(const std::string& why) { broken(counts_.timers_lost, why); }
  void broken(std::size_t& count, const std::string& why) {
    ++count;
    ADD_FAILURE() << "conversation " << conversation_.id.str() << ": " << why << told_whole();
  }

  std::string told_whole() const {
    std::string text;
    for (const Said& one : said_)
      text += fmt::format("\n  {} {} {} {} {}", one.seq, one.by, one.direction, one.state, one.cause);
    for (const Happened& one : events_)
      text += fmt::format("\n  after {}, at {}: {} by {} {}", one.seq, one.at, one.kind, one.by, one.note);
    return text;
  }

  Program& program_;
  const desk::Conversation& conversation_;
  DeskCounts& counts_;
  std::vector<Said> said_;
  std::vector<Happened> events_;
  struct Told {
    std::int64_t seq = 0;
    int moves = 0;
    TimeMs at = 0;
  };
  std::map<std::string, Told> told_;  // by kind: as it was when it was told last
  int moves_ = 1;
  bool open_ = true, held_ = false;
  TimeMs parked_until_ = 0;
};

// What an agent was told is there.
void count_acts(Program& program, const World& world, DeskCounts& counts) {
  for (const auto& [kind, times] : world.acts) {
    counts.acts += static_cast<std::size_t>(times);
    const auto there =
        program.query("SELECT COUNT(*) FROM desk_events WHERE kind = $1 AND actor_kind = 'agent'", {kind});
    EXPECT_GE(there[0].integer(0), times) << "agents were told of more that was " << kind;
  }
}

}  // namespace

void DeskCounts::add(const DeskCounts& other) {
  open += other.open;
  queued += other.queued;
  acts += other.acts;
  warned += other.warned;
  reminded += other.reminded;
  returned += other.returned;
  unparked += other.unparked;
  closed += other.closed;
  told += other.told;
  forgotten += other.forgotten;
  fired_twice += other.fired_twice;
  timers_lost += other.timers_lost;
}

DeskCounts count_desk(Program& program, const World& world) {
  DeskCounts counts;
  for (const desk::Conversation& conversation : program.conversations()) {
    Story story(program, conversation, counts);
    story.reachable();
    story.timers(world.clock.now());
    story.firings();
    story.levels();
  }
  count_acts(program, world, counts);
  program.give_away_all_who_wait();
  const auto left =
      program.query("SELECT COUNT(*) FROM desk_conversations WHERE stage = 'queued' AND state <> 'closed'");
  EXPECT_EQ(left[0].integer(0), 0) << "somebody waits, and nobody gets them";
  counts.forgotten += static_cast<std::size_t>(left[0].integer(0));
  return counts;
}

}  // namespace miniops::app
