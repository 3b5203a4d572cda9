#include "gateway/outbox.hpp"

#include <gmock/gmock.h>

#include "gateway/tests/outbox_fixture.hpp"

namespace miniops::gateway {

namespace {

TEST_P(OutboxTest, AutomaticMessagesLeaveSomeToPeople) {
  open_window();  // five messages
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(queue("自动", true));
  EXPECT_EQ(queue("自动", true).error().code, "gateway.budget_spent");
  EXPECT_TRUE(queue("人工"));
  EXPECT_TRUE(queue("人工"));
  EXPECT_EQ(remaining(), 0);
}

TEST_P(OutboxTest, WhoOnlyEnteredIsGreetedOnce) {
  open_window(false);  // two messages
  EXPECT_TRUE(queue("欢迎", true));
  EXPECT_EQ(queue("公告", true).error().code, "gateway.budget_spent");
  EXPECT_TRUE(queue("人工"));
}

TEST_P(OutboxTest, SendsInOrderAndTellsEachStep) {
  open_window();
  for (const char* text : {"一", "二", "三"}) ASSERT_EQ(queue(text), DeliveryState::queued);
  drain();
  const auto sent = http_.seen(send_path);
  ASSERT_EQ(sent.size(), 3U);
  EXPECT_NE(sent[0].body.find("一"), std::string::npos);
  EXPECT_NE(sent[1].body.find("二"), std::string::npos);
  EXPECT_NE(sent[2].body.find("三"), std::string::npos);
  EXPECT_EQ(sent[0].query, "access_token=T1");
  ASSERT_EQ(listener_.updates.size(), 6U);
  EXPECT_EQ(listener_.updates[0].state, DeliveryState::sending);
  EXPECT_EQ(listener_.updates[1].state, DeliveryState::sent);
  EXPECT_EQ(listener_.updates[1].reference, 7);
  EXPECT_EQ(remaining(), 2);
}

TEST_P(OutboxTest, AnAttemptIsOnDiskBeforeItsFirstByte) {
  open_window();
  ASSERT_TRUE(queue("x"));
  std::string seen;
  http_.on_request([&](const FakeHttp::Seen& request) {
    if (request.path == send_path) seen = query("SELECT state FROM gateway_attempts").at(0).text(0);
  });
  drain();
  EXPECT_EQ(seen, "sending");
}

TEST_P(OutboxTest, BudgetIsReservedSoThatTheLastMessageIsSpentOnce) {
  open_window();
  for (int i = 0; i < 4; ++i) ASSERT_EQ(queue("x"), DeliveryState::queued);
  EXPECT_EQ(remaining(), 1);
  EXPECT_EQ(queue("a rule's", true).error().code, "gateway.budget_spent");  // never the last
  std::atomic<int> won{0};
  auto agent = [&] {
    OutgoingMessage message;
    message.id = ids_.next_as<OutboxId>();
    message.appid = AppId("wx1");
    message.openid = OpenId("u1");
    message.message = wechat::SendText{"mine"};
    auto work = [&](sql::Transaction& tx) -> Result<DeliveryState> {
      return outbox_.queue(tx, message, clock_.now(), false);
    };
    if (db().write_blocking(work)) ++won;
  };
  std::thread first(agent), second(agent);
  first.join();
  second.join();
  EXPECT_EQ(won, 1);
  EXPECT_EQ(remaining(), 0);
  EXPECT_EQ(queue("more").error().code, "gateway.budget_spent");
  EXPECT_EQ(queue("more", false, true), DeliveryState::held);
}

TEST_P(OutboxTest, EnteringAllowsTwoForAMinute) {
  open_window(false);
  EXPECT_EQ(remaining(), 2);
  EXPECT_EQ(queue("hello", true), DeliveryState::queued);
  EXPECT_EQ(queue("hello again", true).error().code, "gateway.budget_spent");
  clock_.advance(minute_ms);
  EXPECT_EQ(remaining(), 0);
  EXPECT_EQ(queue("late").error().code, "gateway.window_closed");
}

TEST_P(OutboxTest, ATriggerSetsTheLargerAndTheLaterAndDoesNotAdd) {
  open_window();
  ASSERT_TRUE(queue("x"));
  open_window(false);
  EXPECT_EQ(remaining(), 4);
  open_window();
  EXPECT_EQ(remaining(), 4);  // one is reserved and will be spent from the new five
  drain();
  open_window();
  EXPECT_EQ(remaining(), 5);
}

TEST_P(OutboxTest, WholeNumbersOfPeopleStayOnlyUntilAMessageHasEnded) {
  const auto stored = [&] { return query("SELECT message FROM gateway_outbox WHERE id = $1", {last_id_})[0].text(0); };
  open_window();
  ASSERT_TRUE(queue("请打 13812345678"));
  http_.script(send_path, {FakeHttp::errcode(40003), FakeHttp::errcode(0)});
  EXPECT_THAT(stored(), testing::HasSubstr("13812345678"));
  drain();
  EXPECT_EQ(state(last_id_), "failed wechat_error");
  EXPECT_THAT(stored(), testing::HasSubstr("请打 138****5678"));
  auto work = [&](sql::Transaction& tx) -> Result<DeliveryState> {
    return outbox_.resend(tx, last_id_, wechat::SendText{"请打 13812345678"}, clock_.now());
  };
  EXPECT_EQ(db().write_blocking(work), DeliveryState::queued);
  drain();
  EXPECT_EQ(state(last_id_), "sent");
  EXPECT_THAT(http_.seen(send_path).back().body, testing::HasSubstr("13812345678")) << "to the phone, whole";
  EXPECT_THAT(stored(), testing::HasSubstr("请打 138****5678"));
}

TEST_P(OutboxTest, HeldMessagesGoWhenTheCustomerWrites) {
  ASSERT_EQ(queue("first", false, true), DeliveryState::held);
  const OutboxId first = last_id_;
  ASSERT_EQ(queue("second", false, true), DeliveryState::held);
  drain();
  EXPECT_TRUE(http_.seen(send_path).empty());
  open_window();
  EXPECT_EQ(remaining(), 3);
  drain();
  EXPECT_EQ(state(first), "sent");
  EXPECT_EQ(state(last_id_), "sent");
  EXPECT_NE(http_.seen(send_path)[0].body.find("first"), std::string::npos);
}

TEST_P(OutboxTest, AClosedWindowHoldsAllOfTheUserButRules) {
  open_window();
  ASSERT_TRUE(queue("first"));
  const OutboxId first = last_id_;
  ASSERT_TRUE(queue("a rule's", true));
  const OutboxId rule = last_id_;
  ASSERT_TRUE(queue("second"));
  http_.script(send_path, {FakeHttp::errcode(45015), FakeHttp::errcode(0)});
  drain();
  EXPECT_EQ(http_.seen(send_path).size(), 1U);
  EXPECT_EQ(state(first), "held window_closed");
  EXPECT_EQ(state(rule), "failed window_closed");
  EXPECT_EQ(state(last_id_), "held window_closed");
  EXPECT_EQ(queue("third").error().code, "gateway.window_closed");
}

TEST_P(OutboxTest, AMessageExpiresWithItsWindow) {
  open_window();
  ASSERT_TRUE(queue("x"));
  http_.script(send_path, {FakeHttp::broken(false)});
  drain();
  clock_.advance(48 * hour_ms);
  drain();
  EXPECT_EQ(sql::run(sender_->expire_step()), 1);
  EXPECT_TRUE(state(last_id_).starts_with("failed"));
  EXPECT_EQ(listener_.updates.back().state, DeliveryState::failed);
}

TEST_P(OutboxTest, PicturesAreUploadedOnceAndAgainWhenWeChatForgotThem) {
  const std::string upload_path = "/cgi-bin/media/upload";
  const auto uploaded = [](const std::string& id) {
    return FakeHttp::ok(R"({"type":"image","media_id":")" + id + R"(","created_at":1763701200})");
  };
  http_.script(upload_path, {uploaded("M1"), uploaded("M2")});
  http_.script(send_path, {FakeHttp::errcode(0), FakeHttp::errcode(40007), FakeHttp::errcode(0)});
  const std::string blob = *sql::run(blobs_.put("\x89PNG\r\n\x1a\npicture"));
  open_window();
  ASSERT_TRUE(queue("", false, false, blob));
  drain();
  EXPECT_EQ(state(last_id_), "sent");
  ASSERT_TRUE(queue("", false, false, blob));
  drain();
  EXPECT_EQ(state(last_id_), "sent");
  EXPECT_EQ(http_.seen(upload_path).size(), 2U);
  const auto sent = http_.seen(send_path);
  ASSERT_EQ(sent.size(), 3U);
  EXPECT_NE(sent[1].body.find("M1"), std::string::npos);
  EXPECT_NE(sent[2].body.find("M2"), std::string::npos);
}

MINIOPS_ON_BOTH_ENGINES(OutboxTest);

}  // namespace

}  // namespace miniops::gateway
