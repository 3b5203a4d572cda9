#include "base/mask.hpp"

#include <gtest/gtest.h>

namespace miniops {
namespace {

struct Case {
  const char* text;
  const char* masked;
};

TEST(Mask, HidesPersonalNumbers) {
  const Case cases[] = {
      {"13812345678", "138****5678"},
      {"我的电话13812345678，请回电", "我的电话138****5678，请回电"},
      {"+8613812345678", "+86138****5678"},
      {"008613812345678", "0086138****5678"},
      {"8613812345678", "86138****5678"},
      {"+86 138 1234 5678", "+86 138 **** 5678"},
      {"+86-138-1234-5678", "+86-138-****-5678"},
      {"138-12345678", "138-****5678"},
      {"1381234 5678", "138**** 5678"},
      {"１３８１２３４５６７８", "１３８****５６７８"},
      {"138　1234　5678", "138　****　5678"},
      {"13812345678 13912345678", "138****5678 139****5678"},
      {"tel:13812345678.", "tel:138****5678."},
      {"11010519491231002X", "110105********002X"},
      {"11010519491231002x。", "110105********002x。"},
      {"身份证 440524188001010014", "身份证 440524********0014"},
      {"110105 19491231 002X", "110105 ******** 002X"},
      {"１１０１０５１９４９１２３１００２Ｘ", "１１０１０５********００２Ｘ"},
      {"130503670401001", "130503*****1001"},
      {"4111111111111111", "4111********1111"},
      {"4111 1111 1111 1111", "4111 **** **** 1111"},
      {"4111-1111-1111-1111", "4111-****-****-1111"},
      {"378282246310005", "3782*******0005"},
      {"3782 822463 10005", "3782 ****** *0005"},
      {"6222021001116245702", "6222***********5702"},
      {"4222222222222", "4222*****2222"},
      {"13812345678x", "138****5678x"},
  };
  for (const auto& [text, masked] : cases) EXPECT_EQ(mask_personal_data(text), masked) << text;
}

TEST(Mask, LeavesOtherNumbersAlone) {
  for (const char* text : {
           "",
           "12812345678",           // no mobile prefix
           "1381234567",            // ten digits
           "138123456789",          // twelve
           "订单 20251121123456",   // 14 digits, no Luhn sum
           "110105194912310021",    // wrong check digit
           "11010519500231002X",    // 31 February
           "4111111111111112",      // wrong Luhn sum
           "41111111111111111111",  // twenty digits
           "99999999999999999999999999999999999999999999",
           "2025-11-21 10:20:30",
           "1-3-8-1-2-3-4-5-6-7-8",
           "138  1234  5678",  // two blanks
           "¥1234567.89",
           "￠\xef\xbc",
           "000000000000000",
           "2026112256350678",  // an order number whose Luhn sum happens to be right
           "1763701200000006",  // a time stamp
           // Orders, as shops and payments number them, with a Luhn sum that happens to be right.
           "3214567890123456780",
           "420000123456789015",
           "4500000000000000001234567895",
           "订单号：202611221381234567800012",      // a phone number within it
           "No.110105194912310021110105194912310",  // an ID card's digits within it
           "2026-1122-1381-2345678",
           "13812345678138",
           "a13812345678901b",
       })
    EXPECT_EQ(mask_personal_data(text), text);
}

TEST(Mask, NamesKindAndPlace) {
  const std::string text = "a 13812345678 b 11010519491231002X c 4111111111111111";
  const auto spans = find_personal_data(text);
  ASSERT_EQ(spans.size(), 3U);
  EXPECT_EQ(spans[0].kind, PersonalData::phone);
  EXPECT_EQ(text.substr(spans[0].begin, spans[0].end - spans[0].begin), "13812345678");
  EXPECT_EQ(spans[1].kind, PersonalData::id_card);
  EXPECT_EQ(text.substr(spans[1].begin, spans[1].end - spans[1].begin), "11010519491231002X");
  EXPECT_EQ(spans[2].kind, PersonalData::bank_card);
  EXPECT_EQ(spans[2].end, text.size());
}

TEST(Mask, KeepsWhatItHidApart) {
  const HiddenText hidden = hide_personal_data("电话 １３８-１２３４-5678，卡 4111111111111111。");
  EXPECT_EQ(hidden.text, "电话 １３８-****-5678，卡 4111********1111。");
  ASSERT_EQ(hidden.numbers.size(), 2U);
  EXPECT_EQ(hidden.numbers[0].written, "１３８-１２３４-5678");
  EXPECT_EQ(hidden.text.substr(hidden.numbers[0].begin, hidden.numbers[0].end - hidden.numbers[0].begin),
            "１３８-****-5678");
  EXPECT_EQ(plain_number(hidden.numbers[0].written), "13812345678");
  EXPECT_EQ(hidden.numbers[1].written, "4111111111111111");
  EXPECT_EQ(plain_number("１１０１０５ 19491231 002ｘ"), "11010519491231002X");
  EXPECT_TRUE(hide_personal_data("你好").numbers.empty());
}

TEST(Mask, AWholeTypedNumberIsOneInItsOneForm) {
  const PersonalNumber phone{PersonalData::phone, "13812345678"};
  for (const char* typed : {"13812345678", " 138-1234-5678 ", "+86 13812345678", "0086-138 1234 5678", "8613812345678",
                            "１３８１２３４５６７８"})
    EXPECT_EQ(as_personal_number(typed), phone) << typed;
  EXPECT_EQ(as_personal_number("11010519491231002x"), (PersonalNumber{PersonalData::id_card, "11010519491231002X"}));
  EXPECT_EQ(as_personal_number("4111 1111 1111 1111"), (PersonalNumber{PersonalData::bank_card, "4111111111111111"}));
  for (const char* typed : {"", "5678", "138****5678", "电话13812345678", "13812345678 13912345678", "13812345678 退款",
                            "+8513812345678", "86 4111111111111111"})
    EXPECT_EQ(as_personal_number(typed), std::nullopt) << typed;
}

}  // namespace
}  // namespace miniops
