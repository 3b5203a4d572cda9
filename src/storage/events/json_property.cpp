#include "storage/events/json_property.hpp"

#include <fmt/format.h>

namespace miniops::events {

namespace {

namespace dom = simdjson::dom;

std::optional<dom::element> find(const dom::object& object, std::string_view name) {
  dom::element found;
  if (object.at_key(name).get(found) == simdjson::SUCCESS) return found;
  const auto dot = name.find('.');
  dom::object inner;
  if (dot == std::string_view::npos || object.at_key(name.substr(0, dot)).get(inner) != simdjson::SUCCESS)
    return std::nullopt;
  return find(inner, name.substr(dot + 1));
}

}  // namespace

std::string_view PropertyReader::text_of(const dom::element& value) {
  switch (value.type()) {
    case dom::element_type::STRING:
      return value.get_string().value_unsafe();
    case dom::element_type::BOOL:
      return value.get_bool().value_unsafe() ? "true" : "false";
    case dom::element_type::INT64:
      written_ = fmt::format("{}", value.get_int64().value_unsafe());
      return written_;
    case dom::element_type::UINT64:
      written_ = fmt::format("{}", value.get_uint64().value_unsafe());
      return written_;
    case dom::element_type::DOUBLE:
      written_ = fmt::format("{}", value.get_double().value_unsafe());
      return written_;
    default:
      written_ = simdjson::minify(value);
      return written_;
  }
}

std::optional<std::string_view> PropertyReader::read(std::string_view json, std::string_view name) {
  padded_.assign(json);
  padded_.append(simdjson::SIMDJSON_PADDING, '\0');
  dom::object object;
  if (parser_.parse(padded_.data(), json.size(), false).get(object) != simdjson::SUCCESS) return std::nullopt;
  const auto found = find(object, name);
  if (!found || found->is_null()) return std::nullopt;
  return text_of(*found);
}

}  // namespace miniops::events
