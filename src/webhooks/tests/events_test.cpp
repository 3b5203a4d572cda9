// Events in the transaction of their cause: for those who want them, once, and gone with whom they are about.
#include "webhooks/tests/fixture.hpp"

namespace miniops::webhooks {
namespace {

class EventsTest : public WebhooksTest {};

TEST_P(EventsTest, AreWrittenForThoseWhoWantThem) {
  emit();
  EXPECT_EQ(rows("webhooks_events"), 0) << "nobody wants it";
  const auto one = add(address(), {Kind::message_received, Kind::message_sent}).view.subscription.id;
  const auto other = add(address(), {Kind::message_received}).view.subscription.id;
  const auto elsewhere = add(address(), {Kind::message_received}, bank).view.subscription.id;
  EXPECT_TRUE(events_->wanted(shop, Kind::message_sent));
  EXPECT_FALSE(events_->wanted(shop, Kind::conversation_closed));
  EXPECT_FALSE(events_->wanted(bank, Kind::message_sent));

  emit(Kind::message_received);
  emit(Kind::message_sent);
  emit(Kind::conversation_closed);
  EXPECT_EQ(rows("webhooks_events"), 2);
  EXPECT_EQ(log(one).size(), 2U);
  EXPECT_EQ(log(other).size(), 1U);
  EXPECT_EQ(rows("webhooks_deliveries"), 3);
  EXPECT_EQ(must(sql::run(service_->deliveries(access(bank), elsewhere, {}, std::nullopt, 10))).items.size(), 0U);
}

TEST_P(EventsTest, ComeAndGoWithTheirCause) {
  add_hook();
  auto write = [&](sql::Transaction& tx) -> Result<void> {
    events_->emit(tx, {Kind::message_received, shop, OpenId("o1"), clock_.now(), {}});
    return fail(ErrorKind::conflict, "desk.conversation_changed", "");
  };
  EXPECT_FALSE(db().write_blocking(write));
  EXPECT_EQ(rows("webhooks_events"), 0);
  EXPECT_EQ(rows("webhooks_deliveries"), 0);
}

TEST_P(EventsTest, WhoIsSwitchedOffOrRemovedIsToldNothing) {
  const auto off = add_hook(), gone = add_hook();
  enable(off, false);
  must(sql::run(service_->remove(access(), gone)));
  emit();
  EXPECT_EQ(rows("webhooks_events"), 0);
  enable(off, true);
  emit();
  EXPECT_EQ(log(off).size(), 1U);
}

TEST_P(EventsTest, AnotherNodeFollowsWhatWasChanged) {
  Subscribers other(db(), *version_);
  must(other.prepare_blocking());
  EXPECT_FALSE(other.any(shop, Kind::message_received));
  add_hook();
  EXPECT_TRUE(must(sql::run(other.load())));
  EXPECT_TRUE(other.any(shop, Kind::message_received));
  EXPECT_FALSE(must(sql::run(other.load()))) << "nothing has changed since";
}

TEST_P(EventsTest, AreEmptiedWithThePerson) {
  const auto id = add_hook();
  emit();
  drain();
  emit();
  within([&](sql::Transaction& tx) {
    events_->emit(tx, {Kind::message_received, shop, OpenId("o2"), clock_.now(), {{"text", "other"}}});
  });
  within([&](sql::Transaction& tx) { events_->forget(tx, shop, OpenId("o1")); });
  drain();
  EXPECT_EQ(peer_.count(), 2U) << "the pending one about the person is not sent";
  EXPECT_EQ(query("SELECT id FROM webhooks_events WHERE body <> ''").size(), 1U);
  std::vector<std::string> states;
  for (const Delivery& one : log(id)) states.push_back(fmt::format("{}{}{}", word(one.state), one.reason, one.answer));
  EXPECT_THAT(states, testing::UnorderedElementsAre("delivered", "droppederased", "deliveredthanks"));
  EXPECT_EQ(must(sql::run(service_->redeliver_all(access(), id, 0, clock_.now() + 1))).count, 0);
}

TEST_P(EventsTest, WhatIsOldIsEmptiedOneByOne) {
  const auto id = add_hook();
  emit();
  drain();
  clock_.advance(day_ms);
  emit();
  const TimeMs before = clock_.now();
  const auto told = [&](const AppId& appid, TimeMs until, std::pair<TimeMs, std::int64_t> after = {}) {
    std::vector<Told> found;
    within([&](sql::Transaction& tx) { found = events_->told_before(tx, appid, after, until, 10); });
    return found;
  };
  const auto old = told(shop, before);
  ASSERT_EQ(old.size(), 1U);
  EXPECT_EQ(old[0].openid, OpenId("o1"));
  EXPECT_EQ(told(bank, before + 1).size(), 0U);
  EXPECT_EQ(told(shop, before + 1, {old[0].at, old[0].id.value()}).size(), 1U);
  within([&](sql::Transaction& tx) { events_->empty(tx, old[0].id); });
  EXPECT_EQ(query("SELECT id FROM webhooks_events WHERE body <> ''").size(), 1U);
  EXPECT_EQ(told(shop, before + 1).size(), 1U) << "what is emptied is found no more";
  EXPECT_EQ(query("SELECT event_id FROM webhooks_deliveries WHERE answer <> ''").size(), 0U);
  drain();
  EXPECT_EQ(peer_.count(), 2U) << "what is young is sent";
  EXPECT_EQ(log(id).size(), 2U) << "that something was sent stays in the log";
}

TEST_P(EventsTest, WhatAReceiverRepeatsOfTheDeletedIsNotKept) {
  const auto id = add_hook();
  emit();
  Job job;
  within([&](sql::Transaction& tx) { job = claim(tx, id, 1, clock_.now()).jobs.at(0); });
  within([&](sql::Transaction& tx) { events_->forget(tx, shop, OpenId("o1")); });
  Outcome echo;
  echo.delivered = true;
  echo.answer = job.body;
  within([&](sql::Transaction& tx) { settle(tx, job, echo, clock_.now(), 0); });
  EXPECT_EQ(state(id), "delivered");
  EXPECT_EQ(log(id).front().answer, "");
}

TEST_P(EventsTest, AreKeptForAMonthAndThenRemovedPieceByPiece) {
  const auto id = add_hook();
  for (int i = 0; i < 120; ++i) emit();
  drain();
  peer_.will_always_answer(500);
  emit();
  drain();
  clock_.advance(30 * day_ms + 1);
  EXPECT_TRUE(must(sql::run(worker_->prune_step())));
  EXPECT_FALSE(must(sql::run(worker_->prune_step())));
  EXPECT_EQ(rows("webhooks_events"), 1) << "the one that is pending";
  EXPECT_EQ(log(id).size(), 1U);
  drain_to_the_end(id);
  must(sql::run(worker_->prune_step()));
  EXPECT_EQ(rows("webhooks_events") + rows("webhooks_deliveries"), 0);
}

MINIOPS_ON_BOTH_ENGINES(EventsTest);

}  // namespace
}  // namespace miniops::webhooks
