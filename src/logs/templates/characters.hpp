// What the characters of a log line are. Bytes of ASCII by a table, the rest by their code points.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace miniops::logs::mining {

enum class CharKind : std::uint8_t {
  separator,
  blank,
  letter,
  digit,
  joint,  // holds a chunk together: 10.1.2.3:80, blk_-17, a/b
  wide,   // a byte of a character beyond ASCII
};

inline constexpr std::array<CharKind, 256> kinds = [] {
  std::array<CharKind, 256> all{};
  for (std::size_t c = 0; c <= 0x20; ++c) all[c] = CharKind::blank;
  all[0x7f] = CharKind::blank;
  for (std::size_t c = 'a'; c <= 'z'; ++c) all[c] = all[c - 32] = CharKind::letter;
  for (std::size_t c = '0'; c <= '9'; ++c) all[c] = CharKind::digit;
  for (const char c : std::string_view("_-./:@#$%+~\\*")) all[static_cast<unsigned char>(c)] = CharKind::joint;
  for (std::size_t c = 0x80; c < 0x100; ++c) all[c] = CharKind::wide;
  return all;
}();

constexpr CharKind kind_of(char c) { return kinds[static_cast<unsigned char>(c)]; }
constexpr bool is_letter(char c) { return kind_of(c) == CharKind::letter; }
constexpr bool is_digit(char c) { return kind_of(c) == CharKind::digit; }
constexpr bool is_alnum(char c) { return is_letter(c) || is_digit(c); }
constexpr bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
constexpr bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
constexpr bool is_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

template <class Test>
constexpr bool all_of(std::string_view text, Test test) {
  for (const char c : text)
    if (!test(c)) return false;
  return true;
}

// A character beyond ASCII.
struct Wide {
  enum class Is : std::uint8_t {
    letter,
    han,   // of a script that puts no blanks between words
    mark,  // punctuation
  };
  std::size_t size = 0;  // in bytes; 0 when this is not UTF-8
  Is is = Is::letter;
};
Wide wide_at(std::string_view text, std::size_t at);

}  // namespace miniops::logs::mining
