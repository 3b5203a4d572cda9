#include "storage/events/json_property.hpp"

#include <gtest/gtest.h>

namespace miniops::events {
namespace {

TEST(PropertyReader, FindsTheNameElseThePath) {
  struct Case {
    std::string json, name;
    std::optional<std::string> text;
  };
  const std::vector<Case> cases{
      {R"({"a":"x"})", "a", "x"},
      {R"({"a":"x"})", "b", std::nullopt},
      {R"({"a":""})", "a", ""},
      {R"({"a":null})", "a", std::nullopt},
      {R"({"a.b":"name","a":{"b":"path"}})", "a.b", "name"},
      {R"({"a":{"b":"path"}})", "a.b", "path"},
      {R"({"a":{"b.c":"d"}})", "a.b.c", "d"},
      {R"({"a":{"b":{"c":1}}})", "a.b.c", "1"},
      {R"({"a":"x"})", "a.b", std::nullopt},
      {R"({"a":[{"b":1}]})", "a.b", std::nullopt},
      {R"({"n":19.9,"m":-3,"big":18446744073709551615,"yes":true,"no":false})", "n", "19.9"},
      {R"({"n":19.9,"m":-3})", "m", "-3"},
      {R"({"big":18446744073709551615})", "big", "18446744073709551615"},
      {R"({"yes":true})", "yes", "true"},
      {R"({"a":{"b":[1, "x"]}})", "a", R"({"b":[1,"x"]})"},
      {R"({"\u652f":"\u4ed8\n"})", "支", "付\n"},
      {R"({"x\"y":1})", "x\"y", "1"},
      {R"({"":1})", "", "1"},
      {R"([1])", "0", std::nullopt},
      {"no JSON", "a", std::nullopt},
      {"", "a", std::nullopt},
      {R"({"a":)", "a", std::nullopt},
  };
  PropertyReader reader;
  for (const Case& one : cases) {
    const auto found = reader.read(one.json, one.name);
    EXPECT_EQ(found ? std::optional(std::string(*found)) : std::nullopt, one.text) << one.name << " in " << one.json;
  }
}

}  // namespace
}  // namespace miniops::events
