#include "storage/events/predicate.hpp"

#include <gtest/gtest.h>
#include <re2/re2.h>

#include "storage/events/caseless.hpp"
#include "storage/events/regex_literal.hpp"
#include "storage/events/tests/lines.hpp"

namespace miniops::events {
namespace {

Predicate contains(std::string text, bool from_edge, bool to_edge) {
  Predicate leaf{.op = Predicate::Op::contains, .text = std::move(text)};
  leaf.from_edge = from_edge;
  leaf.to_edge = to_edge;
  return leaf;
}
Predicate word(std::string text) { return contains(std::move(text), true, true); }
Predicate regex(std::string text) { return {.op = Predicate::Op::regex, .text = std::move(text)}; }

TEST(Predicate, AWordIsTouchedByNoLetterDigitOrLine) {
  struct Case {
    std::string wanted, text;
    bool holds;
  };
  const std::vector<Case> cases{
      {"error", "error", true},
      {"error", "an Error: x", true},
      {"ERROR", "an error", true},
      {"error", "errors", false},
      {"error", "xerror", false},
      {"error", "my_error", false},
      {"error", "error2", false},
      {"error", "errors error", true},  // not the first place, but the second
      {"error", "-error-", true},
      {"error", "支付error失败", true},
      {"error", "😀error…", true},
      {"error", "éerror", false},
      {"error", "errorя", false},
      {"error", "error٣", false},  // a digit, too
      {"error", "errorＡ", false},
      {"error", "error７", false},
      {"error", "errorｱ！", true},
      {"error", "，error。", true},
      {"支付", "微信支付失败", true},
      {"支付error", "微信支付error失败", true},
      {"支付error", "微信支付errors", false},
      {"user_id=42", "user_id=42", true},
      {"user_id=42", "user_id=421", false},
      {"/api", "GET /api/x", true},
      {"/api", "v2/api", false},  // a letter or digit touches it, whatever it begins with
      {"café", "un CAFÉ noir", true},
      {"café", "cafés", false},
      {"ПРИВЕТ", "привет, мир", true},
      {"k", "\u212a", false},  // the sign of kelvin is no k
      {"\u212a", "k", false},
      {"s", "\u017f", false},  // nor is the long s an s
      {"\u017fé", "sé", false},
      {"σ", "Σ", true},
      {"ａｂ", "ＡＢ", true},
      {"", "anything", true},
      {"", "", true},
      {"a", "", false},
      {"😀", "a😀b", true},
      {"a\x01"
       "b",
       "a\x01"
       "b",
       true},
  };
  for (const Case& one : cases)
    EXPECT_EQ(holds(word(one.wanted), one.text), one.holds) << one.wanted << " in " << one.text;
}

TEST(Predicate, EachEdgeIsAskedForByItself) {
  EXPECT_TRUE(holds(contains("err", true, false), "an error"));
  EXPECT_FALSE(holds(contains("rror", true, false), "an error"));
  EXPECT_TRUE(holds(contains("rror", false, true), "an error"));
  EXPECT_FALSE(holds(contains("err", false, true), "an error"));
  EXPECT_TRUE(holds(contains("rro", false, false), "an ERROR"));
}

TEST(Predicate, NumbersAreComparedWholeAndFinite) {
  const auto compare = [](Predicate::Relation relation, double number, std::string_view text) {
    Predicate leaf{.op = Predicate::Op::compare};
    leaf.relation = relation;
    leaf.number = number;
    return holds(leaf, text);
  };
  using Relation = Predicate::Relation;
  EXPECT_TRUE(compare(Relation::more, 499, "500"));
  EXPECT_TRUE(compare(Relation::equal, 0.5, "5e-1"));
  EXPECT_TRUE(compare(Relation::at_most, -1, "-1"));
  EXPECT_FALSE(compare(Relation::less, 5, "5"));
  for (const char* text : {"", "5 ", " 5", "5ms", "0x10", "inf", "nan", "1e999", "五"})
    EXPECT_FALSE(compare(Relation::at_least, -1e300, text)) << text;
}

TEST(Predicate, WhatRe2DoesNotReadMatchesNothing) {
  EXPECT_FALSE(holds(regex("("), "("));
  EXPECT_FALSE(holds(regex("(?=a)"), "a"));
  EXPECT_TRUE(holds(regex(""), "a"));
}

TEST(Predicate, ARegexFindsWhatItFindsWithoutItsLiteral) {
  testing::Lines random(1);
  int found = 0;
  for (const std::string& expression : testing::Lines::regexes()) {
    const Matcher matches(regex(expression));
    const RE2 alone(expression, RE2::Quiet);
    for (int i = 0; i < 1000; ++i) {
      const std::string text = random.text(6);
      const bool expected = alone.ok() && RE2::PartialMatch(text, alone);
      found += expected ? 1 : 0;
      ASSERT_EQ(matches(text), expected) << expression << " in " << text;
    }
  }
  EXPECT_GT(found, 2000);
}

TEST(RegexLiterals, AreInEveryMatch) {
  using Texts = std::vector<std::string>;
  struct Case {
    std::string regex;
    Texts all, any;
  };
  const std::vector<Case> cases{
      {"blk_-?[0-9]+", {"blk_"}, {}},
      {"[0-9]+ms", {"ms"}, {}},
      {"user [0-9]+ lost", {" lost", "user "}, {}},
      {"error|fail", {}, {"error", "fail"}},
      {"Conn (reset|lost) by", {}, {"conn lost by", "conn reset by"}},
      {"error|", {}, {}},
      {"(error)?", {}, {}},
      {"(?i)timeout", {"timeout"}, {}},
      {"(?i)task", {"ta"}, {}},  // a long s and a kelvin would do for the others
      {"(?i)s|k", {}, {}},
      {"\\x{212a}elvin", {"elvin"}, {}},
      {"x*", {}, {}},
      {"a?b+", {"b"}, {}},
      {"支付.*失败", {"失败", "支付"}, {}},
      {"[^e]rror", {"rror"}, {}},
      {"(", {}, {}},
      {"", {}, {}},
      {"é", {}, {}},
      {"caf\u00e9 noir", {" noir"}, {}},
  };
  for (const Case& one : cases) {
    RegexLiterals literals = literals_of(one.regex);
    std::ranges::sort(literals.all);
    std::ranges::sort(literals.any);
    EXPECT_EQ(literals.all, one.all) << one.regex;
    EXPECT_EQ(literals.any, one.any) << one.regex;
  }
}

TEST(CaselessText, FindsTheFirstPlaceWhereverItLies) {
  testing::Lines random(2);
  const auto lower = [](std::string text) {
    std::ranges::transform(text, text.begin(), lower_byte);
    return text;
  };
  for (int i = 0; i < 50'000; ++i) {
    std::string text;
    for (std::int64_t length = random.below(70); length > 0; --length) text += "abAB@`"[random.below(6)];
    std::string wanted;
    for (std::int64_t length = random.below(5); length > 0; --length) wanted += "abAB@`"[random.below(6)];
    const auto from = static_cast<std::size_t>(random.below(20));
    const auto expected = from > text.size() ? std::string::npos : lower(text).find(lower(wanted), from);
    ASSERT_EQ(CaselessText(wanted).find(text, from), expected) << wanted << " in " << text << " from " << from;
  }
}

}  // namespace
}  // namespace miniops::events
