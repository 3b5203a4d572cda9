#include "routing/rule.hpp"

#include "calendar/tests/moments.hpp"
#include "routing/tests/routing_fixture.hpp"

namespace miniops::routing {
namespace {

// ---- what is read ----

struct Good {
  std::string name, condition;
};
void PrintTo(const Good& one, std::ostream* out) { *out << one.name; }

class GoodRule : public testing::TestWithParam<Good> {};

TEST_P(GoodRule, SurvivesItsForm) {
  const Rule read = rule(0, GetParam().condition);
  EXPECT_EQ(parse_rule(rule_json(read)), read) << json::serialize(rule_json(read));
}

INSTANTIATE_TEST_SUITE_P(
    Conditions, GoodRule,
    testing::Values(
        Good{"everything", "null"},  //
        Good{"page", R"({"field":"page","op":"starts_with","value":["pages/vip","pages/pay"]})"},
        Good{"parameter", R"({"field":"parameter","key":"from","op":"is_not","value":["ad"]})"},
        Good{"parameter_set", R"({"field":"signed_parameter","key":"level","op":"set"})"},
        Good{"tag", R"({"field":"tag","op":"has_not","value":["黑名单"]})"},
        Good{"level", R"({"field":"level","op":"at_least","value":3})"},
        Good{"text", R"({"field":"text","op":"has","value":["退款","发票"]})"},
        Good{"open", R"({"field":"open","op":"is","value":false})"},
        Good{"waiting", R"({"field":"waiting","op":"at_least","value":300})"},
        Good{"msgtype", R"({"field":"msgtype","op":"is","value":["image"]})"},
        Good{"language", R"({"field":"language","op":"is_not","value":["zh"]})"},
        Good{"time",
             fmt::format(R"({{"field":"time","op":"within","value":{{"time_zone":"Asia/Shanghai","days":{}}}}})",
                         calendar::shop_days)},
        Good{"tree", R"({"any":[{"field":"level","op":"is","value":9},
                                {"all":[{"field":"tag","op":"has","value":["a"]},
                                        {"any":[{"field":"open","op":"is","value":true}]}]}]})"}),
    [](const auto& info) { return info.param.name; });

TEST(Rule, ReadsAWholeTarget) {
  const Target read = target(R"({"group":"5","skills":[{"skill":"7","level":3}],"match_language":true,
      "strategy":"round_robin","last_agent_first":false,"priority":20,
      "overflow":[{"after_s":60,"groups":["6","7"]},{"after_s":120,"drop_skills":true,"drop_language":true}]})");
  Target expected{GroupId(5), {{SkillId(7), 3}}, true, Strategy::round_robin, false, 20, {}};
  expected.overflow.push_back({60, {GroupId(6), GroupId(7)}});
  expected.overflow.push_back({120, {}, true, true});
  EXPECT_EQ(read, expected);
  EXPECT_EQ(parse_target(target_json(read)), read);
  EXPECT_EQ(target(R"({"group":"5"})"), (Target{GroupId(5)})) << "the rest has defaults";
}

// ---- what is refused ----

struct Wrong {
  std::string name, rule, pointer;
};
void PrintTo(const Wrong& one, std::ostream* out) { *out << one.name; }

class WrongRule : public testing::TestWithParam<Wrong> {};

TEST_P(WrongRule, IsRefusedByTheFieldsName) {
  const auto read = parse_rule(json::parse(GetParam().rule));
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, "routing.invalid_rule");
  EXPECT_THAT(read.error().fields, testing::Contains(testing::Field(&FieldError::pointer, GetParam().pointer)));
}

std::string with_condition(std::string_view condition) {
  return fmt::format(R"({{"name":"r","condition":{},"target":{{"group":"1"}}}})", condition);
}
std::string with_target(std::string_view target) { return fmt::format(R"({{"name":"r","target":{}}})", target); }
std::string repeated(std::string_view part, int count) {
  std::string out(part);
  for (int i = 1; i < count; ++i) out.append(",").append(part);
  return out;
}
constexpr std::string_view leaf = R"({"field":"level","op":"is","value":1})";

