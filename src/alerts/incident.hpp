// An incident 事件: alerts, and what was done about them, told as one story; at its end the review 复盘. Values; no
// I/O.
#pragma once

#include "alerts/alert.hpp"

namespace miniops::alerts {

enum class IncidentState { open, mitigated, resolved };

struct Incident {
  IncidentId id{};
  AppId appid{};
  std::string title{};
  IncidentState state = IncidentState::open;
  Priority priority = Priority::p1;
  TimeMs opened_at = 0;
  std::string opened_by{};  // "": by itself
  TimeMs resolved_at = 0;
  std::string review{};  // Markdown; "": not written
  TimeMs review_at = 0;
};

enum class EntryKind { opened, alert, alert_resolved, release, action, comment, state };

struct IncidentEntry {
  std::int64_t id = 0;
  TimeMs at = 0;
  EntryKind kind{};
  std::string by{}, text{};
  AlertId alert{};
};

// What people wrote and did, the alerts and the releases, in order of time.
std::vector<IncidentEntry> timeline_of(std::vector<IncidentEntry> written, const std::vector<Alert>& alerts,
                                       const std::vector<IncidentEntry>& releases, std::string_view language);
// What happened, when, its impact, its cause, what follows: filled in as far as the timeline knows.
std::string review_template(const Incident& incident, const std::vector<IncidentEntry>& timeline,
                            const std::vector<Alert>& alerts, std::string_view language);

std::span<const std::string_view> words_of(IncidentState);
std::span<const std::string_view> words_of(EntryKind);

}  // namespace miniops::alerts
