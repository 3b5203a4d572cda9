#include "issues/message.hpp"

#include <gtest/gtest.h>

namespace miniops::issues {
namespace {

struct Case {
  std::string given, expected;
};

TEST(Message, WhatDiffersFromTimeToTimeIsReplaced) {
  const Case cases[] = {
      {"", ""},
      {"timeout", "timeout"},
      {"order 918 not found", "order <number> not found"},
      {"took 35ms, 3 retries", "took <number>, <number> retries"},
      {"version 1.4.2 is too old", "version <number> is too old"},
      {"order_91824 is closed", "order_<number> is closed"},
      {"utf8 and es6 stay", "utf8 and es6 stay"},
      {"Cannot read property 'price' of undefined", "Cannot read property <text> of undefined"},
      {"Unexpected token \"<\" in JSON at position 0", "Unexpected token <text> in JSON at position <number>"},
      {"can't read it's name", "can't read it's name"},
      {"商品“保温杯”不存在", "商品<text>不存在"},
      {"用户 13812345678 未登录", "用户 <number> 未登录"},
      {"GET https://api.shop.example/order/918?k=1 failed.", "GET <url> failed."},
      {"at 2026-11-21T05:04:54.646Z or 05:04:54", "at <time> or <time>"},
      {"mail to a.b@example.com from 10.0.0.1", "mail to <address> from <address>"},
      {"id 1c1eeb0f-7c56-4aac-9e04-85245bf923f7", "id <id>"},
      {"key deadbeef01 hash", "key <id> hash"},
      {"openid oABCDEFGHIJKLMNOPQRSTUVWXYZ1 gone", "openid <id> gone"},
      {"x is not defined\nReferenceError: x", "x is not defined"},
      {"  \n second line", "second line"},
      {"(12) [34]", "(<number>) [<number>]"},
  };
  for (const auto& [given, expected] : cases) EXPECT_EQ(parameterised(given), expected) << given;
}

TEST(Message, LongAndHostileTextsEnd) {
  EXPECT_LE(parameterised(std::string(100'000, 'a')).size(), 500u);
  EXPECT_LE(parameterised(std::string(100'000, '\'')).size(), 2000u);
  EXPECT_FALSE(parameterised(std::string(400, '9') + "\xE5\x95").empty());
}

TEST(Message, AFilesNameLosesItsHash) {
  const Case cases[] = {{"pages/index/index.js", "pages/index/index.js"},
                        {"js/index.3f2a9c1b.js", "js/index.js"},
                        {"common/vendors~main-8a7b6c5d.js", "common/vendors~main.js"},
                        {"assets/index-BkQ8xZ1a.js", "assets/index.js"},
                        {"facade.js", "facade.js"},
                        {"3f2a9c1b/index.js", "3f2a9c1b/index.js"},
                        {"chunk-12.js", "chunk-12.js"},
                        {"", ""}};
  for (const auto& [given, expected] : cases) EXPECT_EQ(without_hash(given), expected) << given;
}

TEST(Message, AFunctionHasTheNameThatPeopleGaveIt) {
  const Case cases[] = {{"buy", "buy"},
                        {"Object.buy", "buy"},
                        {"async Object.loadCart [as onLoad]", "loadCart"},
                        {"new Cart", "Cart"},
                        {"HTMLElement.<anonymous>", ""},
                        {"global code", ""},
                        {"t", ""},
                        {"e.n", ""},
                        {"?", ""},
                        {"", ""}};
  for (const auto& [given, expected] : cases) EXPECT_EQ(plain_function(given), expected) << given;
}

}  // namespace
}  // namespace miniops::issues