INSTANTIATE_TEST_SUITE_P(
    Fields, WrongRule,
    testing::Values(
        Wrong{"no_object", "[]", ""}, Wrong{"no_name", R"({"target":{"group":"1"}})", "/name"},
        Wrong{"unknown", R"({"name":"r","target":{"group":"1"},"colour":1})", "/colour"},
        Wrong{"no_target", R"({"name":"r"})", "/target"},
        Wrong{"condition_no_object", with_condition("[]"), "/condition"},
        Wrong{"empty_list", with_condition(R"({"all":[]})"), "/condition/all"},
        Wrong{"field_unknown", with_condition(R"({"field":"shoe","op":"is","value":1})"), "/condition/field"},
        Wrong{"op_unknown", with_condition(R"({"field":"level","op":"near","value":1})"), "/condition/op"},
        Wrong{"op_of_others", with_condition(R"({"field":"level","op":"has","value":1})"), "/condition/op"},
        Wrong{"level_high", with_condition(R"({"field":"level","op":"is","value":10})"), "/condition/value"},
        Wrong{"no_texts", with_condition(R"({"field":"text","op":"has","value":[]})"), "/condition/value"},
        Wrong{"blank_text", with_condition(R"({"field":"text","op":"has","value":[" "]})"), "/condition/value"},
        Wrong{"bare_slash", with_condition(R"({"field":"page","op":"starts_with","value":["/"]})"), "/condition/value"},
        Wrong{"value_of_set", with_condition(R"({"field":"parameter","key":"a","op":"set","value":["b"]})"),
              "/condition/value"},
        Wrong{"no_key", with_condition(R"({"field":"parameter","op":"set"})"), "/condition/key"},
        Wrong{"key_of_tag", with_condition(R"({"field":"tag","key":"a","op":"has","value":["b"]})"), "/condition/key"},
        Wrong{"level_unsigned", with_condition(R"({"field":"parameter","key":"level","op":"is","value":["9"]})"),
              "/condition/key"},
        Wrong{"no_calendar", with_condition(R"({"field":"time","op":"within","value":{"time_zone":"Mars/Base"}})"),
              "/condition/value"},
        Wrong{"deep", with_condition(fmt::format(R"({{"all":[{{"all":[{{"all":[{{"all":[{}]}}]}}]}}]}})", leaf)),
              "/condition/all/0/all/0/all/0/all"},
        Wrong{"many", with_condition(fmt::format(R"({{"all":[{{"all":[{0}]}},{{"any":[{0}]}}]}})", repeated(leaf, 16))),
              "/condition/all/1/any/14"},
        Wrong{"nested", with_condition(fmt::format(R"({{"all":[{},{{"any":[{{"field":"x","op":"is"}}]}}]}})", leaf)),
              "/condition/all/1/any/0/field"},
        Wrong{"beside_all", with_condition(fmt::format(R"({{"all":[{}],"op":"is"}})", leaf)), "/condition/op"},
        Wrong{"no_group", with_target("{}"), "/target/group"},
        Wrong{"group_number", with_target(R"({"group":1})"), "/target/group"},
        Wrong{"skill_level", with_target(R"({"group":"1","skills":[{"skill":"1","level":6}]})"),
              "/target/skills/0/level"},
        Wrong{"skill_twice", with_target(R"({"group":"1","skills":[{"skill":"1","level":1},{"skill":"1","level":2}]})"),
              "/target/skills/1/skill"},
        Wrong{"strategy", with_target(R"({"group":"1","strategy":"dice"})"), "/target/strategy"},
        Wrong{"priority", with_target(R"({"group":"1","priority":1001})"), "/target/priority"},
        Wrong{"step_of_nothing", with_target(R"({"group":"1","overflow":[{"after_s":9}]})"),
              "/target/overflow/0/groups"},
        Wrong{"step_group", with_target(R"({"group":"1","overflow":[{"after_s":9,"groups":["x"]}]})"),
              "/target/overflow/0/groups"},
        Wrong{"steps_back", with_target(R"({"group":"1","overflow":[{"after_s":9,"drop_skills":true},
                                                                    {"after_s":9,"drop_language":true}]})"),
              "/target/overflow/1/after_s"},
        Wrong{"steps_many",
              with_target(fmt::format(R"({{"group":"1","overflow":[{}]}})",
                                      repeated(R"({"after_s":9,"drop_skills":true})", 6))),
              "/target/overflow"}),
    [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace miniops::routing
