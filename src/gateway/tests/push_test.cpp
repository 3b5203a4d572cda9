#include "gateway/push.hpp"

#include "gateway/push_stats.hpp"
#include "gateway/sources.hpp"
#include "gateway/tests/support.hpp"

namespace miniops::gateway {

namespace {

class Hours final : public WorkingHours {
 public:
  bool open_at(const AppId&, TimeMs) override { return open; }
  bool open = true;
};

class PushTest : public GatewayTest {
 protected:
  void SetUp() override {
    GatewayTest::SetUp();
    io_ = std::make_unique<IoThread>();
    stats_ = std::make_unique<PushStats>(db(), clock_);
    journal_ = std::make_unique<Journal>(db(), clock_, io_->executor(), Journal::Settings{});
    push_ = std::make_unique<PushEndpoint>(*programs_, *journal_, *stats_, clock_, random_, 4000);
  }
  void TearDown() override {
    io_.reset();
    push_.reset();
    journal_.reset();
    stats_.reset();
    GatewayTest::TearDown();
  }

  static std::string text_message(const std::string& id, const std::string& content = "你好") {
    wechat::Message message;
    message.to_user_name = "gh_1";
    message.from_user_name = OpenId("u1");
    message.create_time = 1763701200;
    message.msg_type = "text";
    message.msg_id = id;
    message.content = wechat::Text{content};
    return wechat::build_message(wechat::Format::json, message);
  }
  net::Request request(std::string body, std::string query, const std::string& remote = "10.0.0.1") {
    net::Request made;
    made.method = net::Method::post;
    made.path = "/wechat/push/wx1";
    made.query = std::move(query);
    made.target = made.path + "?" + made.query;
    made.body = std::move(body);
    made.remote_address = remote;
    made.received_at = clock_.now();
    made.headers.add("Content-Type", "application/json");
    made.headers.add("X-Quote", "a\"b\\c\x01");
    made.path_params.emplace_back("appid", appid_);
    return made;
  }
  net::Request safe(const std::string& message, const std::string& token, const std::string& aes_key,
                    const std::string& appid = "wx1") {
    const std::string key = *wechat::decode_aes_key(aes_key);
    const std::string encrypt = wechat::encrypt(key, message, appid, "0123456789abcdef");
    const std::string signature = wechat::msg_signature(token, "1763701200", "n", encrypt);
    return request(wechat::build_envelope(wechat::Format::json, "gh_1", encrypt),
                   "signature=" + wechat::signature(token, "1763701200", "n") +
                       "&timestamp=1763701200&nonce=n&encrypt_type=aes&msg_signature=" + signature);
  }
  net::Request safe(const std::string& message) { return safe(message, "tokenone", key_); }
  net::Request plain(const std::string& message, const std::string& remote = "10.0.0.1") {
    return request(message,
                   "signature=" + wechat::signature("tokenone", "1763701200", "n") + "&timestamp=1763701200&nonce=n",
                   remote);
  }
  net::Response receive(net::Request made) {
    // A temporary would go before the coroutine that refers to it.
    net::Request& kept = kept_.emplace_back(std::move(made));
    return sql::run(push_->receive(kept));
  }
  std::uint64_t counted(PushOutcome outcome) {
    return stats_->figures(AppId("wx1")).counts.at(static_cast<std::size_t>(outcome));
  }
  static MiniProgramInput in_mode(const std::string& mode) {
    MiniProgramInput input;
    input.mode = mode;
    return input;
  }

