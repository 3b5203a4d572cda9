#include "logs/templates/characters.hpp"

namespace miniops::logs::mining {

namespace {

struct Range {
  char32_t first;
  char32_t last;
};
constexpr Range han[] = {{0x2e80, 0x2fdf}, {0x3040, 0x31ff}, {0x3400, 0x9fff}, {0xa960, 0xa97f},
                         {0xac00, 0xd7ff}, {0xf900, 0xfaff}, {0xff66, 0xff9f}, {0x20000, 0x3ffff}};
constexpr Range marks[] = {{0xa0, 0xbf},     {0x2000, 0x206f}, {0x2190, 0x2bff},  {0x3000, 0x303f},
                           {0xfe10, 0xfe1f}, {0xfe30, 0xfe4f}, {0xff01, 0xff0f},  {0xff1a, 0xff20},
                           {0xff3b, 0xff40}, {0xff5b, 0xff65}, {0x1f000, 0x1faff}};

template <std::size_t N>
bool within(const Range (&ranges)[N], char32_t code) {
  for (const Range& range : ranges)
    if (code >= range.first && code <= range.last) return true;
  return false;
}

}  // namespace

Wide wide_at(std::string_view text, std::size_t at) {
  const auto lead = static_cast<unsigned char>(text[at]);
  const std::size_t size = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || at + size > text.size()) return {};
  char32_t code = lead & (0xffu >> (size + 1));
  for (std::size_t i = 1; i < size; ++i) {
    const auto next = static_cast<unsigned char>(text[at + i]);
    if ((next & 0xc0) != 0x80) return {};
    code = (code << 6) | (next & 0x3fu);
  }
  const char32_t least = size == 4 ? 0x10000 : size == 3 ? 0x800 : 0x80;
  if (code < least || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) return {};
  if (code < 0xa0) return {};  // control characters
  return {size, within(han, code) ? Wide::Is::han : within(marks, code) ? Wide::Is::mark : Wide::Is::letter};
}

}  // namespace miniops::logs::mining
