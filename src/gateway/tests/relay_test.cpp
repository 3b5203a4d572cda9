#include "gateway/relay.hpp"

#include <gmock/gmock.h>

#include "gateway/consumer_runner.hpp"
#include "gateway/dead_letters.hpp"
#include "gateway/tests/support.hpp"

namespace miniops::gateway {

namespace {

const std::string backend = "/hook";

class RelayTest : public GatewayTest {
 protected:
  void SetUp() override {
    GatewayTest::SetUp();
    MiniProgramInput input;
    input.relay_url = "http://backend/hook";
    ASSERT_TRUE(change(std::move(input)));
    io_ = std::make_unique<IoThread>();
    journal_ = std::make_unique<Journal>(db(), clock_, io_->executor(), Journal::Settings{});
    relay_ = std::make_unique<Relay>(db(), *programs_, clock_, ids_, http_, Relay::Settings{});
    runner_ = std::make_unique<ConsumerRunner>(db(), consumer_, clock_, ids_, ConsumerRunner::Settings{});
  }
  void TearDown() override {
    io_.reset();
    journal_.reset();
    GatewayTest::TearDown();
  }
  void push(const std::string& openid, const std::string& key) {
    JournalEntry entry = entry_from(openid, key, clock_.now());
    entry.raw_body = key;
    ASSERT_TRUE(sql::run(journal_->append(std::move(entry), clock_.now() + 4000)));
  }
  void drain() {
    while (*sql::run(runner_->step())) {
    }
    while (*sql::run(relay_->step())) {
    }
  }
  std::vector<std::string> got() {
    std::vector<std::string> bodies;
    for (const auto& seen : http_.seen(backend)) bodies.push_back(seen.body);
    return bodies;
  }

  RelayConsumer consumer_{[] {}};
  std::unique_ptr<IoThread> io_;
  std::unique_ptr<Journal> journal_;
  std::unique_ptr<Relay> relay_;
  std::unique_ptr<ConsumerRunner> runner_;
};

TEST_P(RelayTest, ForwardsByteForByteInOrder) {
  http_.script(backend, {FakeHttp::ok("success")});
  for (int i = 0; i < 5; ++i) push("u1", "m:" + std::to_string(i));
  drain();
  EXPECT_EQ(got(), (std::vector<std::string>{"m:0", "m:1", "m:2", "m:3", "m:4"}));
  const auto first = http_.seen(backend)[0];
  EXPECT_EQ(first.query, "signature=s&timestamp=1");
  EXPECT_EQ(first.headers.get("X-One"), "1");
  EXPECT_EQ(first.headers.get("Content-Type"), "application/json");
  EXPECT_FALSE(first.headers.get("Host"));
  EXPECT_EQ(number("SELECT COUNT(*) FROM gateway_relay_queue"), 0);
  EXPECT_GT(number("SELECT last_success_at FROM gateway_relay_state"), 0);
}

TEST(RelayRequestTest, HeaderBytesAreKeptAsTheyCame) {
  JournalEntry entry;
  entry.raw_headers = R"([["X-One","\u00c3\u00a9 \u00ff a\"b"],["Connection","close"]])";
  const auto request = relay_request("http://backend/hook?a=1", entry);
  EXPECT_EQ(request.headers.get("X-One"), "\xc3\xa9 \xff a\"b");
  EXPECT_FALSE(request.headers.get("Connection"));
}

TEST_P(RelayTest, RetriesInOrderAndHoldsUpNobodyElse) {
  http_.script(backend, {FakeHttp::status(500), FakeHttp::ok("success")});
  push("u1", "m:1");
  drain();
  push("u1", "m:2");
  push("u2", "m:3");
  drain();
  EXPECT_EQ(got(), (std::vector<std::string>{"m:1", "m:3"}));
  clock_.advance(2 * second_ms);
  drain();
  EXPECT_EQ(got(), (std::vector<std::string>{"m:1", "m:3", "m:1", "m:2"}));
}

