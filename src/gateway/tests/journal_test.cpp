#include "gateway/journal.hpp"

#include "gateway/consumer_runner.hpp"
#include "gateway/dead_letters.hpp"
#include "gateway/journal_store.hpp"
#include "gateway/tests/support.hpp"

namespace miniops::gateway {

namespace {

class JournalTest : public GatewayTest {
 protected:
  void SetUp() override {
    GatewayTest::SetUp();
    io_ = std::make_unique<IoThread>();
    journal_ = std::make_unique<Journal>(db(), clock_, io_->executor(), Journal::Settings{});
  }
  void TearDown() override {
    io_.reset();
    journal_.reset();
    GatewayTest::TearDown();
  }

  Result<AppendOutcome> append(const std::string& openid, const std::string& key) {
    return sql::run(journal_->append(entry_from(openid, key, clock_.now()), clock_.now() + 4000));
  }
  // Appends side by side, as many requests do.
  std::vector<Result<AppendOutcome>> append_all(const std::vector<std::pair<std::string, std::string>>& pushes) {
    boost::asio::io_context context;
    std::vector<Result<AppendOutcome>> outcomes(pushes.size(), AppendOutcome::stored);
    for (std::size_t i = 0; i < pushes.size(); ++i) {
      auto task = journal_->append(entry_from(pushes[i].first, pushes[i].second, clock_.now()), clock_.now() + 4000);
      auto note = [&outcomes, i](std::exception_ptr, Result<AppendOutcome> outcome) {
        outcomes[i] = std::move(outcome);
      };
      boost::asio::co_spawn(context, std::move(task), note);
    }
    context.run();
    return outcomes;
  }

