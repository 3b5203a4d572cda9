// PostgreSQL that goes away and comes back. These tests have a server of their own.
#include <atomic>
#include <set>
#include <thread>

#include "storage/testing/engines.hpp"

namespace miniops::sql::postgres_faults_test {

namespace {

using Done = Result<std::int64_t>;

constexpr Migration tables[] = {
    {"faults", 1, "0001_tables.sql", Migration::For::any,
     "CREATE TABLE entries (id BIGINT PRIMARY KEY);\nCREATE TABLE effects (id BIGINT PRIMARY KEY);\n"}};

class PostgresFaults : public testing::Test {
 protected:
  void SetUp() override {
    database_ = std::move(*sql::open(server_.create_database(), clock_, {.readers = 2}));
    ASSERT_TRUE(migrate(*database_, {tables}));
  }

  Done add(std::int64_t id, std::string operation = {}) {
    return database_->write_blocking(
        [&](Transaction& tx) -> Done {
          tx.execute("INSERT INTO entries VALUES ($1)", {id});
          return tx.execute("INSERT INTO effects VALUES ($1)", {id});
        },
        {.operation_id = std::move(operation)});
  }

  std::set<std::int64_t> ids(const std::string& table) {
    const auto closure = [&](Transaction& tx) -> Result<std::set<std::int64_t>> {
      std::set<std::int64_t> found;
      for (const Row& row : tx.query("SELECT id FROM " + table)) found.insert(row.integer(0));
      return found;
    };
    for (;;) {  // a server that was just restarted is not asked again at once
      if (auto found = database_->read_blocking(closure)) return *found;
      std::this_thread::yield();
    }
  }

