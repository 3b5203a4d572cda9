// Base64 VLQ, as source maps have it: digits of five bits, the lowest first; the lowest bit of the number is its sign.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace miniops::issues {

namespace vlq {

constexpr std::array<std::int8_t, 256> make_digits() {
  std::array<std::int8_t, 256> digits{};
  digits.fill(-1);
  constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  for (std::size_t i = 0; i < alphabet.size(); ++i)
    digits[static_cast<unsigned char>(alphabet[i])] = static_cast<std::int8_t>(i);
  return digits;
}
inline constexpr auto digits = make_digits();

}  // namespace vlq

// The number at the front of `text`, which it takes away; nullopt: none, or one of more than 32 bits.
inline std::optional<std::int64_t> take_vlq(std::string_view& text) {
  std::int64_t value = 0;
  for (int shift = 0; shift < 35 && !text.empty(); shift += 5) {
    const std::int8_t digit = vlq::digits[static_cast<unsigned char>(text.front())];
    if (digit < 0) return std::nullopt;
    text.remove_prefix(1);
    value |= static_cast<std::int64_t>(digit & 31) << shift;
    if ((digit & 32) == 0) return (value & 1) != 0 ? -(value >> 1) : value >> 1;
  }
  return std::nullopt;
}

}  // namespace miniops::issues
