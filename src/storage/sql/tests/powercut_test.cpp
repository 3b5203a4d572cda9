// SQLite under a disk that loses its power, is full, or fails.
#include <sqlite3.h>

#include <atomic>
#include <cstdlib>
#include <latch>
#include <set>
#include <thread>

#include "storage/testing/engines.hpp"
#include "storage/testing/powercut_vfs.hpp"

namespace miniops::sql::powercut_test {

namespace {

using Done = Result<std::int64_t>;

constexpr Migration tables[] = {{"cuts", 1, "0001_tables.sql", Migration::For::any,
                                 "CREATE TABLE entries (id BIGINT PRIMARY KEY, body BYTEA NOT NULL);\n"
                                 "CREATE TABLE effects (id BIGINT PRIMARY KEY);\n"}};

class OnMemoryDisk : public testing::Test {
 protected:
  std::unique_ptr<Database> open(PowerCutDisk& disk) {
    auto database = sql::open("sqlite:test.db", clock_, {.sqlite_vfs = disk.vfs(), .checkpoint_pages = 30});
    if (!database) throw std::runtime_error(database.error().message);
    if (auto migrated = migrate(**database, {tables}); !migrated) throw std::runtime_error(migrated.error().message);
    return std::move(*database);
  }

  // One closure writes to two tables: both or none.
  static Done add(Database& database, std::int64_t id, std::size_t bytes = 200) {
    const std::string body(bytes, static_cast<char>('a' + id % 26));
    return database.write_blocking([&](Transaction& tx) -> Done {
      tx.execute("INSERT INTO entries VALUES ($1, $2)", {id, BlobView{body}});
      return tx.execute("INSERT INTO effects VALUES ($1)", {id});
    });
  }

  static std::set<std::int64_t> ids(Database& database, const std::string& table) {
    const auto closure = [&](Transaction& tx) -> Result<std::set<std::int64_t>> {
      std::set<std::int64_t> found;
      for (const Row& row : tx.query("SELECT id FROM " + table)) found.insert(row.integer(0));
      return found;
    };
    return database.read_blocking(closure).value();
  }

  static std::string integrity(Database& database) {
    return database
        .read_blocking(
            [](Transaction& tx) -> Result<std::string> { return tx.query("PRAGMA integrity_check")[0].text(0); })
        .value();
  }

  ManualClock clock_;
};

class PowerCut : public OnMemoryDisk {
 protected:
  // Four threads write until the power goes; what was acknowledged is returned.
  std::set<std::int64_t> write_until_cut(Database& database, std::int64_t first_id) {
    std::mutex mutex;
    std::set<std::int64_t> acknowledged;
    std::atomic<std::int64_t> next = first_id;
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t)
      threads.emplace_back([&] {
        for (;;) {
          const std::int64_t id = next++;
          if (!add(database, id)) return;
          const std::lock_guard lock(mutex);
          acknowledged.insert(id);
        }
      });
    for (auto& thread : threads) thread.join();
    return acknowledged;
  }
};

int seeds() {
  const char* wanted = std::getenv("MINIOPS_POWER_CUTS");
  return wanted == nullptr ? 50 : std::atoi(wanted);
}

TEST_F(PowerCut, WhatWasAcknowledgedIsThere) {
  std::size_t acknowledged_total = 0;
  for (int seed = 1; seed <= seeds(); ++seed) {
    PowerCutDisk disk(static_cast<std::uint64_t>(seed));
    SeededRandom random(static_cast<std::uint64_t>(seed));
    std::set<std::int64_t> acknowledged;
    for (std::int64_t round = 0; round < 3; ++round) {
      auto database = open(disk);
      EXPECT_EQ(integrity(*database), "ok") << "seed " << seed;
      const auto entries = ids(*database, "entries");
      EXPECT_TRUE(std::ranges::includes(entries, acknowledged)) << "seed " << seed << " lost an acknowledged closure";
      EXPECT_EQ(entries, ids(*database, "effects")) << "seed " << seed << " kept half a closure";
      disk.cut_after(static_cast<int>(10 + random.below(400)));
      acknowledged.merge(write_until_cut(*database, round * 1'000'000));
      EXPECT_FALSE(disk.has_power());
      database.reset();
      disk.power_on();
    }
    acknowledged_total += acknowledged.size();
  }
  std::printf("%d seeds, %zu closures acknowledged, 0 may be lost\n", seeds(), acknowledged_total);
  EXPECT_GT(acknowledged_total, static_cast<std::size_t>(seeds()) * 10);
}

// The proof is worth something only if this disk does lose what was not synced.
TEST_F(PowerCut, WithoutSyncsMuchIsLost) {
  int lost = 0;
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    PowerCutDisk disk(seed);
    {
      auto database = open(disk);
      ASSERT_TRUE(add(*database, 1));
    }
    sqlite3* careless = nullptr;
    ASSERT_EQ(sqlite3_open_v2("test.db", &careless, SQLITE_OPEN_READWRITE, disk.vfs().c_str()), SQLITE_OK);
    const char* unsynced = "PRAGMA synchronous = OFF; INSERT INTO effects VALUES (2);";
    EXPECT_EQ(sqlite3_exec(careless, unsynced, nullptr, nullptr, nullptr), SQLITE_OK);
    disk.cut();
    sqlite3_close(careless);
    disk.power_on();
    auto database = open(disk);
    const auto found = ids(*database, "effects");
    EXPECT_TRUE(found.contains(1));
    if (!found.contains(2)) ++lost;
  }
  EXPECT_GT(lost, 10);
  EXPECT_LT(lost, 40);
}

