#include "logs/templates/values.hpp"

#include <algorithm>

#include "logs/templates/characters.hpp"
#include "logs/templates/vocabulary.hpp"

namespace miniops::logs::mining {

namespace {

constexpr std::size_t joints_max = 2;  // of a name; what has more is an id altogether

// 7f9e, ad7f, b9000564: hexadecimal, with digits that are not just the number at the end of a name.
bool begins_with_hex(std::string_view text) {
  std::size_t size = 0;
  bool digits = false;
  bool mixed = false;
  for (; size < text.size() && is_alnum(text[size]); ++size) {
    if (!is_hex(text[size])) return false;
    if (is_digit(text[size]))
      digits = true;
    else
      mixed = mixed || digits;
  }
  return mixed || size >= 8;
}

std::size_t count(std::string_view text, char c) { return static_cast<std::size_t>(std::ranges::count(text, c)); }

}  // namespace

bool is_path(std::string_view chunk) {
  const auto inside = [&](char c) {
    const std::size_t at = chunk.find(c, 1);
    return at != std::string_view::npos && at + 1 < chunk.size();
  };
  if (inside('@') || inside('\\')) return true;
  const std::size_t slashes = count(chunk, '/');
  if (slashes == 0 || chunk.size() == 1) return false;
  return slashes > 1 || chunk.starts_with('/') || chunk.starts_with('~') || chunk.contains('.');
}

bool is_address(std::string_view chunk) {
  const std::size_t colons = count(chunk, ':');
  if (colons < 2 || !(colons >= 5 || chunk.contains("::"))) return false;
  return all_of(chunk, [](char c) { return is_hex(c) || c == ':' || c == '.'; });
}

bool is_host(std::string_view chunk) {
  if (!all_of(chunk, [](char c) { return is_alnum(c) || c == '.' || c == '-' || c == '_' || c == '$'; })) return false;
  const std::size_t dots = count(chunk, '.');
  if (dots != 1) return dots > 1;
  const std::string_view last = chunk.substr(chunk.find('.') + 1);
  return is_domain(last);
}

bool is_dotted_name(std::string_view chunk) {
  const std::size_t last = chunk.rfind('.');
  if (last == std::string_view::npos || last == 0 || chunk.contains("..")) return false;
  if (chunk.substr(1, last - 1).find('.') == std::string_view::npos) return false;
  const std::string_view label = chunk.substr(last + 1);
  return label.size() > 1 && all_of(label, is_letter);
}

bool is_hex_word(std::string_view chunk) { return chunk.size() >= 8 && all_of(chunk, is_hex); }

bool is_constant_name(std::string_view word) {
  return word.size() > 1 && is_upper(word[0]) &&
         all_of(word, [](char c) { return is_upper(c) || is_digit(c) || c == '_'; });
}

std::size_t name_size(std::string_view chunk) {
  if (is_dotted_name(chunk)) return 0;
  const auto digit = static_cast<std::size_t>(std::ranges::find_if(chunk, is_digit) - chunk.begin());
  std::size_t segment = digit;  // where the letters before the first digit begin
  while (segment > 0 && is_letter(chunk[segment - 1])) --segment;
  std::size_t size = digit;
  if (digit - segment == 1 || begins_with_hex(chunk.substr(segment))) size = segment;
  const auto sign = [](char c) { return c == '-' || c == '+'; };
  while (size > 0 && sign(chunk[size - 1]) && (size == 1 || !is_alnum(chunk[size - 2]))) --size;
  const std::string_view name = chunk.substr(0, size);
  const auto letters = std::ranges::count_if(name, is_letter);
  const bool qualified = count(name, '.') > 1 && !name.contains("..");  // com.qq.Class1, but not "enabled.....1"
  const bool compound = count(name, '-') + count(name, '_') + count(name, '~') > joints_max;
  return letters < 2 || qualified || compound ? 0 : size;
}

}  // namespace miniops::logs::mining
