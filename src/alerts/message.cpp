#include "alerts/message.hpp"

#include <cmath>

namespace miniops::alerts {

namespace {

constexpr TimeMs china_ms = 8 * hour_ms;  // days and hours of mini programs are China's
constexpr std::size_t lines_max = 20;

bool english(std::string_view language) { return language == "en"; }
std::string_view either(std::string_view language, std::string_view zh, std::string_view en) {
  return english(language) ? en : zh;
}

std::string number(double value) {
  if (std::abs(value) >= 1000 || value == std::floor(value)) return fmt::format("{:.0f}", value);
  return fmt::format("{:.3g}", value);
}

std::string column_name(std::string_view column, std::string_view language) {
  constexpr std::array<std::array<std::string_view, 3>, 8> names{{{"page", "页面", "page"},
                                                                  {"release", "版本", "release"},
                                                                  {"region", "地区", "region"},
                                                                  {"network", "网络", "network"},
                                                                  {"name", "名称", "name"},
                                                                  {"scene", "场景", "scene"},
                                                                  {"client", "客户端", "client"},
                                                                  {"device", "机型", "device"}}};
  for (const auto& [word, zh, en] : names)
    if (word == column) return std::string(either(language, zh, en));
  return std::string(column);
}

std::string what_is_measured(const Alert& alert, std::string_view language) {
  switch (alert.kind) {
    case RuleKind::error_rate:
      return std::string(either(language, "出错的访问占比", "share of visits with an error"));
    case RuleKind::error_count:
      return std::string(either(language, "错误数", "errors"));
    case RuleKind::traffic:
      return std::string(either(language, "访问量", "visits"));
    case RuleKind::request_failure_rate:
      return std::string(either(language, "请求失败率", "share of failed requests"));
    case RuleKind::log_match:
    case RuleKind::saved_query:
      return std::string(either(language, "匹配的日志", "matching log lines"));
    case RuleKind::business:
      return alert.subject.empty() ? std::string(either(language, "活跃用户", "active users")) : alert.subject;
    default:
      return alert.subject;
  }
}

std::string where(const Alert& alert, std::string_view language) {
  if (alert.group.empty() || alert.group_by.empty()) return "";
  return fmt::format("{} {}{}", column_name(alert.group_by, language), alert.group, either(language, "：", ": "));
}

std::string of_issue(const Alert& alert, std::string_view language) {
  const bool regressed = alert.kind == RuleKind::regressed_issue;
  std::string text = fmt::format(
      "{}{}", either(language, regressed ? "复现的错误：" : "新错误：", regressed ? "came back: " : "new: "),
      alert.title);
  if (!alert.release.empty()) text += fmt::format("{}{}", either(language, "，版本 ", ", release "), alert.release);
  if (!alert.page.empty()) text += fmt::format("{}{}", either(language, "，页面 ", ", page "), alert.page);
  return text;
}

// Why a rule that sees nothing is a trouble.
std::string of_blindness(const Alert& alert, std::string_view language) {
  switch (alert.cause) {
    case Cause::no_data:
      return std::string(either(language, "没有数据", "there are no data"));
    case Cause::too_little_data:
      return std::string(either(language, "数据太少，无法判断", "too little data to judge"));
    default:
      return std::string(either(language, "查询失败，无法判断", "the question failed; nothing can be judged"));
  }
}

std::string_view happened(std::string_view what, std::string_view language) {
  if (what == "resolved") return either(language, "已恢复", "resolved");
  if (what == "reopened") return either(language, "再次触发", "back");
  if (what == "repeated") return either(language, "仍未处理", "still open");
  if (what == "escalated") return either(language, "无人响应，升级", "nobody answers: escalated");
  return either(language, "触发", "firing");
}

bool is_good(const Told& told) { return !is_open(told.alert->state); }

std::string head(const Told& told, std::string_view language) {
  const Alert& alert = *told.alert;
  return fmt::format("[{} {}] {} · {}", severity_name(alert.severity, language), word(alert.priority), alert.rule_name,
                     happened(is_good(told) ? "resolved" : told.what, language));
}

std::string lines_of(const Told& told, const Letter& letter) {
  const Alert& alert = *told.alert;
  std::string text = fmt::format("{}\n{}\n", head(told, letter.language), sentence(alert, letter.language));
  text += fmt::format("{}{}", either(letter.language, "开始：", "since "), shown_time(alert.began_at));
  if (is_good(told) && alert.resolved_at > 0)
    text += fmt::format("{}{}", either(letter.language, "，持续 ", ", for "),
                        shown_duration(alert.resolved_at - alert.began_at, letter.language));
  if (!told.advice.empty() && !is_good(told))
    text += fmt::format("\n{}{}", either(letter.language, "建议：", "advice: "), told.advice);
  return text;
}

// The title of one, or of several under the worst of them.
std::string title_of(const Letter& letter, const Told& worst, std::size_t count) {
  const std::string program = letter.program.empty() ? "" : fmt::format("{} ", letter.program);
  if (letter.digest)
    return fmt::format(
        "{}{}", program,
        english(letter.language) ? fmt::format("digest: {} notices", count) : fmt::format("提醒汇总：{} 条", count));
  const std::string first = head(worst, letter.language);
  if (count == 1) return program + first;
  return fmt::format(
      "{}{}{}", program, first,
      english(letter.language) ? fmt::format(" and {} more", count - 1) : fmt::format(" 等 {} 条", count));
}

notify::Severity severity_of(Severity severity) {
  if (severity == Severity::critical) return notify::Severity::critical;
  return severity == Severity::warning ? notify::Severity::warning : notify::Severity::info;
}

}  // namespace

std::string shown_value(double value, std::string_view unit) {
  if (unit == "share") return fmt::format("{} %", number(std::round(value * 1000) / 10));
  if (unit == "ms") return value >= 1000 ? fmt::format("{:.3g} s", value / 1000) : fmt::format("{:.0f} ms", value);
  if (unit == "bytes") return fmt::format("{:.4g} MB", value / (1 << 20));
  return number(value);
}

std::string shown_time(TimeMs at) {
  const std::chrono::sys_time<std::chrono::milliseconds> local{std::chrono::milliseconds(at + china_ms)};
  const auto day = std::chrono::floor<std::chrono::days>(local);
  const std::chrono::year_month_day date{day};
  const auto minutes = std::chrono::floor<std::chrono::minutes>(local - day).count();
  return fmt::format("{:04}-{:02}-{:02} {:02}:{:02}", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), minutes / 60,
                     minutes % 60);
}

