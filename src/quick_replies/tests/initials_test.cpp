#include "quick_replies/initials.hpp"

#include <gtest/gtest.h>
#include <iconv.h>

#include <set>

namespace miniops::quick_replies {
namespace {

TEST(Initials, OfTexts) {
  struct Case {
    std::string text, initials;
  };
  const std::vector<Case> cases{
      {"", ""},
      {"发货时间", "fhsj"},
      {"请提供订单号", "qtgddh qdgddh"},
      {"银行卡", "yxk yhk"},
      {"会员", "hy ky"},
      {"VIP 客户", "vipkh"},
      {"ＶＩＰ１", "vip1"},
      {"订单（2）！", "dd2"},
      {"退款😀到账", "tkdz"},
      {"😀！", ""},
      {"鑫镪", "xq"},  // of the second level of GB 2312
      {"行长", "xc hc xz hz"},
  };
  for (const auto& [text, initials] : cases) EXPECT_EQ(initials_of(text), initials) << text;
}

TEST(Initials, AFewReadingsOnly) {
  const std::string words = initials_of("行行行行行");
  EXPECT_EQ(std::ranges::count(words, ' '), 7);
  for (std::size_t at = 0; at < words.size(); at += 6) EXPECT_EQ(words.substr(at + 3, 2), "xx") << words;
}

// The first level of GB 2312 is in the order of pinyin: a source that knows nothing of ours. Each initial begins at
// one of these.
constexpr std::array<std::pair<int, char>, 23> begins{
    {{0xb0a1, 'a'}, {0xb0c5, 'b'}, {0xb2c1, 'c'}, {0xb4ee, 'd'}, {0xb6ea, 'e'}, {0xb7a2, 'f'},
     {0xb8c1, 'g'}, {0xb9fe, 'h'}, {0xbbf7, 'j'}, {0xbfa6, 'k'}, {0xc0ac, 'l'}, {0xc2e8, 'm'},
     {0xc4c3, 'n'}, {0xc5b6, 'o'}, {0xc5be, 'p'}, {0xc6da, 'q'}, {0xc8bb, 'r'}, {0xc8f6, 's'},
     {0xcbfa, 't'}, {0xcdda, 'w'}, {0xcef4, 'x'}, {0xd1b9, 'y'}, {0xd4d1, 'z'}}};

char initial_in_order(int code) {
  char initial = ' ';
  for (const auto& [begin, letter] : begins)
    if (begin <= code) initial = letter;
  return initial;
}

std::string from_gb2312(iconv_t converter, int code) {
  std::array<char, 2> in{static_cast<char>(code >> 8), static_cast<char>(code & 0xff)};
  std::array<char, 8> out{};
  char* from = in.data();
  char* to = out.data();
  std::size_t left = in.size();
  std::size_t room = out.size();
  if (iconv(converter, &from, &left, &to, &room) != 0) return {};
  return {out.data(), static_cast<std::size_t>(to - out.data())};
}

TEST(Initials, AgreeWithTheOrderOfGb2312) {
  const iconv_t converter = iconv_open("UTF-8", "GB2312");
  ASSERT_NE(converter, reinterpret_cast<iconv_t>(-1));  // NOLINT
  int characters = 0;
  for (int row = 0xb0; row <= 0xd7; ++row)
    for (int cell = 0xa1; cell <= (row == 0xd7 ? 0xf9 : 0xfe); ++cell) {
      const int code = row * 256 + cell;
      const std::string character = from_gb2312(converter, code);
      const std::string words = ' ' + initials_of(character) + ' ';
      EXPECT_TRUE(words.contains(std::string{' ', initial_in_order(code), ' '})) << character << words;
      ++characters;
    }
  iconv_close(converter);
  EXPECT_EQ(characters, 3755);
}

TEST(Initials, PolyphonesAreCharactersWithSeveralLetters) {
  std::set<std::string> known;
  std::string_view rest = polyphones();
  while (!rest.empty()) {
    const std::string one(rest.substr(0, rest.find(' ')));
    rest.remove_prefix(std::min(one.size() + 1, rest.size()));
    const std::string letters = one.substr(3);
    EXPECT_TRUE(known.insert(one.substr(0, 3)).second) << one;
    EXPECT_GE(letters.size(), 2U) << one;
    EXPECT_EQ(std::set<char>(letters.begin(), letters.end()).size(), letters.size()) << one;
    EXPECT_EQ(letters.find_first_not_of("abcdefghijklmnopqrstuvwxyz"), std::string::npos) << one;
  }
  EXPECT_GT(known.size(), 50U);
  EXPECT_EQ(initials_table().size(), 20902U);
}

}  // namespace
}  // namespace miniops::quick_replies
