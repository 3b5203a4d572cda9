// A rule 告警规则: what is watched, when that is a trouble, and whom it concerns. Values and their JSON; no I/O.
#pragma once

#include <string>
#include <vector>

#include "alerts/statistics/judge.hpp"
#include "base/ids.hpp"
#include "base/json.hpp"
#include "base/words.hpp"
#include "storage/events/predicate.hpp"

namespace miniops::alerts {

using RuleId = NumberId<struct AlertRuleIdTag>;

enum class RuleKind {
  performance,
  error_rate,
  error_count,
  new_issue,
  regressed_issue,
  traffic,
  request_failure_rate,
  business,
  log_match,
  saved_query,
  health
};
enum class Severity { notice, warning, critical };  // 提醒 · 警告 · 严重
enum class Priority { p0, p1, p2, p3 };
enum class Policy { ok, keep, alert };  // what it means that a rule sees nothing
// slow: the share of visits that met a value above `slow_ms`, or above the p99 of the last week. One phone that asks a
// hundred times is one visit: of few visits it tells much more than a quantile.
enum class Statistic { count, sessions, people, mean, p50, p75, p90, p95, p99, slow };
enum class Per { sessions, people, requests };  // of which a rate is the share
enum class BusinessFigure { people, event_count, event_ratio };

// Which records count. Those of develop and trial builds only when `builds` names them.
struct RecordScope {
  std::vector<std::string> page_prefixes{}, releases{}, regions{}, networks{}, builds{};
  bool operator==(const RecordScope&) const = default;
};

// Which of them a kind has stands in the API (AlertWatch).
struct Watch {
  std::string metric{};
  Statistic statistic = Statistic::count;
  double slow_ms = 0;  // 0: learnt
  Per per = Per::sessions;
  std::vector<std::string> names{};  // error types; none: all
  std::string url_contains{};
  BusinessFigure of = BusinessFigure::people;
  std::string event{}, per_event{};
  std::string query{};
  std::int64_t query_id = 0;
  std::string figure{};
  RecordScope scope{};
  bool operator==(const Watch&) const = default;
};

struct Rule {
  RuleId id{};
  AppId appid{};
  std::string name{};
  RuleKind kind = RuleKind::performance;
  bool enabled = true;
  Watch watch{};
  Condition condition{};
  TimeMs window_ms = 5 * minute_ms;
  TimeMs for_ms = minute_ms;        // how long the condition must hold
  TimeMs clear_ms = 5 * minute_ms;  // how long it must be clear before the alert resolves itself
  Severity severity = Severity::warning;
  Priority priority = Priority::p2;
  std::optional<events::Field> group_by{};
  Policy no_data = Policy::keep, too_little_data = Policy::keep, query_failed = Policy::keep;
  std::vector<std::string> receivers{};  // none: by the routes
  std::vector<RuleKind> inhibits{};
  std::string advice{};

  std::string default_key{};  // which of the default rules it was made from
  TimeMs created_at = 0, updated_at = 0;
};

inline constexpr std::size_t kind_count = 11;
inline constexpr std::size_t groups_max = 200;
inline constexpr std::size_t rules_max = 200;  // of one mini program

// new_issue and regressed_issue are told by the issues module; all others are evaluated.
bool is_event(RuleKind kind);
Shape shape_of(const Rule& rule);

// What people write of a rule: the API's AlertRuleInput, and what is stored.
json::object definition_of(const Rule& rule);
json::value condition_json(const Rule& rule);  // null for event kinds
json::object watch_json(const Rule& rule);
std::string_view column_word(std::optional<events::Field> field);  // "" for none
// Fails with request.invalid, all mistakes together.
Result<Rule> parse_rule(const json::value& definition);
// The definition of `rule` with the members of `patch` in place of its own. kind cannot be changed.
Result<Rule> patched(const Rule& rule, const json::value& patch);

std::span<const std::string_view> words_of(RuleKind);
std::span<const std::string_view> words_of(Severity);
std::span<const std::string_view> words_of(Priority);
std::span<const std::string_view> words_of(Policy);
std::span<const std::string_view> words_of(Statistic);
std::span<const std::string_view> words_of(Per);
std::span<const std::string_view> words_of(BusinessFigure);
std::span<const std::string_view> words_of(ConditionType);
std::span<const std::string_view> words_of(Direction);
std::span<const std::string_view> words_of(Against);
std::span<const std::string_view> words_of(Sensitivity);
std::span<const std::string_view> words_of(Sight);

}  // namespace miniops::alerts
