// Attempts that fail, and those nobody knows the end of.
#include "gateway/tests/outbox_fixture.hpp"

namespace miniops::gateway {

namespace {

class OutboxFailuresTest : public OutboxTest {};

struct PolicyCase {
  int errcode;
  const char* state;
  int remaining;
};
// 5 were there, one was reserved.
constexpr PolicyCase policy_cases[] = {
    {-1, "sending wechat_busy", 4},    {45011, "sending wechat_busy", 4},
    {44990, "sending wechat_busy", 4}, {44991, "sending wechat_busy", 4},
    {45009, "sending quota_spent", 4}, {45015, "held window_closed", 0},
    {45047, "held budget_spent", 0},   {40003, "failed wechat_error", 5},
    {48001, "failed wechat_error", 5}, {48002, "failed wechat_error", 5},
    {87014, "failed wechat_error", 5}, {70000, "failed wechat_error", 5},
    {40007, "failed wechat_error", 5}, {0, "sent", 4},
    {99999, "failed wechat_error", 5},
};

TEST_P(OutboxFailuresTest, EachErrorCodeDoesWhatThePolicySays) {
  for (const PolicyCase& one : policy_cases) {
    execute("DELETE FROM gateway_outbox");
    execute("DELETE FROM gateway_windows");
    execute("DELETE FROM gateway_api_pauses");
    ASSERT_TRUE(sql::run(wechat_->load_pauses()));
    open_window();
    ASSERT_EQ(queue("x"), DeliveryState::queued);
    http_.script(send_path, {FakeHttp::errcode(one.errcode)});
    drain();
    EXPECT_EQ(state(last_id_), one.state) << one.errcode;
    EXPECT_EQ(remaining(), one.remaining) << one.errcode;
    const auto attempt = query("SELECT state, errcode FROM gateway_attempts WHERE outbox_id = $1", {last_id_}).at(0);
    EXPECT_EQ(attempt.text(0), one.errcode == 0 ? "sent" : "failed");
    EXPECT_EQ(attempt.integer(1), one.errcode);
  }
}

TEST_P(OutboxFailuresTest, BusyIsTriedAgainLaterAndOthersOfTheUserWait) {
  open_window();
  ASSERT_TRUE(queue("first"));
  ASSERT_TRUE(queue("second"));
  http_.script(send_path, {FakeHttp::errcode(-1), FakeHttp::errcode(0)});
  drain();
  EXPECT_EQ(http_.seen(send_path).size(), 1U);
  clock_.advance(2 * second_ms);
  drain();
  const auto sent = http_.seen(send_path);
  ASSERT_EQ(sent.size(), 3U);
  EXPECT_NE(sent[1].body.find("first"), std::string::npos);
  EXPECT_NE(sent[2].body.find("second"), std::string::npos);
}

// In a burst our own limit puts messages off again and again; that says nothing about WeChat.
TEST_P(OutboxFailuresTest, WaitingForATurnDoesNotLengthenThePauseAfterAFailure) {
  open_window();
  ASSERT_TRUE(queue("x"));
  execute("UPDATE gateway_outbox SET attempts = 12");
  http_.script(send_path, {FakeHttp::errcode(-1), FakeHttp::errcode(0)});
  drain();
  EXPECT_EQ(http_.seen(send_path).size(), 1U);
  clock_.advance(second_ms);
  drain();
  EXPECT_EQ(state(last_id_), "sent");
}

TEST_P(OutboxFailuresTest, TheDailyQuotaRestsUntilMidnightInChina) {
  open_window();
  ASSERT_TRUE(queue("x"));
  http_.script(send_path, {FakeHttp::errcode(45009), FakeHttp::errcode(0)});
  drain();
  const TimeMs until = wechat_->paused_until(AppId("wx1"), "message/custom/send");
  EXPECT_EQ((until + 8 * hour_ms) % day_ms, 0);
  clock_.advance(hour_ms / 2);
  drain();
  EXPECT_EQ(http_.seen(send_path).size(), 1U);
  clock_.set(until);
  drain();
  EXPECT_EQ(state(last_id_), "sent");
}

TEST_P(OutboxFailuresTest, FailuresBeforeTheFirstByteArePlainRetries) {
  open_window();
  ASSERT_TRUE(queue("x"));
  http_.script(send_path, {FakeHttp::broken(false), FakeHttp::broken(false), FakeHttp::errcode(0)});
  for (int i = 0; i < 3; ++i) {
    drain();
    clock_.advance(minute_ms);
  }
  EXPECT_EQ(state(last_id_), "sent");
  EXPECT_EQ(remaining(), 4);
  auto work = [&](sql::Transaction& tx) -> Result<std::string> {
    return boost::json::serialize(outbox_.attempts(tx, last_id_));
  };
  const auto attempts = boost::json::parse(*db().read_blocking(work)).as_array();
  ASSERT_EQ(attempts.size(), 3U);
  EXPECT_EQ(attempts[0].at("state").as_string(), "not_sent");
  EXPECT_EQ(attempts[2].at("state").as_string(), "sent");
}

TEST_P(OutboxFailuresTest, AnUncertainAttemptIsRepeatedOnceAndMarkedForGood) {
  open_window();
  ASSERT_TRUE(queue("x"));
  http_.script(send_path, {FakeHttp::broken(true), FakeHttp::errcode(0)});
  drain();
  EXPECT_EQ(state(last_id_), "sending uncertain ?");
  EXPECT_EQ(remaining(), 3);  // one is spent, one is reserved for the retry
  clock_.advance(minute_ms);
  drain();
  EXPECT_EQ(state(last_id_), "sent ?");
  EXPECT_TRUE(listener_.updates.back().possibly_repeated);
  EXPECT_EQ(remaining(), 3);
}

TEST_P(OutboxFailuresTest, UncertainTwiceFailsAndIsNotSentAThirdTime) {
  open_window();
  ASSERT_TRUE(queue("x"));
  http_.script(send_path, {FakeHttp::broken(true), FakeHttp::status(502), FakeHttp::errcode(0)});
  for (int i = 0; i < 4; ++i) {
    drain();
    clock_.advance(minute_ms);
  }
  EXPECT_EQ(state(last_id_), "failed uncertain ?");
  EXPECT_EQ(http_.seen(send_path).size(), 2U);
  auto work = [&](sql::Transaction& tx) -> Result<DeliveryState> {
    return outbox_.resend(tx, last_id_, wechat::SendText{"x"}, clock_.now());
  };
  EXPECT_EQ(db().write_blocking(work), DeliveryState::queued);
  drain();
  EXPECT_EQ(state(last_id_), "sent ?");
  EXPECT_EQ(db().write_blocking(work).error().code, "gateway.not_resendable");
}

// The connection to the database was lost in COMMIT: the claim is stored, and nobody began to send.
TEST_P(OutboxFailuresTest, AClaimNobodyHeardOfIsTriedAgainWithoutAMark) {
  open_window();
  ASSERT_TRUE(queue("x"));
  execute("UPDATE gateway_outbox SET state = 'sending', attempts = 1, claim_owner = 'node-a'");
  execute("INSERT INTO gateway_attempts VALUES ($1, 1, $2, 0, 'sending', 0, '')", {last_id_, clock_.now()});
  drain();
  EXPECT_TRUE(http_.seen(send_path).empty());
  EXPECT_EQ(sql::run(sender_->reclaim_step()), 1);
  EXPECT_EQ(sql::run(sender_->reclaim_step()), 0);
  clock_.advance(second_ms);
  drain();
  EXPECT_EQ(state(last_id_), "sent");
  EXPECT_EQ(http_.seen(send_path).size(), 1U);
  EXPECT_EQ(remaining(), 4);
}

TEST_P(OutboxFailuresTest, AClaimInHandIsNotReclaimed) {
  open_window();
  ASSERT_TRUE(queue("x"));
  int reclaimed = -1;
  http_.on_request([&](const FakeHttp::Seen& request) {
    if (request.path == send_path) reclaimed = sql::run(sender_->reclaim_step()).value_or(-2);
  });
  drain();
  EXPECT_EQ(reclaimed, 0);
  EXPECT_EQ(state(last_id_), "sent");
}

TEST_P(OutboxFailuresTest, WhatADeadProcessWasSendingBecomesUncertain) {
  open_window();
  ASSERT_TRUE(queue("x"));
  // As after kill -9 between the commit of the claim and the answer.
  execute("UPDATE gateway_outbox SET state = 'sending', claim_owner = 'dead', attempts = 1");
  execute(
      "INSERT INTO gateway_attempts (outbox_id, attempt, at, ended_at, state, errcode, errmsg) "
      "VALUES ($1, 1, 0, 0, 'sending', 0, '')",
      {last_id_});
  drain();
  EXPECT_TRUE(http_.seen(send_path).empty());            // not while it may still live
  EXPECT_EQ(sql::run(sender_->recover_step(false)), 1);  // nobody holds its lease
  EXPECT_EQ(state(last_id_), "sending uncertain ?");
  clock_.advance(minute_ms);
  drain();
  EXPECT_EQ(state(last_id_), "sent ?");
  EXPECT_EQ(http_.seen(send_path).size(), 1U);
  EXPECT_EQ(remaining(), 3);
}

TEST_P(OutboxFailuresTest, ClaimsOfALivingProcessAreLeftAlone) {
  open_window();
  ASSERT_TRUE(queue("x"));
  ASSERT_TRUE(sql::run(sender_->alive_step()));
  execute("UPDATE gateway_outbox SET state = 'sending', claim_owner = 'node-a', attempts = 1");
  stop();
  start("node-b");
  EXPECT_EQ(sql::run(sender_->recover_step(false)), 0);
  EXPECT_EQ(sql::run(sender_->recover_step(true)), 1);
}

TEST_P(OutboxFailuresTest, ARefusedTokenIsRenewedWithinTheAttempt) {
  open_window();
  ASSERT_TRUE(queue("x"));
  http_.script(token_path, {token_answer("T1"), token_answer("T2")});
  http_.script(send_path, {FakeHttp::errcode(40001), FakeHttp::errcode(0)});
  drain();
  EXPECT_EQ(state(last_id_), "sent");
  EXPECT_EQ(http_.seen(send_path)[1].query, "access_token=T2");
  EXPECT_EQ(number("SELECT COUNT(*) FROM gateway_attempts"), 1);
}

MINIOPS_ON_BOTH_ENGINES(OutboxFailuresTest);

}  // namespace

}  // namespace miniops::gateway