  const std::string key_ = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG";
  std::string appid_ = "wx1";
  std::deque<net::Request> kept_;
  std::unique_ptr<IoThread> io_;
  std::unique_ptr<PushStats> stats_;
  std::unique_ptr<Journal> journal_;
  std::unique_ptr<PushEndpoint> push_;
};

TEST_P(PushTest, StoresWhatCameAndAnswersSuccess) {
  const auto response = receive(safe(text_message("1")));
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body, "success");
  auto work = [](sql::Transaction& tx) -> Result<std::optional<JournalEntry>> {
    return find_entry(tx, entry_id_of(partition_of(AppId("wx1"), OpenId("u1"), tx.engine()), 1));
  };
  const auto entry = db().read_blocking(work);
  ASSERT_TRUE(entry && *entry);
  EXPECT_EQ((*entry)->dedup_key, "m:1");
  EXPECT_EQ((*entry)->clear(), text_message("1"));
  EXPECT_NE((*entry)->raw_body.find("Encrypt"), std::string::npos);
  const auto headers = boost::json::parse((*entry)->raw_headers).as_array();
  EXPECT_EQ(headers.at(1).as_array().at(1).as_string(), "a\"b\\c\x01");
  EXPECT_EQ(receive(safe(text_message("1"))).body, "success");
  EXPECT_EQ(counted(PushOutcome::accepted), 1U);
  EXPECT_EQ(counted(PushOutcome::duplicate), 1U);
  EXPECT_EQ(number("SELECT COUNT(*) FROM gateway_journal"), 1);
}

TEST_P(PushTest, RefusesWithoutAWord) {
  struct Case {
    net::Request request;
    int status;
    PushOutcome counted;
    const char* cause;
  };
  std::vector<Case> cases;
  cases.push_back({safe(text_message("1"), "anothertoken", key_), 403, PushOutcome::bad_signature, "token_differs"});
  cases.push_back({plain(text_message("1")), 403, PushOutcome::weaker_than_configured, "mode_differs"});
  cases.push_back({safe(text_message("1"), "tokenone", "GFEDCBA9876543210zyxwvutsrqponmlkjihgfedcba"), 403,
                   PushOutcome::bad_ciphertext, "aes_key_differs"});
  cases.push_back({safe(text_message("1"), "tokenone", key_, "wx2"), 403, PushOutcome::wrong_appid, "appid_differs"});
  cases.push_back({safe("{\"no\":\"message\"}"), 400, PushOutcome::malformed, "malformed"});
  cases.push_back({request(std::string((1 << 20) + 1, 'x'), "signature=a"), 413, PushOutcome::too_large, "too_large"});
  for (Case& one : cases) {
    const auto response = receive(std::move(one.request));
    EXPECT_EQ(response.status, one.status) << one.cause;
    EXPECT_EQ(response.body, "") << one.cause;
    EXPECT_EQ(counted(one.counted), 1U) << one.cause;
    const auto failures = stats_->failures(AppId("wx1"));
    ASSERT_FALSE(failures.empty());
    EXPECT_EQ(failures.front().cause, one.cause);
    EXPECT_EQ(failures.front().remote_address, "10.0.0.1");
  }
  EXPECT_EQ(number("SELECT COUNT(*) FROM gateway_journal"), 0);
  ASSERT_TRUE(sql::run(stats_->flush_step()));
  EXPECT_EQ(number("SELECT count FROM gateway_push_counts WHERE outcome = 'bad_signature'"), 1);
}

TEST_P(PushTest, AnUnknownOrDisabledMiniProgramIs404) {
  appid_ = "wx9";
  EXPECT_EQ(receive(safe(text_message("1"))).status, 404);
  appid_ = "wx1";
  MiniProgramInput input;
  input.enabled = false;
  ASSERT_TRUE(change(std::move(input)));
  EXPECT_EQ(receive(safe(text_message("1"))).status, 404);
}

TEST_P(PushTest, VerifiesTheAddress) {
  net::Request verify = plain("");
  verify.query += "&echostr=12345";
  EXPECT_EQ(sql::run(push_->verify(verify)).body, "12345");
  verify.query = "signature=wrong&timestamp=1&nonce=2&echostr=12345";
  EXPECT_EQ(sql::run(push_->verify(verify)).status, 403);
}

TEST_P(PushTest, AWeakerModeIsTakenForTenMinutesAfterAChange) {
  ASSERT_TRUE(change(in_mode("plain")));
  EXPECT_EQ(receive(plain(text_message("1"))).body, "success");
  ASSERT_TRUE(change(in_mode("safe")));
  EXPECT_EQ(receive(plain(text_message("2"))).body, "success");
  clock_.advance(mode_grace_ms - 1);
  EXPECT_EQ(receive(plain(text_message("3"))).body, "success");
  clock_.advance(1);
  EXPECT_EQ(receive(plain(text_message("4"))).status, 403);
  EXPECT_EQ(receive(safe(text_message("5"))).body, "success");
}

TEST_P(PushTest, PreviousKeysServeForSevenDays) {
  const std::string new_key = "GFEDCBA9876543210zyxwvutsrqponmlkjihgfedcba";
  MiniProgramInput input;
  input.token = "tokentwo";
  input.encoding_aes_key = new_key;
  ASSERT_TRUE(change(std::move(input)));
  EXPECT_EQ(receive(safe(text_message("1"))).body, "success");
  EXPECT_EQ(receive(safe(text_message("2"), "tokentwo", new_key)).body, "success");
  EXPECT_EQ(receive(safe(text_message("3"), "tokenone", new_key)).body, "success");
  clock_.advance(previous_keys_kept_ms);
  EXPECT_EQ(receive(safe(text_message("4"))).status, 403);
  EXPECT_EQ(receive(safe(text_message("5"), "tokentwo", new_key)).body, "success");
}

TEST_P(PushTest, SourcesCanBeRestricted) {
  MiniProgramInput input = in_mode("plain");
  input.restrict_push_sources = true;
  ASSERT_TRUE(change(std::move(input)));
  EXPECT_EQ(receive(plain(text_message("1"), "8.8.8.8")).body, "success");  // the list is not there yet
  execute(
      "INSERT INTO gateway_callback_ips (appid, addresses, refreshed_at) VALUES ('wx1', '10.1.0.0/16 10.9.9.9', 1)");
  auto raise = [](sql::Transaction& tx) -> Result<void> {
    sql::raise_config_version(tx);
    return {};
  };
  ASSERT_TRUE(db().write_blocking(raise));
  sql::run(version_->refresh());
  EXPECT_EQ(receive(plain(text_message("2"), "8.8.8.8")).status, 403);
  EXPECT_EQ(receive(plain(text_message("3"), "10.1.200.3")).body, "success");
  EXPECT_EQ(receive(plain(text_message("4"), "::ffff:10.9.9.9")).body, "success");
}

TEST_P(PushTest, HandsUserMessagesToWeChatsOwnTool) {
  Hours hours;
  push_->set_working_hours(hours);
  MiniProgramInput input;
  input.transfer = "out_of_hours";
  ASSERT_TRUE(change(std::move(input)));
  EXPECT_EQ(receive(safe(text_message("1"))).body, "success");
  hours.open = false;
  for (int i = 0; i < 2; ++i) {  // and a duplicate gets the same answer again
    const auto response = receive(safe(text_message("2")));
    const auto envelope = wechat::parse_envelope(response.body);
    ASSERT_TRUE(envelope);
    const auto clear = wechat::decrypt(*wechat::decode_aes_key(key_), envelope->encrypt, "wx1");
    ASSERT_TRUE(clear);
    EXPECT_NE(clear->find("transfer_customer_service"), std::string::npos);
  }
  wechat::Message event;
  event.to_user_name = "gh_1";
  event.from_user_name = OpenId("u1");
  event.create_time = 1763701200;
  event.msg_type = "event";
  event.event = "user_enter_tempsession";
  event.content = wechat::EnterTempSession{"from"};
  EXPECT_EQ(receive(safe(wechat::build_message(wechat::Format::json, event))).body, "success");
}

TEST_P(PushTest, LearnsItsOriginalIdFromTheFirstPush) {
  ASSERT_EQ(receive(safe(text_message("1"))).body, "success");
  ASSERT_TRUE(sql::run(stats_->flush_step()));
  EXPECT_EQ(query("SELECT original_id FROM gateway_miniprograms").at(0).text(0), "gh_1");
}

TEST_P(PushTest, WhatCannotBeStoredIsNotAnswered) {
  execute("ALTER TABLE gateway_journal RENAME TO away");
  std::atomic<bool> answered{false};
  std::thread sender([&] {
    const auto response = receive(safe(text_message("1")));
    EXPECT_TRUE(response.drop);
    answered = true;
  });
  while (journal_->waiting() == 0 && counted(PushOutcome::dropped) == 0) std::this_thread::yield();
  journal_->expire_waiting();
  EXPECT_FALSE(answered);
  clock_.advance(4000);
  while (!answered) {
    journal_->expire_waiting();
    std::this_thread::yield();
  }
  sender.join();
  EXPECT_EQ(counted(PushOutcome::dropped), 1U);
  execute("ALTER TABLE away RENAME TO gateway_journal");
  EXPECT_EQ(receive(safe(text_message("1"))).body, "success");
}

TEST_P(PushTest, WhatCannotBeStoredIsRefusedWithAStatusWhenSoConfigured) {
  Journal full(db(), clock_, io_->executor(), {.waiting_max = 0});
  PushEndpoint push(*programs_, full, *stats_, clock_, random_, 4000, 503);
  net::Request made = safe(text_message("1"));
  const auto response = sql::run(push.receive(made));
  EXPECT_FALSE(response.drop);
  EXPECT_EQ(response.status, 503);
  EXPECT_EQ(response.body, "");
  EXPECT_EQ(counted(PushOutcome::dropped), 1U);
}

MINIOPS_ON_BOTH_ENGINES(PushTest);

TEST(SourcesTest, AddressesAndBlocks) {
  struct Case {
    const char* address;
    const char* block;
    bool inside;
  };
  const Case cases[] = {
      {"101.226.103.1", "101.226.103.0/25", true},
      {"101.226.103.200", "101.226.103.0/25", false},
      {"1.2.3.4", "1.2.3.4", true},
      {"1.2.3.5", "1.2.3.4", false},
      {"2001:db8::1", "2001:db8::/32", true},
      {"2001:db9::1", "2001:db8::/32", false},
      {"1.2.3.4", "nonsense", false},
      {"nonsense", "0.0.0.0/0", false},
      {"1.2.3.4", "1.2.3.0/99", false},
      {"::ffff:1.2.3.4", "1.2.3.0/24", true},
  };
  for (const Case& one : cases) {
    EXPECT_EQ(address_in(one.address, {one.block}), one.inside) << one.address << " in " << one.block;
  }
}

}  // namespace

}  // namespace miniops::gateway
