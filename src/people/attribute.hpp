// Custom attributes 自定义属性: which a mini program's customers have, and what a value may be. Pure.
#pragma once

#include <map>
#include <optional>

#include "base/json.hpp"
#include "people/person.hpp"

namespace miniops::people {

enum class AttributeType { text, number, date, choice };

struct Attribute {
  AttributeId id{};
  AppId appid{};
  std::string key{}, name{};
  AttributeType type{};
  std::vector<std::string> choices{};                // of a choice
  std::int64_t chars_max = 200;                      // of a text
  std::optional<double> number_min{}, number_max{};  // of a number
  int revoke_code = 0;                               // what of WeChat's authorizations it holds; 0: nothing
  std::int64_t position = 0;
};

inline constexpr std::array<std::string_view, 4> attribute_type_words{"text", "number", "date", "choice"};
inline std::span<const std::string_view> words_of(AttributeType) { return attribute_type_words; }

// As it is stored: a number or a date (2024-01-31 is 20240131) in `number`, else in `text`.
struct AttributeValue {
  std::string text{};
  double number = 0;
};
using AttributeValues = std::map<AttributeId, AttributeValue>;

// Reads a definition; without key and type when `fixed` is one that is to be changed. Mistakes go to `in`.
Attribute read_attribute(JsonInput& in, const Attribute* fixed = nullptr);
// people.invalid_attribute: not of the type, or beyond the limits.
Result<AttributeValue> read_value(const Attribute& attribute, const json::value& value);
json::value to_json(const Attribute& attribute, const AttributeValue& value);
json::object to_json(const Attribute& attribute);

}  // namespace miniops::people
