#include "alerts/default_rules.hpp"

namespace miniops::alerts {

namespace {

Rule rule_of(std::string key, std::string name, RuleKind kind) {
  Rule rule;
  rule.default_key = std::move(key);
  rule.name = std::move(name);
  rule.kind = kind;
  rule.for_ms = 60 * second_ms;
  return rule;
}

Condition unusual(Direction direction, double percent, double least, double min_sample) {
  Condition condition{ConditionType::anomaly, direction};
  condition.percent = percent;
  condition.least = least;
  condition.min_sample = min_sample;
  // Visits vary with campaigns and days off; what goes wrong in them does not.
  if (direction == Direction::above) condition.sensitivity = Sensitivity::high;
  return condition;
}

// One province has few visits: it takes longer until they tell something.
Rule& by_region(Rule& rule) {
  rule.group_by = events::Field::region;
  rule.window_ms = 10 * minute_ms;
  return rule;
}

Rule& urgent(Rule& rule) {
  rule.severity = Severity::critical;
  rule.priority = Priority::p1;
  return rule;
}

Rule errors() {
  Rule rule = rule_of("error_rate", "出错的访问增多", RuleKind::error_rate);
  rule.condition = unusual(Direction::above, 100, 0.02, 8);
  return urgent(rule);
}

Rule request_failures() {
  Rule rule = rule_of("request_failures", "请求失败增多", RuleKind::request_failure_rate);
  rule.condition = unusual(Direction::above, 100, 0.03, 8);
  rule.inhibits = {RuleKind::error_rate, RuleKind::request_failure_rate, RuleKind::performance};
  return urgent(rule);
}

Rule request_failures_by_region() {
  Rule rule = rule_of("request_failures_region", "某地区请求失败增多", RuleKind::request_failure_rate);
  rule.condition = unusual(Direction::above, 100, 0.08, 5);
  return by_region(rule);
}

Rule slow(std::string key, std::string name, std::string metric) {
  Rule rule = rule_of(std::move(key), std::move(name), RuleKind::performance);
  rule.watch.metric = std::move(metric);
  rule.watch.statistic = Statistic::slow;
  rule.condition = unusual(Direction::above, 100, 0.05, 8);
  return rule;
}

Rule slow_requests_by_region() {
  Rule rule = slow("slow_requests_region", "某地区请求变慢", "request");
  rule.condition = unusual(Direction::above, 100, 0.15, 5);
  return by_region(rule);
}

Rule traffic_loss() {
  Rule rule = rule_of("traffic_loss", "访问量骤降", RuleKind::traffic);
  rule.watch.statistic = Statistic::sessions;
  rule.window_ms = 3 * minute_ms;
  rule.for_ms = 30 * second_ms;
  rule.condition = unusual(Direction::below, 40, 0, 10);
  rule.inhibits = {RuleKind::business, RuleKind::traffic};
  return urgent(rule);
}

Rule issues(std::string key, std::string name, RuleKind kind) {
  Rule rule = rule_of(std::move(key), std::move(name), kind);
  rule.for_ms = 0;
  rule.clear_ms = day_ms;
  return rule;
}

Rule health(const std::string& figure, std::string name, double above) {
  Rule rule = rule_of("health_" + figure, std::move(name), RuleKind::health);
  rule.watch.figure = figure;
  rule.condition.threshold = above;
  rule.for_ms = 2 * minute_ms;
  return rule;
}

}  // namespace

std::vector<Rule> default_rules(const AppId& appid, TimeMs now) {
  std::vector<Rule> rules{errors(),
                          request_failures(),
                          request_failures_by_region(),
                          slow("slow_requests", "请求变慢", "request"),
                          slow_requests_by_region(),
                          slow("slow_start", "启动变慢", "appLaunch"),
                          traffic_loss(),
                          issues("new_issue", "新错误", RuleKind::new_issue),
                          issues("regressed_issue", "错误复现", RuleKind::regressed_issue),
                          health("journal_lag_ms", "推送处理滞后", 60.0 * second_ms),
                          health("outbox_failed", "消息发送失败", 20),
                          health("token_broken", "access_token 无法刷新", 0),
                          health("quota_used_share", "接口额度将用完", 0.9),
                          health("spool_waiting_bytes", "上报积压", 512.0 * (1 << 20)),
                          health("memory_bytes", "服务器内存占用高", 2.0 * (1 << 30)),
                          health("disk_used_share", "磁盘将满", 0.9)};
  for (Rule& rule : rules) {
    rule.appid = appid;
    rule.created_at = rule.updated_at = now;
  }
  return rules;
}

}  // namespace miniops::alerts
