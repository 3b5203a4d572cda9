// The rules, held against simulated traffic whose cause is known: a rule fires where its cause is, is silent where all
// is well, and what it promises is what removing the cause brings.
#include "performance/advice.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "performance/evidence.hpp"
#include "performance/tests/simulation.hpp"

namespace miniops::performance {
namespace {

constexpr std::array<std::uint64_t, 8> seeds{1, 2, 3, 5, 8, 13, 21, 34};

struct BackTest {
  Cause cause{};
  std::string_view rule, metric;
  double Traffic::* felt = nullptr;  // the mean of those whom the cause touches
  double share_of_users = 0;         // of all, about
};
constexpr std::array<BackTest, 6> back_tests{
    {{Cause::large_package, "large_package", "startup", &Traffic::startup_of_downloads, 0.6},
     {Cause::long_script, "long_script", "startup", &Traffic::startup, 1},
     {Cause::serial_requests, "serial_requests", "lcp", &Traffic::lcp_of_home, 0.33},
     {Cause::slow_connections, "slow_connections", "request", &Traffic::request, 1},
     {Cause::frequent_set_data, "frequent_set_data", "set_data_total", &Traffic::updates_of_list, 0.33},
     {Cause::release_regression, "release_regression", "render", &Traffic::render_of_newest, 0.5}}};

std::string rules_found(const std::vector<Advice>& all) {
  std::string out;
  for (const Advice& one : all)
    if (one.status == Advice::Status::found) out += std::string(one.rule) + " ";
  return out;
}

class AdviceTest : public testing::TestWithParam<BackTest> {};

TEST_P(AdviceTest, PromisesWhatRemovingTheCauseBrings) {
  const BackTest& test = GetParam();
  for (const std::uint64_t seed : seeds) {
    const Simulation simulation(seed, test.cause);
    const Traffic before = simulation.run(false);
    const auto all = advise(before.evidence);
    ASSERT_EQ(rules_found(all), std::string(test.rule) + " ") << seed;
    const Advice& advice = all.front();
    ASSERT_TRUE(advice.gain) << seed;
    EXPECT_EQ(advice.gain->metric, test.metric);
    EXPECT_NEAR(advice.gain->share_of_users, test.share_of_users, 0.06) << seed;
    EXPECT_FALSE(advice.where.empty());
    EXPECT_FALSE(advice.changes.empty());
    const Traffic after = simulation.run(true);
    const double real = before.*test.felt - after.*test.felt;
    EXPECT_GE(real, advice.gain->ms_low) << seed;
    EXPECT_LE(real, advice.gain->ms_high) << seed;
    EXPECT_LE(advice.gain->ms_low, advice.gain->ms);
    EXPECT_LE(advice.gain->ms, advice.gain->ms_high);
    // A range that holds everything would say nothing.
    EXPECT_LT(advice.gain->ms_high, 4 * advice.gain->ms_low) << seed;
    // What is left of a long script may still be long.
    if (test.cause != Cause::long_script) EXPECT_EQ(rules_found(advise(after.evidence)), "") << seed;
  }
}

INSTANTIATE_TEST_SUITE_P(EachRule, AdviceTest, testing::ValuesIn(back_tests),
                         [](const auto& test) { return std::string(test.param.rule); });

TEST(Advice, IsSilentWhereAllIsWell) {
  for (const std::uint64_t seed : seeds)
    for (const Advice& one : advise(Simulation(seed, Cause::none).run(false).evidence)) {
      EXPECT_EQ(one.status, Advice::Status::ok) << one.rule << " " << seed;
      EXPECT_FALSE(one.gain);
      EXPECT_FALSE(one.evidence.empty());
      EXPECT_TRUE(one.changes.empty());
    }
}

TEST(Advice, WithoutRecordsItNeedsData) {
  const auto all = advise({});
  EXPECT_EQ(all.size(), 6u);
  for (const Advice& one : all) EXPECT_EQ(one.status, Advice::Status::needs_data) << one.rule;
}

// One in a hundred of the phones reports nonsense.
TEST(Advice, NonsenseOfAFewMovesNothing) {
  const Simulation simulation(7, Cause::large_package);
  Evidence evidence = simulation.run(false).evidence;
  const double before = large_package(evidence).gain->ms;
  for (std::size_t i = 0; i < evidence.packages.size(); i += 150) evidence.packages[i].ms = value_ms_max;
  EXPECT_NEAR(large_package(evidence).gain->ms, before, before * 0.05);
}

TEST(Advice, PackagesThatNeverSayTheirSizeNeedData) {
  Evidence evidence = Simulation(7, Cause::large_package).run(false).evidence;
  for (Sample& one : evidence.packages) one.bytes = 0;
  EXPECT_EQ(large_package(evidence).status, Advice::Status::needs_data);
}

// Two may need each other's answer.
TEST(Advice, AChainOfTwoIsNone) {
  Evidence evidence;
  for (int i = 0; i < 100; ++i)
    for (int part = 1; part <= 2; ++part) {
      Sample one;
      one.page = "pages/a";
      one.page_view = std::to_string(i);
      one.ms = 500;
      one.at = 1'000'000 + i * 60'000 + part * 510;
      evidence.requests.push_back(one);
    }
  EXPECT_EQ(serial_requests(evidence).status, Advice::Status::ok);
  for (int i = 0; i < 100; ++i) {
    Sample third = evidence.requests[static_cast<std::size_t>(2 * i)];
    third.at += 2 * 510;
    evidence.requests.push_back(third);
  }
  const Advice found = serial_requests(evidence);
  EXPECT_EQ(found.status, Advice::Status::found);
  EXPECT_NEAR(found.gain->ms_high, 1020, 1);
  // What a person asked for a second later belongs to no chain.
  for (int i = 0; i < 100; ++i) evidence.requests[static_cast<std::size_t>(200 + i)].at += 1000;
  EXPECT_EQ(serial_requests(evidence).status, Advice::Status::ok);
}

TEST(Evidence, TheLastTwoReleases) {
  const auto names = [](std::vector<SeenRelease> releases) {
    const auto two = last_two(std::move(releases));
    return two ? two->first.name + " " + two->second.name : "";
  };
  EXPECT_EQ(names({{"1.0", 10, 500}, {"1.2", 30, 500}, {"1.1", 20, 500}}), "1.2 1.1");
  EXPECT_EQ(names({{"1.0", 10, 500}, {"1.2", 30, 5}, {"1.1", 20, 500}}), "1.1 1.0");
  EXPECT_EQ(names({{"1.0", 10, 500}, {"1.1", 10, 500}}), "");
  EXPECT_EQ(names({{"1.0", 10, 500}, {"", 20, 500}}), "");
  EXPECT_EQ(names({}), "");
}

TEST(Evidence, SamplesOfRecordsOfAnyShape) {
  telemetry::NamedRow row;
  row.row.value = 300;
  row.row.properties =
      R"({"method":"GET","url":"https://a/b","phases":{"dns":10,"connect":90,"ssl":60,"ttfb":100,"download":5}})";
  Sample sample = sample_of(Metric::request, row);
  EXPECT_EQ(sample.label, "GET https://a/b");
  EXPECT_TRUE(sample.has_phases);
  EXPECT_EQ(sample.setup_ms, 100);
  row.row.properties = R"({"packageName":"__APP__","size":1048576})";  // as aegis says it
  sample = sample_of(Metric::package, row);
  EXPECT_EQ(sample.label + " " + std::to_string(sample.bytes), "__APP__ 1048576.000000");
  for (const char* properties : {"", "{", "[]", R"({"phases":7,"count":1e308,"total_ms":-1,"bytes":"x"})"})
    for (const double value : {std::nan(""), 1e308, -5.0, std::numeric_limits<double>::infinity()}) {
      row.row.properties = properties;
      row.row.value = row.row.weight = value;
      for (const Metric metric : {Metric::request, Metric::package, Metric::set_data}) {
        sample = sample_of(metric, row);
        EXPECT_TRUE(sample.ms >= 0 && sample.ms <= value_ms_max) << value;
        EXPECT_TRUE(sample.weight > 0 && sample.weight <= 10'000) << value;
        EXPECT_TRUE(sample.updates >= 0 && sample.updates_ms >= 0);
      }
    }
}

}  // namespace
}  // namespace miniops::performance
