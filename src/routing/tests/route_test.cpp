// Which queue: each condition, the order of rules, and what is explained.
#include "base/random.hpp"
#include "calendar/tests/moments.hpp"
#include "routing/tests/routing_fixture.hpp"

namespace miniops::routing::route_test {
namespace {

// ---- one condition ----

struct Case {
  std::string name, condition;
  std::function<void(Facts&)> known;
  bool holds;
  bool trusted = true;
};
void PrintTo(const Case& one, std::ostream* out) { *out << one.name; }

class OneCondition : public testing::TestWithParam<Case> {};

TEST_P(OneCondition, HoldsOrNot) {
  Facts facts;
  GetParam().known(facts);
  const RuleSet rules = rules_of({rule(7, GetParam().condition)});
  Explanation why;
  EXPECT_EQ(route(facts, rules, now).target.group, GroupId(GetParam().holds ? 2 : 1));
  EXPECT_EQ(route(facts, rules, now, &why).target.group, GroupId(GetParam().holds ? 2 : 1));
  ASSERT_EQ(why.considered.size(), 1U);
  const Considered& told = why.considered.front();
  EXPECT_EQ(told.verdict, GetParam().holds ? Verdict::matches : Verdict::does_not_match);
  ASSERT_EQ(told.compared.size(), 1U);
  EXPECT_EQ(told.compared.front().held, GetParam().holds);
  EXPECT_EQ(told.compared.front().trusted, GetParam().trusted);
}

std::string texts(std::string_view field, std::string_view op, std::string_view list, std::string_view key = "") {
  const std::string of = key.empty() ? "" : fmt::format(R"("key":"{}",)", key);
  return fmt::format(R"({{"field":"{}",{}"op":"{}","value":[{}]}})", field, of, op, list);
}
std::string number(std::string_view field, std::string_view op, int value) {
  return fmt::format(R"({{"field":"{}","op":"{}","value":{}}})", field, op, value);
}
std::string bare(std::string_view op, std::string_view field = "parameter") {
  return fmt::format(R"({{"field":"{}","key":"k","op":"{}"}})", field, op);
}
auto page(std::string path) {
  return [=](Facts& facts) { facts.page = path; };
}
auto given(std::string value, bool is_signed) {
  return [=](Facts& facts) { facts.parameters = {{"other", "x", true}, {"k", value, is_signed}}; };
}
void both(Facts& facts) { facts.parameters = {{"k", "phone", false}, {"k", "server", true}}; }
auto tagged(std::vector<std::string> tags) {
  return [=](Facts& facts) { facts.tags = tags; };
}
auto level(int level) {
  return [=](Facts& facts) { facts.level = level; };
}
auto says(std::vector<std::string> texts) {
  return [=](Facts& facts) { facts.texts = texts; };
}
auto waits(TimeMs ms) {
  return [=](Facts& facts) { facts.waiting_since = now - ms; };
}
auto speaks(std::string language) {
  return [=](Facts& facts) { facts.language = language; };
}
auto sends(std::string msgtype) {
  return [=](Facts& facts) { facts.msgtype = msgtype; };
}
auto open(bool is) {
  return [=](Facts& facts) { facts.open = is; };
}
void nothing(Facts&) {}

std::string name_of(const testing::TestParamInfo<Case>& info) { return info.param.name; }

INSTANTIATE_TEST_SUITE_P(
    Page, OneCondition,
    testing::Values(Case{"same", texts("page", "is", R"("pages/pay")"), page("pages/pay"), true, false},
                    Case{"slash", texts("page", "is", R"("/pages/pay")"), page("pages/pay"), true, false},
                    Case{"any_query", texts("page", "is", R"("pages/pay")"), page("pages/pay?id=1"), true, false},
                    Case{"its_query", texts("page", "is", R"("pages/pay?id=1")"), page("pages/pay?id=1"), true, false},
                    Case{"other_query", texts("page", "is", R"("pages/pay?id=1")"), page("pages/pay"), false, false},
                    Case{"second", texts("page", "is", R"("a","pages/pay")"), page("pages/pay"), true, false},
                    Case{"longer", texts("page", "is", R"("pages/pay")"), page("pages/pay2"), false, false},
                    Case{"prefix", texts("page", "starts_with", R"("pages/p")"), page("/pages/pay"), true, false},
                    Case{"no_prefix", texts("page", "starts_with", R"("pages/q")"), page("pages/pay"), false, false},
                    Case{"is_not", texts("page", "is_not", R"("a","b")"), page("c"), true, false},
                    Case{"is_not_but_is", texts("page", "is_not", R"("a","b")"), page("b"), false, false},
                    Case{"unknown", texts("page", "is", R"("a")"), nothing, false, false}),
    name_of);

INSTANTIATE_TEST_SUITE_P(
    Parameters, OneCondition,
    testing::Values(Case{"signed", texts("parameter", "is", R"("v")", "k"), given("v", true), true},
                    Case{"unsigned", texts("parameter", "is", R"("v")", "k"), given("v", false), true, false},
                    Case{"other", texts("parameter", "is", R"("v")", "k"), given("w", true), false},
                    Case{"prefix", texts("parameter", "starts_with", R"("v")", "k"), given("vw", true), true},
                    Case{"signed_wins", texts("parameter", "is", R"("server")", "k"), both, true},
                    Case{"phone_loses", texts("parameter", "is", R"("phone")", "k"), both, false},
                    Case{"set", bare("set"), given("", false), true, false},
                    Case{"not_set", bare("not_set"), nothing, true, false},
                    Case{"missing", texts("parameter", "is", R"("v")", "k"), nothing, false, false},
                    Case{"missing_is_not", texts("parameter", "is_not", R"("v")", "k"), nothing, true, false},
                    Case{"asked_signed", texts("signed_parameter", "is", R"("v")", "k"), given("v", true), true},
                    Case{"asked_signed_is_not", texts("signed_parameter", "is", R"("v")", "k"), given("v", false),
                         false, false},
                    Case{"asked_signed_set", bare("set", "signed_parameter"), given("v", false), false, false}),
    name_of);

INSTANTIATE_TEST_SUITE_P(
    Customer, OneCondition,
    testing::Values(Case{"tag", texts("tag", "has", R"("a","b")"), tagged({"x", "b"}), true},
                    Case{"no_tag", texts("tag", "has", R"("a","b")"), tagged({"x"}), false},
                    Case{"without", texts("tag", "has_not", R"("a","b")"), tagged({"x"}), true},
                    Case{"without_but_has", texts("tag", "has_not", R"("a","b")"), tagged({"a"}), false},
                    Case{"level_is", number("level", "is", 3), level(3), true},
                    Case{"level_is_other", number("level", "is", 3), level(4), false},
                    Case{"at_least", number("level", "at_least", 3), level(3), true},
                    Case{"below", number("level", "at_least", 3), level(2), false},
                    Case{"at_most", number("level", "at_most", 3), level(3), true},
                    Case{"above", number("level", "at_most", 3), level(4), false},
                    Case{"language", texts("language", "is", R"("zh")"), speaks("zh_TW"), true},
                    Case{"region", texts("language", "is", R"("zh-cn")"), speaks("zh_CN"), true},
                    Case{"other_region", texts("language", "is", R"("zh_CN")"), speaks("zh_TW"), false},
                    Case{"no_prefix_of_words", texts("language", "is", R"("z")"), speaks("zh"), false},
                    Case{"not_known", texts("language", "is", R"("zh")"), nothing, false},
                    Case{"not_known_is_not", texts("language", "is_not", R"("zh")"), nothing, true}),
    name_of);

INSTANTIATE_TEST_SUITE_P(
    Messages, OneCondition,
    testing::Values(Case{"within", texts("text", "has", R"("退款")"), says({"我要退款！"}), true},
                    Case{"second_message", texts("text", "has", R"("x","退款")"), says({"你好", "退款"}), true},
                    Case{"sixth_message", texts("text", "has", R"("f")"), says({"a", "b", "c", "d", "e", "f"}), false},
                    Case{"folded", texts("text", "has", R"("VIP")"), says({"我是ｖip"}), true},
                    Case{"one_letter", texts("text", "has", R"("1")"), says({"选1"}), true},
                    Case{"at_the_end", texts("text", "has", R"("1","12")"), says({"31"}), true},
                    Case{"only_begins", texts("text", "has", R"("退款")"), says({"退"}), false},
                    Case{"apart", texts("text", "has", R"("退款")"), says({"退", "款"}), false},
                    Case{"whole", texts("text", "is", R"("人工")"), says({" 人工\n"}), true},
                    Case{"not_whole", texts("text", "is", R"("人工")"), says({"转人工"}), false},
                    Case{"without", texts("text", "has_not", R"("退款")"), says({"你好"}), true},
                    Case{"without_but_has", texts("text", "has_not", R"("退款")"), says({"退款"}), false},
                    Case{"silent", texts("text", "has_not", R"("退款")"), nothing, true},
                    Case{"msgtype", texts("msgtype", "is", R"("image","voice")"), sends("voice"), true},
                    Case{"other_msgtype", texts("msgtype", "is_not", R"("image")"), sends("image"), false}),
    name_of);

std::string at(std::string_view op, std::string_view days) {
  return fmt::format(R"({{"field":"time","op":"{}","value":{{"time_zone":"Asia/Shanghai","days":{}}}}})", op, days);
}

INSTANTIATE_TEST_SUITE_P(
    Time, OneCondition,
    testing::Values(Case{"lunch", at("within", calendar::shop_days), nothing, false},
                    Case{"outside", at("outside", calendar::shop_days), nothing, true},
                    Case{"night", at("within", calendar::nights), nothing, false},
                    Case{"open", R"({"field":"open","op":"is","value":true})", open(true), true},
                    Case{"closed", R"({"field":"open","op":"is","value":true})", open(false), false},
                    Case{"is_closed", R"({"field":"open","op":"is","value":false})", open(false), true},
                    Case{"waits", number("waiting", "at_least", 60), waits(minute_ms), true},
                    Case{"not_yet", number("waiting", "at_least", 60), waits(minute_ms - 1), false},
                    Case{"at_most", number("waiting", "at_most", 60), waits(minute_ms + 999), true},
                    Case{"longer", number("waiting", "at_most", 60), waits(minute_ms + 1000), false},
                    Case{"does_not_wait", number("waiting", "at_least", 1), nothing, false},
                    Case{"ahead_of_us", number("waiting", "at_most", 1), waits(-hour_ms), true}),
    name_of);

// The answer about a minute is kept; the next minute is another.
TEST(Route, AsksTheCalendarForEachMinute) {
  const RuleSet rules = rules_of({rule(1, at("within", calendar::shop_days))});
  const calendar::Day friday = calendar::date(2025, 11, 21);
  const auto group_at = [&](int hour, int minute) {
    return route(Facts{}, rules, calendar::china(friday, hour, minute)).target.group.value();
  };
  EXPECT_EQ(group_at(8, 59), 1);
  EXPECT_EQ(group_at(9, 0), 2);
  EXPECT_EQ(group_at(11, 59), 2);
  EXPECT_EQ(group_at(12, 0), 1);
  EXPECT_EQ(group_at(11, 59), 2) << "also backwards";
}

// ---- trees and lists ----

const std::string yes = R"({"field":"open","op":"is","value":true})";
const std::string no = R"({"field":"open","op":"is","value":false})";

TEST(Route, AllNeedsEachPartAndAnyNeedsOne) {
  const auto matches = [](const std::string& condition) {
    return !route(Facts{}, rules_of({rule(1, condition)}), now).rule.empty();
  };
  EXPECT_TRUE(matches("null"));
  EXPECT_TRUE(matches(fmt::format(R"({{"all":[{},{}]}})", yes, yes)));
  EXPECT_FALSE(matches(fmt::format(R"({{"all":[{},{}]}})", yes, no)));
  EXPECT_TRUE(matches(fmt::format(R"({{"any":[{},{}]}})", no, yes)));
  EXPECT_FALSE(matches(fmt::format(R"({{"any":[{},{}]}})", no, no)));
  EXPECT_TRUE(matches(fmt::format(R"({{"any":[{{"all":[{0},{1}]}},{{"all":[{0},{0}]}}]}})", yes, no)));
}

TEST(Route, TakesTheFirstRuleThatMatches) {
  std::vector<Rule> list{rule(11, no), rule(12, "null", R"({"group":"2"})"), rule(13, "null", R"({"group":"9"})"),
                         rule(14, "null", R"({"group":"3","priority":30})"), rule(15, yes)};
  list[1].enabled = false;
  Facts facts;
  facts.priority = 50;
  Explanation why;
  const Placement placed = route(facts, rules_of(list), now, &why);
  EXPECT_EQ(placed.rule, RuleId(14));
  EXPECT_EQ(placed.target.group, GroupId(3));
  EXPECT_EQ(placed.priority, 80);
  std::vector<Verdict> verdicts;
  for (const Considered& one : why.considered) verdicts.push_back(one.verdict);
  EXPECT_THAT(verdicts, testing::ElementsAre(Verdict::does_not_match, Verdict::disabled, Verdict::no_group,
                                             Verdict::matches, Verdict::not_reached));
}

TEST(Route, FallsBackToTheDefaultGroup) {
  Explanation why;
  const Placement placed = route(Facts{}, rules_of({rule(1, no)}), now, &why);
  EXPECT_TRUE(placed.rule.empty());
  EXPECT_EQ(placed.target, Target{GroupId(1)});
  EXPECT_EQ(to_json(why).at("rule"), nullptr);
  EXPECT_EQ(to_json(why).at("group"), "1");
}

TEST(Route, LosesGroupsOfOverflowThatAreGone) {
  const auto rules = rules_of({rule(1, "null", R"({"group":"2","overflow":[{"after_s":5,"groups":["9","3"]}]})")});
  EXPECT_THAT(route(Facts{}, rules, now).target.overflow.at(0).groups, testing::ElementsAre(GroupId(3)));
}

TEST(Route, PriorityHasItsLimit) {
  Facts facts;
  facts.priority = 900;
  EXPECT_EQ(route(facts, rules_of({rule(1, "null", R"({"group":"2","priority":500})")}), now).priority, priority_max);
}

TEST(Explanation, TellsWhatWasFoundAndNoMoreOfTheCustomersWords) {
  Facts facts;
  facts.texts = {"我的电话 13812345678，要退款"};
  facts.level = 4;
  Explanation why;
  route(facts, rules_of({rule(1, R"({"all":[{"field":"text","op":"has","value":["发票","退款"]},
                                            {"field":"level","op":"at_least","value":5},
                                            {"field":"parameter","key":"k","op":"not_set"}]})")}),
        now, &why);
  const json::object told = to_json(why);
  EXPECT_EQ(json::serialize(told.at("considered")),
            R"([{"rule":"1","verdict":"does_not_match","compared":[)"
            R"({"index":0,"field":"text","op":"has","seen":"退款","held":true,"trusted":true},)"
            R"({"index":1,"field":"level","op":"at_least","seen":"4","held":false,"trusted":true},)"
            R"({"index":2,"field":"parameter","op":"not_set","seen":"","held":true,"trusted":false,"key":"k"}]}])");
}

TEST(Explanation, IsBounded) {
  std::string list = texts("page", "is", R"("a")");
  for (int i = 1; i < 30; ++i) list += "," + texts("page", "is", R"("a")");
  std::vector<Rule> many;
  for (int i = 1; i <= static_cast<int>(rules_max); ++i)
    many.push_back(rule(i, fmt::format(R"({{"any":[{}]}})", list)));
  Facts facts;
  facts.page = std::string(5000, 'x');
  Explanation why;
  route(facts, rules_of(many), now, &why);
  EXPECT_TRUE(why.cut);
  EXPECT_EQ(why.considered.size(), rules_max) << "each rule's verdict is told";
  std::size_t compared = 0;
  for (const Considered& one : why.considered) compared += one.compared.size();
  EXPECT_EQ(compared, 500U);
  EXPECT_EQ(why.considered.front().compared.front().seen.size(), 100U);
}

// ---- made-up rules ----

class Maker {
 public:
  explicit Maker(std::uint64_t seed) : random_(seed) {}