  PostgresServer server_;
  ManualClock clock_;
  std::unique_ptr<Database> database_;
};

TEST_F(PostgresFaults, WhileTheServerIsDownClosuresFailAndAfterwardsTheyWork) {
  ASSERT_TRUE(add(1));
  server_.stop();
  EXPECT_EQ(add(2).error().code, "storage.unavailable");
  EXPECT_FALSE(database_->health().writable);
  server_.start();
  // Who failed to connect a moment ago is not tried again at once.
  while (!add(3)) std::this_thread::yield();
  EXPECT_TRUE(database_->health().writable);
  EXPECT_EQ(ids("entries"), (std::set<std::int64_t>{1, 3}));
}

TEST_F(PostgresFaults, ARestartBetweenClosuresIsNotNoticed) {
  ASSERT_TRUE(add(1));
  server_.stop();
  server_.start();
  EXPECT_TRUE(add(2));
  EXPECT_EQ(ids("entries"), (std::set<std::int64_t>{1, 2}));
}

TEST_F(PostgresFaults, AConnectionLostInAClosureRunsItAgain) {
  int runs = 0;
  const auto done = database_->write_blocking([&](Transaction& tx) -> Done {
    tx.execute("INSERT INTO entries VALUES ($1)", {7});
    if (++runs == 1) {
      server_.stop();
      server_.start();
    }
    return tx.execute("INSERT INTO effects VALUES ($1)", {7});
  });
  EXPECT_TRUE(done);
  EXPECT_EQ(runs, 2);
  EXPECT_EQ(ids("entries"), std::set<std::int64_t>{7});
}

// COMMIT is made to take long, by a trigger that runs in it; the connection is ended meanwhile.
TEST_F(PostgresFaults, ACommitOfUnknownOutcomeIsSaidOrSettledByItsOperationId) {
  const auto prepare = database_->write_blocking([](Transaction& tx) -> Done {
    tx.execute(
        "CREATE FUNCTION dawdle() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(30); RETURN NULL; END "
        "$$");
    tx.execute(
        "CREATE CONSTRAINT TRIGGER slow_commit AFTER INSERT ON effects DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN "
        "(NEW.id >= 100) EXECUTE FUNCTION dawdle()");
    return 0;
  });
  ASSERT_TRUE(prepare);
  const auto cut_in_commit = [&] {
    const auto terminate = [](Transaction& tx) -> Done {
      // The trigger can be disposed of in the same moment, so that a second run is quick.
      const Rows rows = tx.query(
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query = 'COMMIT' AND state "
          "= 'active' AND wait_event = 'PgSleep'");
      return static_cast<std::int64_t>(rows.size());
    };
    for (;;) {
      const auto ended = database_->read_blocking(terminate);
      if (ended && *ended > 0) return;
      std::this_thread::yield();
    }
  };
  std::thread cutter(cut_in_commit);
  EXPECT_EQ(add(100).error().code, "storage.outcome_unknown");
  cutter.join();

  int runs = 0;
  std::thread second(cut_in_commit);
  const auto settled = database_->write_blocking(
      [&](Transaction& tx) -> Done {
        // The second run inserts what the trigger lets pass.
        return tx.execute("INSERT INTO effects VALUES ($1)", {++runs == 1 ? 101 : 1});
      },
      {.operation_id = "settle-me"});
  second.join();
  EXPECT_TRUE(settled);
  EXPECT_EQ(runs, 2);
  EXPECT_EQ(ids("effects"), std::set<std::int64_t>{1});
}

TEST_F(PostgresFaults, RestartsUnderLoadLoseNothingThatWasAcknowledged) {
  std::mutex mutex;
  std::set<std::int64_t> acknowledged;
  std::set<std::int64_t> unknown;
  std::atomic<bool> stop = false;
  std::vector<std::thread> threads;
  for (std::int64_t t = 0; t < 4; ++t)
    threads.emplace_back([&, t] {
      for (std::int64_t i = 0; !stop; ++i) {
        const std::int64_t id = t * 1'000'000 + i;
        const auto done = add(id, t % 2 == 0 ? fmt::format("op-{}", id) : "");
        const std::lock_guard lock(mutex);
        if (done) acknowledged.insert(id);
        if (!done && done.error().code == "storage.outcome_unknown") unknown.insert(id);
      }
    });
  const auto acknowledged_count = [&] {
    const std::lock_guard lock(mutex);
    return acknowledged.size();
  };
  for (int restart = 0; restart < 5; ++restart) {
    const std::size_t before = acknowledged_count();
    while (acknowledged_count() < before + 50) std::this_thread::yield();
    server_.stop();
    server_.start();
  }
  stop = true;
  for (auto& thread : threads) thread.join();
  const auto entries = ids("entries");
  EXPECT_EQ(entries, ids("effects"));
  EXPECT_TRUE(std::ranges::includes(entries, acknowledged));
  for (const std::int64_t id : entries) EXPECT_TRUE(acknowledged.contains(id) || unknown.contains(id)) << id;
}

TEST_F(PostgresFaults, NoticesReachOtherNodesAndComeBackAfterARestart) {
  const std::string address = server_.create_database();
  auto one = std::move(*sql::open(address, clock_));
  auto two = std::move(*sql::open(address, clock_));
  std::atomic<int> heard = 0;
  two->listen("live", [&](const std::string& payload) {
    if (payload == "7") ++heard;
  });
  const auto notify_until_heard = [&] {
    const int before = heard;
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (heard == before && std::chrono::steady_clock::now() < deadline) {
      one->notify("live", "7");
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    return heard > before;
  };
  EXPECT_TRUE(notify_until_heard());
  server_.stop();
  server_.start();
  EXPECT_TRUE(notify_until_heard());
}

TEST(OpenDatabase, SaysWhatIsWrongAndKeepsThePassword) {
  const ManualClock clock;
  for (const std::string address : {"mysql://x", "sqlite:", "sqlite:/nowhere/at/all/x.db", "sqlite:/proc/version",
                                    "postgres://u:topsecret@127.0.0.1:1/db", "postgres://[broken"}) {
    const auto opened = open(address, clock);
    ASSERT_FALSE(opened) << address;
    EXPECT_EQ(opened.error().code, "storage.open_failed");
    EXPECT_EQ(opened.error().message.find("topsecret"), std::string::npos);
  }
}

}  // namespace

}  // namespace miniops::sql::postgres_faults_test
