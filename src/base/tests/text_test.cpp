#include "base/text.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace miniops {
namespace {

TEST(ValidUtf8, IsStrict) {
  for (const char* text : {"", "a", "微信", "é", "😀", "eight by", "\x7f\x01", "\xf4\x8f\xbf\xbf", "\xee\x80\x80"})
    EXPECT_TRUE(valid_utf8(text)) << text;
  for (std::string_view text :
       {std::string_view("\0", 1), std::string_view("abcdefg\0", 8), std::string_view("\xc0\x80"),
        std::string_view("\xe0\x80\xaf"), std::string_view("\xed\xa0\x80"), std::string_view("\xf4\x90\x80\x80"),
        std::string_view("\xf8\x88\x80\x80\x80"), std::string_view("\x80"), std::string_view("abc\xe4\xbd"),
        std::string_view("\xc3("), std::string_view("\xff")})
    EXPECT_FALSE(valid_utf8(text)) << text;
}

TEST(ValidUtf8, FindsABadByteAtEachPlace) {
  for (std::size_t length = 1; length < 40; ++length) {
    for (std::size_t at = 0; at < length; ++at) {
      for (char bad : {'\0', '\xff', '\x80'}) {
        std::string text(length, '\x01');
        text[at] = bad;
        EXPECT_FALSE(valid_utf8(text)) << length << " " << at;
      }
    }
  }
}

TEST(CountChars, CountsCodePoints) {
  EXPECT_EQ(count_chars(""), 0U);
  EXPECT_EQ(count_chars("微信ok😀"), 5U);
}

TEST(TruncateChars, NeverSplitsACharacter) {
  EXPECT_EQ(truncate_chars("微信ok", 0), "");
  EXPECT_EQ(truncate_chars("微信ok", 1), "微");
  EXPECT_EQ(truncate_chars("微信ok", 3), "微信o");
  EXPECT_EQ(truncate_chars("微信ok", 4), "微信ok");
  EXPECT_EQ(truncate_chars("微信ok", 9), "微信ok");
}

TEST(Fold, MakesFormsEqual) {
  EXPECT_EQ(fold("Hello ＷＯＲＬＤ１２３　ÀÉÞ×ΑΩΣς ДЁЯ 微信"), "hello world123 àéþ×αωσσ дёя 微信");
  EXPECT_EQ(fold("\xff"
                 "A"),
            "\xff"
            "a");
}

std::string h(std::initializer_list<char32_t> points) {
  std::string out = "h";
  for (char32_t point : points) {
    constexpr std::string_view digits = "0123456789abcdef";
    for (int shift = 20; shift >= 0; shift -= 4) out += digits[(point >> shift) & 15];
  }
  return out;
}

TEST(SearchTokens, AreWordsAndPairs) {
  EXPECT_EQ(search_tokens("微信支付ok"),
            (std::vector<std::string>{h({U'微', U'信'}), h({U'信', U'支'}), h({U'支', U'付'}), h({U'付'}), "wok"}));
  EXPECT_EQ(search_tokens("付"), (std::vector<std::string>{h({U'付'})}));
  EXPECT_EQ(search_tokens("Order-No. 12345, iPhone15！"),
            (std::vector<std::string>{"worder", "wno", "w12345", "wiphone15"}));
  EXPECT_EQ(search_tokens("ＯＫ"), (std::vector<std::string>{"wok"}));
  EXPECT_EQ(search_tokens("é"), (std::vector<std::string>{"u0000e9"}));
  EXPECT_TRUE(search_tokens(" \n，。！😀\xff").empty());
}

TEST(SearchTokens, HoldOnlyWhatBothEnginesKeepWhole) {
  for (const std::string& token :
       search_tokens("a 1 é 微 한글 カタカナ 𠮷野家 ไทย 12é 3.14e5 a.b@c.de http://x.y/z <b> &amp;")) {
    EXPECT_GE(token.size(), 2U);
    EXPECT_TRUE(token[0] >= 'a' && token[0] <= 'z') << token;
    EXPECT_TRUE(std::ranges::all_of(token, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }))
        << token;
  }
}

TEST(SearchTokens, AreBounded) {
  std::string text;
  for (int i = 0; i < 300000; ++i) text += "汉";
  EXPECT_LE(search_tokens(text).size(), 20000U);
  const auto words = search_tokens(std::string(5000, 'a'));
  ASSERT_EQ(words.size(), 1U);
  EXPECT_EQ(words[0].size(), 65U);
  EXPECT_EQ(search_phrases(std::string(9000, 'a'))[0].tokens, words);
}

// Each phrase of a query that is a part of a text is found among the text's tokens.
bool finds(std::string_view text, std::string_view query) {
  const auto tokens = search_tokens(text);
  const auto phrases = search_phrases(query);
  const auto found = [&](const SearchPhrase& phrase) {
    if (phrase.last_is_prefix)
      return std::ranges::any_of(tokens, [&](const auto& token) { return token.starts_with(phrase.tokens[0]); });
    return !std::ranges::search(tokens, phrase.tokens).empty();
  };
  return !phrases.empty() && std::ranges::all_of(phrases, found);
}

TEST(SearchPhrases, FindWhatIsThere) {
  const std::string_view text = "您好，微信支付ok了吗？订单 A1002 打不开";
  for (std::string_view query : {"微信", "支付", "微", "付", "信支付", "支付ok", "OK", "a1002", "打不开", "开",
                                 "订单打不开", "微信 订单", "，微信"}) {
    if (query == "订单打不开") {
      EXPECT_FALSE(finds(text, query)) << "not adjacent";
    } else {
      EXPECT_TRUE(finds(text, query)) << query;
    }
  }
  for (std::string_view query : {"支微", "信付", "ok1", "100", "退款", "微信退款", "", "，", "微信 退"})
    EXPECT_FALSE(finds(text, query)) << query;
}

}  // namespace
}  // namespace miniops
