#include "quick_replies/initials.hpp"

#include <vector>

#include "base/text.hpp"

namespace miniops::quick_replies {

namespace {

constexpr std::size_t readings_max = 8;
constexpr std::size_t han_bytes = 3;  // of U+4E00 … U+9FA5 in UTF-8

std::size_t bytes_of(char first) {
  const auto byte = static_cast<unsigned char>(first);
  if (byte < 0x80) return 1;
  if (byte < 0xE0) return 2;
  return byte < 0xF0 ? 3 : 4;
}

std::string_view letters_of_han(std::string_view character) {
  const std::string_view known = polyphones();
  if (const auto at = known.find(character); at != std::string_view::npos) {
    const std::string_view rest = known.substr(at + han_bytes);
    return rest.substr(0, rest.find(' '));
  }
  const auto bits = [&](std::size_t i) {
    return static_cast<char32_t>(static_cast<unsigned char>(character[i]) & 0x3F);
  };
  const char32_t point = ((bits(0) & 0x0F) << 12) | (bits(1) << 6) | bits(2);
  const std::string_view table = initials_table();
  if (point < table_begin || point - table_begin >= table.size()) return {};
  const std::string_view letter = table.substr(point - table_begin, 1);
  return letter == "." ? std::string_view() : letter;
}

// What a character can begin with.
std::string_view letters_of(std::string_view character) {
  if (character.size() == han_bytes) return letters_of_han(character);
  const char c = character.front();
  const bool word = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
  return word ? character : std::string_view();
}

}  // namespace

std::string_view polyphones() {
  return "行xh 长cz 重zc 会hk 调dt 乐ly 藏cz 朝cz 传cz 弹td 提td 降jx 校xj 系xj 省sx 石sd 盛sc 厦xs 匙cs 曾cz 参cs "
         "折zs "
         "吓xh 给gj 壳kq 率ls 粘zn 泊bp 便bp 屏pb 曝bp 仇cq 畜cx 咖kg 阿ae 贾jg 辟pb 澄cd 蛤gh 巷xh "
         "刹sc 恶ew 脯fp 弄nl 吁yx 咯kgl 咳kh 囤td 埔pb 堡bp 椎zc 槛kj 瀑pb 磅bp 秘mb 稽jq 臭cx 茄qj 叨dt 彷pf 扒bp "
         "伺sc "
         "傀kg 炔qg 轧zyg 辗zn 颤cz 幢cz 膀bp 乾qg";
}

std::string initials_of(std::string_view text) {
  const std::string folded = fold(text);
  std::vector<std::string> words(1);
  for (std::size_t at = 0; at < folded.size();) {
    const std::string_view character = std::string_view(folded).substr(at, bytes_of(folded[at]));
    at += character.size();
    const std::string_view letters = letters_of(character);
    if (letters.empty()) continue;
    const std::size_t known = words.size();
    const std::size_t readings = known * letters.size() <= readings_max ? letters.size() : 1;
    for (std::size_t reading = 1; reading < readings; ++reading)
      for (std::size_t i = 0; i < known; ++i) words.push_back(words[i] + letters[reading]);
    for (std::size_t i = 0; i < known; ++i) words[i] += letters[0];
  }
  return fmt::format("{}", fmt::join(words, " "));
}

}  // namespace miniops::quick_replies
