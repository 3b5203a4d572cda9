// With filters and without, whole or in part, a question has the same answer.
#include "storage/events/duck_filters.hpp"

#include <gtest/gtest.h>

#include "storage/events/tests/lines_fixture.hpp"

namespace miniops::events {
namespace {

using Op = Predicate::Op;
using testing::noon;

Predicate word(std::string text) {
  Predicate leaf{.op = Op::contains, .text = std::move(text)};
  leaf.from_edge = leaf.to_edge = true;
  return leaf;
}

class DuckFiltersTest : public testing::LinesTest {
 protected:
  // Lines of two mini programs on two days, a few of them late; in loads that end anywhere in a block.
  void load_days(testing::Lines& random, int loads, std::int64_t lines_max) {
    for (int i = 0; i < loads; ++i) {
      std::vector<Row> rows;
      for (std::int64_t line = lines_max / 2 + random.below(lines_max / 2); line > 0; --line) {
        Row row = random.row();
        row.received = i < loads / 2 ? noon - day_ms + i : noon + i;
        row.time = row.received - random.below(random.below(50) == 0 ? 3 * day_ms : 5000);
        row.text += fmt::format(" unique{}", ++unique_);
        rows.push_back(row);
      }
      load(rows);
    }
  }

  static Scope wide(Predicate predicate) {
    Scope scope = asking(std::move(predicate));
    scope.from = noon - 5 * day_ms;
    scope.to = noon + day_ms;
    return scope;
  }

  void expect_right_counts(testing::Lines& random, int questions) {
    for (int i = 0; i < questions; ++i) {
      Predicate predicate =
          random.below(2) == 0 ? word(fmt::format("unique{}", random.below(unique_ + 1))) : random.predicate();
      const testing::Judge satisfies(predicate);
      Scope scope = wide(predicate);
      if (random.below(2) == 0) scope.from = noon - random.below(2 * day_ms);
      scope.by_receipt = random.below(4) == 0;
      double expected = 0;
      for (const Row& row : stored_) {
        const TimeMs at = scope.by_receipt ? row.received : row.time;
        if (row.app == 1 && at >= scope.from && at < scope.to && satisfies(row)) ++expected;
      }
      ASSERT_EQ(count(scope), expected) << testing::shown(predicate);
    }
  }

  // What lies in the file while nobody has it open.
  sql::Rows in_file(const std::string& sql) {
    store_.reset();
    DuckDatabase database(*load_duckdb(duckdb_places()), {.temporary = folder_.path()});
    DuckConnection connection(database);
    connection.execute(fmt::format("ATTACH '{}' AS m2026_11", (folder_.path() / "events/2026-11.duckdb").string()));
    return connection.query(sql);
  }
  std::int64_t blocks_of(const std::string& day) {
    return in_file("SELECT count(*) FROM m2026_11.main.words1_" + day).front().integer(0);
  }

