// Buckets add up to what series and breakdowns answer.
#include "base/random.hpp"
#include "storage/events/tests/days_fixture.hpp"

namespace miniops::events {
namespace {

class BucketsTest : public DaysTest {
 protected:
  static Row timed(double value, TimeMs at = noon, std::string properties = "{}", double weight = 1) {
    Row one = row(at);
    one.kind = 2;
    one.value = value;
    one.weight = weight;
    one.properties = std::move(properties);
    return one;
  }
  std::vector<BucketCount> asked(BucketsQuestion question) {
    if (question.scope.app == 0) question.scope = scope(2);
    auto found = store_->buckets(question);
    EXPECT_TRUE(found) << found.error().message;
    return found ? std::move(*found) : std::vector<BucketCount>{};
  }
  // "at/key text bucket×count", one a line; buckets by what they hold.
  static std::string words(const std::vector<BucketCount>& found, TimeMs since = 0) {
    std::string out;
    for (const BucketCount& one : found)
      out += fmt::format("{}/{} {} {:.0f}x{}\n", (one.at - since) / minute_ms, one.key, one.text_key,
                         value_of_bucket(one.bucket), one.count);
    return out;
  }
};

TEST_F(BucketsTest, AreCountedWithWeightsInTheirOrder) {
  load({timed(100), timed(100, noon, "{}", 2.5), timed(10), timed(0), timed(-5), row(noon)});
  EXPECT_EQ(words(asked({})), "0/0  0x2\n0/0  10x1\n0/0  100x3.5\n");
  load({timed(1e308)});
  EXPECT_EQ(asked({}).back().bucket, bucket_of(1e308));
}

TEST_F(BucketsTest, OfPropertiesTogether) {
  load({timed(10, noon, R"({"method":"GET","url":"/a"})"), timed(10, noon, R"({"method":"POST","url":"/a"})"),
        timed(20, noon, R"({"method":"GET","url":"/a"})"), timed(10, noon, R"({"url":7})"), timed(10)});
  BucketsQuestion question;
  question.by_properties = {"method", "url"};
  EXPECT_EQ(words(asked(question)), "0/0  10x1\n0/0 7 10x1\n0/0 GET /a 10x1\n0/0 GET /a 20x1\n0/0 POST /a 10x1\n");
  question.top = 1;
  EXPECT_EQ(words(asked(question)), "0/0 GET /a 10x1\n0/0 GET /a 20x1\n0/-1  10x3\n");
}

TEST_F(BucketsTest, OfWhatIsAsFarIntoItsDay) {
  const TimeMs midnight = noon - 13 * hour_ms;  // at UTC+8
  load({timed(10, noon), timed(10, noon + day_ms), timed(10, noon + hour_ms + 1), timed(10, noon + 90 * minute_ms)});
  BucketsQuestion question;
  question.interval_ms = hour_ms;
  question.offset_ms = 8 * hour_ms;
  EXPECT_EQ(words(asked(question), midnight), "780/0  10x1\n840/0  10x2\n2220/0  10x1\n");
  question.period_ms = day_ms;
  EXPECT_EQ(words(asked(question)), "780/0  10x2\n840/0  10x2\n");
  question.interval_ms = 30 * minute_ms;  // of rows
  EXPECT_EQ(words(asked(question)), "780/0  10x2\n840/0  10x1\n870/0  10x1\n");
}

TEST_F(BucketsTest, MakeTheQuantilesOfASeries) {
  SeededRandom random(5);
  std::vector<Row> all;
  for (int i = 0; i < 2000; ++i) {
    Row one = timed(1 + static_cast<double>(random.below(5000)), noon + static_cast<TimeMs>(random.below(day_ms)));
    one.release = 1 + static_cast<std::int32_t>(random.below(3));
    one.page = 1 + static_cast<std::int32_t>(random.below(6));
    all.push_back(one);
  }
  load(all);
  for (const Field by : {Field::release, Field::page})
    for (const TimeMs interval : {10 * minute_ms, hour_ms, day_ms}) {
      const auto series = store_->series({scope(2), Measure::quantiles, interval, 8 * hour_ms, by, 2});
      BucketsQuestion question{scope(2), by, 2};
      question.interval_ms = interval;
      question.offset_ms = 8 * hour_ms;
      std::map<std::pair<TimeMs, std::int64_t>, std::vector<std::pair<std::int32_t, double>>> spread;
      for (const BucketCount& one : asked(question)) spread[{one.at, one.key}].emplace_back(one.bucket, one.count);
      ASSERT_EQ(series->size(), spread.size());
      for (const Point& point : *series) {
        const auto quantiles = quantiles_of(spread.at({point.at, point.key}));
        EXPECT_EQ(quantiles.p50, point.quantiles->p50);
        EXPECT_EQ(quantiles.p99, point.quantiles->p99);
      }
    }
}

TEST_F(BucketsTest, NothingIsStored) { EXPECT_TRUE(asked({}).empty()); }

}  // namespace
}  // namespace miniops::events
