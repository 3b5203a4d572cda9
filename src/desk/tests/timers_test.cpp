// What happens to a conversation by itself, and that it happens once.
#include <random>

#include "desk/tests/desk_fixture.hpp"
#include "desk/timer_store.hpp"
#include "desk/wechat_channel.hpp"

namespace miniops::desk {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

constexpr TimeMs t0 = 1'790'000'000'000;

// ---- which timers a conversation has ----

Conversation assigned() {
  Conversation conversation;
  conversation.state = State::active;
  conversation.stage = Stage::assigned;
  conversation.assigned_at = t0;
  return conversation;
}
constexpr Delays delays{30 * minute_ms, 10 * minute_ms, false, 5 * minute_ms, 20 * minute_ms, 48 * hour_ms};

struct WantedCase {
  const char* name;
  std::function<void(Conversation&, Delays&)> change;
  std::vector<Timer> wanted;
};

TEST(Timers, AreAFunctionOfTheConversation) {
  const TimeMs asked = t0 + hour_ms;
  const Timer closing{TimerKind::window_closing, asked + 46 * hour_ms};
  const auto asks = [=](Conversation& c) { c.waiting_since = c.customer_at = asked; };
  const std::vector<WantedCase> cases{
      {"nothing was said", [](Conversation&, Delays&) {}, {}},
      {"the customer waits",
       [&](Conversation& c, Delays&) { asks(c); },
       {{TimerKind::agent_remind, asked + 5 * minute_ms}, {TimerKind::agent_return, asked + 20 * minute_ms}, closing}},
      {"a new agent has as long as the one before",
       [&](Conversation& c, Delays&) {
         asks(c);
         c.assigned_at = asked + 9 * minute_ms;
       },
       {{TimerKind::agent_remind, asked + 14 * minute_ms}, {TimerKind::agent_return, asked + 29 * minute_ms}, closing}},
      {"reminded once",
       [&](Conversation& c, Delays&) { asks(c), c.reminded_at = asked; },
       {{TimerKind::agent_return, asked + 20 * minute_ms}, closing}},
      {"raised once",
       [&](Conversation& c, Delays& d) { asks(c), c.raised_at = 1, d.agent_remind = d.agent_return = 0; },
       {}},
      {"a channel without a window",
       [&](Conversation& c, Delays& d) { asks(c), d.window = 0, d.agent_remind = d.agent_return = 0; },
       {}},
      {"nobody can answer any more",
       [&](Conversation& c, Delays&) {
         asks(c), c.raised_at = 1, c.assigned_at = asked + 47 * hour_ms + 50 * minute_ms;
       },
       {{TimerKind::agent_remind, asked + 47 * hour_ms + 55 * minute_ms}}},
      {"from before these times were kept",
       [&](Conversation& c, Delays& d) { c.waiting_since = asked, d.agent_remind = d.agent_return = 0; },
       {closing}},
      {"in the queue",
       [&](Conversation& c, Delays&) { asks(c), c.state = State::waiting, c.stage = Stage::queued; },
       {closing}},
      {"too long in the queue",
       [&](Conversation& c, Delays& d) {
         asks(c), c.state = State::waiting, c.stage = Stage::queued, c.queue_since = asked;
         d.leave_offer = 10 * minute_ms;
       },
       {{TimerKind::leave_offer, asked + 10 * minute_ms}, closing}},
      {"and offered to leave a message",
       [&](Conversation& c, Delays& d) {
         asks(c), c.state = State::waiting, c.stage = Stage::queued, c.queue_since = c.leave_offered_at = asked;
         d.leave_offer = 10 * minute_ms;
       },
       {closing}},
      {"we answered",
       [](Conversation& c, Delays&) { c.answered_at = t0; },
       {{TimerKind::silence_warn, t0 + 30 * minute_ms}}},
      {"and warned",
       [](Conversation& c, Delays&) { c.answered_at = t0, c.warned_at = t0 + hour_ms; },
       {{TimerKind::silence_close, t0 + 70 * minute_ms}}},
      {"closed without a warning",
       [](Conversation& c, Delays& d) { c.answered_at = t0, d.silence_warn = 0; },
       {{TimerKind::silence_close, t0 + 10 * minute_ms}}},
      {"warned and left open",
       [](Conversation& c, Delays& d) { c.answered_at = t0, c.warned_at = t0, d.silence_close = 0; },
       {}},
      {"a customer with priority", [](Conversation& c, Delays&) { c.answered_at = t0, c.priority = 1; }, {}},
      {"unless it is set",
       [](Conversation& c, Delays& d) { c.answered_at = t0, c.priority = 1, d.silence_of_priority = true; },
       {{TimerKind::silence_warn, t0 + 30 * minute_ms}}},
      {"parked until a time",
       [](Conversation& c, Delays&) { c.answered_at = t0, c.stage = Stage::parked, c.parked_until = t0 + day_ms; },
       {{TimerKind::unpark, t0 + day_ms}}},
      {"parked until the customer writes", [](Conversation& c, Delays&) { c.stage = Stage::parked; }, {}},
      {"its group has had it for too long",
       [](Conversation&, Delays& d) { d.escalates_at = t0 + hour_ms; },
       {{TimerKind::escalation, t0 + hour_ms}}},
      {"closed", [&](Conversation& c, Delays& d) { asks(c), c.state = State::closed, d.escalates_at = t0; }, {}},
  };
  for (const WantedCase& one : cases) {
    Conversation conversation = assigned();
    Delays with = delays;
    one.change(conversation, with);
    EXPECT_EQ(timers_of(conversation, with), one.wanted) << one.name;
  }
}

TEST(Timers, TheColumnIsReadBackAndDamageInItLeftOut) {
  const std::vector<Timer> timers{{TimerKind::agent_remind, t0}, {TimerKind::window_closing, 1}};
  EXPECT_EQ(timers_in(to_text(timers)), timers);
  EXPECT_EQ(to_text(timers_in("")), "");
  EXPECT_EQ(to_text(timers_in("unpark:5 nonsense:1 agent_remind:x agent_return agent_remind: :3 silence_warn:7")),
            "unpark:5 silence_warn:7");
}

TEST(Timers, WhatIsWantedLaterIsNotWrittenAnew) {
  const std::vector<Timer> armed{{TimerKind::agent_remind, 100}, {TimerKind::window_closing, 500}};
  const auto later = change_timers(armed, {{TimerKind::agent_remind, 100}, {TimerKind::window_closing, 900}});
  EXPECT_TRUE(later.set.empty() && later.cancelled.empty());
  EXPECT_EQ(later.armed, armed);
  const auto earlier = change_timers(armed, {{TimerKind::window_closing, 400}, {TimerKind::unpark, 7}});
  EXPECT_THAT(earlier.cancelled, ElementsAre(TimerKind::agent_remind));
  EXPECT_EQ(earlier.set, (std::vector<Timer>{{TimerKind::window_closing, 400}, {TimerKind::unpark, 7}}));
  EXPECT_EQ(earlier.armed, earlier.set);
}

// ---- their effects ----

class TimersTest : public DeskTest {
 protected:
  int fire() {
    int steps = 0;
    while (must(sql::run(desk_->timer_step()))) ++steps;
    return steps;
  }
  void pass(TimeMs ms) {
    clock_.advance(ms);
    fire();
  }
  // Kinds of the rows, with the times in minutes from now.
  std::vector<std::pair<std::string, TimeMs>> rows() {
    std::vector<std::pair<std::string, TimeMs>> found;
    auto read = [&](sql::Transaction& tx) -> Result<void> {
      for (const auto& row : tx.query("SELECT kind, due_at FROM desk_timers ORDER BY due_at, kind"))
        found.emplace_back(row.text(0), (row.integer(1) - clock_.now()) / minute_ms);
      return {};
    };
    must(db().read_blocking(read));
    return found;
  }
  std::vector<std::string> kinds() {
    std::vector<std::string> found;
    for (const auto& [kind, due] : rows()) found.push_back(kind);
    return found;
  }
  Conversation with_agent(std::int64_t account = 1, const std::string& openid = "o1") {
    online(account);
    says(openid, "在吗");
    assign_all();
    return conversation_of(openid);
  }
};

TEST_P(TimersTest, ASilentCustomerIsAskedAndThenTheConversationEnds) {
  const auto id = with_agent().id;
  must(sends(1, id, "您好，请问订单号是多少？"));
  EXPECT_THAT(kinds(), ElementsAre("silence_warn"));
  pass(29 * minute_ms);
  EXPECT_EQ(only().warned_at, 0);
  pass(minute_ms);
  EXPECT_NE(only().warned_at, 0);
  EXPECT_EQ(messages(id).back().sender_kind, SenderKind::system);
  pass(9 * minute_ms);
  EXPECT_EQ(only().state, State::active);
  pass(minute_ms);
  EXPECT_EQ(only().state, State::closed);
  EXPECT_EQ(only().closed_by, "system");
  EXPECT_THAT(event_kinds(id), ElementsAre("opened", "assigned", "silence_warned", "closed"));
  EXPECT_THAT(rows(), IsEmpty());
}

TEST_P(TimersTest, AnAnswerOfTheCustomerStopsIt) {
  const auto id = with_agent().id;
  must(sends(1, id, "请稍等"));
  pass(31 * minute_ms);
  EXPECT_NE(only().warned_at, 0);
  says("o1", "我还在");
  EXPECT_EQ(only().warned_at, 0);
  EXPECT_THAT(kinds(), UnorderedElementsAre("agent_remind", "agent_return", "window_closing"));
  must(sends(1, id, "好的"));
  EXPECT_THAT(kinds(), ElementsAre("silence_warn"));
}

TEST_P(TimersTest, ASilentAgentIsRemindedAndTheCustomerGoesToTheHeadOfTheQueue) {
  const auto id = with_agent().id;
  clock_.advance(minute_ms);
  must(sends(1, id, "您好"));
  says("o1", "怎么退款");
  pass(5 * minute_ms);
  EXPECT_NE(only().reminded_at, 0);
  says("o2", "排队的人");
  execute("UPDATE desk_agents SET presence = 'busy', chosen = 'busy'", {});
  pass(15 * minute_ms);
  const Conversation back = conversation_of("o1");
  EXPECT_EQ(back.stage, Stage::queued);
  EXPECT_TRUE(back.placement.ahead);
  EXPECT_EQ(back.queue_since, back.waiting_since) << "and is still known to wait since then";
  EXPECT_THAT(event_kinds(id), ElementsAre("opened", "assigned", "agent_reminded", "returned"));
  online(2, 1);
  assign_all();
  EXPECT_EQ(conversation_of("o1").assignee, AccountId(2)) << "before the other one";
  EXPECT_THAT(kinds(), UnorderedElementsAre("agent_remind", "agent_return", "window_closing", "window_closing"));
}

TEST_P(TimersTest, ASilentAgentIsToldAndThenTheSupervisorsAre) {
  const auto id = with_agent().id;
  const auto told = [&] {
    std::vector<std::string> all;
    for (const sql::Row& row :
         query("SELECT topic, permission, group_id, account_id, data FROM live_pending WHERE topic "
               "IN ('agent_reminded', 'agent_silent') ORDER BY id")) {
      const auto data = json::parse(row.text(4)).as_object();
      EXPECT_EQ(data.at("conversation_id").as_string(), id.str());
      EXPECT_EQ(data.at("agent_id").as_string(), "1");
      EXPECT_EQ(data.at("agent_name").as_string(), "小王");
      EXPECT_NE(data.at("waiting_since").as_int64(), 0);
      all.push_back(fmt::format("{} {} {} {} {}", row.text(0), row.text(1), row.text(2), row.integer(3),
                                std::string(data.at("outcome").as_string())));
    }
    execute("DELETE FROM live_pending");
    return all;
  };
  EXPECT_THAT(told(), IsEmpty());
  pass(5 * minute_ms);
  EXPECT_THAT(told(), ElementsAre("agent_reminded desk.read 0 1 reminded")) << "the agent alone";
  pass(15 * minute_ms);
  EXPECT_THAT(told(), ElementsAre("agent_reminded desk.read 0 1 returned", "agent_silent desk.supervise 1 0 returned"));
  pass(hour_ms);
  EXPECT_THAT(told(), IsEmpty()) << "once";
}

TEST_P(TimersTest, AParkedConversationComesBackAtItsTimeAndCountsForNobodyUntilThen) {
  const auto id = with_agent().id;
  const TimeMs until = clock_.now() + day_ms;
  must(sql::run(service().park(access_of(1), id, until, "等物流", std::nullopt)));
  EXPECT_EQ(only().stage, Stage::parked);
  EXPECT_EQ(must(sql::run(desk_->agents().own(access_of(1)))).load, 0);
  pass(day_ms - minute_ms);
  EXPECT_EQ(only().stage, Stage::parked);
  pass(minute_ms);
  EXPECT_EQ(only().stage, Stage::assigned);
  EXPECT_EQ(only().assignee, AccountId(1));
  EXPECT_THAT(event_kinds(id), ElementsAre("opened", "assigned", "parked", "unparked"));

  EXPECT_EQ(code_of(sql::run(service().park(access_of(1), id, clock_.now(), "", std::nullopt))),
            "desk.parked_too_long");
  EXPECT_EQ(code_of(sql::run(service().park(access_of(1), id, clock_.now() + 31 * day_ms, "", std::nullopt))),
            "desk.parked_too_long");
  EXPECT_EQ(code_of(sql::run(service().park(access_of(2), id, 0, "", std::nullopt))), "desk.already_taken");
  must(sql::run(service().close(access_of(1), id, "", "resolved", std::nullopt)));
  EXPECT_EQ(code_of(sql::run(service().park(access_of(1), id, 0, "", std::nullopt))), "desk.not_assigned");
}

TEST_P(TimersTest, ACustomerWhoWritesEndsTheParking) {
  const auto id = with_agent().id;
  must(sql::run(service().park(access_of(1), id, 0, "", std::nullopt)));
  EXPECT_THAT(kinds(), ElementsAre("window_closing")) << "nobody has answered yet";
  says("o1", "有消息了吗");
  EXPECT_EQ(only().stage, Stage::assigned);
  EXPECT_EQ(only().assignee, AccountId(1));

  must(sql::run(service().park(access_of(1), id, 0, "", std::nullopt)));
  execute("UPDATE desk_agents SET presence = 'offline'", {});
  says("o1", "在吗");
  EXPECT_EQ(only().stage, Stage::queued) << "its agent is not there";
  EXPECT_EQ(only().parked_until, 0);
}

TEST_P(TimersTest, WhoIsNotAnsweredBeforeTheWindowClosesIsRaised) {
  says("o1", "在吗");
  pass(45 * hour_ms);
  says("o1", "还在吗");
  pass(hour_ms);
  EXPECT_EQ(only().raised_at, 0) << "the customer has written again since";
  pass(45 * hour_ms);
  EXPECT_NE(only().raised_at, 0);
  EXPECT_TRUE(only().placement.ahead);
  EXPECT_EQ(only().priority, 0) << "a silent customer's conversation still ends by itself";
  EXPECT_EQ(event_kinds(only().id).back(), "window_closing");
  pass(2 * hour_ms);
  EXPECT_FALSE(only().placement.ahead) << "nothing can be sent any more: others come first";
  pass(10 * day_ms);
  EXPECT_THAT(event_kinds(only().id), ElementsAre("opened", "window_closing")) << "once";
}

TEST_P(TimersTest, WhoseWindowClosedWhileNobodyLookedIsNotRaised) {
  says("o1", "在吗");
  execute("DELETE FROM live_pending");
  pass(3 * day_ms);
  EXPECT_NE(only().raised_at, 0);
  EXPECT_FALSE(only().placement.ahead);
  EXPECT_THAT(event_kinds(only().id), ElementsAre("opened"));
  EXPECT_EQ(query("SELECT COUNT(*) FROM live_pending WHERE topic = 'window_closing'")[0].integer(0), 0);
  says("o1", "还在吗");
  EXPECT_EQ(only().raised_at, 0);
}

// Who was silent is there all the time, has fewer than the other, and had the customer last.
TEST_P(TimersTest, ASilentAgentsCustomerGoesToSomebodyElse) {
  with_agent();
  online(2);
  pass(25 * minute_ms);
  EXPECT_EQ(only().stage, Stage::queued);
  EXPECT_EQ(only().relieved, AccountId(1));
  online(1);
  online(2);
  assign_all();
  EXPECT_EQ(only().assignee, AccountId(2));
  EXPECT_EQ(only().relieved, AccountId());
}

TEST_P(TimersTest, AfterADowntimeEachFiresOnceAndWhatMayNotBeSaidIsDropped) {
  const auto first = with_agent(1, "o1").id;
  must(sends(1, first, "您好"));
  clock_.advance(minute_ms);
  const auto second = with_agent(1, "o2").id;
  must(sends(1, second, "您好"));
  const std::size_t said = messages(first).size();
  pass(3 * day_ms);  // nobody looked for so long; WeChat's window is closed
  EXPECT_NE(conversation_of("o1").warned_at, 0);
  EXPECT_EQ(messages(first).size(), said);
  EXPECT_THAT(event_kinds(first), ElementsAre("opened", "assigned", "silence_warned", "reply_refused"));
  fire();
  EXPECT_EQ(event_kinds(first).size(), 4U) << "not again";
  pass(10 * minute_ms);
  EXPECT_EQ(conversation_of("o1").state, State::closed);
  EXPECT_EQ(conversation_of("o2").state, State::closed);
}

TEST_P(TimersTest, OnlyOneCanTakeATimer) {
  with_agent();
  std::vector<store::DueTimer> due;
  auto look = [&](sql::Transaction& tx) -> Result<void> {
    due = store::due_timers(tx, clock_.now() + 3 * day_ms, 10);
    return {};
  };
  must(db().read_blocking(look));
  ASSERT_EQ(due.size(), 3U);
  std::vector<bool> taken;
  for (int i = 0; i < 2; ++i) {
    auto take = [&](sql::Transaction& tx) -> Result<bool> { return store::take_timer(tx, due.front()); };
    taken.push_back(must(db().write_blocking(take)));
  }
  EXPECT_THAT(taken, ElementsAre(true, false));
}

TEST_P(TimersTest, AChangedSettingHoldsForTimersThatAreSet) {
  const auto id = with_agent().id;
  must(sends(1, id, "您好"));
  configure([](Settings& settings) { settings.silence_warn_minutes = 60; });
  pass(31 * minute_ms);
  EXPECT_EQ(only().warned_at, 0);
  pass(30 * minute_ms);
  EXPECT_NE(only().warned_at, 0);
  configure([](Settings& settings) { settings.silence_close_minutes = 0; });
  pass(day_ms);
  EXPECT_EQ(only().state, State::active);
  EXPECT_THAT(rows(), IsEmpty());
}

// Whatever happens in whatever order: the rows are those that the conversation notes, of the kinds that it wants, and
// none is later than it should be.
TEST_P(TimersTest, TheRowsAreAlwaysWhatTheConversationsWant) {
  online(1);
  online(2);
  std::mt19937 random(7);
  const std::vector<std::string> people{"o1", "o2", "o3"};
  for (const std::string& one : people) says(one, "在吗");
  for (int i = 0; i < 250; ++i) {
    const std::string& who = people[random() % people.size()];
    const Conversation one = conversation_of(who);
    const Access agent =
        access_of(one.assignee.empty() ? 1 + static_cast<std::int64_t>(random() % 2) : one.assignee.value());
    switch (random() % 9) {
      case 0:
        says(who, "问题");
        break;
      case 1:
        (void)sql::run(service().send(agent, one.id, {text("回答")}));
        break;
      case 2:
        (void)sql::run(service().take(agent, one.id, std::nullopt));
        break;
      case 3:
        (void)sql::run(service().release(agent, one.id, std::nullopt));
        break;
      case 4:
        (void)sql::run(service().park(agent, one.id, random() % 2 ? clock_.now() + hour_ms : 0, "", std::nullopt));
        break;
      case 5:
        (void)sql::run(service().unpark(agent, one.id, std::nullopt));
        break;
      case 6:
        if (random() % 4 == 0) (void)sql::run(service().close(agent, one.id, "", "resolved", std::nullopt));
        break;
      case 7:
        assign_all();
        break;
      default:
        pass(static_cast<TimeMs>(random() % 40) * minute_ms);
    }
    auto check = [&](sql::Transaction& tx) -> Result<void> {
      std::map<std::int64_t, std::map<std::string, TimeMs>> stored;
      for (const auto& row : tx.query("SELECT conversation_id, kind, due_at FROM desk_timers"))
        stored[row.integer(0)][row.text(1)] = row.integer(2);
      for (const Conversation& each : conversations()) {
        std::map<std::string, TimeMs> noted;
        for (const Timer& timer : each.timers) noted[std::string(to_string(timer.kind))] = timer.due_at;
        EXPECT_EQ(stored[each.id.value()], noted) << "step " << i;
        const auto wanted = timers_of(each, delays_of(Settings{}, WechatChannel(outbox_, typing_).capabilities()));
        EXPECT_EQ(wanted.size(), noted.size())
            << "step " << i << ": " << to_text(wanted) << " | " << to_text(each.timers);
        for (const Timer& timer : wanted) EXPECT_LE(noted[std::string(to_string(timer.kind))], timer.due_at) << i;
      }
      return {};
    };
    must(db().read_blocking(check));
    if (HasFailure()) break;
  }
}

MINIOPS_ON_BOTH_ENGINES(TimersTest);

}  // namespace
}  // namespace miniops::desk
