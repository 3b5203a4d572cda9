// A store in a folder of its own, and rows for it.
#pragma once

#include <gtest/gtest.h>

#include <fstream>
#include <thread>

#include "storage/events/event_store.hpp"
#include "storage/testing/engines.hpp"

namespace miniops::events {

inline constexpr TimeMs noon = 1795237200000;  // 2026-11-21T05:00:00Z

class DaysTest : public testing::Test {
 protected:
  void SetUp() override { open(); }
  // As a program starts.
  void open() {
    store_.reset();
    auto opened = EventStore::open({folder_.path() / "events"});
    ASSERT_TRUE(opened) << opened.error().message;
    store_ = std::move(*opened);
    for (const std::string& month : months_) ASSERT_TRUE(store_->state(month));
  }

  static Row row(TimeMs time, std::int32_t name = 1, std::int64_t person = 1) {
    Row row;
    row.app = 1;
    row.kind = 1;
    row.name = name;
    row.time = row.received = time;
    row.id = {7, static_cast<std::uint64_t>(time)};
    row.session = {1, static_cast<std::uint64_t>(person)};
    row.person = person;
    return row;
  }
  // Each row into the month of its receipt.
  void load(const std::vector<Row>& rows) {
    std::map<std::string, Load> loads;
    for (const Row& row : rows) loads[month_of(row.received)].rows.push_back(row);
    for (const auto& [month, load] : loads) {
      if (months_.insert(month).second) ASSERT_TRUE(store_->state(month));
      ASSERT_TRUE(store_->load(month, load));
    }
  }
  static Scope scope(std::int32_t kind = 1) { return {1, kind, noon - 60 * day_ms, noon + 60 * day_ms}; }
  double one(Measure measure, const Scope& of = scope()) {
    const auto points = store_->breakdown({of, measure, Field::build});
    EXPECT_TRUE(points) << points.error().message;
    double sum = 0;
    for (const Point& point : *points) sum += point.value;
    return sum;
  }
  std::vector<FoundRow> rows(const Scope& of = scope()) {
    const auto found = store_->rows({of, 100'000});
    EXPECT_TRUE(found) << found.error().message;
    return *found;
  }
  // How many files of the store hold these bytes.
  int files_with(std::string_view bytes) const {
    int found = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder_.path())) {
      if (!entry.is_regular_file()) continue;
      std::ifstream in(entry.path(), std::ios::binary);
      const std::string content(std::istreambuf_iterator<char>(in), {});
      if (content.find(bytes) != std::string::npos) ++found;
    }
    return found;
  }

  sql::TemporaryFolder folder_;
  std::unique_ptr<EventStore> store_;
  std::set<std::string> months_{month_of(noon)};
};

}  // namespace miniops::events