  std::unique_ptr<IoThread> io_;
  std::unique_ptr<Journal> journal_;
};

TEST_P(JournalTest, StoresAPushOnceAndKnowsADuplicate) {
  EXPECT_EQ(append("u1", "m:1"), AppendOutcome::stored);
  EXPECT_EQ(append("u1", "m:1"), AppendOutcome::duplicate);
  EXPECT_EQ(append("u1", "m:2"), AppendOutcome::stored);
  EXPECT_EQ(number("SELECT COUNT(*) FROM gateway_journal"), 2);
}

TEST_P(JournalTest, TheSameKeyTwiceInOneBatchIsOneEntry) {
  const auto first = entry_from("u1", "m:1", 1);
  const auto again = entry_from("u1", "m:1", 2);
  const auto other = entry_from("u1", "m:0", 3);
  auto work = [&](sql::Transaction& tx) -> Result<std::vector<AppendOutcome>> {
    const std::vector<const JournalEntry*> batch{&first, &again, &other};
    return append_entries(tx, batch);
  };
  const auto outcomes = db().write_blocking(work);
  ASSERT_TRUE(outcomes);
  EXPECT_EQ(*outcomes, (std::vector{AppendOutcome::stored, AppendOutcome::duplicate, AppendOutcome::stored}));
  auto read = [&](sql::Transaction& tx) -> Result<std::vector<JournalEntry>> {
    return read_entries(tx, first.partition, 0, 10);
  };
  const auto entries = db().read_blocking(read);
  ASSERT_EQ(entries->size(), 2U);
  EXPECT_EQ(entries->at(0).dedup_key, "m:1");  // in order of arrival, not of key
  EXPECT_EQ(entries->at(0).position, 1);
  EXPECT_EQ(entries->at(1).dedup_key, "m:0");
  EXPECT_EQ(entries->at(1).position, 2);
  EXPECT_EQ(entries->at(0).raw_body, first.raw_body);
  EXPECT_EQ(entries->at(0).raw_headers, first.raw_headers);
}

TEST_P(JournalTest, TheSameKeyOfAnotherMiniProgramIsAnotherPush) {
  JournalEntry other = entry_from("u1", "m:1", 1);
  other.appid = AppId("wx2");
  EXPECT_EQ(append("u1", "m:1"), AppendOutcome::stored);
  EXPECT_EQ(sql::run(journal_->append(other, clock_.now() + 4000)), AppendOutcome::stored);
}

TEST_P(JournalTest, ManyAtOnceGetPositionsWithoutAGap) {
  std::vector<std::pair<std::string, std::string>> pushes;
  for (int i = 0; i < 600; ++i) pushes.emplace_back("u" + std::to_string(i % 7), "m:" + std::to_string(i % 500));
  int stored = 0;
  for (const auto& outcome : append_all(pushes)) {
    ASSERT_TRUE(outcome);
    stored += *outcome == AppendOutcome::stored ? 1 : 0;
  }
  EXPECT_EQ(stored, 500);
  EXPECT_EQ(number("SELECT COUNT(*) FROM gateway_journal"), 500);
  EXPECT_EQ(number("SELECT CAST(SUM(last_position) AS BIGINT) FROM gateway_partitions"), 500);
  for (const sql::Row& row : query("SELECT partition_number, last_position FROM gateway_partitions")) {
    const int partition = static_cast<int>(row.integer(0));
    auto read = [&](sql::Transaction& tx) -> Result<std::vector<JournalEntry>> {
      return read_entries(tx, partition, 0, 1000);
    };
    const auto entries = db().read_blocking(read);
    ASSERT_EQ(entries->size(), static_cast<std::size_t>(row.integer(1)));
    for (std::size_t i = 0; i < entries->size(); ++i)
      EXPECT_EQ((*entries)[i].position, static_cast<std::int64_t>(i) + 1);
  }
}

// Position 2 must never be seen while position 1 is still uncommitted: the second batch waits for the first one's
// counter row. (On SQLite the one writer sees to it.)
TEST_P(JournalTest, PositionsAreGivenInCommitOrder) {
  std::promise<void> first_has_position, first_may_commit;
  auto may_commit = first_may_commit.get_future().share();
  const auto one = entry_from("u1", "m:1", 1);
  const auto two = entry_from("u1", "m:2", 2);
  std::atomic<bool> announced{false};
  auto slow = [&](sql::Transaction& tx) -> Result<void> {
    const std::vector<const JournalEntry*> batch{&one};
    append_entries(tx, batch);
    if (!announced.exchange(true)) first_has_position.set_value();
    may_commit.wait();
    return {};
  };
  auto fast = [&](sql::Transaction& tx) -> Result<void> {
    const std::vector<const JournalEntry*> batch{&two};
    append_entries(tx, batch);
    return {};
  };
  sql::WriteOptions options;
  options.isolation = sql::Isolation::read_committed;
  std::thread first([&] { EXPECT_TRUE(db().write_blocking(slow, options)); });
  first_has_position.get_future().wait();
  std::atomic<bool> second_done{false};
  std::thread second([&] {
    EXPECT_TRUE(db().write_blocking(fast, options));
    second_done = true;
  });
  // However long the second has been at it, nothing of it can be seen before the first has committed.
  for (int i = 0; i < 50; ++i) {
    EXPECT_EQ(number("SELECT COUNT(*) FROM gateway_journal"), 0);
    EXPECT_FALSE(second_done);
  }
  first_may_commit.set_value();
  first.join();
  second.join();
  EXPECT_EQ(number("SELECT entry_id FROM gateway_journal WHERE dedup_key = 'm:1'"), entry_id_of(one.partition, 1));
  EXPECT_EQ(number("SELECT entry_id FROM gateway_journal WHERE dedup_key = 'm:2'"), entry_id_of(one.partition, 2));
}

TEST_P(JournalTest, OldEntriesGoWhenAllHavePassedThem) {
  ASSERT_EQ(append("u1", "m:1"), AppendOutcome::stored);
  const int partition = partition_of(AppId("wx1"), OpenId("u1"), db().engine());
  clock_.advance(journal_kept_ms + 1);
  EXPECT_EQ(sql::run(journal_->clean_step({"desk"}, partition)), false);
  execute("INSERT INTO gateway_cursors (consumer, partition_number, position) VALUES ('desk', $1, 1)", {partition});
  EXPECT_EQ(sql::run(journal_->clean_step({"desk"}, partition)), true);
  EXPECT_EQ(number("SELECT COUNT(*) FROM gateway_journal"), 0);
  EXPECT_EQ(number("SELECT COUNT(*) FROM gateway_dedup"), 0);
}

// Writes a row for each entry; refuses those whose key it is told to.
class Recorder final : public TransactionalConsumer {
 public:
  std::string_view name() const override { return "recorder"; }
  Result<void> apply(sql::Transaction& tx, const JournalEntry& entry, TimeMs) override {
    const std::scoped_lock lock(mutex);
    if (refused.contains(entry.dedup_key)) return fail(ErrorKind::internal, "test.refused", "no");
    if (thrown.contains(entry.dedup_key)) throw std::runtime_error("no");
    const auto next = tx.query_one("SELECT COALESCE(MAX(seq), 0) + 1 FROM recorded")->integer(0);
    tx.execute("INSERT INTO recorded (seq, openid, dedup_key) VALUES ($1, $2, $3)",
               {next, entry.openid, entry.dedup_key});
    return {};
  }
  std::mutex mutex;
  std::set<std::string> refused, thrown;
};

class ConsumerTest : public JournalTest {
 protected:
  void SetUp() override {
    JournalTest::SetUp();
    execute("CREATE TABLE recorded (seq BIGINT NOT NULL, openid TEXT NOT NULL, dedup_key TEXT NOT NULL)");
  }
  ConsumerRunner runner() { return {db(), recorder_, clock_, ids_, ConsumerRunner::Settings{}}; }
  void drain(ConsumerRunner& runner) {
    for (int i = 0; i < 100; ++i) {
      auto more = sql::run(runner.step());
      ASSERT_TRUE(more) << more.error().code;
      if (!*more) return;
    }
  }
  std::vector<std::string> recorded(const std::string& openid) {
    std::vector<std::string> keys;
    for (const auto& row : query("SELECT dedup_key FROM recorded WHERE openid = $1 ORDER BY seq", {openid})) {
      keys.push_back(row.text(0));
    }
    return keys;
  }
  Recorder recorder_;
};

TEST_P(ConsumerTest, AppliesEachEntryOnceAndInOrder) {
  std::vector<std::string> expected;
  for (int i = 0; i < 40; ++i) {
    ASSERT_TRUE(append("u" + std::to_string(i % 3), "m:" + std::to_string(i)));
    if (i % 3 == 0) expected.push_back("m:" + std::to_string(i));
  }
  auto one = runner();
  drain(one);
  drain(one);
  EXPECT_EQ(recorded("u0"), expected);
  EXPECT_EQ(number("SELECT COUNT(*) FROM recorded"), 40);
  auto work = [](sql::Transaction& tx) -> Result<Lag> { return lag_of(tx, "recorder"); };
  EXPECT_EQ(db().read_blocking(work)->entries, 0);
}

TEST_P(ConsumerTest, TwoRunnersAtOnceDoNothingTwice) {
  for (int i = 0; i < 120; ++i) ASSERT_TRUE(append("u" + std::to_string(i % 9), "m:" + std::to_string(i)));
  auto work = [this] {
    auto mine = runner();
    for (int i = 0; i < 200; ++i) {
      auto more = sql::run(mine.step());  // a cursor that the other moved is an error, and then we look again
      if (more && !*more) return;
    }
  };
  std::thread first(work), second(work);
  first.join();
  second.join();
  auto last = runner();
  drain(last);
  EXPECT_EQ(number("SELECT COUNT(*) FROM recorded"), 120);
  EXPECT_EQ(number("SELECT COUNT(DISTINCT dedup_key) FROM recorded"), 120);
}

TEST_P(ConsumerTest, AnEntryThatKeepsFailingIsSetAsideAndTheRestGoesOn) {
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(append("u1", "m:" + std::to_string(i)));
  ASSERT_TRUE(append("u2", "m:9"));
  recorder_.refused = {"m:2"};
  recorder_.thrown = {"m:3"};
  auto one = runner();
  drain(one);
  EXPECT_EQ(recorded("u1"), (std::vector<std::string>{"m:0", "m:1"}));
  EXPECT_EQ(recorded("u2"), (std::vector<std::string>{"m:9"}));
  for (int i = 0; i < 20; ++i) {
    clock_.advance(minute_ms);
    drain(one);
  }
  EXPECT_EQ(recorded("u1"), (std::vector<std::string>{"m:0", "m:1", "m:4"}));
  EXPECT_EQ(number("SELECT COUNT(*) FROM gateway_dead_letters"), 2);
  EXPECT_EQ(number("SELECT MIN(attempts) FROM gateway_dead_letters"), 5);

  DeadLetters letters(db(), clock_, ids_);
  letters.add_consumer(recorder_);
  const auto access = system();
  const auto list = sql::run(letters.list(access, {}));
  ASSERT_EQ(list->items.size(), 2U);
  EXPECT_EQ(list->items[0].message, "text");
  for (const DeadLetter& letter : list->items) {
    EXPECT_EQ(sql::run(letters.replay(access, letter.id)).error().code,
              letter.error.starts_with("test.") ? "gateway.replay_failed" : "storage.internal");
  }
  recorder_.refused.clear();
  recorder_.thrown.clear();
  ASSERT_TRUE(sql::run(letters.replay(access, list->items[0].id)));
  ASSERT_TRUE(sql::run(letters.drop(access, list->items[1].id)));
  EXPECT_EQ(sql::run(letters.replay(access, list->items[0].id)).error().code, "gateway.dead_letter_not_found");
  EXPECT_EQ(number("SELECT COUNT(*) FROM recorded WHERE openid = 'u1'"), 4);
  EXPECT_EQ(number("SELECT COUNT(*) FROM gateway_dead_letters"), 0);
}

TEST_P(ConsumerTest, AnEntryThatRecoversIsNotSetAside) {
  ASSERT_TRUE(append("u1", "m:0"));
  ASSERT_TRUE(append("u1", "m:1"));
  recorder_.refused = {"m:0"};
  auto one = runner();
  for (int i = 0; i < 3; ++i) {
    drain(one);
    clock_.advance(minute_ms);
  }
  recorder_.refused.clear();
  drain(one);
  EXPECT_EQ(recorded("u1"), (std::vector<std::string>{"m:0", "m:1"}));
  EXPECT_EQ(number("SELECT COUNT(*) FROM gateway_dead_letters"), 0);
}

MINIOPS_ON_BOTH_ENGINES(JournalTest);
MINIOPS_ON_BOTH_ENGINES(ConsumerTest);

}  // namespace

}  // namespace miniops::gateway
