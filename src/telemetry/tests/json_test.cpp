#include "telemetry/decode/json.hpp"

#include <gtest/gtest.h>

#include "base/json.hpp"
#include "base/random.hpp"
#include "base/text.hpp"
#include "telemetry/decode/properties.hpp"

namespace miniops::telemetry {
namespace {

// ---- reading what phones get wrong ----

TEST(ReadJson, RepairsWhatPhonesGetWrong) {
  struct Case {
    const char* what;
    std::string given, expected;  // "": no JSON
  };
  const std::string fffd = "\xEF\xBF\xBD";
  const Case cases[] = {
      {"nothing wrong", R"({"a":"é😀 \u00e9"})", R"({"a":"é😀 é"})"},
      {"a byte order mark", "\xEF\xBB\xBF{}", "{}"},
      {"the first half of an emoji", R"({"a":"x\ud83d"})", R"({"a":"x)" + fffd + R"("})"},
      {"the first half, then text", R"({"a":"\ud83dx\u0041"})", R"({"a":")" + fffd + R"(xA"})"},
      {"the second half", R"({"a":"\ude00x","b":1e999})", R"({"a":")" + fffd + R"(x","b":null})"},
      {"a whole emoji beside", R"({"a":"\ud83d\ude00\ud83d"})", R"({"a":"😀)" + fffd + R"("})"},
      {"invalid UTF-8", "{\"a\":\"\xff\xe4\xb8x\"}", R"({"a":")" + fffd + fffd + fffd + R"(x"})"},
      {"a line feed in a text", "{\"a\":\"x\ny\"}", R"({"a":"x\ny"})"},
      {"a NUL in a text", std::string("{\"a\":\"x\0y\"}", 11), R"({"a":"x)" + fffd + R"(y"})"},
      {"a whole number beyond 64 bits", R"({"a":100000000000000000000,"b":18446744073709551615})",
       R"({"a":1e+20,"b":1.8446744073709552e+19})"},
      {"numbers that no double holds", R"([1e999,-1e999,1e-999,2])", R"([null,null,0,2])"},
      {"digits without end", "[" + std::string(400, '9') + "]", "[null]"},
      {"no JSON", "{\"a\":}", ""},
      {"cut off", R"({"a":"x)", ""},
      {"cut off in an escape", R"({"a":"x\)", ""},
      {"empty", "", ""},
      {"two values", "{}{}", ""},
      {"nested without end", std::string(5000, '['), ""},
      {"a NUL outside", std::string("{}\0", 3), ""},
  };
  Json json;
  for (const Case& c : cases) {
    const auto element = json.read(c.given);
    std::string out;
    if (element) JsonWriter(100000, Undefined::kept).value(out, *element);
    EXPECT_EQ(out, c.expected) << c.what;
  }
}

TEST(ReadJson, HoldsForAnyBytes) {
  SeededRandom random(17);
  const std::string alphabet = "{}[]\",:\\u0dD8e-+.1 \xff\xe4\xb8\xad";
  Json json;
  simdjson::dom::parser strict;  // what we write needs no repair
  for (int round = 0; round < 20000; ++round) {
    std::string text;
    for (std::uint64_t i = random.below(40); i > 0; --i) text.push_back(alphabet[random.below(alphabet.size())]);
    const auto element = json.read(text);
    if (!element) continue;
    std::string out;
    ASSERT_TRUE(JsonWriter(100000, Undefined::kept).value(out, *element)) << text;
    EXPECT_TRUE(valid_utf8(out)) << text;
    EXPECT_TRUE(parse_json(out)) << text << " → " << out;
    EXPECT_FALSE(strict.parse(out.data(), out.size()).error()) << text << " → " << out;
  }
}

TEST(ReadFields, AreEmptyWhenTheyAreOfAnotherType) {
  Json json;
  const auto root = json.read(
      R"({"t":"x","n":7,"d":1.5,"b":true,"z":null,"s":"12","w":"12x","o":{"i":1},"a":[1],"u":"[undefined]","t":"y"})");
  const Fields fields(root);
  EXPECT_EQ(fields.text("t"), "x") << "the first counts";
  EXPECT_EQ(fields.text("n"), "7");
  EXPECT_EQ(fields.text("d"), "1.5");
  EXPECT_EQ(fields.text("b"), "true");
  EXPECT_EQ(fields.text("o"), "");
  EXPECT_EQ(fields.text("missing"), "");
  EXPECT_FALSE(fields.find("z"));
  EXPECT_EQ(fields.number("n"), 7);
  EXPECT_EQ(fields.number("s"), 12);
  EXPECT_EQ(fields.number("w"), std::nullopt);
  EXPECT_EQ(fields.number("b"), std::nullopt);
  EXPECT_EQ(fields.flag("b"), true);
  EXPECT_EQ(fields.flag("n"), std::nullopt);
  EXPECT_EQ(fields.inner("o").number("i"), 1);
  EXPECT_FALSE(fields.inner("a").is_object());
  EXPECT_TRUE(fields.array("a"));
  EXPECT_FALSE(fields.array("o"));
  EXPECT_EQ(fields.text("u"), "[undefined]");
  EXPECT_EQ(Fields(root, Undefined::dropped).text("u"), "");
  EXPECT_FALSE(Fields(std::nullopt).find("t"));
}

TEST(ReadFields, AreMeasured) {
  Json json;
  const auto root = json.read(R"({"a":[[1,"long text"]]})");
  EXPECT_EQ(fit_of(*root, 3, 1000), Fit::fits);
  EXPECT_EQ(fit_of(*root, 2, 1000), Fit::too_deep);
  EXPECT_EQ(fit_of(*root, 3, 20), Fit::too_large);
  const auto deep = json.read(std::string(900, '[') + std::string(900, ']'));
  EXPECT_EQ(fit_of(*deep, 32, 1000), Fit::too_deep);
}

// ---- properties ----

std::string written(const std::string& given, std::size_t bytes_max = 1000, Undefined undefined = Undefined::kept) {
  Json json;
  const auto root = json.read(given);
  Properties properties(undefined, bytes_max);
  properties.add_rest(Fields(root), [](std::string_view name) { return name == "used"; });
  const bool cut = properties.cut();
  const std::string out = properties.take();
  EXPECT_LE(out.size(), bytes_max);
  return out + (cut ? " cut" : "");
}

TEST(WriteProperties, AreOneSmallObject) {
  struct Case {
    const char* what;
    std::string given, expected;
    std::size_t bytes_max = 1000;
  };
  const Case cases[] = {
      {"nothing", "{}", "{}"},
      {"no object", "[1]", "{}"},
      {"all types", R"({ "a" : 1 , "b":[ true, null ,-2.5,"x"], "c":{"d":{}} })",
       R"({"a":1,"b":[true,null,-2.5,"x"],"c":{"d":{}}})"},
      {"but what is used", R"({"a":1,"used":2,"b":3})", R"({"a":1,"b":3})"},
      {"names once", R"({"a":1,"a":2,"b":{"c":1,"c":2}})", R"({"a":1,"b":{"c":1}})"},
      {"escapes", R"({"a\"\\":"\n\t\u0001\/\"\u007f"})", "{\"a\\\"\\\\\":\"\\n\\t\\u0001/\\\"\x7f\"}"},
      {"NUL in text and name", R"({"a\u0000":"x\u0000"})", "{\"a\xEF\xBF\xBD\":\"x\xEF\xBF\xBD\"}"},
      {"what fits", R"({"a":"xxxxxxxxxxxxxxxxxxxx","b":1,"c":"yyyyyyyyyyyyyyy"})", R"({"b":1} cut)", 20},
      {"exactly", R"({"a":1,"b":22})", R"({"a":1,"b":22})", 14},
      {"one byte less", R"({"a":1,"b":22})", R"({"a":1} cut)", 13},
      {"a list is kept whole or not at all", R"({"a":[1,2,3,4,5,6,7,8,9],"b":2})", R"({"b":2} cut)", 20},
      {"nothing fits", R"({"aaaaaaaa":1})", R"({} cut)", 5},
  };
  for (const Case& c : cases) EXPECT_EQ(written(c.given, c.bytes_max), c.expected) << c.what;
  EXPECT_EQ(
      written(R"({"a":"[undefined]","b":{"c":"[undefined]","d":1},"e":["[undefined]"]})", 1000, Undefined::dropped),
      R"({"b":{"d":1},"e":["[undefined]"]})");
}

TEST(WriteProperties, KeepsHalfAnEmojiValid) {
  EXPECT_EQ(written(R"({"a":"\ud83d","b":"\ude00"})"), "{\"a\":\"\xEF\xBF\xBD\",\"b\":\"\xEF\xBF\xBD\"}");
  // Only the second half: simdjson lets it pass, and makes invalid UTF-8 of it.
  EXPECT_TRUE(valid_utf8(written(R"({"b":"\ude00"})")));
}

TEST(WriteProperties, ComposesParts) {
  Properties inner;
  inner.add_text("x", "y");
  Properties out;
  out.add_text("text", "a\"b");
  out.add_text("empty", "");
  out.add_number("number", 1.5);
  out.add_number("whole", 1795237096714);
  out.add_flag("flag", true);
  out.add_object("inner", std::move(inner));
  out.add_object("nothing", Properties());
  out.add_json("list", "[]");
  std::vector<Properties> two(2);
  two[1].add_number("i", 1);
  out.add_list("objects", std::move(two));
  out.add_list("none", {});
  out.add_text("flag", "second");
  EXPECT_EQ(
      out.take(),
      R"({"text":"a\"b","number":1.5,"whole":1795237096714,"flag":true,"inner":{"x":"y"},"objects":[{},{"i":1}]})");
}

