#include "gateway/outbox.hpp"

#include <gmock/gmock.h>

#include "gateway/sender.hpp"
#include "gateway/tests/support.hpp"

namespace miniops::gateway {

namespace {

// Remembers what it was told.
class Listener final : public DeliveryListener {
 public:
  void on_delivery(sql::Transaction&, const DeliveryUpdate& update) override {
    const std::scoped_lock lock(mutex);
    updates.push_back(update);
  }
  void on_budget(sql::Transaction&, const AppId&, const OpenId&, const Budget& budget) override {
    const std::scoped_lock lock(mutex);
    last_budget = budget;
  }
  std::mutex mutex;
  std::vector<DeliveryUpdate> updates;
  Budget last_budget;
};

class NoBlobs final : public Blobs {
 public:
  Task<Result<std::string>> put(std::string bytes) override {
    const std::string name = hex(sha256(bytes));
    kept[name] = std::move(bytes);
    co_return name;
  }
  Task<Result<std::string>> get(std::string name) override {
    if (!kept.contains(name)) co_return fail(ErrorKind::not_found, "storage.blob_missing", "missing");
    co_return kept[name];
  }
  Task<Result<bool>> remove(std::string name) override {
    kept.erase(name);
    co_return true;
  }
  std::map<std::string, std::string> kept;
};

class OutboxTest : public GatewayTest {
 protected:
  void SetUp() override {
    GatewayTest::SetUp();
    outbox_.set_listener(listener_);
    http_.script(token_path, {token_answer("T1")});
    http_.script(send_path, {FakeHttp::errcode(0)});
    start("node-a");
  }
  void TearDown() override {
    stop();
    GatewayTest::TearDown();
  }
  void start(const std::string& owner) {
    io_ = std::make_unique<IoThread>();
    Tokens::Settings token_settings;
    token_settings.api_base = "http://wechat";
    token_settings.owner = owner;
    tokens_ = std::make_unique<Tokens>(db(), *programs_, *sealer_, clock_, http_, token_settings);
    wechat_ = std::make_unique<WeChatClient>(db(), *tokens_, clock_, http_,
                                             WeChatClient::Settings{"http://wechat", 10000, 1000});
    uploads_ = std::make_unique<Uploads>(db(), blobs_, *wechat_, clock_, random_);
    Sender::Settings settings;
    settings.owner = owner;
    sender_ = std::make_unique<Sender>(db(), outbox_, *programs_, *wechat_, *uploads_, clock_, random_, io_->executor(),
                                       settings);
    sender_->set_listener(listener_);
  }
  void stop() {
    io_.reset();
    sender_.reset();
    uploads_.reset();
    wechat_.reset();
    tokens_.reset();
  }

  void open_window(bool by_message = true) {
    auto work = [&](sql::Transaction& tx) -> Result<std::vector<std::int64_t>> {
      return outbox_.open_window(tx, AppId("wx1"), OpenId("u1"), by_message, clock_.now()).released;
    };
    ASSERT_TRUE(db().write_blocking(work));
  }
  Result<DeliveryState> queue(const std::string& content, bool automatic = false, bool hold = false,
                              const std::string& blob = "") {
    OutgoingMessage message;
    message.id = ids_.next_as<OutboxId>();
    message.appid = AppId("wx1");
    message.openid = OpenId("u1");
    if (blob.empty()) {
      message.message = wechat::SendText{content};
    } else {
      message.message = wechat::SendImage{};
      message.blob = blob;
      message.blob_content_type = "image/png";
    }
    message.automatic = automatic;
    message.reference = 7;
    last_id_ = message.id;
    auto work = [&](sql::Transaction& tx) -> Result<DeliveryState> {
      return outbox_.queue(tx, message, clock_.now(), hold);
    };
    return db().write_blocking(work);
  }
  void drain() {
    auto done = sql::run(sender_->drain());
    ASSERT_TRUE(done) << done.error().code;
  }
  std::string state(OutboxId id) {
    const auto row = query("SELECT state, reason, possibly_repeated FROM gateway_outbox WHERE id = $1", {id}).at(0);
    return row.text(0) + (row.text(1).empty() ? "" : " " + row.text(1)) + (row.integer(2) == 0 ? "" : " ?");
  }
  int remaining() {
    auto work = [&](sql::Transaction& tx) -> Result<Budget> {
      return outbox_.budget(tx, AppId("wx1"), OpenId("u1"), clock_.now());
    };
    return db().read_blocking(work)->remaining;
  }

  Outbox outbox_{Outbox::Settings{}};
  Listener listener_;
  NoBlobs blobs_;
  OutboxId last_id_;
  std::unique_ptr<IoThread> io_;
  std::unique_ptr<Tokens> tokens_;
  std::unique_ptr<WeChatClient> wechat_;
  std::unique_ptr<Uploads> uploads_;
  std::unique_ptr<Sender> sender_;
};

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

TEST_P(OutboxTest, EachErrorCodeDoesWhatThePolicySays) {
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

TEST_P(OutboxTest, BusyIsTriedAgainLaterAndOthersOfTheUserWait) {
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
TEST_P(OutboxTest, WaitingForATurnDoesNotLengthenThePauseAfterAFailure) {
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

TEST_P(OutboxTest, TheDailyQuotaRestsUntilMidnightInChina) {
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

TEST_P(OutboxTest, FailuresBeforeTheFirstByteArePlainRetries) {
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

TEST_P(OutboxTest, AnUncertainAttemptIsRepeatedOnceAndMarkedForGood) {
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

TEST_P(OutboxTest, UncertainTwiceFailsAndIsNotSentAThirdTime) {
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

// The connection to the database was lost in COMMIT: the claim is stored, and nobody began to send.
TEST_P(OutboxTest, AClaimNobodyHeardOfIsTriedAgainWithoutAMark) {
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

TEST_P(OutboxTest, AClaimInHandIsNotReclaimed) {
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

TEST_P(OutboxTest, WhatADeadProcessWasSendingBecomesUncertain) {
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

TEST_P(OutboxTest, ClaimsOfALivingProcessAreLeftAlone) {
  open_window();
  ASSERT_TRUE(queue("x"));
  ASSERT_TRUE(sql::run(sender_->alive_step()));
  execute("UPDATE gateway_outbox SET state = 'sending', claim_owner = 'node-a', attempts = 1");
  stop();
  start("node-b");
  EXPECT_EQ(sql::run(sender_->recover_step(false)), 0);
  EXPECT_EQ(sql::run(sender_->recover_step(true)), 1);
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

TEST_P(OutboxTest, ARefusedTokenIsRenewedWithinTheAttempt) {
  open_window();
  ASSERT_TRUE(queue("x"));
  http_.script(token_path, {token_answer("T1"), token_answer("T2")});
  http_.script(send_path, {FakeHttp::errcode(40001), FakeHttp::errcode(0)});
  drain();
  EXPECT_EQ(state(last_id_), "sent");
  EXPECT_EQ(http_.seen(send_path)[1].query, "access_token=T2");
  EXPECT_EQ(number("SELECT COUNT(*) FROM gateway_attempts"), 1);
}

MINIOPS_ON_BOTH_ENGINES(OutboxTest);

}  // namespace

}  // namespace miniops::gateway
