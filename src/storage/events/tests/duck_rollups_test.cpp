// Rollups answer what the rows would have answered, whatever happened to the rows.
#include <cmath>

#include "base/random.hpp"
#include "storage/events/duckdb_connection.hpp"
#include "storage/events/tests/days_fixture.hpp"

namespace miniops::events {
namespace {

constexpr std::array measures{Measure::count, Measure::sum, Measure::mean, Measure::quantiles};
constexpr std::array groups{Field::name, Field::release, Field::build, Field::page, Field::level};

class RollupsTest : public DaysTest {
 protected:
  Row random_row(TimeMs received) {
    const auto below = [&](std::uint64_t end) { return static_cast<std::int32_t>(random_.below(end)); };
    Row one = row(received - static_cast<TimeMs>(random_.below(3 * hour_ms)), 1 + below(4), 1 + below(6));
    one.received = received;
    one.late = below(10) == 0;
    if (one.late) one.time = received - static_cast<TimeMs>(random_.below(3 * day_ms));
    one.app = 1 + below(2);
    one.kind = 1 + below(2);
    one.weight = below(3) == 0 ? 1 + below(8) / 4.0 : 1;  // sums of these are exact
    if (below(3) != 0) one.value = below(40) / 8.0;       // 0 is one of them
    one.release = below(3);
    one.build = below(2);
    one.page = below(5);
    one.level = below(2);
    return one;
  }
  void load_random(int count, TimeMs from, TimeMs to) {
    std::vector<Row> all;
    for (int i = 0; i < count; ++i)
      all.push_back(random_row(from + static_cast<TimeMs>(random_.below(static_cast<std::uint64_t>(to - from)))));
    load(all);
  }

