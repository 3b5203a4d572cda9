#include "telemetry/decode/stack.hpp"

#include <gtest/gtest.h>

#include "base/random.hpp"

namespace miniops::telemetry {
namespace {

TEST(StackFiles, HaveOneName) {
  struct Case {
    const char *given, *expected;
    bool of_library = false;
  };
  const Case cases[] = {
      {"https://usr/pages/index/index.js", "app:///pages/index/index.js"},
      {"https://usr/appservice.app.js?t=1", "app:///appservice.app.js"},
      {"http://127.0.0.1:43210/appservice/pages/a.js", "app:///pages/a.js"},
      {"https://servicewechat.com/wx1234567890abcdef/17/pages/a.js", "app:///pages/a.js"},
      {"https://servicewechat.com/wx1", "app:///"},
      {"appservice/app-service.js", "app:///app-service.js"},
      {"app-service/pages/a.js", "app:///pages/a.js"},
      {"weapp:///pages/a.js", "app:///pages/a.js"},
      {"app:///pages/a.js", "app:///pages/a.js"},
      {"/app/s1.js", "app:///app/s1.js"},
      {"game.js", "app:///game.js"},
      {"<anonymous>", "<anonymous>", true},
      {"[native code]", "[native code]", true},
      {"", "", true},
      {"webpack:///./src/a.js", "webpack:///./src/a.js"},
      {"WAServiceMainContext.js", "app:///WAServiceMainContext.js", true},
      {"https://lib/WASubContext.js?t=wechat", "app:///WASubContext.js", true},
      {"WAService/x.js", "app:///x.js", true},
      {"https://usr/npm/dayjs/index.js", "app:///npm/dayjs/index.js", true},
      {"https://usr/miniprogram_npm/vant/index.js", "app:///miniprogram_npm/vant/index.js", true},
      {"app:///node_modules/a/b.js", "app:///node_modules/a/b.js", true},
      {"common/vendor.js", "app:///common/vendor.js", true},
      {"pages/npmlist/index.js", "app:///pages/npmlist/index.js"},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(normal_file(c.given), c.expected) << c.given;
    EXPECT_EQ(is_library_file(c.given), c.of_library) << c.given;
  }
}

TEST(StackText, IsReadInBothForms) {
  const std::vector<Frame> expected{{"HTMLElement.<anonymous>", "app:///WASubContext.js", 1, 2, false},
                                    {"Array.forEach", "<anonymous>", 0, 0, false},
                                    {"?", "app:///app-service.js", 5, 100123, true},
                                    {"Object.buy", "app:///pages/index/index.js", 12, 9, true}};
  EXPECT_EQ(parse_stack("TypeError: x\n    at Object.buy (https://usr/pages/index/index.js:12:9)\n"
                        "    at https://usr/app-service.js:5:100123\r\n    at Array.forEach (<anonymous>)\n"
                        "    at HTMLElement.<anonymous> (WASubContext.js:1:2)"),
            expected);
  const std::vector<Frame> safari{{"global code", "app:///app-service.js", 1, 0, true},
                                  {"promiseReactionJob", "[native code]", 0, 0, false},
                                  {"?", "app:///app-service.js", 7, 4, true},
                                  {"buy", "app:///pages/index/index.js", 12, 9, true}};
  EXPECT_EQ(parse_stack("buy@https://usr/pages/index/index.js:12:9\n@https://usr/app-service.js:7:4\n"
                        "promiseReactionJob@[native code]\nglobal code@https://usr/app-service.js:1\n"
                        "write to a@b.example"),
            safari);
  EXPECT_TRUE(parse_stack("").empty());
  std::string endless;
  for (int i = 0; i < 10000; ++i) endless += "    at f (a.js:1:1)\n";
  EXPECT_EQ(parse_stack(endless).size(), 100U);
}

TEST(WechatErrors, AreTakenApart) {
  struct Case {
    const char* what;
    std::string given;
    std::string type, message, page;
    std::size_t frames;
  };
  const Case cases[] = {
      {"Android",
       "MiniProgramError\nCannot read property 'price' of undefined\nTypeError: Cannot read property 'price' of "
       "undefined\n    at Object.buy (https://usr/pages/index/index.js:12:9)\n    at f (WASubContext.js:1:2)",
       "TypeError", "Cannot read property 'price' of undefined", "", 2},
      {"iOS", "MiniProgramError\nnull is not an object\nTypeError: null is not an object\nbuy@https://usr/a.js:1:2",
       "TypeError", "null is not an object", "", 1},
      {"an object was thrown", "MiniProgramError\n{\"errMsg\":\"request:fail timeout\"}", "MiniProgramError",
       "{\"errMsg\":\"request:fail timeout\"}", "", 0},
      {"the page is named",
       "thirdScriptError\nx is not defined;at pages/cart/cart page onLoad function\nReferenceError: x is not defined\n"
       "    at onLoad (https://usr/pages/cart/cart.js:3:1)",
       "ReferenceError", "x is not defined", "pages/cart/cart", 1},
      {"the base library", "APP-SERVICE-SDK:setStorageSync:fail exceed quota", "APP-SERVICE-SDK",
       "setStorageSync:fail exceed quota", "", 0},
      {"the view", "webviewScriptError\nSyntaxError: Unexpected token", "SyntaxError", "Unexpected token", "", 0},
      {"nothing but the word", "MiniProgramError", "MiniProgramError", "", "", 0},
  };
  for (const Case& c : cases) {
    const auto error = parse_wechat_error(c.given);
    ASSERT_TRUE(error) << c.what;
    EXPECT_EQ(error->type, c.type) << c.what;
    EXPECT_EQ(error->message, c.message) << c.what;
    EXPECT_EQ(error->page, c.page) << c.what;
    EXPECT_EQ(error->frames.size(), c.frames) << c.what;
  }
  for (const char* other : {"", "x is not defined", "MiniProgramErrors happen", "TypeError: MiniProgramError\n"})
    EXPECT_FALSE(parse_wechat_error(other)) << other;
}

TEST(WechatErrors, SurviveAnyText) {
  SeededRandom random(23);
  const std::string alphabet = "at (@:/.)\nError: page;1<>\r\xff";
  for (int round = 0; round < 20000; ++round) {
    std::string text = "MiniProgramError\n";
    for (std::uint64_t i = random.below(60); i > 0; --i) text.push_back(alphabet[random.below(alphabet.size())]);
    const auto error = parse_wechat_error(text);
    ASSERT_TRUE(error);
    EXPECT_LE(error->message.size(), text.size());
    for (const Frame& frame : error->frames) EXPECT_GE(frame.line, 0);
    (void)normal_file(text);
    (void)is_library_file(text);
  }
}

TEST(TypedMessages, AreSplit) {
  const auto parts = split_type("Uncaught TypeError: x: y");
  ASSERT_TRUE(parts);
  EXPECT_EQ(parts->type, "TypeError");
  EXPECT_EQ(parts->message, "x: y");
  for (const char* none : {"", "timeout", "note: this", "An Error: x", ": x", "Error:x"})
    EXPECT_FALSE(split_type(none)) << none;
}

}  // namespace
}  // namespace miniops::telemetry
