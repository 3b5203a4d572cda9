#include "base/custom_field.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>

#include "base/text.hpp"

namespace miniops {

namespace {

constexpr std::size_t choices_max = 50;
constexpr std::size_t key_chars_max = 32;
constexpr double number_limit = 1e15;  // what a double holds exactly, and JSON's readers too

bool is_key(std::string_view text) {
  const auto letter = [](char c) { return c >= 'a' && c <= 'z'; };
  const auto follows = [&](char c) { return letter(c) || (c >= '0' && c <= '9') || c == '_'; };
  return !text.empty() && text.size() <= key_chars_max && letter(text[0]) && std::ranges::all_of(text, follows);
}

std::optional<double> number_of(const json::value& value) {
  if (!value.is_number()) return std::nullopt;
  const double number = value.to_number<double>();
  return number >= -number_limit && number <= number_limit ? std::optional(number) : std::nullopt;
}

std::optional<double> optional_number(JsonInput& in, std::string_view key) {
  const json::value* value = in.optional_value(key);
  if (value == nullptr) return std::nullopt;
  const auto number = number_of(*value);
  if (!number) in.mistake(key, "must be a number of at most 15 digits");
  return number;
}

// 2024-01-31 → 20240131
std::optional<double> date_of(std::string_view text) {
  int year = 0;
  unsigned month = 0;
  unsigned day = 0;
  const auto part = [&](std::size_t at, std::size_t count, auto& into) {
    const char* end = text.data() + at + count;
    return text[at] >= '0' && std::from_chars(text.data() + at, end, into) == std::from_chars_result{end, {}};
  };
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  if (!part(0, 4, year) || !part(5, 2, month) || !part(8, 2, day) || year == 0) return std::nullopt;
  using namespace std::chrono;
  if (!year_month_day{std::chrono::year(year), std::chrono::month(month), std::chrono::day(day)}.ok())
    return std::nullopt;
  return year * 10'000.0 + month * 100.0 + day;
}

std::string date_text(double number) {
  const auto whole = static_cast<std::int64_t>(number);
  return fmt::format("{:04}-{:02}-{:02}", whole / 10'000, whole / 100 % 100, whole % 100);
}

json::value number_or_null(const std::optional<double>& number) {
  return number ? json::value(*number) : json::value(nullptr);
}

void read_limits(JsonInput& in, CustomField& out) {
  const auto only = [&](std::string_view key, FieldType type) {
    if (in.has(key) && out.type != type) in.mistake(key, fmt::format("belongs to a {} only", word(type)));
  };
  only("choices", FieldType::choice);
  only("chars_max", FieldType::text);
  only("number_min", FieldType::number);
  only("number_max", FieldType::number);
  if (in.has("choices")) out.choices = in.optional_texts("choices", choices_max, {1, 64});
  out.chars_max = in.optional_integer("chars_max", 1, 500).value_or(out.chars_max);
  if (const auto min = optional_number(in, "number_min")) out.number_min = min;
  if (const auto max = optional_number(in, "number_max")) out.number_max = max;
  if (out.number_min && out.number_max && *out.number_min > *out.number_max)
    in.mistake("number_max", "is less than number_min");
  if (out.type == FieldType::choice && out.choices.empty()) in.mistake("choices", "must not be empty");
}

}  // namespace

void read_field(JsonInput& in, CustomField& out, bool fixed) {
  if (fixed) {
    out.name = in.optional_text("name", {1, 32}).value_or(out.name);
  } else {
    out.key = in.text("key", {1, key_chars_max});
    if (!out.key.empty() && !is_key(out.key)) in.mistake("key", "must be a-z, 0-9 and _, and begin with a letter");
    out.type = parse_word<FieldType>(in.choice("type", {"text", "number", "date", "choice"})).value_or(out.type);
    out.name = in.text("name", {1, 32});
  }
  read_limits(in, out);
}

std::expected<FieldValue, std::string_view> read_value(const CustomField& field, const json::value& value) {
  const auto wrong = [](std::string_view why) { return std::unexpected(why); };
  if (field.type == FieldType::number) {
    const auto number = number_of(value);
    if (!number) return wrong("must be a number");
    if (*number < field.number_min.value_or(*number) || *number > field.number_max.value_or(*number))
      return wrong("lies outside its limits");
    return FieldValue{"", *number};
  }
  if (!value.is_string()) return wrong("must be a text");
  const std::string text(value.as_string());
  if (field.type == FieldType::date) {
    const auto date = date_of(text);
    if (!date) return wrong("must be a date, as 2024-01-31");
    return FieldValue{"", *date};
  }
  if (text.empty()) return wrong("must not be empty; null takes it away");
  if (field.type == FieldType::choice && std::ranges::find(field.choices, text) == field.choices.end())
    return wrong("is none of its choices");
  if (field.type == FieldType::text && std::cmp_greater(count_chars(text), field.chars_max))
    return wrong("is too long");
  return FieldValue{text, 0};
}

json::value to_json(const CustomField& field, const FieldValue& value) {
  if (field.type == FieldType::number) return value.number;
  return json::value(field.type == FieldType::date ? date_text(value.number) : value.text);
}

json::object to_json(const CustomField& field) {
  const bool text = field.type == FieldType::text;
  return {{"key", field.key},
          {"name", field.name},
          {"type", word(field.type)},
          {"choices", json::array(field.choices.begin(), field.choices.end())},
          {"chars_max", text ? json::value(field.chars_max) : json::value(nullptr)},
          {"number_min", number_or_null(field.number_min)},
          {"number_max", number_or_null(field.number_max)},
          {"position", field.position}};
}

}  // namespace miniops
