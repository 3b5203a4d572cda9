// What happens to conversations starts, pauses and stops the clocks of their service levels, and what these have to
// tell is told once.
#include "desk/levels.hpp"

#include "desk/tests/desk_fixture.hpp"
#include "service_levels/service.hpp"

namespace miniops::desk {
namespace {

using service_levels::End;
using service_levels::Kind;
using service_levels::ServiceClock;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

constexpr TimeMs first_ms = 10 * minute_ms, next_ms = 6 * minute_ms, resolution_ms = 4 * hour_ms;

class LevelsTest : public DeskTest {
 protected:
  void promise() {
    service_levels::Targets targets;
    service_levels::Target target;
    target.first_answer_ms = first_ms;
    target.next_answer_ms = next_ms;
    target.resolution_ms = resolution_ms;
    target.business = false;
    targets.items.push_back(target);
    must(sql::run(levels().set_targets(admin(), targets)));
  }
  service_levels::Service levels() { return service_levels::Service({db(), clock_, ids_}); }
  std::vector<ServiceClock> clocks(ConversationId id) {
    auto page = must(sql::run(
        levels().clocks(admin(), service_levels::ConversationId(id.value()), service_levels::store::Before{}, 100)));
    std::ranges::sort(page.items, {}, [](const ServiceClock& one) { return std::pair(one.started_at, one.kind); });
    return page.items;
  }
  // "first_answer running", "next_answer answered", … in the order in which they started.
  std::vector<std::string> states(ConversationId id) {
    std::vector<std::string> out;
    for (const ServiceClock& one : clocks(id)) {
      const std::string_view state = !one.open()         ? word(one.end)
                                     : one.parked        ? "parked"
                                     : one.customer_turn ? "customer's turn"
                                                         : "running";
      out.push_back(fmt::format("{} {}", word(one.kind), state));
    }
    return out;
  }
  // What was told of clocks: "first_answer half" …
  std::vector<std::string> told(ConversationId id) {
    std::vector<std::string> out;
    auto page = must(sql::run(service().events(admin(), id, std::nullopt, 100)));
    for (const auto& one : page.items)
      if (one.event.kind == "service_level") out.insert(out.begin(), one.event.from + " " + one.event.to);
    return out;
  }
  void fire_all() {
    while (must(sql::run(desk_->timer_step()))) {
    }
  }
  ConversationId asked(const std::string& openid) {
    says(openid, "在吗");
    return conversation_of(openid).id;
  }
  void take(std::int64_t account, ConversationId id) {
    must(sql::run(service().take(access_of(account), id, std::nullopt)));
  }
  Message answers(std::int64_t account, ConversationId id) { return must(sends(account, id, "在的")); }
};

TEST_P(LevelsTest, WithoutAPromiseThereIsNoClock) {
  const ConversationId id = asked("o1");
  EXPECT_THAT(clocks(id), IsEmpty());
  EXPECT_EQ(only().service_due_at, 0);
}

TEST_P(LevelsTest, AnAnswerCountsWhenWeChatAcceptedIt) {
  promise();
  online(1);
  const ConversationId id = asked("o1");
  EXPECT_THAT(states(id), ElementsAre("first_answer running", "resolution running"));
  take(1, id);
  const Message answer = answers(1, id);
  EXPECT_THAT(states(id), ElementsAre("first_answer running", "resolution running"));
  clock_.advance(minute_ms);
  deliver(answer.id, gateway::DeliveryState::sent, 1);
  EXPECT_THAT(states(id), ElementsAre("first_answer answered", "resolution customer's turn"));
  says("o1", "还有一个问题");
  EXPECT_THAT(states(id), ElementsAre("first_answer answered", "resolution running", "next_answer running"));
  must(sql::run(service().close(access_of(1), id, "", "resolved", std::nullopt)));
  EXPECT_THAT(states(id), ElementsAre("first_answer answered", "resolution closed", "next_answer closed"));
}

TEST_P(LevelsTest, WhoeverIsNoPersonAnswersNothing) {
  promise();
  add_rule({{"name", "greeting"},
            {"kind", "default"},
            {"replies", {{{"msgtype", "text"}, {"text", {{"content", "您好"}}}}}}});
  const ConversationId id = asked("o1");
  for (const Message& one : messages(id))
    if (one.direction == Direction::out) deliver(one.id, gateway::DeliveryState::sent, 1);
  EXPECT_THAT(states(id), ElementsAre("first_answer running", "resolution running"));
}

TEST_P(LevelsTest, AnAnswerToWhatWasAskedBeforeIsNoneToWhatCameSince) {
  promise();
  online(1);
  const ConversationId id = asked("o1");
  take(1, id);
  const Message answer = answers(1, id);
  clock_.advance(second_ms);
  says("o1", "等等，还有");  // before WeChat accepted the answer
  deliver(answer.id, gateway::DeliveryState::sent, 1);
  const auto all = clocks(id);
  ASSERT_THAT(states(id), ElementsAre("first_answer answered", "resolution running", "next_answer running"));
  EXPECT_EQ(all[2].started_at, conversation_of("o1").waiting_since);
}

TEST_P(LevelsTest, ParkingPausesTheResolution) {
  promise();
  online(1);
  const ConversationId id = asked("o1");
  take(1, id);
  deliver(answers(1, id).id, gateway::DeliveryState::sent, 1);
  must(sql::run(service().park(access_of(1), id, 0, "", std::nullopt)));
  EXPECT_THAT(states(id), ElementsAre("first_answer answered", "resolution parked"));
  says("o1", "我回来了");
  EXPECT_THAT(states(id), ElementsAre("first_answer answered", "resolution running", "next_answer running"));
}

TEST_P(LevelsTest, WhoComesBackIsOwedWhatWasOwed) {
  promise();
  const ConversationId id = asked("o1");
  must(sql::run(service().close(admin(), id, "", "resolved", std::nullopt)));
  EXPECT_THAT(states(id), ElementsAre("first_answer closed", "resolution closed"));
  clock_.advance(minute_ms);
  says("o1", "还没人理我");
  EXPECT_EQ(only().reopened, 1);
  EXPECT_THAT(states(id), ElementsAre("first_answer running", "resolution running"));
  EXPECT_LT(clocks(id).front().due_at, clock_.now() + first_ms);  // what was used is used
}

TEST_P(LevelsTest, WhereClosingIsTakenBackNothingWasPaused) {
  promise();
  online(1);
  const ConversationId id = asked("o1");
  take(1, id);
  const auto before = clocks(id);
  const auto act = [&](quick_replies::ActionKind kind, quick_replies::Cause cause) {
    auto write = [&](sql::Transaction& tx) -> Result<void> {
      return desk_->macro_executor().act(tx, access_of(1), id.value(), {{kind}}, cause, {}, clock_.now());
    };
    must(db().write_blocking(write));
  };
  act(quick_replies::ActionKind::close, quick_replies::Cause::macro);
  EXPECT_THAT(states(id), ElementsAre("first_answer closed", "resolution closed"));
  clock_.advance(minute_ms);
  act(quick_replies::ActionKind::reopen, quick_replies::Cause::undo);
  EXPECT_THAT(states(id), ElementsAre("first_answer running", "resolution running"));
  ASSERT_EQ(clocks(id).size(), before.size());
  for (std::size_t i = 0; i < before.size(); ++i) EXPECT_EQ(clocks(id)[i].due_at, before[i].due_at);
}

TEST_P(LevelsTest, WarningsAreToldOnceEachAndAPauseOfTheProgramTellsTheNewest) {
  promise();
  const ConversationId slow = asked("o1");
  const ConversationId missed = asked("o2");
  fire_all();
  EXPECT_THAT(told(slow), IsEmpty());
  clock_.advance(first_ms / 2);
  fire_all();
  fire_all();
  EXPECT_THAT(told(slow), ElementsAre("first_answer half"));
  clock_.advance(first_ms * 3 / 10);
  fire_all();
  EXPECT_THAT(told(slow), ElementsAre("first_answer half", "first_answer most"));
  EXPECT_EQ(told(missed), told(slow));
  const ConversationId late = asked("o3");
  clock_.advance(2 * first_ms);
  fire_all();
  fire_all();
  EXPECT_THAT(told(slow), ElementsAre("first_answer half", "first_answer most", "first_answer breached"));
  EXPECT_THAT(told(late), ElementsAre("first_answer breached"));
}

TEST_P(LevelsTest, AnAnswerInTimeLeavesNothingToTell) {
  promise();
  online(1);
  const ConversationId id = asked("o1");
  take(1, id);
  const std::int64_t version = conversation_of("o1").version;
  const Message answer = answers(1, id);
  const std::int64_t answered = conversation_of("o1").version;
  EXPECT_GT(answered, version);
  deliver(answer.id, gateway::DeliveryState::sent, 1);
  EXPECT_EQ(conversation_of("o1").version, answered);  // who answers and closes at once sees no conflict
  clock_.advance(first_ms);
  fire_all();
  EXPECT_THAT(told(id), IsEmpty());
}

TEST_P(LevelsTest, WhatIsAcceptedAfterTheClosingStartsNoClock) {
  promise();
  online(1);
  const ConversationId id = asked("o1");
  take(1, id);
  const Message answer = answers(1, id);
  clock_.advance(second_ms);
  says("o1", "还有一个问题");
  must(sql::run(service().close(access_of(1), id, "", "resolved", std::nullopt)));
  clock_.advance(second_ms);
  deliver(answer.id, gateway::DeliveryState::sent, 1);
  EXPECT_THAT(states(id), ElementsAre("first_answer answered", "resolution closed"));
  EXPECT_EQ(only().service_due_at, 0);
  clock_.advance(resolution_ms);
  fire_all();
  EXPECT_THAT(told(id), IsEmpty());
}

TEST_P(LevelsTest, ARatingWaitsForNoAnswer) {
  promise();
  ask_customers();
  online(1);
  const ConversationId id = asked("o1");
  take(1, id);
  deliver(answers(1, id).id, gateway::DeliveryState::sent, 1);
  must(sql::run(service().close(access_of(1), id, "", "resolved", std::nullopt)));
  says("o1", "5");
  says("o1", "态度很好");
  ASSERT_THAT(must(sql::run(scores().results(admin(), {}, std::nullopt, 10))).items, SizeIs(1));
  EXPECT_THAT(states(id), ElementsAre("first_answer answered", "resolution closed"));
  clock_.advance(resolution_ms);
  fire_all();
  EXPECT_THAT(told(id), IsEmpty());
}

TEST_P(LevelsTest, TheListShowsWhatIsMostPressing) {
  promise();
  const ConversationId id = asked("o1");
  auto page = must(sql::run(service().list(admin(), {}, "", std::nullopt, 10)));
  ASSERT_THAT(page.items, SizeIs(1));
  ASSERT_THAT(page.items[0].marks, SizeIs(2));
  EXPECT_EQ(page.items[0].marks[0].kind, Kind::first_answer);
  EXPECT_EQ(page.items[0].marks[0].due_at, conversation_of("o1").opened_at + first_ms);
  EXPECT_EQ(must(sql::run(service().get(admin(), id))).marks, page.items[0].marks);
}

MINIOPS_ON_BOTH_ENGINES(LevelsTest);

}  // namespace
}  // namespace miniops::desk
