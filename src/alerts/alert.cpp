#include "alerts/alert.hpp"

namespace miniops::alerts {

namespace {

std::string statistic_and(const std::string& what, Statistic statistic) {
  return fmt::format("{} {}", what, word(statistic));
}

// What is measured, in a word or two.
std::string subject_of(const Rule& rule) {
  const Watch& watch = rule.watch;
  switch (rule.kind) {
    case RuleKind::performance:
      return statistic_and(watch.metric, watch.statistic);
    case RuleKind::business:
      if (watch.of == BusinessFigure::people) return "";
      return watch.of == BusinessFigure::event_count ? watch.event
                                                     : fmt::format("{} / {}", watch.event, watch.per_event);
    case RuleKind::health:
      return watch.figure;
    default:
      return "";
  }
}

std::string unit_of(const Rule& rule) {
  if (rule.kind == RuleKind::performance && rule.watch.statistic != Statistic::slow) return "ms";
  if (rule.kind == RuleKind::health) {
    for (const std::string_view unit : {"ms", "bytes", "share"})
      if (rule.watch.figure.ends_with(fmt::format("_{}", unit))) return std::string(unit);
  }
  return shape_of(rule) == Shape::rate ? "share" : "count";
}

}  // namespace

Alert alert_of(const Rule& rule, std::string group) {
  Alert alert;
  alert.appid = rule.appid;
  alert.rule = rule.id;
  alert.group_by = column_word(rule.group_by);
  alert.group = std::move(group);
  alert.rule_name = rule.name;
  alert.subject = subject_of(rule);
  alert.unit = unit_of(rule);
  alert.kind = rule.kind;
  alert.severity = rule.severity;
  alert.priority = rule.priority;
  alert.window_ms = rule.window_ms;
  if (rule.group_by == events::Field::page) alert.page = alert.group;
  return alert;
}

}  // namespace miniops::alerts
