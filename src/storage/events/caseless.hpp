// Finding a text in another whatever the case of its letters, and what touches what was found. Private to
// storage/events.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

namespace miniops::events {

struct Character {
  char32_t point = 0;
  std::size_t bytes = 0;
};
// At `at`, which must lie in the text. A byte that begins no character is one by itself.
Character character_at(std::string_view text, std::size_t at);
// The character that ends before `end`, which must not be 0.
Character character_before(std::string_view text, std::size_t end);

// What is written without blanks between words and has no case: Chinese, Japanese, Korean, their punctuation, emoji.
// Nothing touches it, and it touches nothing.
constexpr bool is_unspaced(char32_t point) {
  const auto between = [&](char32_t first, char32_t end) { return point >= first && point < end; };
  return between(0x2e80, 0xa640) || between(0xac00, 0xfb00) || between(0xfe10, 0xff10) || between(0xff1a, 0xff21) ||
         between(0xff5b, 0x10000) || point >= 0x1f000;
}

// Beyond ASCII: surely no letter with two cases. Besides the above, punctuation and symbols.
constexpr bool has_no_case(char32_t point) {
  const auto between = [&](char32_t first, char32_t end) { return point >= first && point < end; };
  return is_unspaced(point) || between(0xff10, 0xff1a) || between(0x80, 0xb5) || between(0xb6, 0xc0) ||
         between(0x2000, 0x2100) || between(0x2190, 0x24b6) || between(0x2500, 0x2c00);
}

// Letters, digits and '_' of ASCII.
constexpr bool is_word_byte(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
constexpr char lower_byte(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; }

// Letters of ASCII are found in both cases, all else as it is. Safe from any thread.
class CaselessText {
 public:
  explicit CaselessText(std::string_view wanted);
  // Whether these are all the cases that there are: no letter beyond ASCII has two.
  static bool suits(std::string_view wanted);
  // npos: nowhere from `from` on.
  std::size_t find(std::string_view text, std::size_t from = 0) const;
  std::size_t size() const { return wanted_.size(); }

 private:
  bool is_at(const char* place) const;
  std::string wanted_;
};

}  // namespace miniops::events
