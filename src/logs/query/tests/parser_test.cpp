// The query language: what a text means, how it is written in its normal form, and what is said of a mistake.
#include <gtest/gtest.h>

#include "logs/query/query.hpp"

namespace miniops::logs {
namespace {

std::string normal(std::string_view text) {
  const auto query = parse(text);
  return query ? print(*query) : "error " + query.error().code;
}

struct Case {
  std::string_view text, normal;
};

class Normal : public testing::TestWithParam<Case> {};

TEST_P(Normal, FormIsStableAndMeansTheSame) {
  const auto [text, wanted] = GetParam();
  EXPECT_EQ(normal(text), wanted) << text;
  const auto query = parse(text);
  ASSERT_TRUE(query) << text << ": " << query.error().message;
  const auto again = parse(print(*query));
  ASSERT_TRUE(again) << print(*query);
  EXPECT_EQ(*again, *query) << text;
}

INSTANTIATE_TEST_SUITE_P(Queries, Normal,
                         testing::ValuesIn(std::vector<Case>{
                             {"", ""},
                             {"  \t\n", ""},
                             {"*", ""},
                             {"timeout", "timeout"},
                             {"\"timeout\"", "timeout"},
                             {"\"request timeout\"", "\"request timeout\""},
                             {"\"say \\\"hi\\\" \\\\o/\"", "\"say \\\"hi\\\" \\\\o/\""},
                             {"time*", "time*"},
                             {"*out", "*out"},
                             {"*meou*", "*meou*"},
                             {"**meou**", "*meou*"},
                             {"a*z", "a*z"},
                             {"*a**z*", "*a*z*"},
                             {"支付失败", "支付失败"},
                             {"支付\u3000失败", "支付 失败"},
                             {"a b c", "a b c"},
                             {"a AND b", "a b"},
                             {"a OR b c", "a OR b c"},
                             {"(a OR b) c", "(a OR b) c"},
                             {"a OR (b OR c)", "a OR (b OR c)"},
                             {"((a))", "a"},
                             {"a (b c)", "a (b c)"},
                             {"NOT a", "-a"},
                             {"-a", "-a"},
                             {"a -\"b c\"", "a -\"b c\""},
                             {"NOT (a OR b)", "-(a OR b)"},
                             {"NOT NOT a", "--a"},
                             {"and or not", "and or not"},
                             {"\"AND\"", "\"AND\""},
                             {"blk_-123", "blk_-123"},
                             {"10.0.0.1:8080", "\"10.0.0.1:8080\""},
                             {"12:30:45", "\"12:30:45\""},
                             {"https://a.example/b?c=d", "\"https://a.example/b?c=d\""},
                             {"status=500", "\"status=500\""},
                             {"a=>b", "\"a=>b\""},
                             {"<unknown>", "\"<unknown>\""},
                             {"/a.b/", "/a.b/"},
                             {"/a.b/i", "/a.b/i"},
                             {"/a\\/b\\d+/", "/a\\/b\\d+/"},
                             {"/a/b/ c", "/a\\/b/ c"},
                             {"/a b/", "/a b/"},
                             {"level:warn", "level:warn"},
                             {"LEVEL:Warning", "level:warn"},
                             {"level>=warn", "level:>=warn"},
                             {"level:>=warn", "level:>=warn"},
                             {"level:none", "level:none"},
                             {"level:(warn OR error)", "level:warn OR level:error"},
                             {"x level:(warn OR error)", "x (level:warn OR level:error)"},
                             {"level:[info TO error]", "level:[info TO error]"},
                             {"level:*", "level:*"},
                             {"page:pages/index/index", "page:pages/index/index"},
                             {"page:\"pages/a b\"", "page:\"pages/a b\""},
                             {"page:/index$/", "page:/index$/"},
                             {"page:=\"pages/index\"", "page:=\"pages/index\""},
                             {"name:login", "tag:login"},
                             {"user:17", "person:17"},
                             {"release:1.4.*", "release:1.4.*"},
                             {"release:=\"1.4.2\"", "release:1.4.2"},
                             {"release:-1", "release:\"-1\""},
                             {"build:Trial", "build:trial"},
                             {"scene:1011", "scene:1011"},
                             {"scene:[1000 TO *]", "scene:[1000 TO *]"},
                             {"value>1000", "value:>1000"},
                             {"value:<=0.5", "value:<=0.5"},
                             {"order_id:42", "order_id:42"},
                             {"order_id:\"42\"", "order_id:\"42\""},
                             {"order_id:0042", "order_id:0042"},
                             {"order_id:=\"42\"", "order_id:=\"42\""},
                             {"order_id:=42", "order_id:=\"42\""},
                             {"temperature:-5", "temperature:-5"},
                             {"temperature:[-5 TO 5.5]", "temperature:[-5 TO 5.5]"},
                             {"user.vip:true", "user.vip:true"},
                             {"订单号:42", "订单号:42"},
                             {"\"order id\":42", "\"order id\":42"},
                             {"\"order id\":>=42", "\"order id\":>=42"},
                             {"properties.page:x", "properties.page:x"},
                             {"properties.order_id:42", "order_id:42"},
                             {"properties.\u3000s:x", "properties. s:x"},
                             {"url:http://a/b", "url:\"http://a/b\""},
                             {"url:*/pay/*", "url:*/pay/*"},
                             {"order_id:*", "order_id:*"},
                             {"text:timeout", "timeout"},
                             {"text:a:b*", "text:a:b*"},
                             {"text:=\"the whole line\"", "text:=\"the whole line\""},
                             {"text:*", "text:*"},
                             {"text:(<a>:b*)", "<a>:b*"},
                             {"p:(<x*)", "p:(<x*)"},
                             {"p:([x*)", "p:([x*)"},
                             {"-level:debug page:index (支付 OR pay*) /ms$/i",
                              "-level:debug page:index (支付 OR pay*) /ms$/i"},
                         }));

// Where «…» stands in a query that cannot be read, and what is suggested instead ("" for nothing).
struct Mistake {
  std::string_view marked, code, suggestion;
};

class Mistakes : public testing::TestWithParam<Mistake> {};

TEST_P(Mistakes, ArePointedAt) {
  const auto [marked, code, suggestion] = GetParam();
  const auto begin = marked.find("«");
  const auto end = marked.find("»");
  const std::string found(marked.substr(begin + 2, end - begin - 2));
  const std::string text = std::string(marked.substr(0, begin)) + found + std::string(marked.substr(end + 2));
  const auto query = parse(text);
  ASSERT_FALSE(query) << print(*query);
  const QueryError& error = query.error();
  EXPECT_EQ(error.code, code);
  EXPECT_FALSE(error.message.empty());
  EXPECT_EQ(error.suggestion.value_or(""), suggestion) << text;
  const auto chars = [](std::string_view part) {
    return static_cast<std::size_t>(
        std::ranges::count_if(part, [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
  };
  EXPECT_EQ(error.offset, chars(marked.substr(0, begin))) << text;
  EXPECT_EQ(error.length, chars(found)) << text;
}

INSTANTIATE_TEST_SUITE_P(Queries, Mistakes,
                         testing::ValuesIn(std::vector<Mistake>{
                             {"支付 «\"失败»", "unclosed_quote", "支付 \"失败\""},
                             {"«\"\"»", "empty_phrase", ""},
                             {"a «/api/pay»", "unclosed_regex", "a \"/api/pay\""},
                             {"«/a(/»", "bad_regex", "\"/a(/\""},
                             {"«//»", "bad_regex", "\"//\""},
                             {"a «(»b", "unclosed_parenthesis", "a (b)"},
                             {"a b«)»", "unexpected_parenthesis", "a b"},
                             {"onLoad«()»", "missing_term", "\"onLoad()\""},
                             {"a «AND»", "missing_term", "a "},
                             {"«OR» b", "missing_term", " b"},
                             {"a AND «OR» b", "missing_term", "a AND  b"},
                             {"a «NOT»", "missing_term", "a "},
                             {"«Error:» x", "missing_value", "\"Error:\" x"},
                             {"a «b:»", "missing_value", "a \"b:\""},
                             {"a>«b»", "bad_number", "\"a>b\""},
                             {"scene:«wechat»", "bad_number", "\"scene:wechat\""},
                             {"level:«err»", "bad_level", "level:error"},
                             {"level:«loud»", "bad_level", ""},
                             {"build:«release2»", "bad_value", ""},
                             {"scene:«10*»", "bad_value", ""},
                             {"session:«abc*»", "bad_value", ""},
                             {"release>=«1.2»", "not_ordered", ""},
                             {"page:«[1 TO 2]»", "not_ordered", ""},
                             {"scene:«[1 5]»", "bad_range", "scene:[1 TO 5]"},
                             {"scene:«[1 TO 5»", "bad_range", ""},
                             {"scene:«[5 TO 1]»", "bad_range", "scene:[1 TO 5]"},
                         }));

TEST(Parser, HoldsItsLimits) {
  const auto code = [](const std::string& text) {
    const auto query = parse(text);
    return query ? "" : query.error().code;
  };
  EXPECT_EQ(code(std::string(query_chars_max, 'a')), "");
  EXPECT_EQ(code(std::string(query_chars_max + 1, 'a')), "too_long");
  const auto nested = [](std::size_t depth) { return std::string(depth, '(') + "a" + std::string(depth, ')'); };
  EXPECT_EQ(code(nested(query_depth_max)), "");
  EXPECT_EQ(code(nested(query_depth_max + 1)), "too_deep");
  EXPECT_EQ(code(std::string(query_depth_max + 1, '-') + "a"), "too_deep");
  std::string many;
  for (int i = 0; i < query_terms_max; ++i) many += "a ";
  EXPECT_EQ(code(many), "");
  EXPECT_EQ(code(many + "a"), "too_many_terms");
  EXPECT_EQ(code("\xff"), "bad_text");
  EXPECT_EQ(code(std::string("a\0b", 3)), "bad_text");
  EXPECT_EQ(code("/(a{1000}){1000}/"), "bad_regex");
}

}  // namespace
}  // namespace miniops::logs
