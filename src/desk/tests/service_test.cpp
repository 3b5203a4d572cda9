#include <thread>

#include "desk/tests/desk_fixture.hpp"

namespace miniops::desk {
namespace {

using gateway::DeliveryState;
using testing::ElementsAre;

class ServiceTest : public DeskTest {};

TEST_P(ServiceTest, AnAnswerTakesTheConversationAndGoesToTheOutbox) {
  says("o1", "在吗");
  const auto sent = sends(1, only().id, "您好");
  ASSERT_TRUE(sent) << sent.error().code;
  EXPECT_EQ(sent->state, "queued");
  EXPECT_EQ(sent->seq, 2);
  const Conversation conversation = only();
  EXPECT_EQ(conversation.state, State::active);
  EXPECT_EQ(conversation.assignee, AccountId(1));
  EXPECT_EQ(conversation.assignee_name, "小王");
  EXPECT_EQ(conversation.unread, 0);
  EXPECT_EQ(conversation.waiting_since, 0);
  EXPECT_THAT(event_kinds(conversation.id), ElementsAre("opened", "taken"));
  const auto view = must(sql::run(service().get(access_of(1), conversation.id)));
  EXPECT_EQ(view.budget->remaining, 4);
}

TEST_P(ServiceTest, TheSameClientIdIsOneMessage) {
  says("o1", "在吗");
  const ConversationId id = only().id;
  const auto first = must(sends(1, id, "您好", "c1"));
  const auto second = must(sends(1, id, "您好", "c1"));
  EXPECT_EQ(first.id, second.id);
  EXPECT_EQ(messages(id).size(), 2U);
  EXPECT_EQ(code_of(sends(1, id, "别的", "c1")), "desk.client_id_reused");
}

TEST_P(ServiceTest, DeliveryStatesOnlyMoveForward) {
  says("o1", "在吗");
  const ConversationId id = only().id;
  const MessageId message = must(sends(1, id, "您好")).id;
  auto state = [&] { return messages(id).back().state; };
  deliver(message, DeliveryState::sending, 1);
  EXPECT_EQ(state(), "sending");
  deliver(message, DeliveryState::queued, 1);
  EXPECT_EQ(state(), "sending");
  deliver(message, DeliveryState::sent, 1);
  EXPECT_EQ(state(), "sent");
  EXPECT_EQ(messages(id).back().accepted_at, clock_.now());
  deliver(message, DeliveryState::sending, 2);
  deliver(message, DeliveryState::failed, 2, 45015);
  EXPECT_EQ(state(), "sent");
}

TEST_P(ServiceTest, AMessageThatIsRetriedSaysWhy) {
  says("o1", "在吗");
  const ConversationId id = only().id;
  const MessageId message = must(sends(1, id, "您好")).id;
  auto shown = [&] { return messages(id).back().state + " " + messages(id).back().reason; };
  deliver(message, DeliveryState::sending, 1);
  EXPECT_EQ(shown(), "sending ");
  deliver(message, DeliveryState::sending, 1, 45009, "quota_spent");
  EXPECT_EQ(shown(), "sending quota_spent");
  deliver(message, DeliveryState::sending, 2, 0, "network");
  EXPECT_EQ(shown(), "sending network");
  deliver(message, DeliveryState::sending, 1, 0, "wechat_busy");  // of an attempt that is over
  EXPECT_EQ(shown(), "sending network");
  deliver(message, DeliveryState::sent, 3);
  EXPECT_EQ(shown(), "sent ");
}

TEST_P(ServiceTest, AFailedAnswerMeansThatTheCustomerStillWaits) {
  says("o1", "在吗");
  const Conversation before = only();
  const MessageId message = must(sends(1, before.id, "您好")).id;
  EXPECT_EQ(only().waiting_since, 0);
  deliver(message, DeliveryState::sending, 1);
  deliver(message, DeliveryState::failed, 1, 40003);
  EXPECT_EQ(only().waiting_since, before.waiting_since);
  EXPECT_EQ(messages(before.id).back().failed_at, clock_.now());
}

TEST_P(ServiceTest, WithTheWindowClosedAMessageIsHeldUntilTheCustomerWrites) {
  says("o1", "在吗");
  const ConversationId id = only().id;
  clock_.advance(49 * hour_ms);
  const auto held = must(sends(1, id, "抱歉久等"));
  EXPECT_EQ(held.state, "held");
  EXPECT_EQ(held.reason, "window_closed");
  EXPECT_NE(only().waiting_since, 0) << "a held answer answers nobody";
  says("o1", "？");
  const auto stored = messages(id);
  ASSERT_EQ(stored.size(), 3U);
  EXPECT_EQ(stored[1].state, "queued");
  EXPECT_EQ(stored[1].reason, "");
  EXPECT_GT(only().waiting_since, clock_.now() - second_ms)
      << "the agent had answered: it is the new message that waits";
  deliver(stored[1].id, DeliveryState::failed, 1, 40003);
  EXPECT_LT(only().waiting_since, clock_.now() - 40 * hour_ms) << "in vain";
}

TEST_P(ServiceTest, TheBudgetIsReservedWhenAMessageIsQueued) {
  says("o1", "在吗");
  const ConversationId id = only().id;
  for (int i = 0; i < 5; ++i) EXPECT_EQ(must(sends(1, id, "第" + std::to_string(i))).state, "queued");
  const auto sixth = must(sends(1, id, "第六条"));
  EXPECT_EQ(sixth.state, "held");
  EXPECT_EQ(sixth.reason, "budget_spent");
}

TEST_P(ServiceTest, WhoAnswersAfterAColleagueIsToldFirst) {
  says("o1", "在吗");
  const ConversationId id = only().id;
  const auto answers = [&](std::int64_t account, std::int64_t seen_seq) {
    return sql::run(service().send(access_of(account), id, {text("我的电话 13800138000"), std::nullopt, seen_seq}));
  };
  const std::int64_t seen = only().last_seq;
  const std::int64_t first = must(answers(1, seen)).seq;
  const auto moved = answers(2, seen);
  ASSERT_EQ(code_of(moved), "desk.conversation_moved");
  const auto& said = moved.error().details.at("answers").as_array();
  ASSERT_EQ(said.size(), 1U);
  EXPECT_EQ(said[0].at("seq"), first);
  EXPECT_EQ(messages(id).size(), 2U) << "nothing was sent";
  EXPECT_TRUE(answers(1, seen)) << "an agent's own answers move nothing";
  EXPECT_EQ(code_of(answers(2, first)), "desk.conversation_moved") << "there is a second answer now";
  EXPECT_TRUE(answers(2, only().last_seq)) << "who has seen them may";
  EXPECT_TRUE(sends(1, id, "不问")) << "without seen_seq nothing is asked";
}

TEST_P(ServiceTest, WhatMovesAConversationIsAnAnswerThatWasSent) {
  says("o1", "在吗");
  const ConversationId id = only().id;
  const std::int64_t seen = only().last_seq;
  ToSend note;
  note.note = true;
  note.text = "我来";
  must(sql::run(service().send(access_of(2), id, {note})));
  deliver(must(sends(2, id, "您好")).id, DeliveryState::failed, 1, 40003);
  says("o1", "喂");
  EXPECT_TRUE(sql::run(service().send(access_of(1), id, {text("您好"), std::nullopt, seen})));
  EXPECT_TRUE(sql::run(service().send(access_of(2), id, {note, std::nullopt, seen}))) << "a note disturbs nobody";
}

TEST_P(ServiceTest, OnlyFailedMessagesAreSentAgain) {
  says("o1", "在吗");
  const ConversationId id = only().id;
  const MessageId message = must(sends(1, id, "您好")).id;
  EXPECT_EQ(code_of(sql::run(service().resend(access_of(1), id, message))), "gateway.not_resendable");
  const auto customers = messages(id).front().id;
  EXPECT_EQ(code_of(sql::run(service().resend(access_of(1), id, customers))), "desk.not_resendable");
  deliver(message, DeliveryState::failed, 1, 40003);
  execute("UPDATE gateway_outbox SET state = 'failed'");
  EXPECT_EQ(must(sql::run(service().resend(access_of(1), id, message))).state, "queued");
}

TEST_P(ServiceTest, AnAnswerThatIsSentAgainEndsTheWaiting) {
  says("o1", "在吗");
  const Conversation before = only();
  const MessageId message = must(sends(1, before.id, "您好")).id;
  deliver(message, DeliveryState::failed, 1, 40003);
  ASSERT_EQ(only().waiting_since, before.waiting_since);
  execute("UPDATE gateway_outbox SET state = 'failed'");
  clock_.advance(minute_ms);
  must(sql::run(service().resend(access_of(1), before.id, message)));
  EXPECT_EQ(only().waiting_since, before.waiting_since) << "nothing has reached the customer yet";
  deliver(message, DeliveryState::sent, 2);
  EXPECT_EQ(only().waiting_since, 0);
  EXPECT_EQ(only().answered_at, clock_.now());
}

TEST_P(ServiceTest, AnAnswerThatIsSentAgainAnswersNothingThatWasAskedBelowIt) {
  says("o1", "在吗");
  const ConversationId id = only().id;
  const MessageId message = must(sends(1, id, "您好")).id;
  deliver(message, DeliveryState::failed, 1, 40003);
  clock_.advance(minute_ms);
  says("o1", "能退款吗");
  const TimeMs asked_at = only().customer_at;
  execute("UPDATE gateway_outbox SET state = 'failed'");
  clock_.advance(minute_ms);
  must(sql::run(service().resend(access_of(1), id, message)));
  deliver(message, DeliveryState::sent, 2);
  EXPECT_EQ(only().waiting_since, asked_at);
}

TEST_P(ServiceTest, WhoGotNoneOfSeveralAnswersWaits) {
  for (const bool in_order : {true, false}) {
    const std::string openid = in_order ? "o1" : "o2";
    says(openid, "在吗");
    const Conversation before = conversation_of(openid);
    const MessageId first = must(sends(1, before.id, "您好")).id;
    clock_.advance(second_ms);
    const MessageId second = must(sends(1, before.id, "请讲")).id;
    deliver(in_order ? first : second, DeliveryState::failed, 1, 40003);
    EXPECT_EQ(conversation_of(openid).waiting_since, 0) << "the other is on its way";
    deliver(in_order ? second : first, DeliveryState::failed, 1, 40003);
    EXPECT_EQ(conversation_of(openid).waiting_since, before.waiting_since);
    execute("UPDATE gateway_outbox SET state = 'failed'");
    must(sql::run(service().resend(access_of(1), before.id, in_order ? second : first)));
    deliver(in_order ? second : first, DeliveryState::sent, 2);
    EXPECT_EQ(conversation_of(openid).waiting_since, 0);
  }
}

TEST_P(ServiceTest, AClosedConversationTakesNoAnswerButNotes) {
  says("o1", "在吗");
  const ConversationId id = only().id;
  must(sql::run(service().close(access_of(1), id, "", "resolved", std::nullopt)));
  EXPECT_EQ(code_of(sends(1, id, "您好")), "desk.conversation_closed");
  ToSend note;
  note.note = true;
  note.text = "客户已电话联系";
  const auto noted = must(sql::run(service().send(access_of(1), id, {note})));
  EXPECT_EQ(noted.direction, Direction::note);
  EXPECT_EQ(only().state, State::closed);
}

TEST_P(ServiceTest, TakeTransferReleaseReopen) {
  says("o1", "在吗");
  const ConversationId id = only().id;
  must(sql::run(service().take(access_of(1), id, std::nullopt)));
  EXPECT_EQ(code_of(sql::run(service().take(access_of(2), id, std::nullopt))), "desk.already_taken");
  EXPECT_EQ(code_of(sql::run(service().transfer(access_of(1), id, AccountId(2), "", std::nullopt))),
            "desk.agent_offline");
  EXPECT_EQ(code_of(sql::run(service().transfer(access_of(1), id, AccountId(77), "", std::nullopt))),
            "desk.not_an_agent");
  online(2);
  EXPECT_EQ(code_of(sql::run(service().transfer(access_of(3), id, AccountId(2), "", std::nullopt))),
            "desk.already_taken");
  const auto moved = must(sql::run(service().transfer(access_of(1), id, AccountId(2), "请跟进", std::nullopt)));
  EXPECT_EQ(moved.conversation.assignee, AccountId(2));
  EXPECT_EQ(content(messages(id).back()), "请跟进");
  const TimeMs waiting = only().waiting_since;
  must(sql::run(service().release(access_of(2), id, std::nullopt)));
  EXPECT_EQ(only().stage, Stage::queued);
  EXPECT_EQ(only().queue_since, waiting) << "the place in the queue is kept";
  must(sql::run(service().close(access_of(2), id, "", "resolved", std::nullopt)));
  EXPECT_EQ(code_of(sql::run(service().take(access_of(2), id, std::nullopt))), "desk.conversation_closed");
  must(sql::run(service().reopen(access_of(2), id, std::nullopt)));
  EXPECT_EQ(only().state, State::active);
  EXPECT_THAT(event_kinds(id),
              ElementsAre("opened", "taken", "transferred", "released", "closed", "reopened", "taken"));
}

TEST_P(ServiceTest, AFullAgentTakesNoMore) {
  online(1, 1);
  says("o1", "a");
  says("o2", "b");
  must(sql::run(service().take(access_of(1), conversation_of("o1").id, std::nullopt)));
  EXPECT_EQ(code_of(sql::run(service().take(access_of(1), conversation_of("o2").id, std::nullopt))), "desk.agent_full");
}

TEST_P(ServiceTest, TheSeenVersionIsCompared) {
  says("o1", "a");
  const Conversation seen = only();
  says("o1", "b");
  EXPECT_EQ(code_of(sql::run(service().close(access_of(1), seen.id, "", "resolved", seen.version))),
            "desk.conversation_changed");
  EXPECT_EQ(code_of(sql::run(service().close(access_of(1), seen.id, "", "resolved", only().version))), "ok");
}

TEST_P(ServiceTest, OfTwoWhoTakeAtOnceOneWins) {
  for (int round = 0; round < 10; ++round) {
    const std::string openid = "o" + std::to_string(round);
    says(openid, "hi");
    const ConversationId id = conversation_of(openid).id;
    std::array<std::string, 2> codes;
    auto take = [&](std::size_t who) {
      codes[who] = code_of(sql::run(service().take(access_of(static_cast<std::int64_t>(who) + 1), id, std::nullopt)));
    };
    std::thread one(take, 0U), two(take, 1U);
    one.join();
    two.join();
    std::ranges::sort(codes);
    EXPECT_THAT(codes, ElementsAre("desk.already_taken", "ok"));
  }
}

TEST_P(ServiceTest, ReadMarksCountWhatIsLeft) {
  says("o1", "1");
  says("o1", "2");
  says("o1", "3");
  const ConversationId id = only().id;
  EXPECT_EQ(must(sql::run(service().mark_read(access_of(1), id, 2))).conversation.unread, 1);
  EXPECT_EQ(must(sql::run(service().mark_read(access_of(1), id, 1))).conversation.unread, 1) << "never back";
  EXPECT_EQ(must(sql::run(service().mark_read(access_of(1), id, 99))).conversation.unread, 0);
}

TEST_P(ServiceTest, AnotherMiniProgramsConversationDoesNotExist) {
  says("o1", "1");
  const ConversationId id = only().id;
  const Access other = access_of(1, identity::Role::admin, "wxother");
  EXPECT_EQ(code_of(sql::run(service().get(other, id))), "desk.not_found");
  EXPECT_EQ(code_of(sql::run(service().take(other, id, std::nullopt))), "desk.not_found");
  EXPECT_EQ(code_of(sql::run(service().send(other, id, {text("x")}))), "desk.not_found");
  EXPECT_EQ(code_of(sql::run(service().messages(other, id, true, 0, 10))), "desk.not_found");
  EXPECT_EQ(code_of(sql::run(service().events(other, id, std::nullopt, 10))), "desk.not_found");
  EXPECT_EQ(code_of(sql::run(service().attempts(other, id, MessageId(1)))), "desk.not_found");
  EXPECT_EQ(code_of(sql::run(service().typing(other, id, true))), "desk.not_found");
}

TEST_P(ServiceTest, ListsAreStableUnderInserts) {
  for (int i = 0; i < 7; ++i) says("o" + std::to_string(i), "hi");
  std::vector<std::string> seen;
  After after;
  do {
    auto page = must(sql::run(service().list(admin(), {}, "", after, 3)));
    for (const auto& view : page.items) seen.push_back(view.conversation.openid.str());
    after = page.next;
    says("new" + std::to_string(seen.size()), "in between");
  } while (after);
  EXPECT_THAT(seen, ElementsAre("o6", "o5", "o4", "o3", "o2", "o1", "o0"));
}

TEST_P(ServiceTest, FiltersAndSortByWaiting) {
  says("o1", "a");
  says("o2", "b");
  says("o3", "c");
  must(sends(1, conversation_of("o1").id, "answer"));
  must(sql::run(service().close(access_of(1), conversation_of("o3").id, "", "resolved", std::nullopt)));
  auto openids = [&](store::ConversationFilter filter) {
    std::vector<std::string> found;
    for (const auto& one : conversations(filter)) found.push_back(one.openid.str());
    return found;
  };
  EXPECT_THAT(openids({.state = State::waiting}), ElementsAre("o2"));
  EXPECT_THAT(openids({.assignee = AccountId(1)}), ElementsAre("o1"));
  EXPECT_THAT(openids({.state = State::closed}), ElementsAre("o3"));
  EXPECT_THAT(openids({.assignee = AccountId()}), ElementsAre("o3", "o2"));
  EXPECT_THAT(openids({.stage = Stage::assigned}), ElementsAre("o1"));
  EXPECT_THAT(openids({.waiting_longest = true}), ElementsAre("o2", "o1"));
  const auto counts = must(sql::run(service().counts(access_of(1))));
  EXPECT_EQ(counts.mine, 1);
  EXPECT_EQ(counts.waiting, 1);
  EXPECT_EQ(counts.active, 1);
  EXPECT_EQ(counts.closed_today, 1);
}

TEST_P(ServiceTest, TypingReachesTheCustomerAndTheColleagues) {
  says("o1", "a");
  must(sql::run(service().typing(access_of(1), only().id, true)));
  ASSERT_EQ(typing_.calls.size(), 1U);
  EXPECT_EQ(typing_.calls[0].first, "o1");
  ASSERT_EQ(broadcaster_.messages.size(), 1U);
  EXPECT_EQ(broadcaster_.messages[0].at("display_name").get_string(), "小王");
}

MINIOPS_ON_BOTH_ENGINES(ServiceTest);

}  // namespace
}  // namespace miniops::desk
