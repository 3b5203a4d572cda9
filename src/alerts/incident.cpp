#include "alerts/incident.hpp"

#include "alerts/message.hpp"

namespace miniops::alerts {

namespace {

constexpr std::array<std::string_view, 3> incident_words{"open", "mitigated", "resolved"};
constexpr std::array<std::string_view, 7> entry_words{"opened", "alert",   "alert_resolved", "release",
                                                      "action", "comment", "state"};

bool english(std::string_view language) { return language == "en"; }

std::string line(const IncidentEntry& entry) {
  return fmt::format("- {} {}{}\n", shown_time(entry.at), entry.text,
                     entry.by.empty() ? "" : fmt::format(" — {}", entry.by));
}

std::string part(const std::vector<IncidentEntry>& timeline, std::initializer_list<EntryKind> kinds,
                 std::string_view otherwise) {
  std::string out;
  for (const IncidentEntry& entry : timeline)
    if (std::ranges::find(kinds, entry.kind) != kinds.end()) out += line(entry);
  return out.empty() ? std::string(otherwise) : out;
}

TimeMs first_acknowledged(const std::vector<Alert>& alerts) {
  TimeMs first = 0;
  for (const Alert& alert : alerts)
    if (alert.acknowledged_at > 0 && (first == 0 || alert.acknowledged_at < first)) first = alert.acknowledged_at;
  return first;
}

std::string moment(TimeMs at, std::string_view language) {
  if (at > 0) return shown_time(at);
  return english(language) ? "not yet" : "尚未";
}

std::string impact_of(const std::vector<Alert>& alerts, std::string_view language) {
  std::string out;
  for (const Alert& alert : alerts) out += fmt::format("- {}\n", sentence(alert, language));
  return out;
}

}  // namespace

std::span<const std::string_view> words_of(IncidentState) { return incident_words; }
std::span<const std::string_view> words_of(EntryKind) { return entry_words; }

std::vector<IncidentEntry> timeline_of(std::vector<IncidentEntry> written, const std::vector<Alert>& alerts,
                                       const std::vector<IncidentEntry>& releases, std::string_view language) {
  for (const Alert& alert : alerts) {
    const std::string text =
        fmt::format("[{}] {}: {}", severity_name(alert.severity, language), alert.rule_name, sentence(alert, language));
    written.push_back({0, alert.fired_at, EntryKind::alert, "", text, alert.id});
    if (alert.resolved_at > 0)
      written.push_back({0, alert.resolved_at, EntryKind::alert_resolved, "", alert.rule_name, alert.id});
  }
  written.insert(written.end(), releases.begin(), releases.end());
  std::ranges::sort(written, {}, [](const IncidentEntry& entry) { return std::pair(entry.at, entry.kind); });
  return written;
}

std::string review_template(const Incident& incident, const std::vector<IncidentEntry>& timeline,
                            const std::vector<Alert>& alerts, std::string_view language) {
  const std::string lasted = incident.resolved_at > 0
                                 ? shown_duration(incident.resolved_at - incident.opened_at, language)
                                 : moment(0, language);
  const std::string whole = part(timeline,
                                 {EntryKind::opened, EntryKind::alert, EntryKind::alert_resolved, EntryKind::release,
                                  EntryKind::action, EntryKind::comment, EntryKind::state},
                                 "");
  const std::string impact = impact_of(alerts, language);
  if (english(language))
    return fmt::format(
        "# Review: {}\n\n- Priority: {}\n- Began: {}\n- First acknowledged: {}\n- Resolved: {}\n- Lasted: {}\n\n"
        "## What happened\n\n(one paragraph)\n\n## Impact\n\n{}\n## Timeline\n\n{}\n"
        "## Cause\n\nReleases shortly before or meanwhile:\n\n{}\n(why it happened, and why it was not seen before)\n\n"
        "## What was done\n\n{}\n## What follows\n\n- [ ] action — who — until when\n",
        incident.title, word(incident.priority), shown_time(incident.opened_at),
        moment(first_acknowledged(alerts), language), moment(incident.resolved_at, language), lasted, impact, whole,
        part(timeline, {EntryKind::release}, "- none seen\n"), part(timeline, {EntryKind::action}, "- \n"));
  return fmt::format(
      "# 复盘：{}\n\n- 级别：{}\n- 开始：{}\n- 首次响应：{}\n- 恢复：{}\n- 持续：{}\n\n## 发生了什么\n\n（一段话）\n\n"
      "## 影响\n\n{}\n## 时间线\n\n{}\n## 原因\n\n前后发布的版本：\n\n{}\n（为什么发生，为什么没有更早发现）\n\n"
      "## 处理\n\n{}\n## 后续改进\n\n- [ ] 事项 — 负责人 — 截止时间\n",
      incident.title, word(incident.priority), shown_time(incident.opened_at),
      moment(first_acknowledged(alerts), language), moment(incident.resolved_at, language), lasted, impact, whole,
      part(timeline, {EntryKind::release}, "- 未见\n"), part(timeline, {EntryKind::action}, "- \n"));
}

}  // namespace miniops::alerts
