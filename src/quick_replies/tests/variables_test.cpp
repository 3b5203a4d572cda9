#include "quick_replies/variables.hpp"

#include <gtest/gtest.h>

namespace miniops::quick_replies {
namespace {

TEST(Variables, WhatIsRefusedAndWhere) {
  const std::string long_fallback(65, 'x');
  std::string many;
  for (int i = 0; i < 21; ++i) many += "{{date}}";
  struct Case {
    std::string text;
    std::size_t position;  // 0: it is accepted
  };
  const std::vector<Case> cases{
      {"", 0},
      {"您好", 0},
      {"{ {date} }}", 0},
      {"}} {{date}}", 0},
      {"{{customer.nickname}}", 0},
      {"{{ agent.name }}", 0},
      {"{{customer.nickname|}}", 0},
      {"您好{{customer.nickname|亲}}，{{miniprogram.name}}", 0},
      {"{{conversation.source|a|b}}", 0},
      {"{{}}", 1},
      {"{{phone}}", 1},
      {"{{Date}}", 1},
      {"您好，{{customer.phone}}", 4},
      {"{{date}}{{dates|x}}", 9},
      {"{{date", 1},
      {"亲{{date}", 2},
      {"{{date|{{time}}", 1},
      {"{{{date}}}", 1},
      {"{{date|" + long_fallback + "}}", 1},
      {"{{date|" + long_fallback.substr(1) + "}}", 0},
      {many.substr(8), 0},
      {many, 161},
  };
  for (const auto& [text, position] : cases) {
    const auto checked = check_variables(text);
    EXPECT_EQ(checked.has_value(), position == 0) << text;
    if (checked) continue;
    EXPECT_EQ(checked.error().code, "quick_replies.invalid_variable");
    EXPECT_EQ(checked.error().details.at("position").to_number<std::size_t>(), position) << text;
  }
}

TEST(Variables, AreFilledIn) {
  using enum Variable;
  const Values values{{customer_nickname, "小红"}, {agent_name, ""}, {date, "2026-11-22"}};
  struct Case {
    std::string text, filled;
  };
  const std::vector<Case> cases{
      {"您好{{customer.nickname|亲}}，今天是{{date}}。", "您好小红，今天是2026-11-22。"},
      {"{{agent.name|客服}}", "客服"},
      {"{{miniprogram.name}}!", "!"},
      {"{{miniprogram.name| 本店 }}", " 本店 "},
      {"{{date}}{{date}}", "2026-11-222026-11-22"},
      {"{{phone}} {{date}}", "{{phone}} {{date}}"},  // from before there were variables
      {"}}{{", "}}{{"},
  };
  for (const auto& [text, filled] : cases) EXPECT_EQ(fill(text, values), filled);
}

TEST(Variables, WhatACustomerIsCalledIsNoVariableAndIsCut) {
  const Values values{{Variable::customer_nickname, "{{agent.name}}"}, {Variable::agent_name, "secret"}};
  EXPECT_EQ(fill("{{customer.nickname}}", values), "{{agent.name}}");
  EXPECT_EQ(fill("{{customer.nickname}}", {{Variable::customer_nickname, std::string(500, 'a')}}),
            std::string(64, 'a'));
}

}  // namespace
}  // namespace miniops::quick_replies
