#include "base/json.hpp"

#include <gtest/gtest.h>

namespace miniops {
namespace {

struct Refused {
  const char* what;
  std::string text;
};

TEST(ParseJson, RefusesWhatIsNotCleanJson) {
  const Refused cases[] = {
      {"empty", ""},
      {"blanks", "  \n"},
      {"truncated", R"({"a":)"},
      {"trailing comma", R"([1,])"},
      {"two values", "{} {}"},
      {"rubbish behind", "{}x"},
      {"comment", "{} // hello"},
      {"single quotes", "{'a':1}"},
      {"NaN", "[NaN]"},
      {"leading zero", "[01]"},
      {"duplicate key", R"({"a":1,"a":2})"},
      {"duplicate key, equal value", R"({"a":1,"a":1})"},
      {"duplicate key, escaped", R"({"a":1,"\u0061":2})"},
      {"duplicate key, nested", R"([{"x":{"b":1,"c":2,"b":3}}])"},
      {"NUL escaped in a text", R"(["a\u0000b"])"},
      {"NUL escaped in a key", R"({"a\u0000":1})"},
      {"NUL raw in a text", std::string("[\"a\0b\"]", 7)},
      {"NUL behind", std::string("{}\0", 3)},
      {"control character", "[\"a\nb\"]"},
      {"invalid UTF-8", "[\"\xff\"]"},
      {"overlong UTF-8", "[\"\xc0\xaf\"]"},
      {"surrogate in UTF-8", "[\"\xed\xa0\x80\"]"},
      {"truncated UTF-8", "[\"\xe4\xbd\"]"},
      {"lone leading surrogate", R"(["\ud800"])"},
      {"lone trailing surrogate", R"(["\udc00"])"},
      {"byte order mark", "\xef\xbb\xbf{}"},
      {"too deep", std::string(33, '[') + std::string(33, ']')},
      {"much too deep", std::string(500000, '[')},
      {"too large", "\"" + std::string(1 << 20, 'a') + "\""},
  };
  for (const auto& [what, text] : cases) {
    const auto value = parse_json(text);
    ASSERT_FALSE(value) << what;
    EXPECT_EQ(value.error().code, "request.malformed_json") << what;
  }
}

TEST(ParseJson, AcceptsAllOfJson) {
  const char* texts[] = {"null",      "true",
                         "-1.5e-7",   R"("")",
                         " [ ] ",     R"({"a":{"a":{"a":1}}})",
                         "\"中文\"",  R"(["\ud83d\ude00"])",
                         R"({"":1})", "[1e999999]",
                         "[0]",       R"([{"a":1},{"a":1}])",
                         "[\"\\/\"]", "18446744073709551615"};
  for (const char* text : texts) EXPECT_TRUE(parse_json(text)) << text;
  EXPECT_TRUE(parse_json(std::string(32, '[') + std::string(32, ']')));
}

TEST(ParseJson, KeepsNumbersAsTheyCameWhenAsked) {
  JsonLimits limits;
  limits.numbers_as_text = true;
  const auto value = parse_json(
      R"({"a":24512345678901235,"b":99999999999999999999,"c":-0.10,"d":1E5,"e":"7","f":[18446744073709551615],"g":0})",
      limits);
  ASSERT_TRUE(value);
  EXPECT_EQ(json::serialize(*value),
            R"({"a":"24512345678901235","b":"99999999999999999999","c":"-0.10","d":"1E5","e":"7",)"
            R"("f":["18446744073709551615"],"g":"0"})");
  const std::string digits(5000, '7');
  const auto huge = parse_json("[" + digits + "]", limits);
  ASSERT_TRUE(huge);
  EXPECT_EQ(huge->at(0).as_string(), digits);
}

json::value parsed(std::string_view text) { return parse_json(text).value(); }

TEST(JsonInput, ReadsEachKind) {
  const json::value body = parsed(R"({"name":"小程序","limit":20,"on":true,"mode":"safe","id":"123","tags":["a","b"],
      "inner":{"x":1},"list":[{"y":"1"},{"y":"2"}],"free":{"any":[1]}})");
  JsonInput in(body);
  EXPECT_EQ(in.text("name", {1, 3}), "小程序");
  EXPECT_EQ(in.integer("limit", 1, 100), 20);
  EXPECT_TRUE(in.boolean("on"));
  EXPECT_EQ(in.choice("mode", {"plain", "safe"}), "safe");
  EXPECT_EQ(in.optional_id("id"), 123);
  EXPECT_EQ(in.optional_texts("tags", 2), (std::vector<std::string>{"a", "b"}));
  {
    JsonInput inner = in.object("inner");
    EXPECT_EQ(inner.integer("x", 0, 9), 1);
  }
  auto list = in.optional_objects("list", 5);
  ASSERT_EQ(list.size(), 2U);
  EXPECT_EQ(list[0].text("y"), "1");
  EXPECT_EQ(list[1].text("y"), "2");
  EXPECT_NE(in.optional_value("free"), nullptr);
  EXPECT_TRUE(in.finish());
}

TEST(JsonInput, MissingAndNullOptionalFieldsAreAbsent) {
  const json::value body = parsed(R"({"a":null})");
  JsonInput in(body);
  EXPECT_FALSE(in.has("a"));
  EXPECT_EQ(in.optional_text("a"), std::nullopt);
  EXPECT_EQ(in.optional_integer("b", 0, 1), std::nullopt);
  EXPECT_EQ(in.optional_boolean("c"), std::nullopt);
  EXPECT_EQ(in.optional_choice("d", {"x"}), std::nullopt);
  EXPECT_EQ(in.optional_id("e"), std::nullopt);
  EXPECT_TRUE(in.optional_texts("f", 3).empty());
  EXPECT_TRUE(in.optional_objects("g", 3).empty());
  EXPECT_EQ(in.optional_value("h"), nullptr);
  EXPECT_EQ(in.object("i", false).optional_text("j"), std::nullopt);
  EXPECT_TRUE(in.finish());
}

TEST(JsonInput, TellsAllMistakesTogether) {
  const json::value body = parsed(R"({"name":"","long":"四个汉字","n":1.5,"big":18446744073709551615,"b":"true","c":"z",
      "id":"01","tags":["ok",3],"o":[],"list":[{"k":1},7],"a/b~c":1,"inner":{"extra":1}})");
  JsonInput in(body);
  in.text("name");
  in.text("long", {1, 3});
  in.text("absent");
  in.integer("n", 0, 9);
  in.integer("big", 0, 9);
  in.boolean("b");
  in.choice("c", {"x", "y"});
  in.optional_id("id");
  in.optional_texts("tags", 5);
  in.object("o");
  in.object("inner");
  in.object("gone").text("nothing more is said about what is in it");
  auto list = in.optional_objects("list", 5);
  list[0].text("k");
  const auto done = in.finish();
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, "request.invalid");
  std::vector<std::string> pointers;
  for (const auto& field : done.error().fields) pointers.push_back(field.pointer);
  EXPECT_EQ(pointers, (std::vector<std::string>{"/name", "/long", "/absent", "/n", "/big", "/b", "/c", "/id", "/tags/1",
                                                "/o", "/gone", "/list/1", "/list/0/k", "/a~1b~0c", "/inner/extra"}));
}

TEST(JsonInput, ABodyThatIsNoObjectIsOneMistake) {
  const json::value body = parsed("[1]");
  JsonInput in(body);
  in.text("a");
  in.integer("b", 0, 1);
  const auto done = in.finish();
  ASSERT_FALSE(done);
  ASSERT_EQ(done.error().fields.size(), 1U);
  EXPECT_EQ(done.error().fields[0].pointer, "");
}

}  // namespace
}  // namespace miniops
