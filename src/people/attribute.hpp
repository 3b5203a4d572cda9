// Custom attributes 自定义属性: which a mini program's customers have, and what a value may be. Pure.
#pragma once

#include <map>

#include "base/custom_field.hpp"
#include "people/person.hpp"

namespace miniops::people {

using AttributeType = FieldType;
using AttributeValue = FieldValue;

struct Attribute : CustomField {
  AttributeId id{};
  AppId appid{};
  int revoke_code = 0;  // what of WeChat's authorizations it holds; 0: nothing
};

using AttributeValues = std::map<AttributeId, AttributeValue>;

// Reads a definition; without key and type when `fixed` is one that is to be changed. Mistakes go to `in`.
Attribute read_attribute(JsonInput& in, const Attribute* fixed = nullptr);
// people.invalid_attribute: not of the type, or beyond the limits.
Result<AttributeValue> read_value(const Attribute& attribute, const json::value& value);
json::object to_json(const Attribute& attribute);

}  // namespace miniops::people
