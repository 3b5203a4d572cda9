// Custom fields: what members define for things of a kind (people::Attribute, wrapup::Field), and what a value may be.
// Pure.
#pragma once

#include <expected>

#include "base/json.hpp"
#include "base/words.hpp"

namespace miniops {

enum class FieldType { text, number, date, choice };
inline constexpr std::array<std::string_view, 4> field_type_words{"text", "number", "date", "choice"};
inline std::span<const std::string_view> words_of(FieldType) { return field_type_words; }

struct CustomField {
  std::string key{}, name{};
  FieldType type{};
  std::vector<std::string> choices{};                // of a choice
  std::int64_t chars_max = 200;                      // of a text
  std::optional<double> number_min{}, number_max{};  // of a number
  std::int64_t position = 0;
};

// As it is stored: a number or a date (2024-01-31 is 20240131) in `number`, else in `text`.
struct FieldValue {
  std::string text{};
  double number = 0;
  bool operator==(const FieldValue&) const = default;
};

// Reads a definition into `out`; without key and type when it is `fixed`, one that is to be changed. Mistakes go to
// `in`.
void read_field(JsonInput& in, CustomField& out, bool fixed);
// Not of the type, or beyond the limits: why, to be put behind the field's key.
std::expected<FieldValue, std::string_view> read_value(const CustomField& field, const json::value& value);
json::value to_json(const CustomField& field, const FieldValue& value);
json::object to_json(const CustomField& field);

}  // namespace miniops
