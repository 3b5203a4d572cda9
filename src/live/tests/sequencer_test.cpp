#include "live/sequencer.hpp"

#include <condition_variable>
#include <thread>

#include "live/change_log.hpp"
#include "live/live.hpp"
#include "storage/testing/engines.hpp"

namespace miniops::live {
namespace {

class SequencerTest : public sql::EngineTest {
 protected:
  void SetUp() override { open({live::migrations()}); }

  Change change(const std::string& appid, const std::string& what) {
    return {AppId(appid), "message", identity::Permission::desk_read, {{"id", what}}};
  }
  Result<void> append(const std::string& appid, const std::string& what) {
    const auto id = ids_.next();
    return db().write_blocking([this, id, appid, what](sql::Transaction& tx) -> Result<void> {
      append_change(tx, id, clock_.now(), change(appid, what));
      return {};
    });
  }
  void run_dry(Sequencer& sequencer) {
    for (;;) {
      const auto more = sql::run(sequencer.step());
      ASSERT_TRUE(more) << more.error().message;
      if (!*more) return;
    }
  }
  std::string log_of(const std::string& appid) {
    std::string text;
    for (const auto& row : query("SELECT seq, data FROM live_changes WHERE appid = $1 ORDER BY seq", {appid})) {
      text += std::to_string(row.integer(0)) + row.text(1) + " ";
    }
    return text;
  }
};
MINIOPS_ON_BOTH_ENGINES(SequencerTest);

TEST_P(SequencerTest, NumbersEachMiniProgramFromOne) {
  Sequencer sequencer(db(), clock_, {.owner = "a", .batch_max = 2});
  for (const auto& [appid, what] : {std::pair("wxa", "1"), {"wxb", "2"}, {"wxa", "3"}, {"wxa", "4"}, {"wxb", "5"}}) {
    ASSERT_TRUE(append(appid, what));
  }
  run_dry(sequencer);
  EXPECT_EQ(log_of("wxa"), R"(1{"id":"1"} 2{"id":"3"} 3{"id":"4"} )");
  EXPECT_EQ(log_of("wxb"), R"(1{"id":"2"} 2{"id":"5"} )");
  EXPECT_EQ(query("SELECT count(*) FROM live_pending")[0].integer(0), 0);
  EXPECT_EQ(sequencer.numbered(), 5);
}

TEST_P(SequencerTest, GoesOnAfterARestart) {
  {
    Sequencer sequencer(db(), clock_, {.owner = "a"});
    ASSERT_TRUE(append("wxa", "1"));
    run_dry(sequencer);
    ASSERT_TRUE(append("wxa", "2"));  // committed, not numbered
    sql::run(sequencer.give_back());
  }
  reopen();
  Sequencer sequencer(db(), clock_, {.owner = "b"});
  run_dry(sequencer);
  EXPECT_EQ(log_of("wxa"), R"(1{"id":"1"} 2{"id":"2"} )");
}

TEST_P(SequencerTest, OnlyTheHolderOfTheLeaseNumbers) {
  Sequencer first(db(), clock_, {.owner = "a"});
  Sequencer second(db(), clock_, {.owner = "b"});
  run_dry(first);
  ASSERT_TRUE(append("wxa", "1"));
  EXPECT_EQ(*sql::run(second.step()), false);
  EXPECT_EQ(second.numbered(), 0);
  run_dry(first);
  EXPECT_EQ(first.numbered(), 1);
  sql::run(first.give_back());
  ASSERT_TRUE(append("wxa", "2"));
  clock_.advance(2 * second_ms);  // it tries for the lease every second
  run_dry(second);
  EXPECT_EQ(log_of("wxa"), R"(1{"id":"1"} 2{"id":"2"} )");
}

TEST_P(SequencerTest, WhatIsRolledBackIsNeverSeen) {
  const auto undone = db().write_blocking([this](sql::Transaction& tx) -> Result<void> {
    append_change(tx, 1, clock_.now(), change("wxa", "never"));
    return fail(ErrorKind::conflict, "test.undone", "on purpose");
  });
  EXPECT_FALSE(undone);
  ASSERT_TRUE(append("wxa", "1"));
  Sequencer sequencer(db(), clock_, {.owner = "a"});
  run_dry(sequencer);
  EXPECT_EQ(log_of("wxa"), R"(1{"id":"1"} )");
}

// A transaction that inserted first and commits last gets the later number: numbers follow commits.
TEST_P(SequencerTest, ReverseOrderOfCommits) {
  if (GetParam() == sql::Engine::sqlite) return;  // one writer: the orders are the same
  Sequencer sequencer(db(), clock_, {.owner = "a"});
  std::mutex mutex;
  std::condition_variable changed;
  bool inserted = false, may_commit = false;
  std::thread slow([&] {
    (void)db().write_blocking([&](sql::Transaction& tx) -> Result<void> {
      append_change(tx, 1, clock_.now(), change("wxa", "began first"));
      std::unique_lock lock(mutex);
      inserted = true;
      changed.notify_all();
      changed.wait(lock, [&] { return may_commit; });
      return {};
    });
  });
  {
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return inserted; });
  }
  EXPECT_TRUE(append("wxa", "committed first"));
  run_dry(sequencer);
  EXPECT_EQ(log_of("wxa"), R"(1{"id":"committed first"} )");
  {
    const std::scoped_lock lock(mutex);
    may_commit = true;
  }
  changed.notify_all();
  slow.join();
  run_dry(sequencer);
  EXPECT_EQ(log_of("wxa"), R"(1{"id":"committed first"} 2{"id":"began first"} )");
}

TEST_P(SequencerTest, KeepsADayAndSoManyRows) {
  Sequencer sequencer(db(), clock_, {.owner = "a", .batch_max = 3, .kept_rows = 5});
  for (int i = 1; i <= 8; ++i) ASSERT_TRUE(append("wxa", std::to_string(i)));
  run_dry(sequencer);
  while (sql::run(sequencer.prune_step()).value()) {
  }
  EXPECT_EQ(query("SELECT min(seq) FROM live_changes")[0].integer(0), 4);
  clock_.advance(day_ms + 1);
  ASSERT_TRUE(append("wxa", "9"));
  run_dry(sequencer);
  while (sql::run(sequencer.prune_step()).value()) {
  }
  EXPECT_EQ(log_of("wxa"), R"(9{"id":"9"} )");
}

}  // namespace
}  // namespace miniops::live
