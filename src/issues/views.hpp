// Issues as JSON (api/openapi.yaml).
#pragma once

#include "issues/event_pages.hpp"
#include "issues/map_service.hpp"
#include "issues/reports.hpp"

namespace miniops::issues {

// What a title or a message says is masked for whoever sees no personal data.
class Views {
 public:
  Views(const Access& access, TimeMs now) : personal_(access.sees_personal_data()), now_(now) {}

  json::object issue(const Issue& issue) const;
  json::object row(const IssueRow& row, Span span, TimeMs interval_ms) const;
  json::object detail(const IssueDetail& detail, Span span) const;
  json::object activity(const Activity& activity) const;
  json::object tag(const Tag& tag) const;
  json::object event(const telemetry::NamedRow& row, bool with_properties) const;
  json::object detail(const EventDetail& detail) const;
  static json::object release(const ReleaseHealth& health);
  static json::object map(const MapEntry& entry);
  static json::object report(const std::string& release, const Report& report);

 private:
  std::string seen(const std::string& text) const;
  json::object key(const StoredKey& key) const;
  const bool personal_;
  const TimeMs now_;
};

json::value maybe(TimeMs time);              // 0 is null
json::value maybe(const std::string& text);  // "" is null
json::value maybe(const std::optional<double>& number);

}  // namespace miniops::issues
