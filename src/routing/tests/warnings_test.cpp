#include "routing/warnings.hpp"

#include "calendar/tests/moments.hpp"
#include "routing/tests/routing_fixture.hpp"

namespace miniops::routing {
namespace {

// "1 matches_everything, 2 unreachable by 1"
std::string told(const std::vector<Rule>& rules, const Snapshot& agents) {
  std::string out;
  for (const Warning& one : warnings_of(rules, agents)) {
    out += fmt::format("{}{} {}", out.empty() ? "" : ", ", one.rule.value(), word(one.kind));
    if (!one.other.empty()) out += fmt::format(" by {}", one.other.value());
    if (!one.group.empty()) out += fmt::format(" group {}", one.group.value());
    if (!one.skill.empty()) out += fmt::format(" skill {}", one.skill.value());
  }
  return out;
}

const std::string some = R"({"field":"tag","op":"has","value":["a"]})";
const std::string others = R"({"field":"tag","op":"has","value":["b"]})";

Snapshot staffed() {
  Snapshot out = snapshot({agent(1, 0, 4, {1, 2}), agent(2, 0, 4, {3})});
  out.agents[0].skills = {{SkillId(7), 2}};
  out.agents[1].skills = {{SkillId(7), 5}, {SkillId(8), 1}};
  return out;
}

TEST(Warnings, NoneForSoundRules) {
  EXPECT_EQ(told({rule(1, some), rule(2, others), rule(3, "null")}, staffed()), "") << "the last may match everything";
}

TEST(Warnings, OfWhatMatchesEverything) {
  EXPECT_EQ(told({rule(1, some), rule(2, "null"), rule(3, others), rule(4, "null")}, staffed()),
            "2 matches_everything, 3 unreachable by 2, 4 unreachable by 2");
  const auto everything = [](std::string_view condition) {
    return told({rule(1, condition), rule(2, others)}, staffed()) == "1 matches_everything, 2 unreachable by 1";
  };
  const std::string any_level = R"({"field":"level","op":"at_least","value":0})";
  EXPECT_TRUE(everything(any_level));
  EXPECT_TRUE(everything(R"({"field":"level","op":"at_most","value":9})"));
  EXPECT_TRUE(everything(fmt::format(R"({{"any":[{},{}]}})", some, any_level)));
  EXPECT_TRUE(everything(R"({"field":"time","op":"within","value":{"time_zone":"Asia/Shanghai","days":{}}})"));
  EXPECT_FALSE(everything(fmt::format(R"({{"all":[{},{}]}})", some, any_level)));
  EXPECT_FALSE(everything(R"({"field":"time","op":"outside","value":{"time_zone":"Asia/Shanghai","days":{}}})"));
  EXPECT_FALSE(everything(R"({"field":"level","op":"at_least","value":1})"));
}

TEST(Warnings, OfWhatASameRuleTakes) {
  EXPECT_EQ(told({rule(1, some), rule(2, others), rule(3, some)}, staffed()), "3 unreachable by 1");
}

TEST(Warnings, RulesThatAreOffOrHaveNoGroupTakeNothing) {
  std::vector<Rule> rules{rule(1, "null"), rule(2, others)};
  rules[0].enabled = false;
  EXPECT_EQ(told(rules, staffed()), "");
  EXPECT_EQ(told({rule(1, some, R"({"group":"9"})"), rule(2, some)}, staffed()), "1 no_such_group group 9");
}

TEST(Warnings, OfTargets) {
  EXPECT_EQ(told({rule(1, some, R"({"group":"2","overflow":[{"after_s":9,"groups":["3","8","8"]},
                                                            {"after_s":19,"groups":["8"]}]})")},
                 staffed()),
            "1 no_such_group group 8");
  EXPECT_EQ(told({rule(1, some)}, snapshot({agent(1, 0, 4, {1})})), "1 empty_group group 2");
  EXPECT_EQ(
      told({rule(1, some, R"({"group":"2","skills":[{"skill":"7","level":3},{"skill":"8","level":1}]})")}, staffed()),
      "1 nobody_has_skill skill 7, 1 nobody_has_skill skill 8");
  EXPECT_EQ(told({rule(1, some, R"({"group":"2","skills":[{"skill":"7","level":3}],
                                    "overflow":[{"after_s":9,"groups":["3"]}]})")},
                 staffed()),
            "")
      << "somebody has it where it overflows to";
}

TEST(Warnings, AreJson) {
  EXPECT_EQ(json::serialize(to_json(Warning{RuleId(1), WarningKind::unreachable, RuleId(2)})),
            R"({"rule":"1","kind":"unreachable","other":"2","group":null,"skill":null})");
}

}  // namespace
}  // namespace miniops::routing