  std::int64_t unique_ = 0;
};

TEST_F(DuckFiltersTest, AnswersAreTheSameWithThemAndWithout) {
  testing::Lines random(21);
  load_days(random, 12, 1800);
  expect_right_counts(random, 60);
  EXPECT_GE(blocks_of("20261120"), 2);
  EXPECT_GE(blocks_of("20261121"), 2);
  in_file("DROP TABLE m2026_11.main.words1_20261120");
  open();
  expect_right_counts(random, 30);
}

// 5 loads of 1,000 lines are two blocks and the beginning of a third, whatever ends in between.
TEST_F(DuckFiltersTest, ABlockGoesOnAcrossLoadsAndRestarts) {
  testing::Lines random(22);
  for (int i = 0; i < 5; ++i) {
    load_random(random, 1000);
    open();
  }
  const auto blocks = in_file("SELECT first, last FROM m2026_11.main.words1_20261121 ORDER BY first");
  ASSERT_EQ(blocks.size(), 2u);
  EXPECT_EQ(blocks[0].integer(0), 0);
  EXPECT_EQ(blocks[1].integer(0), blocks[0].integer(1) + 1);
  EXPECT_EQ(blocks[1].integer(1) - blocks[0].integer(1), 2048);
  open();
  expect_right_counts(random, 10);
}

TEST_F(DuckFiltersTest, WhatIsLostIsMadeAgain) {
  testing::Lines random(23);
  load_days(random, 8, 2500);
  const std::int64_t before = blocks_of("20261121");
  ASSERT_GE(before, 2);
  in_file("DELETE FROM m2026_11.main.words1_20261121 WHERE first = 0");  // the others no longer begin where they should
  open();
  expect_right_counts(random, 20);
  EXPECT_EQ(blocks_of("20261121"), before);
  in_file("DROP TABLE m2026_11.main.words1_20261120");  // an older program made none
  in_file("DROP TABLE m2026_11.main.words1_20261121");
  open();
  load_random(random, 10);
  EXPECT_EQ(blocks_of("20261121"), before);
  EXPECT_GE(blocks_of("20261120"), 2);
  open();
  expect_right_counts(random, 20);
}

TEST_F(DuckFiltersTest, GoWithTheirDay) {
  testing::Lines random(24);
  load_days(random, 4, 3000);
  ASSERT_TRUE(store_->forget(testing::lines, "20261121"));
  std::erase_if(stored_, [](const Row& row) { return row.received < noon; });
  expect_right_counts(random, 10);
  EXPECT_EQ(in_file("SELECT count(*) FROM duckdb_tables() WHERE table_name LIKE 'words%'").front().integer(0), 1);
}

TEST_F(DuckFiltersTest, RowsThatAreDeletedAreNotFoundByThem) {
  testing::Lines random(25);
  load_days(random, 4, 3000);
  ASSERT_TRUE(store_->forget(testing::lines, 2, "20261122"));
  std::erase_if(stored_, [](const Row& row) { return row.app == 2; });
  expect_right_counts(random, 10);
  // Counts that stay of a person lie at the beginning of their hour.
  std::erase_if(stored_, [](const Row& row) { return row.time < noon - hour_ms; });
  Scope hours{1, testing::lines, noon - hour_ms, noon + hour_ms};
  const double before = count(hours);
  for (bool more = true; more;) {
    const auto done = store_->forget_people({{1, 1}});
    ASSERT_TRUE(done) << done.error().message;
    more = *done;
  }
  EXPECT_EQ(count(hours), before);
}

// ---- rows ----

class DuckRowsTest : public DuckFiltersTest {
 protected:
  void expect_right_rows(const RowsQuestion& question, const std::vector<Row>& in_order) {
    const testing::Judge satisfies(*question.scope.matching);
    std::vector<std::string> expected;
    for (const Row& row : in_order)
      if (expected.size() < static_cast<std::size_t>(question.limit) && row.app == 1 &&
          row.time >= question.scope.from && row.time < question.scope.to && satisfies(row))
        expected.push_back(row.text);
    const auto found = store_->rows(question);
    ASSERT_TRUE(found) << found.error().message;
    std::vector<std::string> texts;
    for (const FoundRow& row : *found) texts.push_back(row.text);
    EXPECT_EQ(texts, expected) << testing::shown(*question.scope.matching) << " limit " << question.limit;
  }
};

TEST_F(DuckRowsTest, TheNewestComeFirstAndTheNextBehindThem) {
  testing::Lines random(26);
  load_days(random, 12, 1800);
  std::vector<std::pair<TimeMs, std::size_t>> places;  // of one time the last stored is the newest
  for (std::size_t i = 0; i < stored_.size(); ++i) places.emplace_back(stored_[i].time, i);
  std::ranges::sort(places);
  std::vector<Row> oldest_first;
  for (const auto& [time, i] : places) oldest_first.push_back(stored_[i]);
  const std::vector<Row> newest_first(oldest_first.rbegin(), oldest_first.rend());
  for (int i = 0; i < 40; ++i) {
    RowsQuestion question{wide(random.below(3) == 0 ? Predicate{} : random.predicate(1))};
    question.limit = static_cast<int>(1 + random.below(60));
    expect_right_rows(question, newest_first);
    // Around some place: in a table of all rows it is (time, sequence), and no sequence is below 0.
    const TimeMs place = stored_[static_cast<std::size_t>(random.below(std::ssize(stored_)))].time;
    question.before = {place, -1};
    std::vector<Row> rest;
    std::ranges::copy_if(newest_first, std::back_inserter(rest), [&](const Row& row) { return row.time < place; });
    expect_right_rows(question, rest);
    question.before.reset();
    question.after = {place, -1};
    rest.clear();
    std::ranges::copy_if(oldest_first, std::back_inserter(rest), [&](const Row& row) { return row.time >= place; });
    expect_right_rows(question, rest);
  }
}

TEST_F(DuckRowsTest, AlertsSeeWhatWasReceived) {
  testing::Lines random(27);
  load_days(random, 6, 900);
  RowsQuestion question{wide({})};
  question.scope.by_receipt = true;
  question.scope.from = noon;
  question.limit = 100'000;
  const auto found = store_->rows(question);
  ASSERT_TRUE(found) << found.error().message;
  EXPECT_EQ(std::ssize(*found),
            std::ranges::count_if(stored_, [](const Row& row) { return row.app == 1 && row.received >= noon; }));
}

// ---- their parts ----

class FilterWriterTest : public ::testing::Test {
 protected:
  FilterWriterTest()
      : database_(*load_duckdb(duckdb_places()), {.temporary = folder_.path()}),
        connection_(database_),
        writer_(connection_, days_) {
    connection_.execute(
        fmt::format("ATTACH '{}' AS m2026_11 (STORAGE_VERSION 'v1.2.0')", (folder_.path() / "m.duckdb").string()));
    connection_.execute(fmt::format("CREATE TABLE m2026_11.main.k4_20261121 ({})", columns_text()));
    register_functions(connection_, loans_);
  }

