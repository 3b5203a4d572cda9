// Facts of one conversation: who had it when, and what was answered.
#include "reports/facts.hpp"

#include <gtest/gtest.h>

#include "reports/tests/history.hpp"

namespace miniops::reports::facts_test {
namespace {

constexpr TimeMs s = second_ms;

Facts of(History& history) { return facts_of(history.rows()); }
TimeMs after(double seconds) { return ten_o_clock + static_cast<TimeMs>(seconds * 1000); }

TEST(FactsTest, TheExampleOfTheDocumentation) {
  History history = example();
  const Facts facts = of(history);
  EXPECT_EQ(facts.opened_at, ten_o_clock);
  EXPECT_EQ(facts.closed_at, after(600));
  EXPECT_TRUE(facts.resolved);
  EXPECT_TRUE(facts.human);
  EXPECT_EQ(facts.reacted_at, after(2));
  EXPECT_EQ(facts.queued_at, ten_o_clock);
  EXPECT_EQ(facts.answered_at, after(91));
  EXPECT_EQ(facts.answered_by, AccountId(7));
  EXPECT_EQ(facts.agent, AccountId(8));
  EXPECT_EQ(facts.group, default_group);
  const std::vector<Turn> turns{{after(0), after(91), AccountId(7), default_group, false},
                                {after(180), after(302), AccountId(8), default_group, false},
                                {after(360), 0, AccountId(8), default_group, true}};
  EXPECT_EQ(facts.turns, turns);
  EXPECT_EQ(facts.waits, (std::vector<Wait>{{after(0), after(60), AccountId(7), default_group, false}}));
  const std::vector<Hold> holds{{AccountId(7), default_group, 180 * s, false},
                                {AccountId(8), default_group, 360 * s, false}};
  EXPECT_EQ(facts.holds, holds);
  EXPECT_EQ(facts.transfers, (std::vector<Transfer>{{after(240), AccountId(7), default_group}}));
  EXPECT_EQ(last_moment(history.rows()), after(600));
}

TEST(FactsTest, AMessageThatTheChannelDidNotAcceptIsNoAnswer) {
  History history(1);
  history.at(10).assigned(7);
  history.at(20).answers(7, -1);
  history.at(50).answers(7, 500);
  const Facts facts = of(history);
  EXPECT_EQ(facts.answered_at, after(50.5));
  EXPECT_EQ(facts.reacted_at, after(50.5));
  ASSERT_EQ(facts.turns.size(), 1U);
  EXPECT_EQ(facts.turns[0].answered_at, after(50.5));
}

TEST(FactsTest, OnlyRulesAnswered) {
  History history(1);
  history.at(1).greets();
  history.at(60).closed("");
  const Facts facts = of(history);
  EXPECT_EQ(facts.reacted_at, after(2));
  EXPECT_EQ(facts.answered_at, 0);
  EXPECT_FALSE(facts.human);
  EXPECT_FALSE(facts.resolved);
  ASSERT_EQ(facts.turns.size(), 1U);
  EXPECT_TRUE(facts.turns[0].over);
  EXPECT_EQ(facts.turns[0].answered_at, 0);
}

// The answer was written before the customer asked again: it answers what was asked before.
TEST(FactsTest, ATurnIsAnsweredByWhatWasSentAfterIt) {
  History history(1);
  history.at(10).assigned(7);
  history.at(20).answers(7, 5000);
  history.at(22).says();
  history.at(40).answers(7, 1000);
  const Facts facts = of(history);
  ASSERT_EQ(facts.turns.size(), 2U);
  EXPECT_EQ(facts.turns[0].started_at, after(0));
  EXPECT_EQ(facts.turns[0].answered_at, after(25));
  EXPECT_EQ(facts.turns[1].started_at, after(22));
  EXPECT_EQ(facts.turns[1].answered_at, after(41));
}

// Two answers are under way; the later one arrives first.
TEST(FactsTest, TheFirstThatIsAcceptedCounts) {
  History history(1);
  history.at(10).assigned(7);
  history.at(20).answers(7, 9000);
  history.at(21).answers(7, 1000);
  const Facts facts = of(history);
  EXPECT_EQ(facts.answered_at, after(22));
  ASSERT_EQ(facts.turns.size(), 1U);
  EXPECT_EQ(facts.turns[0].answered_at, after(22));
}

// What was sent before the closing counts, also when it is accepted after it.
TEST(FactsTest, AnAnswerAtTheLastMoment) {
  History history(1);
  history.at(10).assigned(7);
  history.at(20).answers(7, 700);
  history.closed();
  const Facts facts = of(history);
  ASSERT_EQ(facts.turns.size(), 1U);
  EXPECT_EQ(facts.turns[0].answered_at, after(20.7));
}

// It arrived before the closing, and was stored after it: the order of what was recorded decides.
TEST(FactsTest, AMessageThatWasUnderWayWhileItWasClosed) {
  History history(1);
  history.at(10).assigned(7);
  history.at(20).answers(7);
  history.at(30).closed();
  history.at(29.9).says();
  history.at(30.1).event("reopened", "queued", "assigned");
  history.at(40).assigned(7);
  history.at(50).answers(7, 1000);
  const Facts facts = of(history);
  ASSERT_EQ(facts.turns.size(), 2U);
  EXPECT_EQ(facts.turns[1].started_at, after(29.9));
  EXPECT_EQ(facts.turns[1].answered_at, after(51));
  EXPECT_FALSE(facts.turns[1].over);
}

TEST(FactsTest, ReopenedByTheCustomer) {
  History history(1);
  history.at(10).assigned(7);
  history.at(20).answers(7);
  history.at(25).says();
  history.at(30).closed();
  history.at(90).comes_back();
  history.at(100).assigned(8);
  const Facts facts = of(history);
  EXPECT_EQ(facts.reopened, 1);
  EXPECT_EQ(facts.closed_at, 0);
  EXPECT_FALSE(facts.resolved);
  ASSERT_EQ(facts.turns.size(), 3U);
  EXPECT_TRUE(facts.turns[1].over);
  EXPECT_EQ(facts.turns[1].agent, AccountId(7));
  EXPECT_FALSE(facts.turns[2].over);
  EXPECT_EQ(facts.turns[2].started_at, after(90));
  ASSERT_EQ(facts.waits.size(), 2U);
  EXPECT_EQ(facts.waits[1].started_at, after(90));
  EXPECT_EQ(facts.waits[1].ended_at, after(100));
  ASSERT_EQ(facts.holds.size(), 2U);
  EXPECT_TRUE(facts.holds[1].running);
}

TEST(FactsTest, WhoReopensWaitsForNobody) {
  History history(1);
  history.at(10).assigned(7);
  history.at(30).closed();
  history.at(60).taken_up(7);
  history.at(90).closed("");
  const Facts facts = of(history);
  EXPECT_EQ(facts.reopened, 1);
  EXPECT_EQ(facts.waits.size(), 1U);
  EXPECT_FALSE(facts.resolved);
  EXPECT_EQ(facts.holds, (std::vector<Hold>{{AccountId(7), default_group, 50 * s, false}}));
}

TEST(FactsTest, ParkedTimeIsNotHandled) {
  History history(1);
  history.at(10).assigned(7);
  history.at(40).parked();
  history.at(940).unparked(7);
  history.at(960).closed();
  EXPECT_EQ(of(history).holds, (std::vector<Hold>{{AccountId(7), default_group, 50 * s, false}}));
}

TEST(FactsTest, WhoLeavesAMessageWaitsNoLongerUntilItComesBack) {
  History history(1);
  history.at(60).parked();
  history.at(7200).returned(0);
  history.at(7230).assigned(7);
  const std::vector<Wait> waits{{after(0), after(60), AccountId(), default_group, false},
                                {after(7200), after(7230), AccountId(7), default_group, false}};
  EXPECT_EQ(of(history).waits, waits);
}

TEST(FactsTest, QueuesAndGroups) {
  History history(1);
  history.routed(3);
  history.at(30).to_group(0, 4);  // by a supervisor, while it waits: one stay
  history.at(50).assigned(7);
  history.at(80).to_group(7, 5);  // a new one
  history.at(110).closed("");     // and given up
  const Facts facts = of(history);
  const std::vector<Wait> waits{{after(0), after(50), AccountId(7), GroupId(4), false},
                                {after(80), after(110), AccountId(), GroupId(5), true}};
  EXPECT_EQ(facts.waits, waits);
  EXPECT_EQ(facts.group, GroupId(5));
  EXPECT_EQ(facts.holds, (std::vector<Hold>{{AccountId(7), GroupId(4), 30 * s, false}}));
  const std::vector<Transfer> transfers{{after(30), AccountId(), GroupId(3)}, {after(80), AccountId(7), GroupId(4)}};
  EXPECT_EQ(facts.transfers, transfers);
}

TEST(FactsTest, AReturnedConversationWaitsAgain) {
  History history(1);
  history.at(10).assigned(7);
  history.at(70).returned(7);
  const Facts facts = of(history);
  ASSERT_EQ(facts.waits.size(), 2U);
  EXPECT_EQ(facts.waits[1].started_at, after(70));
  EXPECT_EQ(facts.waits[1].ended_at, 0);
  EXPECT_EQ(facts.agent, AccountId(7));
  EXPECT_EQ(facts.holds, (std::vector<Hold>{{AccountId(7), default_group, 60 * s, false}}));
}

// A supervisor answers in an agent's conversation: the time is the agent's, who held it.
TEST(FactsTest, TimesBelongToWhoHeldIt) {
  History history(1);
  history.at(10).assigned(7);
  history.at(20).answers(9, 1000);
  const Facts facts = of(history);
  EXPECT_EQ(facts.answered_by, AccountId(7));
  EXPECT_EQ(facts.turns[0].agent, AccountId(7));
}

TEST(FactsTest, AHeldAnswerCountsFromItsRelease) {
  History history(1);
  history.at(10).assigned(7);
  MessageRow held{2, Sender::agent, AccountId(7), after(20), after(500), after(501)};
  history.rows().messages.push_back(held);
  history.rows().messages.push_back({3, Sender::customer, {}, after(500), 0, 0});
  const Facts facts = of(history);
  ASSERT_EQ(facts.turns.size(), 1U);
  EXPECT_EQ(facts.turns[0].started_at, after(0));
  EXPECT_EQ(facts.turns[0].answered_at, after(501));
}

TEST(FactsTest, WithoutPeopleThereIsNoFirstAnswer) {
  ConversationRows rows;
  rows.opened_at = ten_o_clock;
  rows.events.push_back({ten_o_clock, "opened", "", "assistant", false, 1});
  rows.messages.push_back({1, Sender::customer, {}, ten_o_clock, 0, 0});
  rows.messages.push_back({2, Sender::machine, {}, ten_o_clock, ten_o_clock, ten_o_clock + 5});
  const Facts facts = facts_of(rows);
  EXPECT_EQ(facts.queued_at, 0);
  EXPECT_TRUE(facts.waits.empty());
  EXPECT_EQ(facts.reacted_at, ten_o_clock + 5);
}

TEST(FactsTest, UnknownEventsAndStrangeValuesChangeNothing) {
  History history = example();
  const Facts before = of(history);
  history.event("service_level", "half", "first_answer").event("window_closing").event("routed", "x");
  EXPECT_EQ(of(history), before);
}

}  // namespace
}  // namespace miniops::reports::facts_test
