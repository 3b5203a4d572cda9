// The names of the module's enumerations, as the API and the tables spell them.
#pragma once

#include <optional>
#include <span>
#include <string_view>

namespace miniops::people {

// In the order of the enumeration; specialised beside each of them.
template <class E>
std::span<const std::string_view> words_of();

template <class E>
std::string_view word(E value) {
  return words_of<E>()[static_cast<std::size_t>(value)];
}

template <class E>
std::optional<E> parse_word(std::string_view text) {
  const auto words = words_of<E>();
  for (std::size_t i = 0; i < words.size(); ++i)
    if (words[i] == text) return static_cast<E>(i);
  return std::nullopt;
}

}  // namespace miniops::people