  // As the store writes them, but without columns that nobody asks for.
  void add(std::int64_t count) {
    std::vector<Row> rows(static_cast<std::size_t>(count));
    std::vector<const Row*> pointers;
    const std::int64_t first = next_;
    for (Row& row : rows) {
      row.app = 1;
      row.time = row.received = noon + next_;
      row.text = fmt::format("line {}", next_);
      pointers.push_back(&row);
      ++next_;
    }
    connection_.execute(
        "INSERT INTO m2026_11.main.k4_20261121 BY NAME SELECT range AS sequence, 1 AS app, $3 + range AS time, $3 + "
        "range "
        "AS received, 'line ' || range AS text FROM range($1, $2)",
        std::array<Cell, 3>{first, next_, noon});
    writer_.add("20261121", pointers, first);
  }

  std::vector<LineBlock> asked_for(const std::string& text, TimeRange times = {}) {
    Scope scope{1, testing::lines, noon, noon + day_ms};
    scope.matching = std::make_shared<const Predicate>(word(text));
    return blocks_with(connection_, loans_, days_, "20261121", scope, times);
  }

  sql::TemporaryFolder folder_;
  Loans loans_;
  DuckDatabase database_;
  DuckConnection connection_;
  FilteredDays days_;
  FilterWriter writer_;
  std::int64_t next_ = 0;
};

TEST_F(FilterWriterTest, AWordLeavesItsBlockAndWhatHasNoFilter) {
  {
    DuckTransaction transaction(connection_);
    add(100'000);
    transaction.commit();
    writer_.committed();
  }
  const auto blocks = asked_for("70000");
  ASSERT_LE(blocks.size(), 4u);  // one in 1,700 is taken for another
  EXPECT_TRUE(
      std::ranges::any_of(blocks, [](const LineBlock& one) { return one.first <= 70'000 && one.last >= 70'000; }));
  EXPECT_EQ(blocks.back().first, 100'000 / 2048 * 2048);
  EXPECT_EQ(asked_for("nowhere").size(), 1u);
  EXPECT_EQ(asked_for("line").size(), 49u);
  EXPECT_LE(asked_for("line", {noon + 50'000, noon + 51'000}).size(), 50u);
  EXPECT_EQ(asked_for("line", {noon - 10, noon - 5}).size(), 1u);
}

TEST_F(FilterWriterTest, WhatIsRolledBackIsReadAgain) {
  const auto load = [&](std::int64_t count, bool commits) {
    const std::int64_t before = next_;
    DuckTransaction transaction(connection_);
    add(count);
    if (commits) {
      transaction.commit();
      writer_.committed();
    } else {
      next_ = before;
      writer_.rolled_back();
    }
  };
  load(3000, false);
  EXPECT_FALSE(days_.has("20261121"));
  load(1500, true);
  load(5000, false);
  load(1500, true);
  const auto blocks = asked_for("line");
  ASSERT_EQ(blocks.size(), 2u);
  EXPECT_EQ(blocks[1].first, 2048);
}

TEST(Sources, JoinBlocksBetweenWhichLittleLies) {
  const auto block = [](std::int64_t number) { return LineBlock{number * 2048, number * 2048 + 2047, {}}; };
  const std::vector<LineBlock> blocks{block(0), block(1), block(3), block(20), block(21)};
  const auto sources = sources_of("t", blocks);
  ASSERT_EQ(sources.size(), 2u);
  EXPECT_EQ(sources[0].sequences, std::pair(std::int64_t{0}, std::int64_t{4 * 2048 - 1}));
  EXPECT_EQ(sources[1].sequences, std::pair(std::int64_t{20 * 2048}, std::int64_t{22 * 2048 - 1}));
}

}  // namespace
}  // namespace miniops::events
