// The properties of a record, read leniently: what is not of the form asked for is not there. Private to the module.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/json.hpp"

namespace miniops::performance {

json::object properties_of(const std::string& text);  // {} for what is no object

// A finite number that is not negative; also of a text of digits, as some clients send them.
std::optional<double> number_in(const json::object& object, std::string_view name);
std::string text_in(const json::object& object, std::string_view name, std::size_t chars_max = 200);
bool flag_in(const json::object& object, std::string_view name);
const json::object* object_in(const json::object& object, std::string_view name);  // nullptr: none

}  // namespace miniops::performance
