#include "logs/query/edges.hpp"

#include <re2/re2.h>

namespace miniops::logs {

namespace {

constexpr std::string_view unspaced = R"(\x{2e80}-\x{a63f}\x{ac00}-\x{faff}\x{fe10}-\x{ff20}\x{1f000}-\x{10ffff})";

// Of valid UTF-8.
char32_t point_at(std::string_view text, std::size_t at) {
  const auto first = static_cast<unsigned char>(text[at]);
  if (first < 0x80) return first;
  const std::size_t bytes = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  char32_t point = first & (0x7fU >> bytes);
  for (std::size_t i = at + 1; i < std::min(at + bytes, text.size()); ++i)
    point = point << 6 | (static_cast<unsigned char>(text[i]) & 0x3fU);
  return point;
}

std::size_t last_character(std::string_view text) {
  std::size_t at = text.size() - 1;
  while (at > 0 && (static_cast<unsigned char>(text[at]) & 0xc0) == 0x80) --at;
  return at;
}

bool is_letter(char32_t point) {
  const auto between = [&](char32_t first, char32_t last) { return point >= first && point <= last; };
  if (point < 0x80) return between('0', '9') || between('a', 'z') || between('A', 'Z') || point == '_';
  const bool sign = between(0x80, 0xbf) || between(0x2000, 0x2bff);
  const bool alone = between(0x2e80, 0xa63f) || between(0xac00, 0xfaff) || between(0xfe10, 0xff20) || point >= 0x1f000;
  return !sign && !alone;
}

}  // namespace

bool begins_with_letter(std::string_view text) { return !text.empty() && is_letter(point_at(text, 0)); }
bool ends_with_letter(std::string_view text) {
  return !text.empty() && is_letter(point_at(text, last_character(text)));
}

std::string pattern_as_regex(std::string_view pattern) {
  const bool open_front = pattern.starts_with('*');
  const bool open_behind = pattern.ends_with('*');
  if (open_front) pattern.remove_prefix(1);
  if (open_behind) pattern.remove_suffix(1);
  const std::string edge = std::string(R"([^\pL\p{Nd}_]|[)").append(unspaced).append("])");
  std::string out = "(?i)";
  if (!open_front && begins_with_letter(pattern)) out += "(?:^|" + edge;
  out += "(";
  for (const char c : pattern) out += c == '*' ? R"(\S*)" : RE2::QuoteMeta(std::string(1, c));
  out += ")";
  if (!open_behind && ends_with_letter(pattern)) out += "(?:$|" + edge;
  return out;
}

}  // namespace miniops::logs
