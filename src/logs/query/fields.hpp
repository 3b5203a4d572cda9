// The fields that a query may name; every other name is a property's.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "storage/events/predicate.hpp"

namespace miniops::logs {

// How a field is compared.
enum class Sort {
  text,    // contains a word, as the line itself
  name,    // is it, to the letter
  number,  // a whole number
  value,   // the record's value: any number
  level,   // ordered: debug info warn error fatal
  build,   // develop trial release
};

struct FieldInfo {
  std::string_view name;
  std::string_view alias;  // another name for it; "" for none
  Sort sort;
  events::Predicate::On on;
  events::Field field;      // where `on` is a field
  std::string_view detail;  // for a person who looks for it
};

std::span<const FieldInfo> fields();
// By its name or alias, in any case; nullptr: none is called so.
const FieldInfo* find_field(std::string_view name);

// Before the name of a property that is called as a field is.
inline constexpr std::string_view property_prefix = "properties.";

std::span<const std::string_view> level_names();             // in their order; "none" is not among them
std::optional<std::int64_t> level_number(std::string_view);  // also "none", "warning" …
std::span<const std::string_view> build_names();

}  // namespace miniops::logs
