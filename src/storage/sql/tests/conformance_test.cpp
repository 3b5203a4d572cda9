// What every store relies on, the same on both engines.
#include <atomic>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/detached.hpp>
#include <thread>

#include "storage/testing/engines.hpp"

namespace miniops::sql::conformance_test {

namespace {

constexpr Migration tables[] = {
    {"conformance", 1, "0001_tables.sql", Migration::For::any,
     "CREATE TABLE things (id BIGINT PRIMARY KEY, name TEXT, body BYTEA, ratio DOUBLE PRECISION, UNIQUE (name));\n"}};

using Done = Result<std::int64_t>;

class Conformance : public EngineTest {
 protected:
  void SetUp() override { open({tables}); }

  std::int64_t count(const std::string& table) { return query("SELECT COUNT(*) FROM " + table)[0].integer(0); }
};

TEST_P(Conformance, ValuesComeBackAsTheyWere) {
  const std::string bytes("\0\x01\xff\xfe\n", 5);
  const std::int64_t huge = std::numeric_limits<std::int64_t>::max();
  const std::int64_t tiny = std::numeric_limits<std::int64_t>::min();
  const std::string name = "客服消息 ☎ 'quoted' \\ $1";
  execute("INSERT INTO things VALUES ($1, $2, $3, $4)", {huge, name, BlobView{bytes}, 0.1});
  execute("INSERT INTO things VALUES ($1, $2, $3, $4)", {tiny, "", BlobView{}, -3.0});
  execute("INSERT INTO things VALUES ($1, $2, $3, $4)", {0, nullptr, nullptr, nullptr});
  const Rows rows = query("SELECT id, name, body, ratio FROM things ORDER BY id");
  ASSERT_EQ(rows.size(), 3U);
  EXPECT_EQ(rows[0].integer(0), tiny);
  EXPECT_EQ(rows[0].text(1), "");
  EXPECT_EQ(rows[0].blob(2), "");
  EXPECT_EQ(rows[0].number(3), -3.0);
  EXPECT_TRUE(rows[1].is_null(1));
  EXPECT_TRUE(rows[1].is_null(2));
  EXPECT_TRUE(rows[1].is_null(3));
  EXPECT_EQ(rows[1].optional_text(1), std::nullopt);
  EXPECT_EQ(rows[2].integer(0), huge);
  EXPECT_EQ(rows[2].text(1), name);
  EXPECT_EQ(rows[2].blob(2), bytes);
  EXPECT_EQ(rows[2].number(3), 0.1);
}

TEST_P(Conformance, ExpressionsHaveTheTypesOfTheDialect) {
  execute("INSERT INTO things (id, name) VALUES (1, 'a'), (2, 'bc'), (3, NULL)");
  const Row row = query(
      "SELECT COUNT(*), SUM(id), MAX(name), id_is.large, COALESCE(SUM(ratio), 0.5), SUM(CASE WHEN id = $2 THEN 1 ELSE "
      "0 "
      "END) FROM things, (SELECT 9007199254740993 AS large) AS id_is WHERE id >= $1 GROUP BY id_is.large",
      {1, 2})[0];
  EXPECT_EQ(row.integer(0), 3);
  EXPECT_EQ(row.integer(1), 6);
  EXPECT_EQ(row.text(2), "bc");
  EXPECT_EQ(row.integer(3), 9007199254740993);
  EXPECT_EQ(row.number(4), 0.5);
  EXPECT_EQ(row.integer(5), 1);
}

TEST_P(Conformance, SumsBeyondOneDigitGroupAreExact) {
  execute("INSERT INTO things (id) VALUES (1), ($1), ($2)", {123456789012345678, 900000000000000000});
  EXPECT_EQ(query("SELECT SUM(id) FROM things")[0].integer(0), 1023456789012345679);
  execute("DELETE FROM things WHERE id = 1");
  execute("UPDATE things SET id = -1000000000000 WHERE id = $1", {900000000000000000});
  execute("DELETE FROM things WHERE id > 0");
  EXPECT_EQ(query("SELECT SUM(id) FROM things")[0].integer(0), -1000000000000);
}

TEST_P(Conformance, ParametersMayComeInAnyOrderAndTwice) {
  execute("INSERT INTO things (name, id) VALUES ($2, $1)", {7, "seven"});
  EXPECT_EQ(query("SELECT id FROM things WHERE name = $2 AND (id = $1 OR id = $1 + 1)", {7, "seven"}).size(), 1U);
}

TEST_P(Conformance, NullAndValueMayTakeTurnsInOneStatement) {
  for (int i = 0; i < 4; ++i) {
    const std::optional<std::string> name = i % 2 == 0 ? std::nullopt : std::optional(fmt::format("n{}", i));
    execute("INSERT INTO things (id, name, ratio) VALUES ($1, $2, $3)",
            {i, name, i == 2 ? Param(nullptr) : Param(1.5 * i)});
  }
  EXPECT_EQ(query("SELECT id FROM things WHERE name IS NULL ORDER BY id").size(), 2U);
}

TEST_P(Conformance, ExecuteTellsTheRowsChanged) {
  EXPECT_EQ(execute("INSERT INTO things (id, name) VALUES (1, 'a'), (2, 'b')"), 2);
  EXPECT_EQ(execute("INSERT INTO things (id, name) VALUES (1, 'z') ON CONFLICT DO NOTHING"), 0);
  EXPECT_EQ(
      execute("INSERT INTO things (id, name) VALUES (1, 'c') ON CONFLICT (id) DO UPDATE SET name = excluded.name"), 1);
  EXPECT_EQ(execute("UPDATE things SET name = name || '!'"), 2);
  EXPECT_EQ(execute("UPDATE things SET name = 'x' WHERE id = 99"), 0);
  EXPECT_EQ(execute("SELECT 1"), 0);
  EXPECT_EQ(execute("DELETE FROM things WHERE id = 1"), 1);
  EXPECT_EQ(query("SELECT name FROM things")[0].text(0), "b!");
}

TEST_P(Conformance, ReturningGivesRows) {
  const auto row = db().write_blocking([](Transaction& tx) -> Result<std::string> {
    return tx.query_one("INSERT INTO things (id, name) VALUES (5, 'five') RETURNING name, id")->text(0);
  });
  EXPECT_EQ(row.value(), "five");
  EXPECT_EQ(count("things"), 1);
}

TEST_P(Conformance, ExecuteManyCountsEachRow) {
  std::vector<Params> rows;
  std::vector<std::string> names;
  for (int i = 0; i < 450; ++i) names.push_back(fmt::format("name {}", i % 300));
  for (int i = 0; i < 450; ++i)
    rows.push_back({i, i == 7 ? Param(nullptr) : Param(names[static_cast<std::size_t>(i)])});
  const auto changed = db().write_blocking([&](Transaction& tx) -> Result<std::vector<std::int64_t>> {
    return tx.execute_many("INSERT INTO things (id, name) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING", rows);
  });
  ASSERT_TRUE(changed);
  ASSERT_EQ(changed->size(), 450U);
  EXPECT_EQ((*changed)[299], 1);
  EXPECT_EQ((*changed)[300], 0);
  EXPECT_EQ((*changed)[307], 1);  // the first with this name was stored as NULL
  EXPECT_EQ(count("things"), 301);
}

TEST_P(Conformance, ExecuteManyThatFailsLeavesNothingAndTheConnectionUsable) {
  std::vector<Params> rows;
  for (int i = 0; i < 20; ++i) rows.push_back({i % 15});
  const auto failed = db().write_blocking([&](Transaction& tx) -> Done {
    tx.execute_many("INSERT INTO things (id) VALUES ($1)", rows);
    return 0;
  });
  EXPECT_EQ(failed.error().code, "storage.constraint");
  EXPECT_EQ(count("things"), 0);
  EXPECT_EQ(execute("INSERT INTO things (id) VALUES (1)"), 1);
}

TEST_P(Conformance, WhatIsExecutedLaterIsSeenByTheNextStatementAndTheNextClosure) {
  auto work = [](sql::Transaction& tx) -> Done {
    for (int i = 1; i <= 450; ++i) tx.execute_later("INSERT INTO things (id, name) VALUES ($1, $2)", {i, nullptr});
    tx.execute_later("UPDATE things SET name = $1 WHERE id = 7", {"seven"});
    const auto seen = tx.query_one("SELECT COUNT(*) FROM things")->integer(0);
    tx.execute_later("UPDATE things SET ratio = 0.5 WHERE id = 7", {});
    EXPECT_EQ(tx.execute("DELETE FROM things WHERE id > $1", {448}), 2);
    EXPECT_EQ(tx.execute_many("DELETE FROM things WHERE id = $1", std::vector<Params>{{448}, {449}}),
              (std::vector<std::int64_t>{1, 0}));
    tx.execute_later("UPDATE things SET name = 'last' WHERE id = $1", {447});
    return seen;
  };
  EXPECT_EQ(db().write_blocking(work), 450);
  EXPECT_EQ(count("things"), 447);
  EXPECT_EQ(query("SELECT name FROM things WHERE id = 7 AND ratio = 0.5")[0].text(0), "seven");
  EXPECT_EQ(query("SELECT name FROM things WHERE id = 447")[0].text(0), "last");
}

TEST_P(Conformance, WhatFailsLaterRollsBackTheWholeClosure) {
  for (const bool asked : {true, false}) {
    auto work = [asked](sql::Transaction& tx) -> Done {
      tx.execute_later("INSERT INTO things (id) VALUES ($1)", {1});
      tx.execute_later("INSERT INTO things (id) VALUES ($1)", {1});
      tx.execute_later("INSERT INTO things (id) VALUES ($1)", {2});
      if (asked) tx.query("SELECT 1");
      return 0;
    };
    const auto done = db().write_blocking(work);
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, "storage.constraint");
    EXPECT_EQ(count("things"), 0);
  }
}

TEST_P(Conformance, AClosureThatGivesUpLeavesNothingOfWhatWasToComeLater) {
  auto work = [](sql::Transaction& tx) -> Done {
    tx.execute_later("INSERT INTO things (id) VALUES ($1)", {1});
    tx.execute_later("INSERT INTO things (id) VALUES ($1)", {2});
    return fail(ErrorKind::conflict, "test.gave_up", "no");
  };
  const auto done = db().write_blocking(work);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, "test.gave_up");
  EXPECT_EQ(count("things"), 0);
  execute("INSERT INTO things (id) VALUES (1)");
}

