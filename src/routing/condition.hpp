// Conditions on conversations, as rules have them: of routing, and of whoever asks the same of a conversation
// (src/automation). What a person wrote becomes a tree of values, checked once. Pure.
//
//   null (every conversation) · {all: […]} · {any: […]} · {field, op, value, key with a parameter}
#pragma once

#include <array>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "base/json.hpp"
#include "base/words.hpp"
#include "calendar/calendar.hpp"

namespace miniops::routing {

inline constexpr int depth_max = 4;
inline constexpr std::size_t comparisons_max = 30;

// parameter: of session-from, signed or not: the phone may have made it up. signed_parameter: signed by the mini
// program's server. Level and ids can be asked of signed parameters only. text: the customer's first messages.
// open: whether it is working time. time: a calendar of the rule's own. waiting: for how long, in seconds.
enum class Field { page, parameter, signed_parameter, tag, level, text, time, open, waiting, msgtype, language };

// Of texts, any one of the list is enough; with is_not and has_not none of them may be there.
enum class Comparison {
  is,           // page, parameter, text (a whole message), msgtype, language; level; open
  is_not,       // page, parameter, msgtype, language
  has,          // tag; text: a keyword within a message
  has_not,      // tag, text
  starts_with,  // page, parameter
  set,          // parameter: it is there
  not_set,
  at_least,  // level, waiting
  at_most,
  within,  // time
  outside
};

// Texts of a list · level or seconds · open · the calendar of `time` · nothing (set, not_set).
using Value = std::variant<std::monostate, std::vector<std::string>, std::int64_t, bool, calendar::Calendar>;

// All of `parts` (of none: true), any of them, or one comparison.
struct Condition {
  enum class Kind { all, any, comparison };
  Kind kind = Kind::all;
  std::vector<Condition> parts{};
  Field field{};
  Comparison comparison{};
  std::string key{};  // the parameter's name
  Value value{};
  bool operator==(const Condition&) const = default;
};

// The member `key` of `in`, where mistakes are noted; missing or null: every conversation.
Condition read_condition(JsonInput& in, std::string_view key);
json::value condition_json(const Condition& condition);
// Whether it holds for every conversation, as far as that can be told without one.
bool always_holds(const Condition& condition);

inline constexpr std::array<std::string_view, 11> field_words{
    "page", "parameter", "signed_parameter", "tag", "level", "text", "time", "open", "waiting", "msgtype", "language"};
inline constexpr std::array<std::string_view, 11> comparison_words{
    "is", "is_not", "has", "has_not", "starts_with", "set", "not_set", "at_least", "at_most", "within", "outside"};
inline std::span<const std::string_view> words_of(Field) { return field_words; }
inline std::span<const std::string_view> words_of(Comparison) { return comparison_words; }

}  // namespace miniops::routing
