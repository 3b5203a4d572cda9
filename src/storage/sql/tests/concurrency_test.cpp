// Many at once, the same on both engines: nobody touches another's work, and none of it is lost.
#include <algorithm>
#include <atomic>
#include <latch>
#include <mutex>
#include <thread>
#include <utility>

#include "storage/testing/engines.hpp"

namespace miniops::sql::concurrency_test {

namespace {

constexpr Migration tables[] = {
    {"concurrency", 1, "0001_tables.sql", Migration::For::any,
     "CREATE TABLE things (id BIGINT PRIMARY KEY, name TEXT, body BYTEA, ratio DOUBLE PRECISION, UNIQUE (name));\n"
     "CREATE TABLE doctors (id BIGINT PRIMARY KEY, on_call BIGINT NOT NULL);\n"
     "CREATE TABLE log (part BIGINT NOT NULL, position BIGINT NOT NULL, note TEXT NOT NULL,\n"
     "  PRIMARY KEY (part, position));\n"
     "CREATE TABLE parts (part BIGINT PRIMARY KEY, last BIGINT NOT NULL);\n"}};

using Done = Result<std::int64_t>;

class Concurrency : public EngineTest {
 protected:
  void SetUp() override { open({tables}); }

  std::int64_t count(const std::string& table) { return query("SELECT COUNT(*) FROM " + table)[0].integer(0); }
};

// Many at once: some fail, each for itself.
TEST_P(Concurrency, ClosuresOfOneBatchDoNotTouchEachOther) {
  std::vector<std::thread> threads;
  std::atomic<int> kept = 0;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 20; ++i) {
        const std::int64_t id = t * 100 + i;
        const auto done = db().write_blocking([id](Transaction& tx) -> Done {
          tx.execute("INSERT INTO things (id) VALUES ($1)", {id});
          if (id % 3 == 0) return fail(ErrorKind::rejected, "test.refused", "no");
          if (id % 7 == 0) tx.execute("INSERT INTO things (id) VALUES ($1)", {id});
          return id;
        });
        if (done) ++kept;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_GT(kept, 50);
  EXPECT_EQ(count("things"), kept);
  EXPECT_EQ(query("SELECT COUNT(*) FROM things WHERE id % 3 = 0 OR id % 7 = 0")[0].integer(0), 0);
}

// Two doctors, each may leave only if the other stays: at least one must stay.
TEST_P(Concurrency, WriteSkewIsImpossible) {
  for (int round = 0; round < 10; ++round) {
    execute("INSERT INTO doctors VALUES (1, 1), (2, 1) ON CONFLICT (id) DO UPDATE SET on_call = 1");
    std::latch both(2);
    const auto leave = [&](std::int64_t who) {
      bool first_run = true;
      return db().write_blocking([&, who, first_run](Transaction& tx) mutable -> Done {
        const auto others = tx.query("SELECT SUM(on_call) FROM doctors")[0].integer(0);
        // On PostgreSQL both have read before either writes; SQLite's one writer would wait here for ever.
        if (tx.engine() == Engine::postgres && std::exchange(first_run, false)) both.arrive_and_wait();
        if (others < 2) return fail(ErrorKind::rejected, "test.alone", "the last one stays");
        return tx.execute("UPDATE doctors SET on_call = 0 WHERE id = $1", {who});
      });
    };
    Done one;
    std::thread other([&] { one = leave(1); });
    const Done two = leave(2);
    other.join();
    EXPECT_EQ(query("SELECT SUM(on_call) FROM doctors")[0].integer(0), 1);
    EXPECT_NE(one.has_value(), two.has_value());
  }
}

TEST_P(Concurrency, CountersAreNeverLost) {
  execute("INSERT INTO doctors VALUES (1, 0)");
  std::vector<std::thread> threads;
  std::atomic<int> added = 0;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 25; ++i) {
        Done done;
        do {  // whoever gives up after five conflicts is told so, and tries again
          done = db().write_blocking([](Transaction& tx) -> Done {
            const auto now = tx.query("SELECT on_call FROM doctors WHERE id = 1")[0].integer(0);
            return tx.execute("UPDATE doctors SET on_call = $1 WHERE id = 1", {now + 1});
          });
        } while (!done && done.error().code == "storage.conflict");
        if (done) ++added;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(added, 100);
  EXPECT_EQ(query("SELECT on_call FROM doctors")[0].integer(0), 100);
}

TEST_P(Concurrency, TwoClaimersShareNothing) {
  std::vector<Params> rows;
  for (int i = 0; i < 60; ++i) rows.push_back({i});
  ASSERT_TRUE(db().write_blocking([&](Transaction& tx) -> Done {
    tx.execute_many("INSERT INTO things (id) VALUES ($1)", rows);
    return 0;
  }));
  std::mutex mutex;
  std::vector<std::int64_t> claimed;
  const auto claim = [&](std::string_view owner) {
    for (;;) {
      const auto got = db().write_blocking([&](Transaction& tx) -> Result<std::vector<std::int64_t>> {
        std::vector<std::int64_t> ids;
        for (const Row& row :
             tx.query("UPDATE things SET name = $1 || id WHERE id IN (SELECT id FROM things WHERE name "
                      "IS NULL ORDER BY id LIMIT 5) RETURNING id",
                      {owner}))
          ids.push_back(row.integer(0));
        return ids;
      });
      if (!got && got.error().code == "storage.conflict") continue;
      if (!got || got->empty()) return;
      const std::lock_guard lock(mutex);
      claimed.insert(claimed.end(), got->begin(), got->end());
    }
  };
  std::thread other([&] { claim("a"); });
  claim("b");
  other.join();
  std::ranges::sort(claimed);
  EXPECT_EQ(claimed.size(), 60U);
  EXPECT_TRUE(std::ranges::adjacent_find(claimed) == claimed.end());
}

// The journal's rule: positions are given inside the committing transaction, with the partition's row locked. Whatever
// order the two commit in, a reader never sees position n + 1 without n.
TEST_P(Concurrency, PositionsAppearWithoutAGapWhateverCommitsFirst) {
  execute("INSERT INTO parts VALUES (0, 0)");
  const auto append = [&](std::string_view note) -> Done {
    return db().write_blocking(
        [&](Transaction& tx) -> Done {
          const auto next = tx.query_one("UPDATE parts SET last = last + 1 WHERE part = 0 RETURNING last")->integer(0);
          return tx.execute("INSERT INTO log VALUES (0, $1, $2)", {next, note});
        },
        {.urgent = true, .isolation = Isolation::read_committed});
  };
  std::atomic<bool> finished = false;
  std::atomic<int> gaps = 0;
  std::thread reader([&] {
    while (!finished) {
      const auto row = query("SELECT COUNT(*), COALESCE(MAX(position), 0) FROM log")[0];
      if (row.integer(0) != row.integer(1)) ++gaps;
    }
  });
  std::vector<std::thread> writers;
  for (int t = 0; t < 4; ++t)
    writers.emplace_back([&] {
      for (int i = 0; i < 25; ++i) EXPECT_TRUE(append("x"));
    });
  for (auto& writer : writers) writer.join();
  finished = true;
  reader.join();
  EXPECT_EQ(gaps, 0);
  EXPECT_EQ(count("log"), 100);
}

MINIOPS_ON_BOTH_ENGINES(Concurrency);

}  // namespace

}  // namespace miniops::sql::concurrency_test
