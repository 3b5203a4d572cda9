// The event store through its interface: what is loaded is found, once, whatever ends in between.
#include "storage/events/event_store.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <thread>

#include "storage/testing/engines.hpp"

namespace miniops::events {
namespace {

constexpr TimeMs noon = 1795237200000;  // 2026-11-21T05:00:00Z
const std::string november = "2026-11";

class EventStoreTest : public testing::Test {
 protected:
  void open() {
    store_.reset();
    auto opened = EventStore::open({folder_.path() / "events"});
    ASSERT_TRUE(opened) << opened.error().message;
    store_ = std::move(*opened);
    const auto state = store_->state(november);
    ASSERT_TRUE(state) << state.error().message;
    state_ = *state;
  }
  void SetUp() override { open(); }

  static Row row(TimeMs time, std::int32_t name = 1, std::int64_t person = 1) {
    Row row;
    row.app = 1;
    row.kind = 1;
    row.name = name;
    row.time = time;
    row.received = noon;
    row.id = {7, static_cast<std::uint64_t>(time)};
    row.session = {1, 2};
    row.person = person;
    row.properties = R"({"amount":19.9})";
    return row;
  }
  void load(std::vector<Row> rows, std::int64_t offset = 100) {
    Load load;
    load.rows = std::move(rows);
    load.segment = 1;
    load.offset = offset;
    const auto done = store_->load(november, load);
    ASSERT_TRUE(done) << done.error().message;
  }
  static Scope scope(std::vector<Condition> where = {}) { return {1, 1, noon - hour_ms, noon + hour_ms, where}; }
  double count(const Scope& of) {
    const auto points = store_->series({of, Measure::count, day_ms});
    EXPECT_TRUE(points) << points.error().message;
    double all = 0;
    for (const Point& point : *points) all += point.value;
    return all;
  }