TEST(WriteProperties, AMillionNamesCostLittle) {
  std::string given = "{";
  for (int i = 0; i < 1'000'000; ++i) given.append(i == 0 ? "\"" : ",\"").append(std::to_string(i)).append("\":1");
  given.push_back('}');
  Json json;
  const auto root = json.read(given);
  ASSERT_TRUE(root);
  EXPECT_EQ(fit_of(*root, 32, properties_bytes_max), Fit::too_large);
  Properties properties;
  properties.add_rest(Fields(root), [](std::string_view) { return false; });
  EXPECT_TRUE(properties.cut());
  const std::string out = properties.take();
  EXPECT_LE(out.size(), properties_bytes_max);
  EXPECT_GT(out.size(), properties_bytes_max - 512);
}

TEST(HeadOfJson, ShowsTheFront) {
  Json json;
  EXPECT_EQ(head_of(*json.read(R"({ "a": 1 })")), R"({"a":1})");
  const std::string head = head_of(*json.read(R"({"a":")" + std::string(500, 'x') + "\"}"));
  EXPECT_EQ(head, R"({"a":")" + std::string(194, 'x'));
  const std::string chinese = head_of(*json.read(R"({"a":"文文文文文文文文文文"})"), 15);
  EXPECT_TRUE(valid_utf8(chinese) && chinese.size() <= 15) << chinese;
}

}  // namespace
}  // namespace miniops::telemetry
