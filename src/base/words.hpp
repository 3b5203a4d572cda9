// The names of an enumeration, as the API and the tables spell them. Whoever has one declares beside it
//
//   std::span<const std::string_view> words_of(Kind);   // in the order of the enumerators
//
// which is found by the type of its argument.
#pragma once

#include <optional>
#include <span>
#include <string_view>

namespace miniops {

template <class E>
std::string_view word(E value) {
  return words_of(value)[static_cast<std::size_t>(value)];
}

template <class E>
std::optional<E> parse_word(std::string_view text) {
  const auto words = words_of(E{});
  for (std::size_t i = 0; i < words.size(); ++i)
    if (words[i] == text) return static_cast<E>(i);
  return std::nullopt;
}

}  // namespace miniops