  sql::TemporaryFolder folder_;
  std::unique_ptr<EventStore> store_;
  LoadState state_;
};

TEST_F(EventStoreTest, ARowComesBackAsItWas) {
  Row one = row(noon + 5);
  one.value = 812.5;
  one.weight = 10;
  one.late = true;
  one.page_view = {0x8000000000000001ULL, 3};  // as a signed number it is negative
  one.trace = "4bf92f35";
  one.level = 4;
  one.release = 5;
  one.build = 3;
  one.page = 6;
  one.scene = 1011;
  one.device = 8;
  one.network = 9;
  one.region = 10;
  one.client = 11;
  one.text = "支付失败 x is not defined";
  load({one});
  const auto found = store_->rows({scope()});
  ASSERT_TRUE(found) << found.error().message;
  ASSERT_EQ(found->size(), 1u);
  const FoundRow& back = found->front();
  EXPECT_EQ(back.time, noon + 5);
  EXPECT_EQ(back.received, noon);
  EXPECT_TRUE(back.late);
  EXPECT_EQ(back.value, 812.5);
  EXPECT_EQ(back.weight, 10);
  EXPECT_EQ(back.session, "00000000000000010000000000000002");
  EXPECT_EQ(back.page_view, "80000000000000010000000000000003");
  EXPECT_EQ(back.trace, "4bf92f35");
  EXPECT_EQ(back.text, one.text);
  EXPECT_EQ(back.properties, one.properties);
  EXPECT_EQ((std::array{back.name, back.level, back.person, back.release, back.build, back.page, back.scene,
                        back.device, back.network, back.region, back.client}),
            (std::array<std::int64_t, 11>{1, 4, 1, 5, 3, 6, 1011, 8, 9, 10, 11}));
}

TEST_F(EventStoreTest, ALoadAndItsPositionSurviveOpeningAnew) {
  load({row(noon), row(noon + 1)}, 4711);
  open();
  EXPECT_EQ(state_.segment, 1);
  EXPECT_EQ(state_.offset, 4711);
  EXPECT_EQ(count(scope()), 2);
  load({row(noon + 2)}, 4800);
  const auto found = store_->rows({scope()});
  ASSERT_EQ(found->size(), 3u);
  EXPECT_GT((*found)[0].sequence, (*found)[1].sequence);  // numbers go on, too
}

TEST_F(EventStoreTest, TheMemoryOfWhatWasSeenComesBack) {
  Load load;
  load.segment = 1;
  load.seen = {{1, {0xfedcba9876543210ULL, 2}, noon}, {1, {3, 4}, noon - 2 * day_ms}};
  load.batches = {
      {1, {5, 6}, 1, 1, noon}, {1, {5, 6}, 2, 2, noon + 1}, {1, {5, 6}, 4, 4, noon}, {2, {5, 6}, 3, 3, noon}};
  ASSERT_TRUE(store_->load(november, load));
  open();
  ASSERT_EQ(state_.seen.size(), 1u);  // older than a day: forgotten
  EXPECT_EQ(state_.seen[0].id, (Id128{0xfedcba9876543210ULL, 2}));
  std::vector<std::tuple<int, std::int64_t, std::int64_t>> runs;
  for (const SeenBatches& one : state_.batches) runs.emplace_back(one.app, one.first, one.last);
  std::ranges::sort(runs);
  EXPECT_EQ(runs, (std::vector<std::tuple<int, std::int64_t, std::int64_t>>{{1, 1, 2}, {1, 4, 4}, {2, 3, 3}}));
}

TEST_F(EventStoreTest, ANewMonthRemembersTheOneBefore) {
  Load last;
  last.segment = 9;
  last.seen = {{1, {1, 2}, noon}};
  last.batches = {{1, {5, 6}, 1, 7, noon}};
  ASSERT_TRUE(store_->load(november, last));
  const auto december = store_->state("2026-12");
  ASSERT_TRUE(december) << december.error().message;
  EXPECT_EQ(december->segment, 0);  // its own position: it has loaded nothing
  EXPECT_EQ(december->seen.size(), 1u);
  ASSERT_EQ(december->batches.size(), 1u);
  EXPECT_EQ(december->batches[0].last, 7);
}

TEST_F(EventStoreTest, SeriesCutTheLocalDay) {
  const TimeMs offset = 8 * hour_ms;
  const TimeMs midnight = 1795190400000;  // 2026-11-21T00:00+08:00
  load({row(midnight - 1), row(midnight), row(midnight + day_ms - 1)});
  const auto points = store_->series({{1, 1, midnight - day_ms, midnight + day_ms}, Measure::count, day_ms, offset});
  ASSERT_TRUE(points) << points.error().message;
  ASSERT_EQ(points->size(), 2u);
  EXPECT_EQ((*points)[0].at, midnight - day_ms);
  EXPECT_EQ((*points)[0].value, 1);
  EXPECT_EQ((*points)[1].at, midnight);
  EXPECT_EQ((*points)[1].value, 2);
}

TEST_F(EventStoreTest, EveryCountUsesTheWeight) {
  Row sampled = row(noon);
  sampled.weight = 10;
  sampled.value = 100;
  Row whole = row(noon + 1);
  whole.value = 210;
  load({sampled, whole, row(noon + 2)});
  EXPECT_EQ(count(scope()), 12);
  const auto mean = store_->breakdown({scope(), Measure::mean, Field::name});
  ASSERT_EQ(mean->size(), 1u);
  EXPECT_DOUBLE_EQ((*mean)[0].value, 110);  // (10·100 + 210) / 11: a row without a value does not count
  EXPECT_EQ((*mean)[0].count, 12);
  const auto quantiles = store_->breakdown({scope(), Measure::quantiles, Field::name});
  EXPECT_NEAR((*quantiles)[0].quantiles->p50, 100, 1);
  EXPECT_NEAR((*quantiles)[0].quantiles->p95, 210, 2.1);
}

TEST_F(EventStoreTest, PeopleAreDistinctAndMergedOnesCountOnce) {
  load({row(noon, 1, 11), row(noon + 1, 1, 11), row(noon + 2, 2, 12), row(noon + 3, 1, 13)});
  const auto people = [&] { return store_->series({scope(), Measure::people, day_ms})->front().value; };
  EXPECT_EQ(people(), 3);
  load({row(noon + 4, 3, 0)});  // nobody knows who
  EXPECT_EQ(people(), 3);
  ASSERT_TRUE(store_->count_as(12, 11));
  EXPECT_EQ(people(), 2);
  EXPECT_EQ(count(scope({{Field::person, {std::int64_t{11}}}})), 3);
  EXPECT_EQ(count(scope({{Field::person, {std::int64_t{12}}}})), 0);
  std::set<std::int64_t> shown;
  for (const FoundRow& one : *store_->rows({scope()})) shown.insert(one.person);
  EXPECT_EQ(shown, (std::set<std::int64_t>{0, 11, 13}));
  ASSERT_TRUE(store_->count_as(12, 0));
  EXPECT_EQ(people(), 3);
}

TEST_F(EventStoreTest, ABreakdownIsOrderedAndCut) {
  load({row(noon, 1), row(noon, 2), row(noon, 2), row(noon, 3), row(noon, 3), row(noon, 3)});
  const auto points = store_->breakdown({scope(), Measure::count, Field::name, 2});
  ASSERT_EQ(points->size(), 2u);
  EXPECT_EQ((*points)[0].key, 3);
  EXPECT_EQ((*points)[1].key, 2);
  const auto series = store_->series({scope(), Measure::count, day_ms, 0, Field::name, 2});
  std::map<std::int64_t, double> by;
  for (const Point& point : *series) by[point.key] = point.value;
  EXPECT_EQ(by, (std::map<std::int64_t, double>{{-1, 1}, {2, 2}, {3, 3}}));  // -1: the others
}

TEST_F(EventStoreTest, ConditionsNarrow) {
  Row other = row(noon, 2);
  other.session = {9, 9};
  other.trace = "abc";
  other.text = "it's 'quoted'";
  load({row(noon), other});
  struct Case {
    std::vector<Condition> where;
    double found;
  };
  const std::vector<Case> cases{
      {{{Field::name, {std::int64_t{1}}}}, 1},
      {{{Field::name, {std::int64_t{1}, std::int64_t{2}}}}, 2},
      {{{Field::name, {std::int64_t{1}}, true}}, 1},
      {{{Field::name, {}}}, 0},
      {{{Field::session, {std::string("00000000000000090000000000000009")}}}, 1},
      {{{Field::session, {std::string("no id")}}}, 0},
      {{{Field::trace, {std::string("abc")}}}, 1},
      {{{Field::trace, {std::string("' OR true --")}}}, 0},
      {{{Field::name, {std::int64_t{2}}}, {Field::level, {std::int64_t{4}}}}, 0},
  };
  for (std::size_t i = 0; i < cases.size(); ++i)
    EXPECT_EQ(count(scope(cases[i].where)), cases[i].found) << "case " << i;
  Scope words = scope();
  words.text_contains = "'quoted'";
  EXPECT_EQ(count(words), 1);
}

TEST_F(EventStoreTest, OtherMiniProgramsAndKindsAreNotSeen) {
  Row other = row(noon);
  other.app = 2;
  Row error = row(noon);
  error.kind = 3;
  load({row(noon), other, error});
  EXPECT_EQ(count(scope()), 1);
  EXPECT_EQ(count({2, 1, noon - 1, noon + 1}), 1);
  EXPECT_EQ(count({3, 1, noon - 1, noon + 1}), 0);
}

TEST_F(EventStoreTest, PagesOfRowsAreStable) {
  std::vector<Row> rows;
  for (int i = 0; i < 25; ++i) rows.push_back(row(noon + i / 3));  // several at one time
  load(rows);
  std::set<std::int64_t> seen;
  std::optional<std::pair<TimeMs, std::int64_t>> before;
  for (int page = 0; page < 3; ++page) {
    const auto found = store_->rows({scope(), 10, before});
    ASSERT_TRUE(found);
    for (const FoundRow& one : *found) seen.insert(one.sequence);
    before = {found->back().time, found->back().sequence};
  }
  EXPECT_EQ(seen.size(), 25u);
}

TEST_F(EventStoreTest, LateRowsAreFoundUnderTheirTime) {
  Row late = row(noon - 20 * day_ms);
  late.late = true;
  load({late});
  EXPECT_EQ(count({1, 1, noon - 21 * day_ms, noon - 19 * day_ms}), 1);
}

TEST_F(EventStoreTest, TheLedgerSums) {
  Load load;
  load.segment = 1;
  load.ledger = {{1, noon, "quarantined", "bad_json", "", "sentry", "{oops", 2},
                 {1, noon + 1, "quarantined", "bad_json", "", "sentry", "", 3},
                 {1, noon + day_ms, "refused", "quota", "", "", "", 9},
                 {2, noon, "refused", "quota", "", "", "", 1}};
  ASSERT_TRUE(store_->load(november, load));
  const auto sums = store_->ledger(1, noon - hour_ms, noon + hour_ms);
  ASSERT_TRUE(sums) << sums.error().message;
  ASSERT_EQ(sums->size(), 1u);
  EXPECT_EQ((*sums)[0].count, 5);
  EXPECT_EQ((*sums)[0].example, "{oops");
}

TEST_F(EventStoreTest, AForgottenDayIsGone) {
  Row before = row(noon - day_ms);
  before.received = noon - day_ms;
  load({before, row(noon)});
  EXPECT_EQ(store_->sizes()->kinds.front().rows, 2);
  ASSERT_TRUE(store_->forget(1, day_of(noon)));
  EXPECT_EQ(store_->sizes()->kinds.front().rows, 1);
  open();
  EXPECT_EQ(count({1, 1, noon - 2 * day_ms, noon + 1}), 1);
}

TEST_F(EventStoreTest, OneMiniProgramForgetsAndTheOthersDoNot) {
  Row other = row(noon);
  other.app = 2;
  Row today = row(noon + 1);
  today.received = noon + day_ms;
  load({row(noon), other, today});
  ASSERT_TRUE(store_->forget(1, 1, day_of(noon + day_ms)));
  EXPECT_EQ(count(scope()), 1);
  EXPECT_EQ(count({2, 1, noon - 1, noon + 1}), 1);
}

TEST_F(EventStoreTest, ManyAskWhileOneLoads) {
  std::atomic<bool> over{false};
  std::vector<std::thread> askers;
  std::atomic<int> wrong{0};
  for (int i = 0; i < 3; ++i)
    askers.emplace_back([&] {
      double before = 0;
      do {
        const auto points = store_->series({scope(), Measure::count, day_ms});
        const double now = points && !points->empty() ? points->front().value : 0;
        if (!points || now < before || std::fmod(now, 100) != 0) ++wrong;  // never a part of a load
        before = now;
      } while (!over);
    });
  for (int i = 0; i < 20; ++i) load(std::vector<Row>(100, row(noon)));
  over = true;
  for (auto& asker : askers) asker.join();
  EXPECT_EQ(wrong, 0);
  EXPECT_EQ(count(scope()), 2000);
}

TEST(Quantile, BucketsAreWithinOnePercent) {
  for (double value = 0.001; value < 1e9; value *= 1.37)
    EXPECT_NEAR(value_of_bucket(bucket_of(value)), value, value * 0.0101) << value;
  EXPECT_EQ(value_of_bucket(bucket_of(0)), 0);
  EXPECT_EQ(value_of_bucket(bucket_of(-5)), 0);
  EXPECT_EQ(bucket_of(std::nan("")), bucket_of(0));
}

TEST(Days, AreThoseOfTheCalendar) {
  EXPECT_EQ(day_of(0), "19700101");
  EXPECT_EQ(day_of(951782400000), "20000229");
  EXPECT_EQ(day_of(noon), "20261121");
  EXPECT_EQ(month_of(noon), "2026-11");
  EXPECT_EQ(day_of(-1), "19691231");
}

}  // namespace
}  // namespace miniops::events