std::string shown_duration(TimeMs ms, std::string_view language) {
  const TimeMs minutes = std::max<TimeMs>(1, ms / minute_ms);
  if (minutes < 120) return fmt::format("{}{}", minutes, either(language, " 分钟", " min"));
  return fmt::format("{}{}", number(std::round(static_cast<double>(minutes) / 6) / 10),
                     either(language, " 小时", " h"));
}

std::string severity_name(Severity severity, std::string_view language) {
  constexpr std::array<std::string_view, 3> names{"提醒", "警告", "严重"};
  return std::string(english(language) ? word(severity) : names[static_cast<std::size_t>(severity)]);
}

std::string kind_name(RuleKind kind, std::string_view language) {
  constexpr std::array<std::string_view, kind_count> names{"性能",     "错误率",   "错误数",     "新错误",
                                                           "错误复现", "访问量",   "请求失败率", "业务指标",
                                                           "日志匹配", "已存查询", "服务自身"};
  return std::string(english(language) ? word(kind) : names[static_cast<std::size_t>(kind)]);
}

std::string sentence(const Alert& alert, std::string_view language) {
  if (alert.cause == Cause::issue) return of_issue(alert, language);
  const std::string place = where(alert, language);
  if (alert.cause != Cause::condition) return place + of_blindness(alert, language);
  const std::string value = shown_value(alert.worst, alert.unit);
  const std::string usual = shown_value(alert.expected, alert.unit);
  const std::string measured = what_is_measured(alert, language);
  const auto minutes = alert.window_ms / minute_ms;
  if (english(language))
    return fmt::format("{}{} {} within {} min; usual or allowed: {}", place, measured, value, minutes, usual);
  return fmt::format("{}{} 分钟内{} {}，通常或允许 {}", place, minutes, measured, value, usual);
}

notify::Notification compose(const Letter& letter, std::span<const Told> told) {
  const auto rank = [](const Told& one) { return std::pair(!is_good(one), one.alert->severity); };
  const Told& worst = *std::ranges::max_element(told, {}, rank);
  notify::Notification out;
  out.title = title_of(letter, worst, told.size());
  for (std::size_t i = 0; i < told.size() && i < lines_max; ++i)
    out.text += fmt::format("{}{}", i == 0 ? "" : "\n\n", lines_of(told[i], letter));
  if (told.size() > lines_max)
    out.text += english(letter.language) ? fmt::format("\n\n… and {} more", told.size() - lines_max)
                                         : fmt::format("\n\n…… 另有 {} 条", told.size() - lines_max);
  out.severity = severity_of(worst.alert->severity);
  out.resolved = std::ranges::all_of(told, is_good);
  if (!letter.link_base.empty()) out.link = letter.link_base + worst.alert->id.str();
  out.subject = "alert:" + worst.alert->id.str();
  out.variables = {{"rule", worst.alert->rule_name},
                   {"program", letter.program},
                   {"value", shown_value(worst.alert->worst, worst.alert->unit)},
                   {"state", std::string(happened(out.resolved ? "resolved" : worst.what, letter.language))}};
  out.since = worst.alert->began_at;
  out.at = out.resolved && worst.alert->resolved_at > 0 ? worst.alert->resolved_at : worst.alert->fired_at;
  return out;
}

}  // namespace miniops::alerts
