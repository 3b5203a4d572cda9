// Segments 客户分群: saved conditions on the profiles of a mini program. What a person wrote becomes a tree of values,
// checked once; the tree becomes SQL whose text holds only what stands in this module, and whose parameters hold the
// rest. Pure.
#pragma once

#include <variant>

#include "people/attribute.hpp"

namespace miniops::people {

enum class Field { level, tag, attribute, first_seen, last_seen, blocked, source };
enum class Comparison {
  is,
  is_not,
  at_least,
  at_most,
  has,
  has_not,
  set,
  not_set,
  before,
  since,
  within_days,
  not_within_days,
  starts_with
};
using ConditionValue = std::variant<std::int64_t, double, std::string>;

// All of `parts`, any of them, or one comparison.
struct Condition {
  enum class Kind { all, any, comparison };
  Kind kind = Kind::all;
  std::vector<Condition> parts{};
  Field field{};
  Comparison comparison{};
  AttributeId attribute{};
  ConditionValue value{};  // a boolean is 0 or 1; a date is a number, as its attribute stores it
};

struct Segment {
  SegmentId id{};
  AppId appid{};
  std::string name{};
  json::value condition{};  // as it was checked when it was saved; attributes may have gone since
  std::string created_by{};
  TimeMs created_at = 0, updated_at = 0;
};

inline constexpr std::array<std::string_view, 7> field_words{"level",     "tag",     "attribute", "first_seen",
                                                             "last_seen", "blocked", "source"};
inline constexpr std::array<std::string_view, 13> comparison_words{
    "is",     "is_not", "at_least",    "at_most",         "has",        "has_not", "set", "not_set",
    "before", "since",  "within_days", "not_within_days", "starts_with"};
inline std::span<const std::string_view> words_of(Field) { return field_words; }
inline std::span<const std::string_view> words_of(Comparison) { return comparison_words; }

// people.invalid_segment: an unknown field or comparison, a value that does not fit, an attribute that `attributes`
// lacks, more than 4 levels or 30 comparisons.
Result<Condition> parse_condition(const json::value& value, const std::vector<Attribute>& attributes);

// A condition on people_profiles AS p. Its parameters are $1, $2 … after `used` ones.
struct CompiledCondition {
  std::string sql;
  std::vector<ConditionValue> parameters;
};
CompiledCondition compile(const Condition& condition, TimeMs now, std::size_t used);

// Whether somebody of p's person is blocked in p's mini program at the time that stands in parameter `now`.
std::string blocked_sql(std::size_t now);

}  // namespace miniops::people
