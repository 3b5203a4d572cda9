// What is offered while a query is written: ¦ is the cursor.
#include "logs/query/completion.hpp"

#include <gtest/gtest.h>

namespace miniops::logs {
namespace {

Place at(std::string_view marked) {
  const auto cursor = marked.find("¦");
  std::string text(marked);
  text.erase(cursor, 2);
  const auto before = marked.substr(0, cursor);
  return place_at(text, static_cast<std::size_t>(std::ranges::count_if(
                            before, [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; })));
}

std::vector<std::string> texts(std::string_view marked, const std::vector<std::string>& values = {}) {
  std::vector<std::string> out;
  for (const Completion& one : complete(at(marked), {"order_id", "level", "下单 时间"}, values))
    out.push_back(one.text);
  return out;
}

using Texts = std::vector<std::string>;

TEST(Completion, BeginsWithFieldsPropertiesAndNot) {
  const auto all = complete(at("¦"), {"order_id"}, {});
  ASSERT_GT(all.size(), 10u);
  EXPECT_EQ(all.front().text, "text:");
  EXPECT_FALSE(all.front().detail.empty());
  EXPECT_EQ(all[all.size() - 2], (Completion{"order_id:", "property", ""}));
  EXPECT_EQ(all.back().text, "NOT");
}

TEST(Completion, AWordBegunIsAFieldAPropertyOrAnOperator) {
  EXPECT_EQ(texts("le¦"), (Texts{"level:", "properties.level:"}));
  EXPECT_EQ(texts("x LE¦"), (Texts{"level:", "properties.level:"}));
  EXPECT_EQ(texts("o¦"), (Texts{"order_id:"}));
  EXPECT_EQ(texts("x o¦"), (Texts{"order_id:", "OR"}));
  EXPECT_EQ(texts("us¦"), (Texts{"person:"}));
  EXPECT_EQ(texts("下¦"), (Texts{"\"下单 时间\":"}));
  EXPECT_EQ(texts("zzz¦"), Texts{});
  EXPECT_EQ(texts("(x) an¦"), (Texts{"AND"}));
}

TEST(Completion, BehindAFieldStandValues) {
  EXPECT_EQ(texts("level:¦"), (Texts{"debug", "info", "warn", "error", "fatal", ">=", "<=", "*"}));
  EXPECT_EQ(texts("level:w¦"), (Texts{"warn"}));
  EXPECT_EQ(texts("level>=w¦"), (Texts{"warn"}));
  EXPECT_EQ(texts("level:(warn OR e¦"), (Texts{"error"}));
  EXPECT_EQ(texts("level:(warn OR ¦)"), (Texts{"debug", "info", "warn", "error", "fatal"}));
  EXPECT_EQ(texts("page:¦", {"pages/a", "pages/b c"}), (Texts{"pages/a", "\"pages/b c\""}));
  EXPECT_EQ(texts("page:\"pages/b¦", {"pages/a", "pages/b c"}), (Texts{"\"pages/b c\""}));
  EXPECT_EQ(texts("x -page:pages/a¦", {"pages/a", "pages/b"}), (Texts{"pages/a"}));
  const Place place = at("x 订单:4¦2");
  EXPECT_EQ(place.field, "订单");
  EXPECT_TRUE(place.property);
  EXPECT_EQ(place.from, 5u);
  EXPECT_EQ(place.to, 7u);
}

TEST(Completion, InQuotesAndBehindClosedThingsIsNothing) {
  for (const std::string_view marked : {"\"level:¦", "\"a\"¦", "/a¦", "/a/¦", "scene:[1 TO¦", "\xff¦"})
    EXPECT_EQ(at(marked).what, Place::What::nothing) << marked;
}

}  // namespace
}  // namespace miniops::logs
