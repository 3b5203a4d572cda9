// Routing rules 分配规则: which conversations, and where they go. What a person wrote becomes a tree of values, checked
// once. Pure.
//
//   {name, enabled, condition, target}
//   condition: null (every conversation) · {all: […]} · {any: […]} · {field, op, value, key with a parameter}
//   target:    {group, skills: [{skill, level}], match_language, strategy, last_agent_first, priority,
//               overflow: [{after_s, groups: […], drop_skills, drop_language}]}
#pragma once

#include <array>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "base/json.hpp"
#include "base/words.hpp"
#include "calendar/calendar.hpp"
#include "routing/ids.hpp"

namespace miniops::routing {

inline constexpr std::size_t rules_max = 200;  // of a mini program
inline constexpr int depth_max = 4;
inline constexpr std::size_t comparisons_max = 30;
inline constexpr std::int64_t priority_max = 1000;

// ---- conditions ----

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

// ---- targets ----

enum class Strategy { least_busy, round_robin };

struct SkillNeeded {
  SkillId skill{};
  int level = 1;  // 1 … 5, at least
  auto operator<=>(const SkillNeeded&) const = default;
};

// What is allowed besides when a conversation has waited for so long. It keeps its place in every queue.
struct Overflow {
  std::int64_t after_s = 0;
  std::vector<GroupId> groups{};
  bool drop_skills = false, drop_language = false;
  bool operator==(const Overflow&) const = default;
};

struct Target {
  GroupId group{};
  std::vector<SkillNeeded> skills{};
  bool match_language = false;  // only agents who speak the customer's, when that is known
  Strategy strategy = Strategy::least_busy;
  bool last_agent_first = true;      // who had the customer within 7 days, before the strategy is asked
  std::int64_t priority = 0;         // is added to the conversation's own
  std::vector<Overflow> overflow{};  // after_s grows
  bool operator==(const Target&) const = default;
};

// ---- rules ----

struct Rule {
  RuleId id{};
  std::string name{};
  bool enabled = true;
  Condition condition{};
  Target target{};
  bool operator==(const Rule&) const = default;
};

// A whole rule but its id. routing.invalid_rule, which points at each field that is wrong. Whether groups and skills
// exist is not known here: warnings_of() tells.
Result<Rule> parse_rule(const json::value& body);
json::object rule_json(const Rule& rule);
// A target alone, as a waiting conversation keeps it.
Result<Target> parse_target(const json::value& body);
json::object target_json(const Target& target);

inline constexpr std::array<std::string_view, 11> field_words{
    "page", "parameter", "signed_parameter", "tag", "level", "text", "time", "open", "waiting", "msgtype", "language"};
inline constexpr std::array<std::string_view, 11> comparison_words{
    "is", "is_not", "has", "has_not", "starts_with", "set", "not_set", "at_least", "at_most", "within", "outside"};
inline constexpr std::array<std::string_view, 2> strategy_words{"least_busy", "round_robin"};
inline std::span<const std::string_view> words_of(Field) { return field_words; }
inline std::span<const std::string_view> words_of(Comparison) { return comparison_words; }
inline std::span<const std::string_view> words_of(Strategy) { return strategy_words; }

}  // namespace miniops::routing