  // A condition that is always true, and that no rollup knows.
  static Scope by_rows(Scope scope) {
    scope.matching = std::make_shared<Predicate>();
    return scope;
  }
  static void expect_same(const Result<std::vector<Point>>& quick, const Result<std::vector<Point>>& slow,
                          const std::string& what) {
    ASSERT_TRUE(quick) << what << quick.error().message;
    ASSERT_TRUE(slow) << what << slow.error().message;
    ASSERT_EQ(quick->size(), slow->size()) << what;
    for (std::size_t i = 0; i < slow->size(); ++i) {
      const Point& a = (*quick)[i];
      const Point& b = (*slow)[i];
      EXPECT_EQ(std::tuple(a.at, a.key, a.count), std::tuple(b.at, b.key, b.count)) << what << i;
      EXPECT_NEAR(a.value, b.value, 1e-9 * std::abs(b.value)) << what << i;
      ASSERT_EQ(a.quantiles.has_value(), b.quantiles.has_value()) << what << i;
      if (!a.quantiles) continue;
      EXPECT_EQ(std::tuple(a.quantiles->p50, a.quantiles->p75, a.quantiles->p95, a.quantiles->p99),
                std::tuple(b.quantiles->p50, b.quantiles->p75, b.quantiles->p95, b.quantiles->p99))
          << what << i;
    }
  }
  static void expect_same(const Result<std::vector<BucketCount>>& quick, const Result<std::vector<BucketCount>>& slow,
                          const std::string& what) {
    ASSERT_TRUE(quick) << what << quick.error().message;
    ASSERT_TRUE(slow) << what << slow.error().message;
    ASSERT_EQ(quick->size(), slow->size()) << what;
    for (std::size_t i = 0; i < slow->size(); ++i) {
      const BucketCount& a = (*quick)[i];
      const BucketCount& b = (*slow)[i];
      EXPECT_EQ(std::tuple(a.at, a.key, a.bucket, a.count), std::tuple(b.at, b.key, b.bucket, b.count)) << what << i;
    }
  }
  template <class Items>
  const auto& any_of(const Items& items) {
    return items[random_.below(items.size())];
  }
  // Some of all the questions that there are: whole hours and not, with and without filters.
  void compare(const std::string& when) {
    const std::vector<std::pair<TimeMs, TimeMs>> ranges{{noon - 20 * day_ms, noon + 40 * day_ms},
                                                        {noon - day_ms + 17 * minute_ms, noon + day_ms + 5},
                                                        {noon - hour_ms - 1, noon + hour_ms + 1},
                                                        {noon + 10 * minute_ms, noon + 50 * minute_ms},
                                                        {noon, noon + hour_ms}};
    const std::vector<std::vector<Condition>> filters{{},
                                                      {{Field::name, {std::int64_t{1}, std::int64_t{3}}}},
                                                      {{Field::release, {std::int64_t{2}}, true}},
                                                      {{Field::page, {std::int64_t{2}}, true}}};
    for (int i = 0; i < 10; ++i) {
      const auto& [from, to] = any_of(ranges);
      const Scope scope{1, 1 + static_cast<std::int32_t>(random_.below(2)), from, to, any_of(filters)};
      BreakdownQuestion parts{scope, any_of(measures), any_of(groups)};
      SeriesQuestion line{scope, any_of(measures), any_of(std::array{hour_ms, 3 * hour_ms, day_ms}),
                          any_of(std::array{TimeMs{0}, 8 * hour_ms, 5 * hour_ms + 30 * minute_ms})};
      if (random_.below(2) == 0) line.by = any_of(groups);
      BucketsQuestion spread{scope, line.by, 2};
      spread.interval_ms = any_of(std::array{TimeMs{0}, hour_ms, day_ms});
      spread.offset_ms = line.offset_ms;
      if (spread.interval_ms == hour_ms && random_.below(2) == 0) spread.period_ms = day_ms;
      const std::string what = fmt::format("{}: question {}: ", when, i);
      const auto spread_quick = store_->buckets(spread);
      const auto parts_quick = store_->breakdown(parts);
      const auto line_quick = store_->series(line);
      parts.scope = line.scope = spread.scope = by_rows(scope);
      expect_same(parts_quick, store_->breakdown(parts), what);
      expect_same(line_quick, store_->series(line), what);
      expect_same(spread_quick, store_->buckets(spread), what);
    }
  }

