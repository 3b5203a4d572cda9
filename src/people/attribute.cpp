#include "people/attribute.hpp"

#include "people/errors.hpp"

namespace miniops::people {

Attribute read_attribute(JsonInput& in, const Attribute* fixed) {
  Attribute out = fixed != nullptr ? *fixed : Attribute{};
  read_field(in, out, fixed != nullptr);
  out.position = in.optional_integer("position", 0, 1000).value_or(out.position);
  out.revoke_code = static_cast<int>(in.optional_integer("revoke_code", 0, 20).value_or(out.revoke_code));
  return out;
}

Result<AttributeValue> read_value(const Attribute& attribute, const json::value& value) {
  auto read = miniops::read_value(attribute, value);
  if (!read) return fail(errors::invalid_attribute(attribute.key, read.error()));
  return std::move(*read);
}

json::object to_json(const Attribute& attribute) {
  json::object out = miniops::to_json(static_cast<const CustomField&>(attribute));
  out["id"] = attribute.id.str();
  out["revoke_code"] = attribute.revoke_code;
  return out;
}

}  // namespace miniops::people
