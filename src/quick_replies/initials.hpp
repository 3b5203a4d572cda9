// Pinyin initials 拼音首字母: "发货时间" is found by fhsj. Pure.
#pragma once

#include <string>
#include <string_view>

namespace miniops::quick_replies {

// One word of a-z and 0-9; where characters have several readings (多音字) that begin differently, one for each, the
// commonest first, at most 8, with blanks between: "银行卡" is "yxk yhk". Letters and digits stand for themselves, what
// has no reading is left out. The text is valid UTF-8.
std::string initials_of(std::string_view text);

// Of U+4E00 … U+9FA5 (initials_table.cpp).
inline constexpr char32_t table_begin = 0x4E00;
std::string_view initials_table();

// "行xh 长cz …": characters whose common readings begin differently; the usual one first.
std::string_view polyphones();

}  // namespace miniops::quick_replies