  SeededRandom random_{7};
};

TEST_F(RollupsTest, TheyAnswerAsTheRowsDo) {
  for (int loads = 0; loads < 6; ++loads) load_random(300, noon - 3 * day_ms, noon + 3 * day_ms);
  compare("partial sums");
  ASSERT_TRUE(store_->sum_up());
  load_random(200, noon - day_ms, noon + day_ms);
  compare("some summed up");
  while (*store_->tidy_day(noon + 20 * day_ms)) {
  }
  open();
  compare("in order, after a restart");
  while (*store_->forget_people({{1, 2}, {2, 3}})) {
  }
  compare("people deleted");
  ASSERT_TRUE(store_->forget(1, 1, day_of(noon - day_ms)));
  compare("a mini program forgot");
  ASSERT_TRUE(store_->forget(1, day_of(noon)));
  compare("days are gone");
  load_random(300, noon - day_ms, noon + 12 * day_ms);  // into the next month, too
  compare("the next month");
  ASSERT_TRUE(store_->sum_up());
  compare("summed up again");
}

// They are read, and not the rows: here they say something else.
TEST_F(RollupsTest, WholeHoursAreNotReadFromRows) {
  std::vector<Row> all;
  for (int i = 0; i < 180; ++i) {
    all.push_back(row(noon + i * minute_ms));
    all.push_back(all.back());
    all.back().kind = 2;
    all.back().value = 100;
  }
  load(all);
  store_.reset();
  {
    DuckDatabase database(*load_duckdb(duckdb_places()), {.temporary = folder_.path() / "tmp"});
    DuckConnection connection(database);
    connection.execute("ATTACH '" + (folder_.path() / "events/2026-11.duckdb").string() + "' AS m");
    for (const std::string table : {"hours_release", "hours_page", "hours_spread"})
      connection.execute("UPDATE m.main." + table + " SET weight = weight * 1000");
  }
  open();
  EXPECT_EQ(one(Measure::count), 180'000);
  EXPECT_EQ(one(Measure::count, by_rows(scope())), 180);
  EXPECT_EQ(store_->breakdown({scope(), Measure::count, Field::page})->front().value, 180'000);
  EXPECT_EQ(store_->breakdown({scope(2), Measure::quantiles, Field::name})->front().count, 180'000);
  EXPECT_EQ(store_->buckets({scope(2), Field::release})->front().count, 180'000);
  EXPECT_EQ(store_->buckets({scope(2), Field::page})->front().count, 180);
  EXPECT_EQ(store_->breakdown({scope(), Measure::count, Field::level})->front().value, 180);
  // Half an hour of rows at each end.
  const Scope part{1, 1, noon + hour_ms / 2, noon + 5 * hour_ms / 2};
  EXPECT_EQ(store_->breakdown({part, Measure::count, Field::name})->front().value, 60'060);
}

TEST_F(RollupsTest, SumsOfManyLoadsBecomeFew) {
  for (int i = 0; i < 20; ++i) load({row(noon), row(noon + 1), row(noon + hour_ms)});
  ASSERT_TRUE(store_->sum_up());
  ASSERT_TRUE(store_->sum_up());
  EXPECT_EQ(one(Measure::count), 60);
  store_.reset();
  DuckDatabase database(*load_duckdb(duckdb_places()), {.temporary = folder_.path() / "tmp"});
  DuckConnection connection(database);
  connection.execute("ATTACH '" + (folder_.path() / "events/2026-11.duckdb").string() + "' AS m (READ_ONLY)");
  const auto sums = connection.query("SELECT count(*), sum(weight) FROM m.main.hours_release");
  EXPECT_EQ(sums.front().integer(0), 2);
  EXPECT_EQ(sums.front().number(1), 60);
}

// As an older program left it.
TEST_F(RollupsTest, AMonthWithoutThemIsSummedUpWhenItIsOpened) {
  load_random(500, noon - 2 * day_ms, noon + 2 * day_ms);
  store_.reset();
  {
    DuckDatabase database(*load_duckdb(duckdb_places()), {.temporary = folder_.path() / "tmp"});
    DuckConnection connection(database);
    connection.execute("ATTACH '" + (folder_.path() / "events/2026-11.duckdb").string() + "' AS m");
    for (const std::string table : {"hours_release", "hours_page", "hours_spread"})
      connection.execute("DROP TABLE m.main." + table);
  }
  open();
  compare("filled");
}

TEST_F(RollupsTest, ALoadIsSeenAsAWholeByQuestionsThatReadBoth) {
  std::atomic<bool> over{false};
  std::atomic<int> wrong{0};
  const Scope part{1, 1, noon + hour_ms / 2, noon + 5 * hour_ms / 2};
  std::vector<std::thread> askers;
  for (int i = 0; i < 3; ++i)
    askers.emplace_back([&] {
      do {
        const auto points = store_->breakdown({part, Measure::count, Field::name});
        const double now = points && !points->empty() ? points->front().value : 0;
        if (!points || std::fmod(now, 120) != 0) ++wrong;
      } while (!over);
    });
  std::vector<Row> all;
  for (int i = 0; i < 120; ++i) all.push_back(row(noon + hour_ms / 2 + i * minute_ms));
  for (int i = 0; i < 20; ++i) {
    load(all);
    if (i % 5 == 0) ASSERT_TRUE(store_->sum_up());
  }
  over = true;
  for (auto& asker : askers) asker.join();
  EXPECT_EQ(wrong, 0);
}

}  // namespace
}  // namespace miniops::events
