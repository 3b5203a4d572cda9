// Which reasons can be chosen, and which one is suggested.
#include "wrapup/reason.hpp"

#include <gtest/gtest.h>

namespace miniops::wrapup {
namespace {

Reason reason(std::int64_t id, std::int64_t parent, const std::string& name) {
  return {ReasonId(id), AppId("wxshop"), ReasonId(parent), name, id};
}

// 1 售后 (2 退款, 3 换货), 4 咨询
Reasons some() { return {reason(1, 0, "售后"), reason(2, 1, "退款"), reason(3, 1, "换货"), reason(4, 0, "咨询")}; }

std::string choosable_in(const Reasons& reasons) {
  std::string ids;
  for (const Reason& one : reasons)
    if (choosable(reasons, one)) ids += one.id.str();
  return ids;
}

TEST(ReasonTest, TheLastLevelThereIsCanBeChosen) {
  Reasons reasons = some();
  EXPECT_EQ(choosable_in(reasons), "234");
  reasons[1].archived = true;
  EXPECT_EQ(choosable_in(reasons), "34");
  reasons[2].archived = true;
  EXPECT_EQ(choosable_in(reasons), "14") << "nothing is below it any more";
  reasons = some();
  reasons[0].archived = true;
  EXPECT_EQ(choosable_in(reasons), "4") << "what is below goes with it";
}

TEST(ReasonTest, ItIsCalledWithTheOneAbove) {
  const Reasons reasons = some();
  EXPECT_EQ(path_of(reasons, reasons[1]), "售后 / 退款");
  EXPECT_EQ(path_of(reasons, reasons[3]), "咨询");
}

TEST(ReasonTest, TheRuleSuggestsBeforeTags) {
  Reasons reasons = some();
  reasons[0].tags = {"vip"};  // a heading: cannot be chosen, so it is not suggested
  reasons[1].tags = {"退款"};
  reasons[2].rules = {7};
  reasons[3].tags = {"vip"};
  struct Case {
    std::int64_t rule;
    std::vector<std::string> tags;
    std::int64_t expected;
  };
  const std::vector<Case> cases{
      {0, {}, 0}, {7, {}, 3}, {7, {"退款"}, 3}, {8, {"退款"}, 2}, {0, {"vip"}, 4}, {0, {"没有", "退款", "vip"}, 2},
  };
  for (const Case& one : cases)
    EXPECT_EQ(suggested(reasons, one.rule, one.tags), ReasonId(one.expected)) << one.rule << one.tags.size();
  reasons[2].archived = true;
  EXPECT_EQ(suggested(reasons, 7, {}), ReasonId());
}

}  // namespace
}  // namespace miniops::wrapup
