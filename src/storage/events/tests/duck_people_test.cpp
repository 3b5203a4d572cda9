// Deleting people: their rows and the bytes of them go, what counts them stays.
#include "storage/events/tests/days_fixture.hpp"

namespace miniops::events {
namespace {

class PeopleOfStoreTest : public DaysTest {
 protected:
  // Calls until all is gone; how often there was more.
  int forget(const std::vector<Person>& people) {
    for (int calls = 0;; ++calls) {
      const auto more = store_->forget_people(people);
      EXPECT_TRUE(more) << more.error().message;
      if (!more || !*more) return calls;
    }
  }
};

TEST_F(PeopleOfStoreTest, TheRowsOfAPersonGoAndThoseOfOthersStay) {
  Row error = row(noon, 1, 7);
  error.kind = 3;
  Row other_app = row(noon, 1, 7);
  other_app.app = 2;
  load({row(noon, 1, 7), row(noon + 1, 1, 8), row(noon + day_ms, 2, 7), row(noon + 15 * day_ms, 2, 7), row(noon, 1, 0),
        error, other_app});
  const auto held = store_->held_of({{1, 7}});
  ASSERT_TRUE(held);
  EXPECT_EQ(held->of_kind, (std::map<std::int32_t, std::int64_t>{{1, 3}, {3, 1}}));
  EXPECT_EQ(held->tables, 4);
  EXPECT_EQ(forget({{1, 7}, {1, 0}}), 4);  // 0 is nobody: whose rows those are is not known
  EXPECT_EQ(store_->held_of({{1, 7}})->tables, 0);
  std::multiset<std::int64_t> people;
  for (const FoundRow& one : rows()) people.insert(one.person);
  EXPECT_EQ(people, (std::multiset<std::int64_t>{0, 8}));
  EXPECT_TRUE(rows(scope(3)).empty());
  Scope other = scope();
  other.app = 2;
  EXPECT_EQ(rows(other).size(), 1u);
}

TEST_F(PeopleOfStoreTest, CountsStayWithoutIdentity) {
  std::vector<Row> all;
  for (int i = 0; i < 300; ++i) {
    Row one = row(noon + i * minute_ms, 1 + i % 3, 1 + i % 5);
    one.weight = 1 + i % 4;
    if (i % 2 == 0) one.value = 10 + i;
    one.release = 2 + i % 2;
    one.page = 3;
    one.text = "text";
    one.properties = R"({"who":"me"})";
    all.push_back(one);
  }
  load(all);
  const auto figures = [&] {
    std::vector<double> out{one(Measure::count), one(Measure::sum), one(Measure::mean)};
    for (const Point& point : *store_->series({scope(), Measure::quantiles, hour_ms, 0, Field::name}))
      for (const double number : {static_cast<double>(point.at), static_cast<double>(point.key), point.count,
                                  point.quantiles->p50, point.quantiles->p99})
        out.push_back(number);
    return out;
  };
  const auto before = figures();
  forget({{1, 2}, {1, 4}});
  const auto after = figures();
  ASSERT_EQ(after.size(), before.size());
  for (std::size_t i = 0; i < before.size(); ++i) EXPECT_DOUBLE_EQ(after[i], before[i]) << i;
  EXPECT_EQ(one(Measure::people), 3);
  EXPECT_EQ(one(Measure::sessions), 3);
  EXPECT_EQ(rows().size(), 180u);
}

TEST_F(PeopleOfStoreTest, TheBytesAreGoneFromTheFiles) {
  const std::string secret = "oPERSONwhoWantsToBeForgotten";
  std::vector<Row> all;
  for (int i = 0; i < 5000; ++i) {
    Row one = row(noon + i, 1, 1 + i % 50);
    one.trace = i % 50 == 0 ? secret + std::to_string(i) : "nothing to hide";
    all.push_back(one);
  }
  load(all);
  open();  // what was in the log is now in the file
  load({row(noon + day_ms, 1, 1)});
  ASSERT_EQ(files_with(secret), 1);
  EXPECT_EQ(forget({{1, 1}}), 2);
  EXPECT_EQ(files_with(secret), 0);
  EXPECT_EQ(rows().size(), 4900u);
  EXPECT_EQ(one(Measure::count), 5001);
}

TEST_F(PeopleOfStoreTest, WhatWasInterruptedGoesOn) {
  const std::string secret = "oPERSONwhoWantsToBeForgotten";
  std::vector<Row> all;
  for (int i = 0; i < 4; ++i) {
    Row one = row(noon + i * day_ms, 1, 7);
    one.trace = secret;
    all.push_back(one);
    all.push_back(row(noon + i * day_ms, 1, 8));
  }
  load(all);
  for (int calls = 0; calls < 4; ++calls) {
    ASSERT_TRUE(*store_->forget_people({{1, 7}}));
    open();
    EXPECT_EQ(one(Measure::count), 8);
    EXPECT_EQ(store_->held_of({{1, 7}})->tables, 3 - calls);
  }
  // All rows are gone, and the program ended before their bytes were.
  EXPECT_FALSE(*store_->forget_people({{1, 7}}));
  EXPECT_EQ(files_with(secret), 0);
  EXPECT_EQ(rows().size(), 4u);
}

TEST_F(PeopleOfStoreTest, LinesOfOthersAreFoundByTheirWords) {
  std::vector<Row> all;
  for (int i = 0; i < 9000; ++i) {
    Row one = row(noon + i, 1, 1 + i % 3);
    one.kind = 4;
    one.text = fmt::format("order {} paid by person{}", i, 1 + i % 3);
    all.push_back(one);
  }
  load(all);
  EXPECT_EQ(forget({{1, 2}}), 1);
  const auto found = [&](const std::string& word) {
    Scope words = scope(4);
    words.matching = std::make_shared<Predicate>(
        Predicate{Predicate::Op::contains, {}, Predicate::On::text, {}, {}, word, true, true});
    return rows(words).size();
  };
  for (int again = 0; again < 2; ++again) {
    EXPECT_EQ(found("8998"), 0u);  // was theirs
    EXPECT_EQ(found("8999"), 1u);
    EXPECT_EQ(found("person3"), 3000u + static_cast<std::size_t>(again));
    EXPECT_EQ(found("person2"), 0u);
    Row more = row(noon + 9000, 1, 3);
    more.kind = 4;
    more.text = "order 9000 paid by person3";
    load({more});  // the filters are made again
  }
  EXPECT_EQ(one(Measure::count, scope(4)), 9002);
}

TEST_F(PeopleOfStoreTest, QuestionsAreAnsweredMeanwhile) {
  std::vector<Row> all;
  for (int i = 0; i < 2000; ++i) all.push_back(row(noon + i % 8 * day_ms, 1, 1 + i % 9));
  load(all);
  std::atomic<bool> over{false};
  std::atomic<int> wrong{0};
  std::vector<std::thread> askers;
  for (int i = 0; i < 3; ++i)
    askers.emplace_back([&] {
      do {
        const auto points = store_->breakdown({scope(), Measure::count, Field::name});
        if (!points || points->size() != 1 || points->front().value != 2000) ++wrong;
      } while (!over);
    });
  for (std::int64_t person = 1; person < 4; ++person) forget({{1, person}});
  over = true;
  for (auto& asker : askers) asker.join();
  EXPECT_EQ(wrong, 0);
}

}  // namespace
}  // namespace miniops::events
