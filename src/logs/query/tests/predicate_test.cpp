// What a query asks the event store, and what it marks in a line.
#include <gtest/gtest.h>

#include "logs/query/highlight.hpp"
#include "logs/query/query.hpp"

namespace miniops::logs {
namespace {

using events::Predicate;
using Op = Predicate::Op;

// A predicate evaluated on one line of text: fields and properties are not there.
bool matches(const Predicate& predicate, std::string_view text) {
  const auto part = [&](const Predicate& one) { return matches(one, text); };
  switch (predicate.op) {
    case Op::all:
      return std::ranges::all_of(predicate.of, part);
    case Op::any:
      return std::ranges::any_of(predicate.of, part);
    case Op::none:
      return std::ranges::none_of(predicate.of, part);
    default:
      return predicate.on == Predicate::On::text && events::holds(predicate, text);
  }
}

// The line with what is marked in «…».
std::string marked(std::string_view query, std::string_view text) {
  std::vector<std::string> characters;
  for (const char c : text) {
    if ((static_cast<unsigned char>(c) & 0xc0) != 0x80) characters.emplace_back();
    characters.back() += c;
  }
  for (const TextRange& range : Highlighter(*parse(query)).of(text)) {
    characters.at(range.offset).insert(0, "«");
    characters.at(range.offset + range.length - 1) += "»";
  }
  std::string out;
  for (const std::string& character : characters) out += character;
  return out;
}

struct Line {
  std::string_view query, marked;  // without marks: it does not match
};

class Lines : public testing::TestWithParam<Line> {};

TEST_P(Lines, MatchWhereTheyAreMarked) {
  const auto [query, wanted] = GetParam();
  std::string text(wanted);
  for (const std::string_view mark : {"«", "»"})
    for (auto at = text.find(mark); at != std::string::npos; at = text.find(mark)) text.erase(at, mark.size());
  const auto parsed = parse(query);
  ASSERT_TRUE(parsed) << query;
  EXPECT_EQ(matches(to_predicate(*parsed), text), text != wanted) << query << " in " << text;
  EXPECT_EQ(marked(query, text), wanted) << query;
}

INSTANTIATE_TEST_SUITE_P(Queries, Lines,
                         testing::ValuesIn(std::vector<Line>{
                             {"timeout", "request «Timeout» after 3 s"},
                             {"timeout", "«timeout»"},
                             {"timeout", "(«timeout»), «TIMEOUT»"},
                             {"timeout", "timeouts"},
                             {"timeout", "timeout_ms"},
                             {"timeout", "3timeout"},
                             {"timeout", "用户«timeout»了"},
                             {"支付", "微信«支付»失败"},
                             {"pay支付", "用«pay支付»吧"},
                             {"pay支付", "repay支付吧"},
                             {"\"pay ok\"", "«pay ok», pay okay"},
                             {"\"error:\"", "«error:»x"},
                             {"\"error:\"", "terror:x"},
                             {"blk_-12", "«blk_-12» blk_-123"},
                             {"10.0.0.1:80", "from «10.0.0.1:80»"},
                             {"time*", "«time»out, «time», sometime"},
                             {"*out", "time«out», outer"},
                             {"*meou*", "ti«meou»ts"},
                             {"get*user", "«getUser» and «get/the_USER»"},
                             {"get*user", "get the user"},
                             {"get*user", "forgetUser"},
                             {"*get*user", "for«getUser»"},
                             {"/[0-9]+ms/", "took «130ms» or «12ms»"},
                             {"/MS/", "took 130ms"},
                             {"/MS/i", "took 130«ms»"},
                             {"/^took$/", "took 130ms"},
                             {"a b", "«b» and «a»"},
                             {"a b", "c"},
                             {"a OR b", "«b»"},
                             {"a -b", "«a»"},
                             {"text:=\"a b\"", "«a b»"},
                             {"text:=\"a b\"", "a b c"},
                             {"é😀x", "«É😀x»!"},
                         }));

TEST(Highlights, OverlapsAreOne) { EXPECT_EQ(marked("*abc* *bcd*", "xabcdx"), "x«abcd»x"); }

TEST(Highlights, AreBounded) {
  std::string text;
  for (int i = 0; i < 300; ++i) text += "a b ";
  EXPECT_EQ(Highlighter(*parse("a")).of(text).size(), highlights_max);
  EXPECT_TRUE(Highlighter(*parse("z")).of(std::string(highlight_chars_max, 'a') + " z").empty());
}

Predicate leaf_of(std::string_view query) { return to_predicate(*parse(query)); }

TEST(Predicates, NamesAreWholeAndTextsContain) {
  const Predicate release = leaf_of("release:1.4.2");
  EXPECT_EQ(release.op, Op::equals);
  EXPECT_EQ(release.on, Predicate::On::field);
  EXPECT_EQ(release.field, events::Field::release);
  EXPECT_EQ(release.text, "1.4.2");
  const Predicate newer = leaf_of("release:1.4.*");
  EXPECT_TRUE(events::holds(newer, "1.4.2"));
  EXPECT_FALSE(events::holds(newer, "11.4.2"));
  EXPECT_FALSE(events::holds(newer, "1x4.2"));
  EXPECT_TRUE(events::holds(leaf_of("release:*-beta"), "1.4-beta"));
  EXPECT_FALSE(events::holds(leaf_of("release:*-beta"), "1.4-beta2"));
  EXPECT_TRUE(events::holds(leaf_of("release:1*beta"), "1.4-beta"));
  EXPECT_FALSE(events::holds(leaf_of("release:1*beta"), "2.1-beta"));
  EXPECT_TRUE(events::holds(leaf_of("page:index"), "pages/index/index"));
  EXPECT_EQ(leaf_of("page:=\"pages/index\"").op, Op::equals);
}

TEST(Predicates, LevelsAreOrdered) {
  EXPECT_EQ(leaf_of("level>=warn").numbers, (std::vector<std::int64_t>{3, 4, 5}));
  EXPECT_EQ(leaf_of("level<info").numbers, (std::vector<std::int64_t>{1}));
  EXPECT_EQ(leaf_of("level:none").numbers, (std::vector<std::int64_t>{0}));
  EXPECT_EQ(leaf_of("build:trial").numbers, (std::vector<std::int64_t>{2}));
  const Predicate range = leaf_of("level:[info TO warn]");
  ASSERT_EQ(range.of.size(), 2u);
  EXPECT_EQ(range.of[0].numbers, (std::vector<std::int64_t>{2, 3, 4, 5}));
  EXPECT_EQ(range.of[1].numbers, (std::vector<std::int64_t>{1, 2, 3}));
}

TEST(Predicates, PropertiesAreNumbersOrTexts) {
  const Predicate number = leaf_of("order.id:42");
  EXPECT_EQ(number.op, Op::compare);
  EXPECT_EQ(number.on, Predicate::On::property);
  EXPECT_EQ(number.property, "order.id");
  EXPECT_EQ(number.number, 42);
  EXPECT_EQ(leaf_of("order:\"42\"").op, Op::contains);
  EXPECT_EQ(leaf_of("order:12345678901234567890").op, Op::contains);  // no double holds it
  EXPECT_EQ(leaf_of("order:*").op, Op::exists);
  EXPECT_EQ(leaf_of("order:<-1.5").relation, Predicate::Relation::less);
  EXPECT_EQ(leaf_of("order:<-1.5").number, -1.5);
  EXPECT_EQ(leaf_of("value>=100").on, Predicate::On::value);
  const Predicate there = leaf_of("scene:*");
  EXPECT_EQ(there.op, Op::none);
  EXPECT_EQ(there.of.at(0).numbers, (std::vector<std::int64_t>{0}));
}

}  // namespace
}  // namespace miniops::logs
