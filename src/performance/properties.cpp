#include "performance/properties.hpp"

#include <charconv>
#include <cmath>

#include "base/text.hpp"

namespace miniops::performance {

json::object properties_of(const std::string& text) {
  boost::system::error_code problem;
  json::value read = json::parse(text, problem);
  return !problem && read.is_object() ? std::move(read.as_object()) : json::object{};
}

std::optional<double> number_in(const json::object& object, std::string_view name) {
  const json::value* found = object.if_contains(name);
  if (found == nullptr) return std::nullopt;
  double number = -1;
  if (const json::string* text = found->if_string()) {
    const auto [end, problem] = std::from_chars(text->data(), text->data() + text->size(), number);
    if (problem != std::errc{} || end != text->data() + text->size()) return std::nullopt;
  } else if (found->is_number()) {
    boost::system::error_code inexact;
    number = found->to_number<double>(inexact);
  }
  return std::isfinite(number) && number >= 0 ? std::optional(number) : std::nullopt;
}

std::string text_in(const json::object& object, std::string_view name, std::size_t chars_max) {
  const json::value* found = object.if_contains(name);
  if (found == nullptr || !found->is_string()) return "";
  const std::string_view text = found->get_string();
  return valid_utf8(text) ? truncate_chars(text, chars_max) : "";
}

bool flag_in(const json::object& object, std::string_view name) {
  const json::value* found = object.if_contains(name);
  return found != nullptr && found->is_bool() && found->get_bool();
}

const json::object* object_in(const json::object& object, std::string_view name) {
  const json::value* found = object.if_contains(name);
  return found == nullptr ? nullptr : found->if_object();
}

}  // namespace miniops::performance
