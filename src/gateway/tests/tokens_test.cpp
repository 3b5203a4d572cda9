#include "gateway/tokens.hpp"

#include "gateway/self_check.hpp"
#include "gateway/tests/support.hpp"

namespace miniops::gateway {

namespace {

class TokensTest : public GatewayTest {
 protected:
  void SetUp() override {
    GatewayTest::SetUp();
    tokens_ = center("node-a");
  }
  void TearDown() override {
    tokens_.reset();
    GatewayTest::TearDown();
  }
  std::unique_ptr<Tokens> center(const std::string& owner) {
    Tokens::Settings settings;
    settings.api_base = "http://wechat";
    settings.owner = owner;
    return std::make_unique<Tokens>(db(), *programs_, *sealer_, clock_, http_, settings);
  }
  Result<std::string> get() { return sql::run(tokens_->get(AppId("wx1"))); }
  Result<std::string> stale(const std::string& token) { return sql::run(tokens_->report_stale(AppId("wx1"), token)); }
  std::size_t asked() { return http_.seen(token_path).size(); }
  std::size_t forced() {
    std::size_t count = 0;
    for (const auto& seen : http_.seen(token_path)) count += seen.body.find("true") != std::string::npos ? 1 : 0;
    return count;
  }
  std::unique_ptr<Tokens> tokens_;
};

TEST_P(TokensTest, ATokenIsAskedForOnceAndKeptSealed) {
  http_.script(token_path, {token_answer("T1")});
  EXPECT_EQ(get(), "T1");
  EXPECT_EQ(get(), "T1");
  EXPECT_EQ(asked(), 1U);
  EXPECT_EQ(query("SELECT token FROM gateway_tokens").at(0).blob(0).find("T1"), std::string::npos);
  auto after_restart = center("node-b");
  EXPECT_EQ(sql::run(after_restart->get(AppId("wx1"))), "T1");
  EXPECT_EQ(asked(), 1U);
}

TEST_P(TokensTest, ManyWithTheSameStaleTokenCauseOneRefresh) {
  http_.script(token_path, {token_answer("T1"), token_answer("T2"), token_answer("T3")});
  ASSERT_EQ(get(), "T1");
  boost::asio::io_context context;
  std::vector<std::string> got;
  for (int i = 0; i < 30; ++i) {
    auto note = [&got](std::exception_ptr, Result<std::string> token) { got.push_back(token.value_or("none")); };
    boost::asio::co_spawn(context, tokens_->report_stale(AppId("wx1"), "T1"), note);
  }
  context.run();
  EXPECT_EQ(got, std::vector<std::string>(30, "T2"));
  EXPECT_EQ(asked(), 2U);
  EXPECT_EQ(forced(), 0U);
}

TEST_P(TokensTest, ManyWithoutATokenCauseOneRequest) {
  http_.script(token_path, {token_answer("T1"), token_answer("T2")});
  boost::asio::io_context context;
  for (int i = 0; i < 30; ++i) {
    auto note = [](std::exception_ptr, Result<std::string> token) { EXPECT_EQ(token, "T1"); };
    boost::asio::co_spawn(context, tokens_->get(AppId("wx1")), note);
  }
  context.run();
  EXPECT_EQ(asked(), 1U);
}

TEST_P(TokensTest, TwoNodesDoNotBothAsk) {
  http_.script(token_path, {token_answer("T1"), token_answer("T2"), token_answer("T3")});
  ASSERT_EQ(get(), "T1");
  auto other = center("node-b");
  ASSERT_EQ(sql::run(other->get(AppId("wx1"))), "T1");
  EXPECT_EQ(stale("T1"), "T2");
  EXPECT_EQ(sql::run(other->report_stale(AppId("wx1"), "T1")), "T2");
  EXPECT_EQ(asked(), 2U);
}

TEST_P(TokensTest, ForcesOnlyWhenTheSameTokenCameBack) {
  http_.script(token_path, {token_answer("T1"), token_answer("T1"), token_answer("T2")});
  ASSERT_EQ(get(), "T1");
  EXPECT_EQ(stale("T1"), "T2");
  EXPECT_EQ(asked(), 3U);
  EXPECT_EQ(forced(), 1U);
}

TEST_P(TokensTest, ForcedRefreshesHaveABudget) {
  int made = 0;
  http_.script(token_path, {token_answer("T")});
  ASSERT_EQ(get(), "T");
  for (int i = 0; i < 30; ++i) {
    auto refreshed = sql::run(tokens_->refresh(AppId("wx1"), true));
    if (refreshed) {
      ++made;
      EXPECT_EQ(sql::run(tokens_->refresh(AppId("wx1"), true)).error().code, "gateway.force_exhausted");
    }
    clock_.advance(forced_apart_ms);
  }
  EXPECT_EQ(made, forced_per_day_max);
  clock_.advance(day_ms);
  EXPECT_TRUE(sql::run(tokens_->refresh(AppId("wx1"), true)));
}

TEST_P(TokensTest, RefreshesFiveMinutesAhead) {
  http_.script(token_path, {token_answer("T1"), token_answer("T2")});
  ASSERT_TRUE(sql::run(tokens_->refresh_ahead_step()));
  EXPECT_EQ(get(), "T1");
  clock_.advance(7200 * second_ms - 5 * minute_ms - 1);
  ASSERT_TRUE(sql::run(tokens_->refresh_ahead_step()));
  EXPECT_EQ(get(), "T1");
  clock_.advance(1);
  ASSERT_TRUE(sql::run(tokens_->refresh_ahead_step()));
  EXPECT_EQ(get(), "T2");
  EXPECT_EQ(asked(), 2U);
}

TEST_P(TokensTest, AWrongSecretStopsUntilItIsChanged) {
  http_.script(token_path, {FakeHttp::errcode(40125), token_answer("T1")});
  EXPECT_EQ(get().error().code, "gateway.no_token");
  EXPECT_EQ(get().error().code, "gateway.no_token");
  clock_.advance(9 * minute_ms);
  EXPECT_EQ(get().error().code, "gateway.no_token");
  EXPECT_EQ(asked(), 1U);
  auto state = sql::run(tokens_->state(AppId("wx1")));
  EXPECT_EQ(state->health, TokenHealth::stopped);
  EXPECT_EQ(state->errcode, 40125);
  MiniProgramInput input;
  input.secret = "the-right-one";
  ASSERT_TRUE(change(std::move(input)));
  EXPECT_EQ(get(), "T1");
  EXPECT_EQ(sql::run(tokens_->state(AppId("wx1")))->health, TokenHealth::ok);
}

TEST_P(TokensTest, ANetworkFailureIsTriedAgainSoonAndTheOldTokenServesOn) {
  http_.script(token_path, {token_answer("T1"), FakeHttp::broken(false), token_answer("T2")});
  ASSERT_EQ(get(), "T1");
  ASSERT_TRUE(sql::run(tokens_->refresh_ahead_step()));
  clock_.advance(7200 * second_ms - 5 * minute_ms);
  ASSERT_TRUE(sql::run(tokens_->refresh_ahead_step()));
  EXPECT_EQ(get(), "T1");
  EXPECT_EQ(sql::run(tokens_->state(AppId("wx1")))->health, TokenHealth::failing);
  ASSERT_TRUE(sql::run(tokens_->refresh_ahead_step()));
  EXPECT_EQ(asked(), 2U);
  clock_.advance(second_ms);
  ASSERT_TRUE(sql::run(tokens_->refresh_ahead_step()));
  EXPECT_EQ(get(), "T2");
}

TEST_P(TokensTest, TheSelfCheckNamesTheAddressToAllow) {
  http_.script(
      token_path,
      {FakeHttp::ok(
          R"({"errcode":40164,"errmsg":"invalid ip 203.0.113.9 ipv6 ::ffff:203.0.113.9, not in whitelist rid: 1-2-3"})")});
  PushStats stats(db(), clock_);
  SelfCheck self_check(db(), *programs_, *tokens_, stats);
  auto facts = sql::run(self_check.facts(AppId("wx1")));
  ASSERT_TRUE(facts);
  const auto checks = run_checks(*facts, "en");
  ASSERT_EQ(checks.size(), 7U);
  EXPECT_EQ(checks[1].at("id").as_string(), "ip_allowed");
  EXPECT_EQ(checks[1].at("state").as_string(), "failed");
  EXPECT_EQ(checks[1].at("copy").as_string(), "203.0.113.9");
  EXPECT_EQ(checks[4].at("state").as_string(), "warning");  // no push ever received
}

MINIOPS_ON_BOTH_ENGINES(TokensTest);

}  // namespace

}  // namespace miniops::gateway