  std::string condition(int depth) {
    if (depth == 0 || chance(3)) return comparison();
    std::string parts = condition(depth - 1);
    for (int i = below(3); i > 0; --i) parts += "," + condition(depth - 1);
    return fmt::format(R"({{"{}":[{}]}})", chance(2) ? "all" : "any", parts);
  }
  std::string target() { return fmt::format(R"({{"group":"{}","priority":{}}})", 1 + below(4), below(20)); }
  Facts facts() {
    Facts out;
    out.page = std::string(1, letter());
    out.parameters = {{"k", std::string(1, letter()), chance(2)}};
    out.tags = {std::string(1, letter())};
    out.level = below(10);
    out.texts = {fmt::format("{}{}", letter(), letter())};
    out.open = chance(2);
    out.waiting_since = now - below(120) * second_ms;
    return out;
  }
  int below(int bound) { return static_cast<int>(random_.below(static_cast<std::uint64_t>(bound))); }
  bool chance(int one_of) { return below(one_of) == 0; }

 private:
  char letter() { return static_cast<char>('a' + below(4)); }
  std::string list() { return fmt::format(R"("{}","{}")", letter(), letter()); }
  std::string comparison() {
    switch (below(7)) {
      case 0:
        return texts("page", chance(2) ? "is" : "is_not", list());
      case 1:
        return texts(chance(2) ? "parameter" : "signed_parameter", chance(2) ? "is" : "is_not", list(), "k");
      case 2:
        return texts("tag", chance(2) ? "has" : "has_not", list());
      case 3:
        return number("level", chance(2) ? "at_least" : "at_most", below(10));
      case 4:
        return texts("text", chance(2) ? "has" : "has_not", list());
      case 5:
        return number("waiting", chance(2) ? "at_least" : "at_most", 1 + below(100));
      default:
        return chance(2) ? yes : no;
    }
  }

