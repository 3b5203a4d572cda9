#include "telemetry/decode/json.hpp"

#include <charconv>
#include <cmath>

#include "base/text.hpp"

namespace miniops::telemetry {

namespace {

// Estimates the bytes of a value's JSON, exact but for escapes and the digits of numbers.
class Measure {
 public:
  Measure(int depth_max, std::size_t bytes_max) : depth_max_(depth_max), bytes_left_(bytes_max) {}

  Fit value(const Element& element, int depth) {
    switch (element.type()) {
      case simdjson::dom::element_type::STRING:
        return spend(std::string_view(element.get_string().value_unsafe()).size() + 2);
      case simdjson::dom::element_type::ARRAY:
        return depth > depth_max_ ? Fit::too_deep : array(element.get_array().value_unsafe(), depth);
      case simdjson::dom::element_type::OBJECT:
        return depth > depth_max_ ? Fit::too_deep : object(element.get_object().value_unsafe(), depth);
      default:
        return spend(4);
    }
  }

 private:
  Fit spend(std::size_t bytes) {
    if (bytes > bytes_left_) return Fit::too_large;
    bytes_left_ -= bytes;
    return Fit::fits;
  }
  Fit array(const Array& items, int depth) {
    Fit fit = spend(2);
    for (auto item = items.begin(); fit == Fit::fits && item != items.end(); ++item) {
      fit = value(*item, depth + 1);
      if (fit == Fit::fits) fit = spend(1);
    }
    return fit;
  }
  Fit object(const Object& members, int depth) {
    Fit fit = spend(2);
    for (auto member = members.begin(); fit == Fit::fits && member != members.end(); ++member) {
      fit = spend(member.key().size() + 4);
      if (fit == Fit::fits) fit = value(member.value(), depth + 1);
    }
    return fit;
  }

  int depth_max_;
  std::size_t bytes_left_;
};

template <class Number>
std::string whole_text(Number value) {
  char buffer[32];
  return std::string(buffer, std::to_chars(buffer, buffer + sizeof buffer, value).ptr);
}

}  // namespace

std::string number_text(double value) {
  char buffer[32];
  std::string out(buffer, std::to_chars(buffer, buffer + sizeof buffer, value).ptr);
  // 18446744073709551616 would be taken for a whole number, and has too many bits for one.
  if (out.size() > 18 && out.find_first_of(".e") == std::string::npos)
    out.assign(buffer, std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::scientific).ptr);
  return out;
}

std::optional<Element> Json::read(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  Element root;
  if (parser_.parse(text.data(), text.size()).get(root) == simdjson::SUCCESS) return root;
  const std::string repaired = repair_json(text);
  if (repaired == text) return std::nullopt;
  // The parser copies what it reads, and its elements point into its own memory.
  if (parser_.parse(repaired.data(), repaired.size()).get(root) == simdjson::SUCCESS) return root;
  return std::nullopt;
}

Fields::Fields(std::optional<Element> value, Undefined undefined) : undefined_(undefined) {
  Object object;
  if (value && value->get(object) == simdjson::SUCCESS) object_ = object;
}

std::optional<Element> Fields::find(std::string_view key) const {
  Element value;
  if (!object_ || object_->at_key(key).get(value) != simdjson::SUCCESS || value.is_null()) return std::nullopt;
  std::string_view text;
  if (undefined_ == Undefined::dropped && value.get(text) == simdjson::SUCCESS && text == undefined_text)
    return std::nullopt;
  return value;
}

std::string Fields::text(std::string_view key) const {
  const auto value = find(key);
  return value ? text_of(*value) : std::string();
}

std::optional<double> Fields::number(std::string_view key) const {
  const auto value = find(key);
  return value ? number_of(*value) : std::nullopt;
}

std::optional<bool> Fields::flag(std::string_view key) const {
  const auto value = find(key);
  bool flag = false;
  return value && value->get(flag) == simdjson::SUCCESS ? std::optional(flag) : std::nullopt;
}

Fields Fields::inner(std::string_view key) const { return Fields(find(key), undefined_); }

std::optional<Array> Fields::array(std::string_view key) const { return array_of(find(key)); }

std::string text_of(const Element& value) {
  switch (value.type()) {
    case simdjson::dom::element_type::STRING:
      return std::string(std::string_view(value.get_string().value_unsafe()));
    case simdjson::dom::element_type::BOOL:
      return value.get_bool().value_unsafe() ? "true" : "false";
    case simdjson::dom::element_type::INT64:
      return whole_text(value.get_int64().value_unsafe());
    case simdjson::dom::element_type::UINT64:
      return whole_text(value.get_uint64().value_unsafe());
    case simdjson::dom::element_type::DOUBLE:
      return number_text(value.get_double().value_unsafe());
    default:
      return {};
  }
}

std::optional<double> number_of(const Element& value) {
  double number = 0;
  std::string_view text;
  if (value.get(text) == simdjson::SUCCESS) {
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (text.empty() || problem != std::errc() || end != text.data() + text.size()) return std::nullopt;
  } else if (value.get(number) != simdjson::SUCCESS) {
    return std::nullopt;
  }
  return std::isfinite(number) ? std::optional(number) : std::nullopt;
}

std::optional<Array> array_of(const std::optional<Element>& value) {
  Array array;
  return value && value->get(array) == simdjson::SUCCESS ? std::optional(array) : std::nullopt;
}

Fit fit_of(const Element& value, int depth_max, std::size_t bytes_max) {
  return Measure(depth_max, bytes_max).value(value, 1);
}

}  // namespace miniops::telemetry
