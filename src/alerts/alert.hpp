// An alert 告警: one (rule, group) that is in trouble, from the first sight of it to the review note. While it is open
// (pending, firing, acknowledged) it is the state of that (rule, group); no open alert means that all is well.
#pragma once

#include "alerts/rule.hpp"

namespace miniops::alerts {

using AlertId = NumberId<struct AlertIdTag>;
using IncidentId = NumberId<struct IncidentIdTag>;

enum class State { pending, firing, acknowledged, resolved, closed };
enum class Cause { condition, issue, no_data, too_little_data, query_failed };
enum class Opinion { none, useful, noise, unclear };  // of the person who closed it

struct Alert {
  AlertId id{};
  AppId appid{};
  RuleId rule{};
  std::string group{};  // '' without group_by
  State state = State::pending;
  std::int64_t version = 0;  // compared and set by each change but those of `told_at` and `hidden_by`

  // As the rule said when it began.
  std::string rule_name{}, group_by{}, subject{}, unit{};  // subject: "request p75"; unit: share ms bytes count
  RuleKind kind{};
  Severity severity{};
  Priority priority{};
  TimeMs window_ms = 0;

  Cause cause{};
  double value = 0, worst = 0, expected = 0, count = 0;
  TimeMs began_at = 0, fired_at = 0, acknowledged_at = 0, resolved_at = 0, closed_at = 0;
  TimeMs clear_since = 0;  // 0: not clear. Of an issue: when it was last heard of
  TimeMs quiet_until = 0;  // after a person said that it is over: until its window holds nothing older
  std::string acknowledged_by{}, closed_by{}, note{};
  Opinion opinion{};
  int reopened = 0;   // how often it came back soon after
  int escalated = 0;  // 0, 1, 2
  TimeMs repeat_at = 0, escalate_at = 0;
  IncidentId incident{};

  std::int64_t issue = 0;
  std::string title{}, error_name{}, page{}, release{};  // of the issue; page also of groups by page

  TimeMs told_at = 0;       // 0: nobody was told
  std::string hidden_by{};  // "silence:7", "alert:9"
};

inline bool is_open(State state) {
  return state == State::pending || state == State::firing || state == State::acknowledged;
}
inline bool is_flapping(const Alert& alert) { return alert.reopened >= 2; }

// A new one, as yet without id, of a rule.
Alert alert_of(const Rule& rule, std::string group);

std::span<const std::string_view> words_of(State);
std::span<const std::string_view> words_of(Cause);
std::span<const std::string_view> words_of(Opinion);

}  // namespace miniops::alerts