TEST_P(Conformance, AnErrorRollsBackAndReachesTheCaller) {
  const auto refused = db().write_blocking([](Transaction& tx) -> Done {
    tx.execute("INSERT INTO things (id) VALUES (1)");
    return fail(ErrorKind::rejected, "test.refused", "no");
  });
  EXPECT_EQ(refused.error().code, "test.refused");
  EXPECT_EQ(count("things"), 0);
}

TEST_P(Conformance, ABrokenConstraintRollsBackTheWholeClosure) {
  execute("INSERT INTO things (id) VALUES (1)");
  const auto refused = db().write_blocking([](Transaction& tx) -> Done {
    tx.execute("INSERT INTO things (id) VALUES (2)");
    return tx.execute("INSERT INTO things (id) VALUES (1)");
  });
  EXPECT_EQ(refused.error().code, "storage.constraint");
  EXPECT_EQ(count("things"), 1);
}

TEST_P(Conformance, AClosureCannotGoOnAfterAFailedStatement) {
  const auto refused = db().write_blocking([](Transaction& tx) -> Done {
    try {
      tx.execute("INSERT INTO nowhere VALUES (1)");
    } catch (const std::exception&) {  // as no closure should
    }
    return 1;
  });
  EXPECT_EQ(refused.error().code, "storage.internal");
}

