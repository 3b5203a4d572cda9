#include "issues/sourcemaps/source_map.hpp"

#include "issues/sourcemaps/vlq.hpp"
#include "issues/tests/maps.hpp"

namespace miniops::issues::source_map_test {
namespace {

using made::map_of;
using made::Mapping;
using made::parsed;

TEST(SourceMap, ReadsTheNumbersOfTheFormat) {
  // From the format's own description and the edges of 32 bits.
  const std::pair<std::string_view, std::int64_t> cases[] = {{"A", 0},    {"C", 1},           {"D", -1},
                                                             {"2H", 123}, {"i7lzO", 7654321}, {"+/////D", 2147483647}};
  for (auto [text, value] : cases) {
    std::string_view rest = text;
    EXPECT_EQ(take_vlq(rest), value) << text;
    EXPECT_TRUE(rest.empty());
  }
  for (const std::int64_t value : {0, 1, -1, 15, 16, -16, 1000000, -2000000000}) {
    const std::string text = made::vlq_of(value);
    std::string_view rest = text;
    EXPECT_EQ(take_vlq(rest), value);
  }
  for (std::string_view bad : {"", "g", "!", "ggggggggA", "////////"}) {
    std::string_view rest = bad;
    EXPECT_EQ(take_vlq(rest), std::nullopt) << bad;
  }
}

TEST(SourceMap, FindsTheMappingBeforeAPlace) {
  const SourceMap map =
      parsed(map_of({"a.js", "b.js"}, {{0, 4, 0, 10, 2, 0}, {0, 20, 1, 3, 0}, {0, 30}, {2, 0, 0, 11, 4}}, {"buy"}));
  using Found = std::optional<MapPlace>;
  EXPECT_EQ(map.look_up(0, 3), std::nullopt) << "before the first";
  EXPECT_EQ(map.look_up(0, 4), (Found{{0, 10, 2, 0}}));
  EXPECT_EQ(map.look_up(0, 19), (Found{{0, 10, 2, 0}}));
  EXPECT_EQ(map.look_up(0, 20), (Found{{1, 3, 0, -1}}));
  EXPECT_EQ(map.look_up(0, 31), std::nullopt) << "to nothing";
  EXPECT_EQ(map.look_up(1, 5), std::nullopt) << "an empty line takes nothing over";
  EXPECT_EQ(map.look_up(2, 900), (Found{{0, 11, 4, -1}}));
  EXPECT_EQ(map.look_up(3, 0), std::nullopt);
  EXPECT_EQ(map.look_up(-1, 0), std::nullopt);
  EXPECT_EQ(map.names().at(0), "buy");
}

TEST(SourceMap, TheClassicExampleOfTheMozillaLibrary) {
  const auto map = SourceMap::parse(
      R"({"version":3,"file":"min.js","names":["bar","baz","n"],"sources":["one.js","two.js"],"sourceRoot":"/the/root",)"
      R"("mappings":"CAAC,IAAI,IAAM,SAAUA,GAClB,OAAOC,IAAID;CCDb,IAAI,IAAM,SAAUE,GAClB,OAAOA"})");
  ASSERT_TRUE(map);
  EXPECT_EQ(map->sources()[0], "/the/root/one.js");
  // Lines are from 0 here: (1,18) → one.js (1,21) bar; (2,28) → two.js (2,10) n.
  EXPECT_EQ(map->look_up(0, 18), (std::optional<MapPlace>{{0, 0, 21, 0}}));
  EXPECT_EQ(map->look_up(1, 28), (std::optional<MapPlace>{{1, 1, 10, 2}}));
}

TEST(SourceMap, SectionsAreOneMap) {
  const json::object first = map_of({"a.js"}, {{0, 0, 0, 0, 0}, {1, 2, 0, 1, 0}}, {"x"});
  const json::object second = map_of({"b.js"}, {{0, 0, 0, 7, 0, 0}, {1, 0, 0, 8, 0}}, {"y"});
  const auto section = [](int line, int column, const json::object& map) {
    return json::object{{"offset", {{"line", line}, {"column", column}}}, {"map", map}};
  };
  const SourceMap map =
      parsed({{"version", 3}, {"sections", json::array{section(0, 0, first), section(1, 10, second)}}});
  using Found = std::optional<MapPlace>;
  EXPECT_EQ(map.look_up(1, 9), (Found{{0, 1, 0, -1}}));
  EXPECT_EQ(map.look_up(1, 10), (Found{{1, 7, 0, 1}}));
  EXPECT_EQ(map.look_up(2, 0), (Found{{1, 8, 0, -1}})) << "only the first line of a section is moved to the right";
  EXPECT_EQ(map.names().at(1), "y");

  for (const json::array& bad : {json::array{section(5, 0, first), section(1, 0, second)},
                                 json::array{section(0, 0, {{"version", 3}, {"sections", json::array{}}})},
                                 json::array{json::object{{"offset", {{"line", 0}, {"column", 0}}}, {"url", "x"}}},
                                 json::array{json::object{{"map", first}}}, json::array{section(-1, 0, first)}}) {
    const auto result = SourceMap::parse(json::serialize(json::object{{"version", 3}, {"sections", bad}}));
    ASSERT_FALSE(result) << json::serialize(bad);
    EXPECT_EQ(result.error().code, "issues.bad_source_map");
  }
}

TEST(SourceMap, MappingsOutOfOrderAreSorted) {
  // Columns 10, then 4.
  const auto map = SourceMap::parse(R"({"version":3,"sources":["a"],"mappings":"UAAA,NACA"})");
  ASSERT_TRUE(map);
  EXPECT_EQ(map->look_up(0, 5), (std::optional<MapPlace>{{0, 1, 0, -1}}));
  EXPECT_EQ(map->look_up(0, 11), (std::optional<MapPlace>{{0, 0, 0, -1}}));
}

TEST(SourceMap, HasTheSourcesText) {
  json::object given = map_of({"a.js", "b.js", "c.js"}, {{0, 0, 0, 0, 0}});
  given["sourcesContent"] = json::array{"one\ntwo\r\nthree", nullptr};
  given["file"] = "out.js";
  const SourceMap map = parsed(given);
  EXPECT_EQ(map.content(0), "one\ntwo\r\nthree");
  EXPECT_EQ(map.content(1), std::nullopt);
  EXPECT_EQ(map.content(2), std::nullopt);
  EXPECT_EQ(map.content(9), std::nullopt);
  EXPECT_EQ(map.file(), "out.js");
  EXPECT_GT(map.memory_bytes(), 20u);
}

TEST(SourceMap, LinesAround) {
  const std::string text = "1\n2\r\n3\n4\n5";
  const auto around = [&](int line) {
    const SourceLines lines = lines_around(text, line, 1);
    std::string out = std::to_string(lines.first) + ":";
    for (const std::string& one : lines.lines) out += one + "|";
    return out;
  };
  EXPECT_EQ(around(1), "1:1|2|");
  EXPECT_EQ(around(3), "2:2|3|4|");
  EXPECT_EQ(around(5), "4:4|5|");
  EXPECT_TRUE(lines_around(text, 6, 1).lines.empty());
  EXPECT_TRUE(lines_around(text, 600, 5).lines.empty());
  EXPECT_EQ(lines_around("", 1, 5).lines.size(), 1u);
}

TEST(SourceMap, WhatCannotBeUsedIsRefusedWithAReason) {
  const std::pair<std::string, std::string> cases[] = {
      {"", "no JSON"},
      {"{", "no JSON"},
      {"[]", "no JSON object"},
      {R"({"version":2,"sources":[],"mappings":""})", "version"},
      {R"({"version":3,"mappings":""})", "missing"},
      {R"({"version":3,"sources":[]})", "missing"},
      {R"({"version":3,"sources":[],"mappings":7})", "missing"},
      {R"({"version":3,"sources":["a"],"mappings":"AAAA;A!"})", "line 2 is malformed"},
      {R"({"version":3,"sources":["a"],"mappings":"AA"})", "number of fields"},
      {R"({"version":3,"sources":["a"],"mappings":"AAAAAA"})", "malformed"},
      {R"({"version":3,"sources":["a"],"mappings":"ACAA"})", "source that is not there"},
      {R"({"version":3,"sources":["a"],"mappings":"AADA"})", "outside of its source"},
      {R"({"version":3,"sources":["a"],"mappings":"DAAA"})", "outside of its line"},
      {R"({"version":3,"sources":["a"],"names":[],"mappings":"AAAAA"})", "name that is not there"},
      {R"({"version":3,"sources":["a"],"mappings":")" + std::string(map_lines_max, ';') + "\"}", "too many lines"},
  };
  for (const auto& [text, why] : cases) {
    const auto result = SourceMap::parse(text);
    ASSERT_FALSE(result) << text.substr(0, 100);
    EXPECT_EQ(result.error().code, "issues.bad_source_map");
    EXPECT_NE(result.error().message.find(why), std::string::npos) << result.error().message;
  }
  EXPECT_FALSE(SourceMap::parse(std::string(map_bytes_max + 1, ' ')));
}

TEST(SourceMap, AMapBehindAGuardAgainstInclusionIsRead) {
  EXPECT_TRUE(SourceMap::parse(")]}'\n{\"version\":3,\"sources\":[],\"mappings\":\"\"}"));
}

}  // namespace
}  // namespace miniops::issues::source_map_test
