// One property out of the text of a row's properties, an object of JSON. Private to storage/events.
#pragma once

#include <simdjson.h>

#include <optional>
#include <string>
#include <string_view>

namespace miniops::events {

// For one thread.
class PropertyReader {
 public:
  // "a.b" is the member "a.b", else the member "b" of the object a, and so on. A text as it is, numbers in their
  // shortest form, arrays and objects as JSON. nullopt: it is not there, or null, or this is no object of JSON. Good
  // until the next call.
  std::optional<std::string_view> read(std::string_view json, std::string_view name);

 private:
  std::string_view text_of(const simdjson::dom::element& value);
  simdjson::dom::parser parser_;
  std::string padded_, written_;
};

}  // namespace miniops::events
