#include "wechat/errors.hpp"

#include <gtest/gtest.h>

#include "base/text.hpp"
#include "wechat/api.hpp"

namespace miniops::wechat {
namespace {

TEST(PolicyOf, IsTheTable) {
  struct Case {
    std::initializer_list<int> codes;
    Policy elsewhere, token_api;
  };
  const Case cases[] = {
      {{0}, Policy::ok, Policy::ok},
      {{40001}, Policy::renew_token, Policy::stop_and_show},
      {{40014, 42001}, Policy::renew_token, Policy::stop_and_show},
      {{40125, 40164, 40243}, Policy::give_up, Policy::stop_and_show},
      {{-1, 45011, 44990, 44991, errcode_not_understood}, Policy::back_off, Policy::back_off},
      {{45009}, Policy::pause_until_midnight, Policy::pause_until_midnight},
      {{40007}, Policy::upload_media_again, Policy::stop_and_show},
      {{45015, 45047}, Policy::hold, Policy::stop_and_show},
      {{40003, 40008, 48001, 48002, 87014, 70000, 12345}, Policy::give_up, Policy::stop_and_show},
  };
  for (const Case& c : cases) {
    for (int code : c.codes) {
      EXPECT_EQ(policy_of(code, false), c.elsewhere) << code;
      EXPECT_EQ(policy_of(code, true), c.token_api) << code;
    }
  }
}

TEST(Explain, HasASentenceForEachCodeThatOurCallsReturn) {
  const int codes[] = {errcode_not_understood,
                       -1,
                       0,
                       40001,
                       40002,
                       40003,
                       40004,
                       40005,
                       40006,
                       40007,
                       40008,
                       40009,
                       40013,
                       40014,
                       40033,
                       40125,
                       40164,
                       40200,
                       40243,
                       41001,
                       41002,
                       41004,
                       41005,
                       41006,
                       42001,
                       43001,
                       43002,
                       43003,
                       44002,
                       44004,
                       44990,
                       44991,
                       44993,
                       45002,
                       45003,
                       45004,
                       45005,
                       45006,
                       45007,
                       45008,
                       45009,
                       45011,
                       45015,
                       45047,
                       45072,
                       45080,
                       45081,
                       46001,
                       47001,
                       48001,
                       48002,
                       48004,
                       50002,
                       50004,
                       50007,
                       70000,
                       87014,
                       89503,
                       89506,
                       89507};
  for (int code : codes) {
    for (const char* language : {"zh", "en"}) {
      const std::string sentence = explain(code, language);
      EXPECT_TRUE(valid_utf8(sentence));
      // A known code has words of its own, not the sentence with its number.
      if (code > 0) {
        EXPECT_EQ(sentence.find(std::to_string(code)), std::string::npos) << code;
      }
    }
    EXPECT_NE(explain(code, "zh"), explain(code, "en"));
  }
}

TEST(Explain, NamesAnUnknownCode) {
  EXPECT_NE(explain(12345, "zh").find("12345"), std::string::npos);
  EXPECT_NE(explain(12345, "en").find("12345"), std::string::npos);
  EXPECT_EQ(explain(12345, "fr"), explain(12345, "zh")) << "Chinese is the first language";
}

TEST(IpNotAllowed, FindsTheAddressToCopy) {
  struct Case {
    const char *errmsg, *ip;
  };
  const Case cases[] = {
      {"invalid ip 203.0.113.7 ipv6 ::ffff:203.0.113.7, not in whitelist rid: 6-7-8", "203.0.113.7"},
      {"invalid ip 203.0.113.7, not in whitelist", "203.0.113.7"},
      {"invalid ip ::ffff:203.0.113.7, not in whitelist", "203.0.113.7"},
      {"invalid ip 2001:db8::1, not in whitelist", "2001:db8::1"},
      {"access clientip is not registered, invalid ip: 10.0.0.1", "10.0.0.1"},
  };
  for (const Case& c : cases) EXPECT_EQ(ip_not_allowed(c.errmsg), c.ip) << c.errmsg;
  for (const char* text : {"", "invalid ip", "invalid ip ", "invalid ip , not", "invalid credential", "invalid ip abc",
                           "invalid ip 1.2.3.4.5.6.7.8.9.10.11.12.13.14.15.16.17.18.19.20.21.22"})
    EXPECT_EQ(ip_not_allowed(text), std::nullopt) << text;
}

}  // namespace
}  // namespace miniops::wechat
