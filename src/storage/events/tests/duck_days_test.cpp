// Days as a whole: put in order once when they are over, dropped while questions are asked, copied.
#include "storage/events/duckdb_connection.hpp"
#include "storage/events/tests/days_fixture.hpp"

namespace miniops::events {
namespace {

class DayTablesTest : public DaysTest {
 protected:
  int tidy(TimeMs now) {
    for (int tables = 0;; ++tables) {
      const auto done = store_->tidy_day(now);
      EXPECT_TRUE(done) << done.error().message;
      if (!done || !*done) return tables;
    }
  }
  // As they lie in the file; the store must be closed.
  std::vector<std::int64_t> names_in(const std::string& table) {
    DuckDatabase database(*load_duckdb(duckdb_places()), {.temporary = folder_.path() / "tmp"});
    DuckConnection connection(database);
    connection.execute("ATTACH '" + (folder_.path() / "events/2026-11.duckdb").string() + "' AS m (READ_ONLY)");
    std::vector<std::int64_t> names;
    for (const auto& one : connection.query("SELECT name FROM m.main." + table + " ORDER BY rowid"))
      names.push_back(one.integer(0));
    return names;
  }
};

TEST_F(DayTablesTest, ADayThatIsOverIsPutInOrderOnce) {
  std::vector<Row> all;
  for (int i = 0; i < 5000; ++i) {
    all.push_back(row(noon + i % 7, 1 + i * 7919 % 11));
    all.push_back(row(noon + i % 7, 1 + i * 7919 % 11));
    all.back().kind = 4;
  }
  load(all);
  EXPECT_EQ(tidy(noon + 11 * hour_ms), 0);                   // 16:00 of the same day
  EXPECT_EQ(tidy(noon + 19 * hour_ms + 59 * minute_ms), 0);  // the day after, before one
  EXPECT_EQ(tidy(noon + 20 * hour_ms), 1);
  EXPECT_EQ(tidy(noon + 20 * hour_ms), 0);
  open();
  EXPECT_EQ(tidy(noon + 9 * day_ms), 0);  // it is known after a restart, too
  EXPECT_EQ(one(Measure::count), 5000);
  EXPECT_EQ(one(Measure::count, scope(4)), 5000);
  store_.reset();
  const auto names = names_in("k1_20261121");
  EXPECT_EQ(names.size(), 5000u);
  EXPECT_TRUE(std::ranges::is_sorted(names));
  EXPECT_FALSE(std::ranges::is_sorted(names_in("k4_20261121")));  // lines stay in the order in which they came
}

TEST_F(DayTablesTest, WhatComesAfterIsFoundToo) {
  load({row(noon, 2), row(noon + 1, 1)});
  EXPECT_EQ(tidy(noon + 2 * day_ms), 1);
  load({row(noon + 2, 1)});
  EXPECT_EQ(one(Measure::count), 3);
  EXPECT_EQ(tidy(noon + 2 * day_ms), 0);
}

// A phone's clock may be a little ahead of the server's: received on one day, of the next.
TEST_F(DayTablesTest, ARowIsFoundUnderItsTimeThoughItCameTheDayBefore) {
  const TimeMs midnight = noon + 19 * hour_ms;  // UTC
  Row ahead = row(midnight + 30 * second_ms);
  ahead.received = midnight - 10 * second_ms;
  load({ahead});
  const Scope next_day{1, 1, midnight, midnight + day_ms};
  EXPECT_EQ(rows(next_day).size(), 1u);
  EXPECT_EQ(one(Measure::count, next_day), 1);
  Scope slow = next_day;
  slow.matching = std::make_shared<Predicate>();
  EXPECT_EQ(one(Measure::count, slow), 1);
}

TEST_F(DayTablesTest, TheOrderStaysWhenAPersonIsDeleted) {
  std::vector<Row> all;
  for (int i = 0; i < 1000; ++i) all.push_back(row(noon + i, 1 + i * 7919 % 11, 1 + i % 10));
  load(all);
  EXPECT_EQ(tidy(noon + 2 * day_ms), 1);
  while (*store_->forget_people({{1, 3}})) {
  }
  store_.reset();
  EXPECT_TRUE(std::ranges::is_sorted(names_in("k1_20261121")));
}

// A question learns which tables there are and then names them; between the two one may go.
TEST_F(DayTablesTest, QuestionsAreAnsweredWhileDaysAreDroppedAndPutInOrder) {
  constexpr int days = 12;
  std::vector<Row> all;
  for (int i = 0; i < 200 * days; ++i) all.push_back(row(noon + i % days * day_ms, 1 + i % 3));
  load(all);
  std::atomic<bool> over{false};
  std::atomic<int> wrong{0};
  std::vector<std::thread> askers;
  for (int i = 0; i < 3; ++i)
    askers.emplace_back([&] {
      double before = 200 * days;
      do {
        const auto points = store_->breakdown({scope(), Measure::count, Field::name});
        const auto found = store_->rows({scope(), 10});
        const auto sizes = store_->sizes();
        double now = 0;
        if (points)
          for (const Point& point : *points) now += point.value;
        if (!points || !found || !sizes || now > before || std::fmod(now, 200) != 0) ++wrong;
        before = now;
      } while (!over);
    });
  EXPECT_EQ(tidy(noon + 40 * day_ms), days);
  for (int day = 1; day <= days; ++day) ASSERT_TRUE(store_->forget(1, day_of(noon + day * day_ms)));
  over = true;
  for (auto& asker : askers) asker.join();
  EXPECT_EQ(wrong, 0);
  EXPECT_EQ(one(Measure::count), 0);
}

TEST_F(DayTablesTest, ACopyOfSettledFilesCanBeOpened) {
  load({row(noon), row(noon + 1), row(noon + 20 * day_ms)});
  ASSERT_TRUE(store_->settle());
  std::filesystem::copy(folder_.path() / "events", folder_.path() / "copy", std::filesystem::copy_options::recursive);
  load({row(noon + 2)});
  const auto copy = EventStore::open({folder_.path() / "copy"});
  ASSERT_TRUE(copy) << copy.error().message;
  EXPECT_EQ((*copy)->breakdown({scope(), Measure::count, Field::name})->front().value, 3);
  EXPECT_EQ((*copy)->sizes()->kinds.front().rows, 3);
  EXPECT_EQ(one(Measure::count), 4);
}

TEST_F(DayTablesTest, FilesAreSettledWhileQuestionsAreAsked) {
  std::atomic<bool> over{false};
  std::atomic<int> wrong{0};
  std::vector<std::thread> askers;
  for (int i = 0; i < 3; ++i)
    askers.emplace_back([&] {
      do {
        if (!store_->breakdown({scope(), Measure::count, Field::name})) ++wrong;
      } while (!over);
    });
  for (int i = 0; i < 30; ++i) {
    load(std::vector<Row>(100, row(noon)));
    const auto settled = store_->settle();
    if (!settled) ++wrong;
  }
  over = true;
  for (auto& asker : askers) asker.join();
  EXPECT_EQ(wrong, 0);
  EXPECT_EQ(one(Measure::count), 3000);
}

}  // namespace
}  // namespace miniops::events
