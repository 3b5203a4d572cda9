// Entries of any shape become a waterfall.
#include "performance/waterfall.hpp"

#include <gtest/gtest.h>

#include "performance/properties.hpp"

namespace miniops::performance::waterfall_test {
namespace {

constexpr TimeMs noon = 1795237200000;

telemetry::NamedRow row_of(TimeMs at, double value, std::string properties) {
  telemetry::NamedRow row;
  row.row.time = at;
  row.row.value = value;
  row.row.properties = std::move(properties);
  return row;
}
telemetry::NamedRow load_of(std::string entries, TimeMs at = noon + 5000) {
  return row_of(at, 900, fmt::format(R"({{"reason":"slowest","entries":{}}})", entries));
}
std::string words(const Waterfall& waterfall) {
  std::string out;
  for (const LoadBar& bar : waterfall.bars)
    out += fmt::format("{} {} {} [{}] {:.0f}+{:.0f}{}{}\n", to_string(bar.source), bar.name, bar.type, bar.label,
                       bar.start_ms, bar.duration_ms, bar.bytes ? fmt::format(" {}B", *bar.bytes) : "",
                       bar.failed ? " failed" : "");
  return out;
}

constexpr std::string_view good_entries = R"([
  {"entryType":"render","name":"firstRender","startTime":1795237200400,"duration":300,"path":"pages/a/a"},
  {"entryType":"navigation","name":"appLaunch","startTime":1795237200000,"navigationStart":1795237200000,"duration":900,"path":"pages/a/a"},
  {"entryType":"loadPackage","name":"downloadPackage","startTime":1795237200010,"duration":200,"packageName":"__APP__","packageSize":1048576},
  {"entryType":"script","name":"evaluateScript","startTime":1795237200210,"duration":150,"moduleName":"APP"},
  {"entryType":"render","name":"firstPaint","startTime":1795237200650},
  {"entryType":"resource","name":"resourceTiming","startTime":1795237200700,"duration":80,"uri":"https://i/:id.png","transferSize":2048}])";

TEST(Waterfall, EntriesRequestsAndErrorsOnOneAxis) {
  telemetry::NamedRow request =
      row_of(noon + 600, 150, R"({"method":"GET","url":"https://a/b","status":502,"bytes_received":70})");
  telemetry::NamedRow error = row_of(noon + 640, 0, "{}");
  error.name = "TypeError";
  error.row.text = "x is undefined";
  const Waterfall waterfall = waterfall_of(load_of(std::string(good_entries)), {request}, {error});
  EXPECT_EQ(words(waterfall),
            "entry appLaunch navigation [pages/a/a] 0+900\n"
            "entry downloadPackage loadPackage [__APP__] 10+200 1048576B\n"
            "entry evaluateScript script [APP] 210+150\n"
            "entry firstRender render [pages/a/a] 400+300\n"
            "request request request [GET https://a/b] 450+150 70B failed\n"
            "error TypeError error [x is undefined] 640+0 failed\n"
            "entry firstPaint render [] 650+0\n"
            "entry resourceTiming resource [https://i/:id.png] 700+80 2048B\n");
  EXPECT_EQ(waterfall.left_out, 0);
  EXPECT_FALSE(waterfall.about);
  EXPECT_EQ(load_properties(load_of(std::string(good_entries)).row.properties).entries, 6);
}

// Rows stand on the corrected clock, an hour from the phone's.
TEST(Waterfall, AWrongClockIsSaid) {
  const TimeMs settled = noon + hour_ms + 5000;
  const Waterfall waterfall =
      waterfall_of(load_of(std::string(good_entries), settled), {row_of(noon + hour_ms + 800, 100, "{}")}, {});
  EXPECT_TRUE(waterfall.about);
  for (const LoadBar& bar : waterfall.bars)
    if (bar.source == LoadBar::Source::request) EXPECT_EQ(bar.start_ms, 700);
  EXPECT_EQ(waterfall.bars.size(), 7u);
}

TEST(Waterfall, WhatMakesNoSenseIsLeftOutAndCounted) {
  struct Case {
    std::string properties;
    std::size_t bars;
    int left_out;
  };
  const std::vector<Case> cases{
      {"", 0, 0},
      {"[]", 0, 0},
      {"null", 0, 0},
      {"{", 0, 0},
      {R"({"entries":7})", 0, 0},
      {R"({"entries":{"a":1}})", 0, 0},
      {R"({"entries":[]})", 0, 0},
      {R"({"entries":[1,null,"x",[],{}]})", 0, 5},
      {R"({"entries":[{"startTime":-5},{"startTime":"x"},{"startTime":1e308},{"startTime":null},{"startTime":0}]})", 0,
       5},
      {R"({"entries":[{"startTime":100,"duration":-1,"name":5,"entryType":[]}]})", 1, 0},
      {R"({"entries":[{"startTime":100,"duration":1e300}]})", 0, 1},
      {R"({"entries":[{"startTime":100,"navigationStart":1e200}]})", 1, 0},
      {R"({"entries":[{"startTime":100},{"startTime":10000000}]})", 1, 1},
      {R"({"entries":[{"startTime":100,"name":")" + std::string(5000, 'x') + R"("}]})", 1, 0}};
  for (const Case& one : cases) {
    const Waterfall waterfall = waterfall_of(row_of(noon, 900, one.properties), {}, {});
    EXPECT_EQ(waterfall.bars.size(), one.bars) << one.properties.substr(0, 100);
    EXPECT_EQ(waterfall.left_out, one.left_out) << one.properties.substr(0, 100);
    for (const LoadBar& bar : waterfall.bars) EXPECT_LE(bar.name.size(), 60u);
  }
}

TEST(Waterfall, HasAnEnd) {
  std::string many = "[";
  for (int i = 0; i < 1000; ++i) many += fmt::format(R"({}{{"startTime":{}}})", i == 0 ? "" : ",", 1000 + i);
  const Waterfall waterfall = waterfall_of(load_of(many + "]"), {}, {});
  EXPECT_EQ(waterfall.bars.size(), bars_max);
  EXPECT_EQ(waterfall.left_out, 1000 - static_cast<int>(bars_max));
  EXPECT_EQ(waterfall.bars.back().start_ms, bars_max - 1);
}

TEST(Waterfall, WithoutEntriesTheRestStandsAbout) {
  const Waterfall waterfall = waterfall_of(load_of("[]"), {row_of(noon + 300, 100, "{}")}, {});
  EXPECT_TRUE(waterfall.about);
  EXPECT_EQ(words(waterfall), "request request request [] 200+100\n");
}

TEST(Properties, AreReadLeniently) {
  const json::object read =
      properties_of(R"({"a":5,"b":"7.5","c":-1,"d":"x","e":true,"f":{"g":1},"h":"1e999","i":null})");
  EXPECT_EQ(number_in(read, "a"), 5);
  EXPECT_EQ(number_in(read, "b"), 7.5);
  for (const char* name : {"c", "d", "e", "f", "h", "i", "z"}) EXPECT_FALSE(number_in(read, name)) << name;
  EXPECT_TRUE(flag_in(read, "e"));
  EXPECT_FALSE(flag_in(read, "a"));
  EXPECT_NE(object_in(read, "f"), nullptr);
  EXPECT_EQ(object_in(read, "a"), nullptr);
  EXPECT_EQ(text_in(read, "a"), "");
}

}  // namespace
}  // namespace miniops::performance::waterfall_test
