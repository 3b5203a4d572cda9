#include "alerts/rule.hpp"

namespace miniops::alerts {

namespace {

using Words = std::string_view;

constexpr std::array<Words, 11> kind_words{
    "performance",          "error_rate", "error_count", "new_issue",   "regressed_issue", "traffic",
    "request_failure_rate", "business",   "log_match",   "saved_query", "health"};
constexpr std::array<Words, 3> severity_words{"notice", "warning", "critical"};
constexpr std::array<Words, 4> priority_words{"P0", "P1", "P2", "P3"};
constexpr std::array<Words, 3> policy_words{"ok", "keep", "alert"};
constexpr std::array<Words, 10> statistic_words{"count", "sessions", "people", "mean", "p50",
                                                "p75",   "p90",      "p95",    "p99",  "slow"};
constexpr std::array<Words, 3> per_words{"sessions", "people", "requests"};
constexpr std::array<Words, 3> business_words{"people", "event_count", "event_ratio"};
constexpr std::array<Words, 3> type_words{"static", "change", "anomaly"};
constexpr std::array<Words, 3> direction_words{"above", "below", "either"};
constexpr std::array<Words, 2> against_words{"before", "weeks"};
constexpr std::array<Words, 3> sensitivity_words{"low", "medium", "high"};
constexpr std::array<Words, 5> sight_words{"normal", "no_data", "too_little_data", "no_reference", "query_failed"};

}  // namespace

std::span<const Words> words_of(RuleKind) { return kind_words; }
std::span<const Words> words_of(Severity) { return severity_words; }
std::span<const Words> words_of(Priority) { return priority_words; }
std::span<const Words> words_of(Policy) { return policy_words; }
std::span<const Words> words_of(Statistic) { return statistic_words; }
std::span<const Words> words_of(Per) { return per_words; }
std::span<const Words> words_of(BusinessFigure) { return business_words; }
std::span<const Words> words_of(ConditionType) { return type_words; }
std::span<const Words> words_of(Direction) { return direction_words; }
std::span<const Words> words_of(Against) { return against_words; }
std::span<const Words> words_of(Sensitivity) { return sensitivity_words; }
std::span<const Words> words_of(Sight) { return sight_words; }

bool is_event(RuleKind kind) { return kind == RuleKind::new_issue || kind == RuleKind::regressed_issue; }

Shape shape_of(const Rule& rule) {
  switch (rule.kind) {
    case RuleKind::error_rate:
    case RuleKind::request_failure_rate:
      return Shape::rate;
    case RuleKind::business:
      return rule.watch.of == BusinessFigure::event_ratio ? Shape::rate : Shape::count;
    case RuleKind::performance:
      return rule.watch.statistic == Statistic::slow ? Shape::rate : Shape::level;
    case RuleKind::health:
      return Shape::level;
    case RuleKind::error_count:
    case RuleKind::traffic:
    case RuleKind::log_match:
    case RuleKind::saved_query:
    case RuleKind::new_issue:
    case RuleKind::regressed_issue:
      return Shape::count;
  }
  std::unreachable();
}

}  // namespace miniops::alerts
