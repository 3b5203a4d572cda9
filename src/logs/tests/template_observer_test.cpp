// Templates as they are learnt while lines are loaded, and after restarts.
#include "logs/template_observer.hpp"

#include "logs/store.hpp"
#include "logs/tests/logs_fixture.hpp"

namespace miniops::logs {
namespace {

class TemplatesTest : public LogsTest {
 protected:
  std::vector<Template> stored() {
    return *db().read_blocking(
        [](sql::Transaction& tx) -> Result<std::vector<Template>> { return store::templates(tx, telemetry::app); });
  }
  // As another process that goes on.
  void restart() { templates_.emplace(db(), options_); }
  std::vector<std::int32_t> look(const std::vector<Record>& records) {
    std::vector<const Record*> views;
    for (const Record& record : records) views.push_back(&record);
    std::vector<telemetry::Additions> out(records.size());
    EXPECT_TRUE(templates_->look(telemetry::app, views, out));
    std::vector<std::int32_t> numbers;
    for (const auto& one : out) numbers.push_back(one.log_template);
    return numbers;
  }
  std::vector<std::int32_t> look(std::initializer_list<std::string_view> texts) {
    std::vector<Record> records;
    for (const std::string_view text : texts) records.push_back(line(std::string(text)));
    return look(records);
  }
  MinerOptions options_{};
};

TEST_P(TemplatesTest, LinesOfOneStatementGetOneNumber) {
  const auto numbers = look({"order 1001 paid in 35 ms", "user login", "order 1002 paid in 7 ms"});
  EXPECT_EQ(numbers[0], numbers[2]);
  EXPECT_NE(numbers[0], numbers[1]);
  EXPECT_GT(numbers[0], 0);
  const auto known = stored();
  ASSERT_EQ(known.size(), 2u);
  EXPECT_EQ(known[0].sample, "order 1001 paid in 35 ms");
  EXPECT_EQ(known[0].first_release, "1.4.2");
  EXPECT_EQ(known[0].first_seen_at, noon);
  EXPECT_TRUE(known[0].text.contains("<*>")) << known[0].text;
}

TEST_P(TemplatesTest, ARestartGoesOnWithTheSameNumbers) {
  const auto before = look({"order 1001 paid in 35 ms", "user login", "order 1002 paid in 7 ms"});
  restart();
  const auto after = look({"user login", "order 9 paid in 1 ms", "something new"});
  EXPECT_EQ(after[0], before[1]);
  EXPECT_EQ(after[1], before[0]);
  EXPECT_GT(after[2], std::max(before[0], before[1]));
}

TEST_P(TemplatesTest, ANumberOfAnAliasIsNotGivenAgain) {
  look({"user login"});
  const std::vector<Template> alias{{40, "gone", "gone", noon, "1.0", 1}};
  ASSERT_TRUE(db().write_blocking([&](sql::Transaction& tx) -> Result<void> {
    store::put_templates(tx, telemetry::app, alias);
    return {};
  }));
  restart();
  EXPECT_EQ(look({"quite another line"})[0], 41);
  EXPECT_EQ(look({"user login"})[0], 1);
  EXPECT_EQ(look({"quite another line"})[0], 41);
  restart();
  EXPECT_EQ(look({"quite another line"})[0], 41);
}

TEST_P(TemplatesTest, OtherKindsAndEmptyLinesHaveNone) {
  Record event = line("user login");
  event.kind = Kind::event;
  EXPECT_EQ(look(std::vector<Record>{event, line("")}), (std::vector<std::int32_t>{0, 0}));
  EXPECT_TRUE(stored().empty());
}

TEST_P(TemplatesTest, SamplesHoldNoPersonalDataAndAreShort) {
  look({"call 13812345678 " + std::string(5000, 'x')});
  EXPECT_TRUE(stored().at(0).sample.starts_with("call 138****5678 xxx"));
  EXPECT_EQ(stored().at(0).sample.size(), 500u);
}

TEST_P(TemplatesTest, BeyondTheLimitLinesHaveNoTemplate) {
  options_.templates_max = 2;
  restart();
  const auto numbers = look({"alpha beta", "gamma delta epsilon", "zeta eta theta iota", "kappa"});
  EXPECT_EQ(std::ranges::count(numbers, 0), 2);
  EXPECT_EQ(stored().size(), 2u);
}

TEST_P(TemplatesTest, ReleasesAreKeptInTheOrderOfTheirFirstLines) {
  Record first = line("a"), second = line("a");
  second.release = "1.10.0";
  second.received_at = noon + 5;
  look({first, second, first, second});
  const auto releases = *db().read_blocking(
      [](sql::Transaction& tx) -> Result<std::vector<Release>> { return store::releases(tx, telemetry::app); });
  EXPECT_EQ(releases, (std::vector<Release>{{"1.10.0", noon + 5}, {"1.4.2", noon}}));
}

TEST_P(TemplatesTest, WhatCouldNotBeStoredIsStoredWithTheNextTry) {
  execute("ALTER TABLE logs_templates RENAME TO logs_away");
  const Record one = line("user login");
  const std::array<const Record*, 1> records{&one};
  std::array<telemetry::Additions, 1> out;
  EXPECT_FALSE(templates_->look(telemetry::app, records, out));
  execute("ALTER TABLE logs_away RENAME TO logs_templates");
  ASSERT_TRUE(templates_->look(telemetry::app, records, out));
  ASSERT_EQ(stored().size(), 1u);
  EXPECT_EQ(stored()[0].number, out[0].log_template);
}

MINIOPS_ON_BOTH_ENGINES(TemplatesTest);

}  // namespace
}  // namespace miniops::logs
