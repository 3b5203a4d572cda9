#include "storage/events/caseless.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>

namespace miniops::events {

namespace {

constexpr std::size_t step = 16;
using Bytes = unsigned char __attribute__((vector_size(step)));
using Halves = std::uint64_t __attribute__((vector_size(step)));

bool continues(char byte) { return (static_cast<unsigned char>(byte) & 0xc0) == 0x80; }

std::size_t length_of(unsigned char first) { return first < 0xc2 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4; }

// What makes both cases of a byte equal.
unsigned char case_bit(char lower) { return lower >= 'a' && lower <= 'z' ? 0x20 : 0; }

Bytes load(const char* from) {
  Bytes bytes;
  std::memcpy(&bytes, from, step);
  return bytes;
}

}  // namespace

Character character_at(std::string_view text, std::size_t at) {
  const auto first = static_cast<unsigned char>(text[at]);
  const std::size_t bytes = length_of(first);
  if (bytes == 1 || at + bytes > text.size()) return {first, 1};
  char32_t point = first & (0xffU >> (bytes + 1));
  for (std::size_t i = 1; i < bytes; ++i) {
    if (!continues(text[at + i])) return {first, 1};
    point = point << 6 | (static_cast<unsigned char>(text[at + i]) & 0x3fU);
  }
  return {point, bytes};
}

Character character_before(std::string_view text, std::size_t end) {
  std::size_t begin = end - 1;
  while (begin > 0 && end - begin < 4 && continues(text[begin])) --begin;
  const Character found = character_at(text, begin);
  return begin + found.bytes == end ? found : Character{static_cast<unsigned char>(text[end - 1]), 1};
}

CaselessText::CaselessText(std::string_view wanted) : wanted_(wanted) {
  std::ranges::transform(wanted_, wanted_.begin(), lower_byte);
}

bool CaselessText::suits(std::string_view wanted) {
  for (std::size_t at = 0; at < wanted.size();) {
    const Character next = character_at(wanted, at);
    if (next.point >= 0x80 && !has_no_case(next.point)) return false;
    at += next.bytes;
  }
  return true;
}

bool CaselessText::is_at(const char* place) const {
  for (std::size_t i = 0; i < wanted_.size(); ++i)
    if (lower_byte(place[i]) != wanted_[i]) return false;
  return true;
}

// Sixteen places at a time are looked at for the first and the last byte.
std::size_t CaselessText::find(std::string_view text, std::size_t from) const {
  const std::size_t size = wanted_.size();
  if (size == 0) return from <= text.size() ? from : std::string_view::npos;
  if (text.size() < size + from) return std::string_view::npos;
  const std::size_t end = text.size() - size + 1;
  const auto first = static_cast<unsigned char>(wanted_.front());
  const auto last = static_cast<unsigned char>(wanted_.back());
  const unsigned char first_bit = case_bit(wanted_.front());
  const unsigned char last_bit = case_bit(wanted_.back());
  std::size_t at = from;
  while (at + step <= end || (at < end && end >= step)) {
    at = std::min(at, end - step);  // the last step looks again at some places
    const Bytes fits =
        ((load(text.data() + at) | first_bit) == first) & ((load(text.data() + at + size - 1) | last_bit) == last);
    Halves halves;
    std::memcpy(&halves, &fits, step);
    if ((halves[0] | halves[1]) != 0)
      for (std::size_t i = std::max(at, from); i < at + step; ++i)
        if (is_at(text.data() + i)) return i;
    at += step;
  }
  for (; at < end; ++at)
    if (is_at(text.data() + at)) return at;
  return std::string_view::npos;
}

}  // namespace miniops::events