TEST_P(Conformance, AClosureThatThrowsHarmsNoOther) {
  const auto thrown = db().write_blocking([](Transaction& tx) -> Done {
    tx.execute("INSERT INTO things (id) VALUES (1)");
    throw std::runtime_error("a bug");
  });
  EXPECT_EQ(thrown.error().code, "storage.internal");
  EXPECT_EQ(count("things"), 0);
}

TEST_P(Conformance, AReadCannotWrite) {
  const auto refused =
      db().read_blocking([](Transaction& tx) -> Done { return tx.execute("INSERT INTO things (id) VALUES (1)"); });
  EXPECT_FALSE(refused);
  EXPECT_EQ(count("things"), 0);
}

TEST_P(Conformance, AReadSeesOneMoment) {
  execute("INSERT INTO things (id) VALUES (1)");
  const auto seen = db().read_blocking([&](Transaction& tx) -> Result<std::pair<std::int64_t, std::int64_t>> {
    const std::int64_t before = tx.query("SELECT COUNT(*) FROM things")[0].integer(0);
    std::thread([&] { execute("INSERT INTO things (id) VALUES (2)"); }).join();
    return std::pair(before, tx.query("SELECT COUNT(*) FROM things")[0].integer(0));
  });
  EXPECT_EQ(seen.value(), std::pair(std::int64_t{1}, std::int64_t{1}));
  EXPECT_EQ(count("things"), 2);
}

TEST_P(Conformance, AnOperationIsDoneOnce) {
  int runs = 0;
  const auto insert = [&]() -> Done {
    return db().write_blocking(
        [&](Transaction& tx) -> Done {
          ++runs;
          return tx.execute("INSERT INTO things (id) VALUES ($1)", {runs});
        },
        {.operation_id = "send-1"});
  };
  EXPECT_TRUE(insert());
  EXPECT_EQ(insert().error().code, "storage.operation_done");
  EXPECT_EQ(runs, 1);
  EXPECT_EQ(count("things"), 1);
}

