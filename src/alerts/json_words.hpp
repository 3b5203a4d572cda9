// Reading the words and numbers of this module from JSON. Private to the module.
#pragma once

#include "base/json.hpp"
#include "base/words.hpp"

namespace miniops::alerts {

// One of the words of an enumeration; a mistake when it is none of them.
template <class E>
std::optional<E> optional_word(JsonInput& in, std::string_view key) {
  const auto text = in.optional_text(key, {1, 64});
  if (!text) return std::nullopt;
  const auto value = parse_word<E>(*text);
  if (!value) in.mistake(key, "is none of the words that are known here");
  return value;
}

template <class E>
E word_of(JsonInput& in, std::string_view key) {
  if (!in.has(key)) in.mistake(key, "is missing");
  return optional_word<E>(in, key).value_or(E{});
}

inline std::optional<double> optional_number(JsonInput& in, std::string_view key, double min, double max) {
  if (!in.has(key)) return std::nullopt;
  boost::system::error_code problem;
  const double number = in.optional_value(key)->to_number<double>(problem);
  if (!problem && number >= min && number <= max) return number;
  in.mistake(key, fmt::format("must be a number from {} to {}", min, max));
  return std::nullopt;
}

inline json::array texts(const std::vector<std::string>& all) { return json::array(all.begin(), all.end()); }

}  // namespace miniops::alerts
