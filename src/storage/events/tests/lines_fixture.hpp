// An event store with lines in it, and a copy of them to count by.
#pragma once

#include <gtest/gtest.h>

#include "storage/events/tests/lines.hpp"
#include "storage/testing/engines.hpp"

namespace miniops::events::testing {

class LinesTest : public ::testing::Test {
 protected:
  void SetUp() override { open(); }
  void open() {
    store_.reset();
    auto opened = EventStore::open({folder_.path() / "events"});
    ASSERT_TRUE(opened) << opened.error().message;
    store_ = std::move(*opened);
    ASSERT_TRUE(store_->state(november));
  }

  void load(const std::vector<Row>& rows) {
    const auto done = store_->load(november, {.rows = rows, .segment = 1});
    ASSERT_TRUE(done) << done.error().message;
    stored_.insert(stored_.end(), rows.begin(), rows.end());
  }
  void load_random(Lines& random, int count) {
    std::vector<Row> rows;
    for (int i = 0; i < count; ++i) rows.push_back(random.row());
    load(rows);
  }

  static Scope asking(Predicate predicate) {
    Scope scope{1, lines, noon - hour_ms, noon + hour_ms};
    scope.matching = std::make_shared<const Predicate>(std::move(predicate));
    return scope;
  }
  double count(const Scope& scope) {
    const auto points = store_->series({scope, Measure::count, day_ms});
    EXPECT_TRUE(points) << points.error().message;
    double all = 0;
    for (const Point& point : *points) all += point.value;
    return all;
  }

  sql::TemporaryFolder folder_;
  std::unique_ptr<EventStore> store_;
  std::vector<Row> stored_;
};

}  // namespace miniops::events::testing