class BrokenDisk : public OnMemoryDisk {
 protected:
  // Starts the closures so that they share one batch: a first one holds the writer until all wait.
  static std::vector<Done> in_one_batch(Database& database, std::vector<std::function<Done(Transaction&)>> closures) {
    std::latch holding(1);
    std::latch go(1);
    std::thread holder([&] {
      (void)database.write_blocking([&](Transaction&) -> Done {
        holding.count_down();
        go.wait();
        return 0;
      });
    });
    holding.wait();
    std::vector<Done> results(closures.size());
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < closures.size(); ++i) {
      threads.emplace_back([&, i] { results[i] = database.write_blocking(closures[i]); });
      while (database.health().queued_writes < static_cast<std::int64_t>(i) + 1) std::this_thread::yield();
    }
    go.count_down();
    holder.join();
    for (auto& thread : threads) thread.join();
    return results;
  }

  static std::function<Done(Transaction&)> insert(std::int64_t id, std::atomic<int>* runs = nullptr) {
    return [=](Transaction& tx) -> Done {
      if (runs != nullptr) ++*runs;
      return tx.execute("INSERT INTO effects VALUES ($1)", {id});
    };
  }

  // More than the writer's cache holds: pages spill to the log before COMMIT.
  static Done fill(Transaction& tx) {
    const std::string large(1 << 20, 'x');
    for (std::int64_t id = 100; id < 140; ++id)
      tx.execute("INSERT INTO entries VALUES ($1, $2)", {id, BlobView{large}});
    return 40;
  }
};

TEST_F(BrokenDisk, AFullDiskInAClosureFailsThatOneAndTheOthersAreRunAgain) {
  PowerCutDisk disk(1);
  auto database = open(disk);
  disk.limit_room(disk.bytes_used() + (8 << 20));
  std::atomic<int> runs = 0;
  const auto results = in_one_batch(*database, {insert(1, &runs), insert(2), fill, insert(3)});
  EXPECT_TRUE(results[0]);
  EXPECT_TRUE(results[1]);
  EXPECT_EQ(results[2].error().code, "storage.full");
  EXPECT_TRUE(results[3]);
  EXPECT_EQ(runs, 2);  // once in the lost transaction, once again
  EXPECT_EQ(ids(*database, "effects"), (std::set<std::int64_t>{1, 2, 3}));
  EXPECT_TRUE(ids(*database, "entries").empty());
  EXPECT_EQ(integrity(*database), "ok");
}

TEST_F(BrokenDisk, AFullDiskAtCommitFailsAllAndRecoversWhenThereIsRoom) {
  PowerCutDisk disk(2);
  auto database = open(disk);
  ASSERT_TRUE(add(*database, 1));
  disk.limit_room(disk.bytes_used());
  for (const auto& result : in_one_batch(*database, {insert(10), insert(11), insert(12)}))
    EXPECT_EQ(result.error().code, "storage.full");
  EXPECT_FALSE(database->health().writable);
  EXPECT_NE(database->health().problem, "");
  EXPECT_EQ(ids(*database, "effects"), std::set<std::int64_t>{1});  // reading goes on
  EXPECT_EQ(add(*database, 2).error().code, "storage.full");
  disk.limit_room(std::nullopt);
  EXPECT_TRUE(add(*database, 3));
  EXPECT_TRUE(database->health().writable);
  EXPECT_EQ(ids(*database, "effects"), (std::set<std::int64_t>{1, 3}));
  EXPECT_EQ(integrity(*database), "ok");
}

TEST_F(BrokenDisk, ASyncThatFailsAtCommitFailsAll) {
  PowerCutDisk disk(3);
  auto database = open(disk);
  ASSERT_TRUE(add(*database, 1));
  disk.fail_syncs(true);
  for (const auto& result : in_one_batch(*database, {insert(10), insert(11)}))
    EXPECT_EQ(result.error().code, "storage.outcome_unknown");
  EXPECT_FALSE(database->health().writable);
  disk.fail_syncs(false);
  EXPECT_TRUE(add(*database, 2));
  EXPECT_EQ(ids(*database, "effects"), (std::set<std::int64_t>{1, 2}));
  database.reset();
  database = open(disk);
  EXPECT_EQ(ids(*database, "effects"), (std::set<std::int64_t>{1, 2}));
}

TEST_F(BrokenDisk, AFullDiskUnderLoadStoresExactlyWhatWasAcknowledged) {
  PowerCutDisk disk(4);
  auto database = open(disk);
  std::mutex mutex;
  std::set<std::int64_t> acknowledged;
  std::atomic<int> refused = 0;
  std::vector<std::thread> threads;
  for (std::int64_t t = 0; t < 4; ++t)
    threads.emplace_back([&, t] {
      for (std::int64_t i = 0; i < 100; ++i) {
        if (t == 0 && i == 20) disk.limit_room(disk.bytes_used() + 20'000);
        if (t == 0 && i == 70) disk.limit_room(std::nullopt);
        const auto done = add(*database, t * 1000 + i, 3000);
        if (!done) ++refused;
        const std::lock_guard lock(mutex);
        if (done) acknowledged.insert(t * 1000 + i);
      }
    });
  for (auto& thread : threads) thread.join();
  EXPECT_GT(refused, 0);
  EXPECT_GT(acknowledged.size(), 100U);
  EXPECT_EQ(ids(*database, "entries"), acknowledged);
  EXPECT_EQ(ids(*database, "effects"), acknowledged);
  EXPECT_EQ(integrity(*database), "ok");
}

}  // namespace

}  // namespace miniops::sql::powercut_test
