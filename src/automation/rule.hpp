// Automation rules 自动化规则: when something happens to a conversation, if a condition holds, then something is done.
// Pure.
//
//   {name, enabled, when: {event, minutes, score_max}, condition, actions: [{kind, …}]}
//   condition: as routing rules have it (routing/condition.hpp)
#pragma once

#include "automation/event.hpp"
#include "base/json.hpp"
#include "routing/condition.hpp"

namespace miniops::automation {

inline constexpr std::size_t rules_max = 100;  // of a mini program
inline constexpr std::size_t steps_max = 10;
inline constexpr int messages_max = 3;  // of all rules together, in answer to one message of the customer
inline constexpr std::int64_t minutes_max = 48 * 60;

// transfer_agent … close end what can be done with a conversation: at most one of them, and nothing behind it.
enum class StepKind {
  send_text,
  send_reply,
  note,
  add_tag,
  remove_tag,
  set_level,
  set_priority,
  notify_supervisor,
  transfer_agent,
  transfer_group,
  transfer_tier,
  park,
  close
};
inline constexpr std::array<std::string_view, 13> step_words{
    "send_text",         "send_reply",     "note",           "add_tag",       "remove_tag", "set_level", "set_priority",
    "notify_supervisor", "transfer_agent", "transfer_group", "transfer_tier", "park",       "close"};
inline std::span<const std::string_view> words_of(StepKind) { return step_words; }

struct Step {
  StepKind kind{};
  std::string text{};  // a message with variables, a note, what a supervisor is told, a tag, or a tier
  // A level, a priority, minutes (park; 0: until the customer writes), the id of what is named, or the contact reason
  // of close (0: none).
  std::int64_t number = 0;
  bool operator==(const Step&) const = default;
};

struct Trigger {
  EventKind kind{};
  std::int64_t minutes = 0;  // of a timed one
  int score_max = 5;         // of scored: this one and less
  bool operator==(const Trigger&) const = default;
};

struct Rule {
  RuleId id{};
  std::string name{};
  bool enabled = true;
  Trigger when{};
  routing::Condition condition{};
  std::vector<Step> steps{};
  bool operator==(const Rule&) const = default;
};

// As it is kept, in its place.
struct PlacedRule {
  Rule rule;
  std::int64_t version = 1;
  TimeMs since = 0;
  TimeMs paused_at = 0;  // 0: it is not
  std::string updated_by{};
  TimeMs updated_at = 0;
  bool works() const { return rule.enabled && paused_at == 0; }
};

// A whole rule but its id. request.invalid, which points at each field that is wrong. Whether what it names is there is
// not known here.
Result<Rule> parse_rule(const json::value& body);
json::object rule_json(const Rule& rule);

inline bool sends(StepKind kind) { return kind == StepKind::send_text || kind == StepKind::send_reply; }
// Of all conversations to which its event happens.
bool matches_everything(const Rule& rule);

}  // namespace miniops::automation
