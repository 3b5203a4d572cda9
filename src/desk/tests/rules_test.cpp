#include "desk/rules.hpp"

#include <gmock/gmock.h>

#include "desk/content.hpp"

namespace miniops::desk {
namespace {

Rule rule(std::int64_t id, RuleKind kind, std::vector<std::string> patterns = {}, MatchKind match = MatchKind::contains,
          std::int64_t priority = 0) {
  Rule made;
  made.id = RuleId(id);
  made.name = "r" + std::to_string(id);
  made.kind = kind;
  made.match = match;
  made.patterns = std::move(patterns);
  made.priority = priority;
  made.replies = json::parse(R"([{"msgtype":"text","text":{"content":"hi"}}])").get_array();
  return made;
}

RuleFacts says(std::string text, bool open_now = true, bool with_agent = false) {
  return {false, std::move(text), open_now, with_agent};
}

bool never(const Rule&) { return false; }

struct Case {
  std::string name;
  std::vector<Rule> rules;
  RuleFacts facts;
  std::int64_t expected;  // 0: none
};
void PrintTo(const Case& one, std::ostream* out) { *out << one.name; }

class RulesTest : public testing::TestWithParam<Case> {};

// The dry run explains every rule and comes to the same decision.
TEST_P(RulesTest, DecidesTheSameWithAndWithoutExplaining) {
  const RuleSet rules(GetParam().rules);
  const Rule* fired = rules.decide(GetParam().facts, never);
  EXPECT_EQ(fired == nullptr ? 0 : fired->id.value(), GetParam().expected);
  std::vector<Considered> considered;
  EXPECT_EQ(rules.decide(GetParam().facts, never, &considered, "en"), fired);
  EXPECT_EQ(considered.size(), GetParam().rules.size());
  for (const Considered& one : considered) EXPECT_FALSE(one.why.empty());
}

using enum RuleKind;
using enum MatchKind;

INSTANTIATE_TEST_SUITE_P(
    Table, RulesTest,
    testing::Values(
        Case{"contains", {rule(1, keyword, {"退款"})}, says("我要退款谢谢"), 1},
        Case{"contains_folded", {rule(1, keyword, {"VIP"})}, says("怎么买ｖｉｐ"), 1},
        Case{"not_contained", {rule(1, keyword, {"退款"})}, says("发货"), 0},
        Case{"any_pattern", {rule(1, keyword, {"退款", "退货"})}, says("退货"), 1},
        Case{"equals", {rule(1, keyword, {"人工"}, equals)}, says(" 人工\n"), 1},
        Case{"equals_not_part", {rule(1, keyword, {"人工"}, equals)}, says("转人工"), 0},
        Case{"regex", {rule(1, keyword, {"订单号?\\d{4,}"}, regex)}, says("查订单12345"), 1},
        Case{"regex_not", {rule(1, keyword, {"订单号?\\d{4,}"}, regex)}, says("查订单123"), 0},
        Case{"regex_any_case", {rule(1, keyword, {"^hello"}, regex)}, says("Hello there"), 1},
        Case{"priority", {rule(1, keyword, {"退"}), rule(2, keyword, {"退款"}, contains, 9)}, says("退款"), 2},
        Case{"older_first", {rule(2, keyword, {"退"}), rule(1, keyword, {"退"})}, says("退"), 1},
        Case{"keyword_before_default", {rule(1, default_, {}, contains, 99), rule(2, keyword, {"退"})}, says("退"), 2},
        Case{"default", {rule(1, default_), rule(2, keyword, {"退"})}, says("你好"), 1},
        Case{"default_for_pictures", {rule(1, default_), rule(2, keyword, {"退"})}, {false, std::nullopt}, 1},
        Case{"default_not_with_agent", {rule(1, default_)}, says("你好", true, true), 0},
        Case{"keyword_with_agent", {rule(1, keyword, {"退"})}, says("退", true, true), 1},
        Case{"out_of_hours", {rule(1, default_), rule(2, out_of_hours)}, says("你好", false), 2},
        Case{"in_hours", {rule(1, default_), rule(2, out_of_hours)}, says("你好", true), 1},
        Case{"greeting_on_entry", {rule(1, greeting), rule(2, default_)}, {true, std::nullopt}, 1},
        Case{"no_greeting_for_messages", {rule(1, greeting)}, says("你好"), 0},
        Case{"no_default_on_entry", {rule(1, default_)}, {true, std::nullopt}, 0}),
    [](const auto& which) { return which.param.name; });

TEST(Rules, DisabledOnesAreExplainedAndSilent) {
  Rule off = rule(1, keyword, {"退"});
  off.enabled = false;
  std::vector<Considered> considered;
  EXPECT_EQ(RuleSet({off}).decide(says("退"), never, &considered, "en"), nullptr);
  EXPECT_EQ(considered.at(0).why, "is switched off");
}

TEST(Rules, APausingRuleKeepsTheLowerOnesSilentToo) {
  Rule pausing = rule(1, keyword, {"退"});
  pausing.pause_s = 60;
  const RuleSet rules({pausing, rule(2, default_)});
  EXPECT_EQ(rules.decide(says("退"), [](const Rule&) { return true; }), nullptr);
  EXPECT_EQ(rules.decide(says("退"), never)->id, RuleId(1));
  EXPECT_EQ(rules.decide(says("好"), [](const Rule&) { return true; })->id, RuleId(2)) << "it has no pause";
}

struct BadRule {
  std::string name, body, code, pointer;
};
void PrintTo(const BadRule& one, std::ostream* out) { *out << one.name; }
class BadRules : public testing::TestWithParam<BadRule> {};

TEST_P(BadRules, AreRefusedByName) {
  const auto parsed = parse_rule(json::parse(GetParam().body), nullptr);
  ASSERT_FALSE(parsed);
  EXPECT_EQ(parsed.error().code, GetParam().code);
  ASSERT_FALSE(parsed.error().fields.empty());
  EXPECT_EQ(parsed.error().fields[0].pointer, GetParam().pointer);
}

constexpr std::string_view reply = R"("replies":[{"msgtype":"text","text":{"content":"hi"}}])";
INSTANTIATE_TEST_SUITE_P(
    Table, BadRules,
    testing::Values(BadRule{"no_name", fmt::format(R"({{"kind":"default",{}}})", reply), "request.invalid", "/name"},
                    BadRule{"no_replies", R"({"name":"a","kind":"default"})", "request.invalid", "/replies"},
                    BadRule{"no_patterns", fmt::format(R"({{"name":"a","kind":"keyword",{}}})", reply),
                            "request.invalid", "/patterns"},
                    BadRule{"regex",
                            fmt::format(R"({{"name":"a","kind":"keyword","match":"regex","patterns":["ok","("],{}}})",
                                        reply),
                            "desk.invalid_regex", "/patterns/1"},
                    BadRule{"bad_reply", R"({"name":"a","kind":"default","replies":[{"msgtype":"voice"}]})",
                            "request.invalid", "/replies/0/msgtype"},
                    BadRule{"note_as_reply",
                            R"({"name":"a","kind":"default","replies":[{"msgtype":"note","note":{"content":"x"}}]})",
                            "request.invalid", "/replies/0/msgtype"},
                    BadRule{"priority", fmt::format(R"({{"name":"a","kind":"default","priority":1001,{}}})", reply),
                            "request.invalid", "/priority"}),
    [](const auto& which) { return which.param.name; });

TEST(Source, IsReadFromWhatMiniProgramsWrite) {
  EXPECT_EQ(source_of("pages/index/index"), "pages/index/index");
  EXPECT_EQ(source_of("scene=order&page=pages%2Fa%2Fb"), "pages/a/b");
  EXPECT_EQ(source_of(R"({"path":"pages/x","id":1})"), "pages/x");
  EXPECT_EQ(source_of("pages/index/index?id=9"), "pages/index/index?id=9") << "rules may ask for the query";
  EXPECT_EQ(source_of("商品详情页"), "商品详情页");
  EXPECT_EQ(source_of("page=商品详情页"), "商品详情页");
  EXPECT_EQ(source_of("level=3&_ts=1&_sig=abc&page=pages%2Fa"), "pages/a");
}

TEST(Source, IsNoneWhenNoPageIsNamed) {
  EXPECT_EQ(source_of("scene=order&id=77"), "");
  EXPECT_EQ(source_of("uid=u77"), "");
  EXPECT_EQ(source_of(R"({"nickName":"张三"})"), "");
  EXPECT_EQ(source_of("{broken"), "");
  EXPECT_EQ(source_of("level=3&_ts=1&_sig=abc"), "");
  EXPECT_EQ(source_of(""), "");
}

}  // namespace
}  // namespace miniops::desk
