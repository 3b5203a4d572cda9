// What is promised to whom, its form, and who may change it.
#include "service_levels/target.hpp"
#include "service_levels/tests/service_levels_fixture.hpp"

namespace miniops::service_levels {
namespace {

using testing::ElementsAre;

json::value document(std::string_view items, std::string_view warnings = R"({"half_percent":50,"most_percent":80})") {
  return json::parse(fmt::format(R"({{"version":0,"warnings":{},"items":{}}})", warnings, items));
}

TEST(Targets, AreReadAndWritten) {
  const auto targets = parse_targets(document(
      R"([{"group":"5","priority":2,"first_answer_ms":60000,"next_answer_ms":120000,
           "resolution_ms":3600000,"business":false}, {"first_answer_ms":300000}])"));
  ASSERT_TRUE(targets) << targets.error().message;
  ASSERT_EQ(targets->items.size(), 2U);
  EXPECT_EQ(targets->items[0], (Target{"", std::nullopt, 300000, 0, 0, true})) << "general ones first";
  EXPECT_EQ(targets->items[1], (Target{"5", 2, 60000, 120000, 3600000, false}));
  json::object written = to_json(*targets);
  written.erase("updated_by");
  written.erase("updated_at");
  EXPECT_EQ(parse_targets(written)->items, targets->items);
  EXPECT_TRUE(parse_targets(document("[]", R"({"half_percent":0,"most_percent":80})")));
  EXPECT_TRUE(parse_targets(document("[]", R"({"half_percent":50,"most_percent":0})")));
}

TEST(Targets, WhatIsWrongIsPointedAt) {
  std::string many = "[";
  for (int i = 0; i <= 200; ++i) many += fmt::format(R"({}{{"group":"g{}"}})", i == 0 ? "" : ",", i);
  struct {
    json::value body;
    std::string pointer;
  } const cases[] = {
      {json::parse("[]"), ""},
      {json::parse(R"({"version":0,"warnings":{"half_percent":50,"most_percent":80}})"), "/items"},
      {json::parse(R"({"version":0,"items":[]})"), "/warnings"},
      {document("[]", R"({"half_percent":80,"most_percent":80})"), "/warnings/most_percent"},
      {document("[]", R"({"half_percent":0,"most_percent":100})"), "/warnings/most_percent"},
      {document(R"([{"first_answer_ms":999}])"), "/items/0/first_answer_ms"},
      {document(R"([{"resolution_ms":7776000001}])"), "/items/0/resolution_ms"},
      {document(R"([{"priority":-1}])"), "/items/0/priority"},
      {document(R"([{"priority":"all"}])"), "/items/0/priority"},
      {document(R"([{"business":1}])"), "/items/0/business"},
      {document(R"([{"minutes":1}])"), "/items/0/minutes"},
      {document(R"([{"group":"5"},{"group":"5"}])"), "/items/1/group"},
      {document(R"([{"group":"5","priority":1},{"group":"5","priority":1}])"), "/items/1/group"},
      {document(fmt::format(R"([{{"group":"{}"}}])", std::string(65, 'g'))), "/items/0/group"},
      {document(many + "]"), "/items"},
  };
  for (const auto& one : cases) {
    const auto targets = parse_targets(one.body);
    ASSERT_FALSE(targets) << json::serialize(one.body);
    EXPECT_EQ(targets.error().code, "request.invalid");
    EXPECT_EQ(targets.error().fields.at(0).pointer, one.pointer) << json::serialize(one.body);
  }
}

class TargetsTest : public ServiceLevelsTest {
 protected:
  // In minutes, of the first answer; nullopt: nothing is promised.
  std::optional<TimeMs> promised(std::string_view group, std::int64_t priority) {
    auto read = [&](sql::Transaction& tx) -> Result<std::optional<TimeMs>> {
      const auto terms = store::terms(tx, shop, group, priority);
      return terms ? std::optional(terms->target.first_answer_ms / minute_ms) : std::nullopt;
    };
    return must(db().read_blocking(read));
  }
  static Target of(std::string group, std::optional<std::int64_t> priority, int minutes) {
    Target target = promise(minutes, 0, 0);
    target.group = std::move(group);
    target.priority = priority;
    return target;
  }
};

TEST_P(TargetsTest, TheMostSpecificHolds) {
  EXPECT_EQ(promised("", 0), std::nullopt);
  set_targets({of("5", std::nullopt, 2), of("", 3, 3), of("5", 3, 1)});
  EXPECT_EQ(promised("", 0), std::nullopt);
  set_targets(
      {of("", std::nullopt, 4), of("5", std::nullopt, 2), of("", 3, 3), of("5", 3, 1), of("6", std::nullopt, 0)});
  struct {
    std::string group;
    std::int64_t priority;
    TimeMs minutes;
  } const cases[] = {{"5", 3, 1}, {"5", 0, 2}, {"5", 9, 2}, {"7", 3, 3},
                     {"", 3, 3},  {"7", 0, 4}, {"", 0, 4},  {"6", 3, 0}};
  for (const auto& one : cases)
    EXPECT_EQ(promised(one.group, one.priority), one.minutes) << one.group << " " << one.priority;
}

TEST_P(TargetsTest, AreChangedAsOneByWhoSawTheNewest) {
  set_targets({of("", std::nullopt, 4)}, {40, 0});
  Targets seen = must(sql::run(service_->targets(access())));
  EXPECT_EQ(seen.version, 1);
  EXPECT_EQ(seen.updated_by, "wang");
  EXPECT_EQ(seen.updated_at, clock_.now());
  EXPECT_EQ(seen.warnings, (Warnings{40, 0}));
  set_targets({of("5", 2, 1)});
  const auto late = sql::run(service_->set_targets(access(), seen));
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().code, "service_levels.changed");
  EXPECT_THAT(must(sql::run(service_->targets(access()))).items, ElementsAre(of("5", 2, 1)));
  EXPECT_EQ(rows("audit_entries WHERE action = 'service_levels.targets.update'"), 2);
}

MINIOPS_ON_BOTH_ENGINES(TargetsTest);

}  // namespace
}  // namespace miniops::service_levels