// The real client: nothing listens there, and without leave nothing is asked to.
TEST_P(RelayTest, OnlyThePublicInternetAndWhatIsAllowedIsCalled) {
  const net::AddressGuard here = *net::AddressGuard::parse({"127.0.0.1"});
  MiniProgramService typed(db(), *version_, *sealer_, clock_, ids_, here);
  const auto client = net::make_http_client();
  int made = 0;
  const auto problem_at = [&](const std::string& url, const net::AddressGuard& guard) {
    MiniProgramInput input;
    input.relay_url = url;
    EXPECT_TRUE(sql::run(typed.change(system(), AppId("wx1"), std::move(input))));
    execute("DELETE FROM gateway_relay_queue");
    push("u1", "m:" + std::to_string(++made));
    while (*sql::run(runner_->step())) {
    }
    Relay relay(db(), *programs_, clock_, ids_, *client, {1, second_ms, guard});
    EXPECT_TRUE(sql::run(relay.step()).has_value());
    return query("SELECT error FROM gateway_relay_queue").at(0).text(0);
  };
  const std::string refusal = "no address of the public internet";
  EXPECT_THAT(problem_at("http://127.0.0.1:1/", {}), testing::HasSubstr(refusal));
  EXPECT_THAT(problem_at("http://2130706433:1/", {}), testing::HasSubstr(refusal)) << "the same in other figures";
  EXPECT_THAT(problem_at("http://127.0.0.1:1/", here), testing::Not(testing::HasSubstr(refusal))) << "it was tried";
}

// Finding what is due reads an index of due rows: a backlog must not make it dearer.
TEST_P(RelayTest, OnlyTheFirstOfAUserIsDue) {
  http_.script(backend, {FakeHttp::status(500), FakeHttp::ok("success")});
  for (int i = 0; i < 4; ++i) push("u1", "m:" + std::to_string(i));
  drain();
  const TimeMs far = clock_.now() + 365 * day_ms;
  EXPECT_EQ(number("SELECT COUNT(*) FROM gateway_relay_queue"), 4);
  EXPECT_EQ(number("SELECT COUNT(*) FROM gateway_relay_queue WHERE due_at < $1", {far}), 1);
  clock_.advance(2 * second_ms);
  drain();
  EXPECT_EQ(got(), (std::vector<std::string>{"m:0", "m:0", "m:1", "m:2", "m:3"}));
  EXPECT_EQ(number("SELECT COUNT(*) FROM gateway_relay_queue"), 0);
}

TEST_P(RelayTest, AfterADayItIsADeadLetterThatCanBeReplayed) {
  http_.script(backend, {FakeHttp::broken(true)});
  push("u1", "m:1");
  push("u1", "m:2");
  for (int i = 0; i < 400 && number("SELECT COUNT(*) FROM gateway_dead_letters") < 2; ++i) {
    drain();
    clock_.advance(10 * minute_ms);
  }
  EXPECT_EQ(number("SELECT COUNT(*) FROM gateway_dead_letters"), 2);
  EXPECT_EQ(number("SELECT COUNT(*) FROM gateway_relay_queue"), 0);
  http_.script(backend, {FakeHttp::ok("success")});
  DeadLetters letters(db(), clock_, ids_);
  letters.add_consumer(consumer_);
  const auto access = system();
  const auto list = sql::run(letters.list(access, {}));
  const std::size_t before = got().size();
  ASSERT_TRUE(sql::run(letters.replay(access, list->items[0].id)));
  drain();
  EXPECT_EQ(got().size(), before + 1);
}

TEST_P(RelayTest, WithoutAnAddressNothingIsQueued) {
  MiniProgramInput input;
  input.relay_url = "";
  ASSERT_TRUE(change(std::move(input)));
  push("u1", "m:1");
  drain();
  EXPECT_TRUE(got().empty());
  EXPECT_EQ(number("SELECT COUNT(*) FROM gateway_relay_queue"), 0);
}

MINIOPS_ON_BOTH_ENGINES(RelayTest);

}  // namespace

}  // namespace miniops::gateway