TEST_P(Conformance, ARefusedOperationMayBeTriedAgain) {
  const auto attempt = [&](bool refuse) -> Done {
    return db().write_blocking(
        [&](Transaction&) -> Done {
          if (refuse) return fail(ErrorKind::rejected, "test.refused", "no");
          return 1;
        },
        {.operation_id = "op"});
  };
  EXPECT_EQ(attempt(true).error().code, "test.refused");
  EXPECT_TRUE(attempt(false));
}

TEST_P(Conformance, OperationsAreForgottenAfterSevenDays) {
  const auto operation = [&](int i) {
    return db().write_blocking([](Transaction&) -> Done { return 1; }, {.operation_id = fmt::format("op-{}", i)});
  };
  EXPECT_TRUE(operation(-1));
  clock_.advance(7 * day_ms + 1);
  for (int i = 0; i < 500; ++i) ASSERT_TRUE(operation(i));
  close();  // what was queued is run
  reopen();
  EXPECT_EQ(query("SELECT COUNT(*) FROM operations WHERE id = 'op--1'")[0].integer(0), 0);
  EXPECT_EQ(count("operations"), 500);
}

TEST_P(Conformance, WhatWasCommittedIsThereAfterReopening) {
  execute("INSERT INTO things (id, name) VALUES (1, 'kept')");
  reopen();
  EXPECT_EQ(query("SELECT name FROM things")[0].text(0), "kept");
}

TEST_P(Conformance, CoroutinesAreResumedOnTheirOwnExecutor) {
  const auto task = [](Database& database) -> Task<bool> {
    const auto thread = std::this_thread::get_id();
    const auto closure = [](Transaction& tx) -> Done { return tx.execute("INSERT INTO things (id) VALUES (1)"); };
    const Done done = co_await database.write(closure);
    co_return done.has_value() && std::this_thread::get_id() == thread;
  };
  EXPECT_TRUE(run(task(db())));
  EXPECT_EQ(count("things"), 1);
}

TEST_P(Conformance, ACancelledCallerStillLetsTheClosureFinish) {
  std::atomic<bool> ended = false;
  const auto task = [](Database& database, std::atomic<bool>& finished) -> Task<void> {
    std::string owned = "a string that the closure refers to";
    const auto closure = [&owned](Transaction& tx) -> Done {
      return tx.execute("INSERT INTO things (id, name) VALUES (1, $1)", {owned});
    };
    (void)co_await database.write(closure);
    finished = true;
  };
  boost::asio::io_context context;
  boost::asio::cancellation_signal cancel;
  boost::asio::co_spawn(context, task(db(), ended),
                        boost::asio::bind_cancellation_slot(cancel.slot(), boost::asio::detached));
  boost::asio::post(context, [&] { cancel.emit(boost::asio::cancellation_type::all); });
  context.run();
  EXPECT_TRUE(ended);
  EXPECT_EQ(count("things"), 1);
}

TEST_P(Conformance, StoppedItHasRunWhatWasBegunAndRunsNothingMore) {
  std::atomic<int> ran = 0;
  const auto task = [](Database& database, std::atomic<int>& counted, int id) -> Task<void> {
    const auto closure = [&counted, id](Transaction& tx) -> Done {
      ++counted;
      return tx.execute("INSERT INTO things (id) VALUES ($1)", {id});
    };
    (void)co_await database.write(closure, {.background = id % 2 == 0});
  };
  boost::asio::io_context context;  // nobody is there to be resumed
  for (int id = 1; id <= 20; ++id) boost::asio::co_spawn(context, task(db(), ran, id), boost::asio::detached);
  context.poll();
  db().stop();
  EXPECT_GE(ran, 20);
  const auto late = [](Transaction& tx) -> Done { return tx.execute("INSERT INTO things (id) VALUES (99)"); };
  EXPECT_EQ(db().write_blocking(late).error().code, "storage.unavailable");
  db().stop();
  reopen();
  EXPECT_EQ(count("things"), 20);
}

TEST_P(Conformance, ListenersHearOfTheirTopic) {
  std::mutex mutex;
  std::condition_variable heard;
  std::vector<std::string> payloads;
  db().listen("live", [&](const std::string& payload) {
    const std::lock_guard lock(mutex);
    payloads.push_back(payload);
    heard.notify_all();
  });
  db().notify("other", "0");
  db().notify("live", "1");
  db().notify("live", "1");
  db().notify("live", "2");
  std::unique_lock lock(mutex);
  EXPECT_TRUE(
      heard.wait_for(lock, std::chrono::seconds(10), [&] { return !payloads.empty() && payloads.back() == "2"; }));
  EXPECT_EQ(std::ranges::count(payloads, "0"), 0);
}

MINIOPS_ON_BOTH_ENGINES(Conformance);

}  // namespace

}  // namespace miniops::sql::conformance_test