  SeededRandom random_;
};

// A rule holds when its parts do: from what was told of the comparisons alone.
bool holds(const Condition& condition, const std::vector<Compared>& told, std::size_t& index) {
  if (condition.kind == Condition::Kind::comparison) return told.at(index++).held;
  bool all = true, any = false;
  for (const Condition& part : condition.parts) {
    const bool held = holds(part, told, index);
    all = all && held;
    any = any || held;
  }
  return condition.kind == Condition::Kind::all ? all : any;
}

TEST(Waits, AreTheTimesAtWhichOtherRulesMayHold) {
  Rule off = rule(3, R"({"field":"waiting","op":"at_least","value":5})");
  off.enabled = false;
  const RuleSet rules = rules_of({rule(1, R"({"any":[{"field":"level","op":"at_least","value":3},
                                             {"all":[{"field":"waiting","op":"at_least","value":600}]}]})"),
                                  rule(2, R"({"field":"waiting","op":"at_most","value":59})"), off});
  EXPECT_EQ(std::vector(rules.waits().begin(), rules.waits().end()), (std::vector<TimeMs>{60'000, 600'000}));
  EXPECT_TRUE(rules_of({}).waits().empty());
}

TEST(AnyRules, AreExplainedAsTheyDecide) {
  Maker make(1);
  int matched = 0;
  for (int round = 0; round < 2000; ++round) {
    std::vector<Rule> list;
    for (int i = 1 + make.below(5); i > 0; --i) {
      list.push_back(rule(i, make.condition(3), make.target()));
      list.back().enabled = !make.chance(6);
    }
    const RuleSet rules = rules_of(list);
    const Facts facts = make.facts();
    Explanation why;
    const Placement placed = route(facts, rules, now), told = route(facts, rules, now, &why);
    ASSERT_EQ(placed.rule, told.rule);
    ASSERT_EQ(placed.target, told.target);
    ASSERT_EQ(placed.priority, told.priority);
    ASSERT_EQ(why.rule, placed.rule);
    ASSERT_EQ(why.group, placed.target.group);
    for (std::size_t i = 0; i < list.size(); ++i) {
      const Considered& one = why.considered.at(i);
      ASSERT_EQ(one.verdict == Verdict::matches, one.rule == placed.rule);
      if (one.compared.empty()) continue;
      std::size_t index = 0;
      ASSERT_EQ(holds(list[i].condition, one.compared, index), one.verdict == Verdict::matches);
    }
    matched += placed.rule.empty() ? 0 : 1;
  }
  EXPECT_GT(matched, 500);
  EXPECT_LT(matched, 1900);
}

}  // namespace
}  // namespace miniops::routing::route_test
