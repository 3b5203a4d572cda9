#include "issues/views.hpp"

#include "base/mask.hpp"

namespace miniops::issues {

namespace {

json::object figures(const IssueFigures& of, Span span, TimeMs interval_ms) {
  json::array trend;
  // Empty intervals, too, so that a sparkline needs no arithmetic.
  const TimeMs first = (span.from + trend_offset_ms) / interval_ms * interval_ms - trend_offset_ms;
  for (TimeMs at = first; at < span.to; at += interval_ms) {
    const auto found = of.trend.find(at);
    trend.push_back(json::object{{"at", at}, {"events", found == of.trend.end() ? 0 : found->second}});
  }
  return {{"events", of.figures.events},
          {"users", of.figures.users},
          {"sessions", of.figures.sessions},
          {"session_share", maybe(of.session_share)},
          {"trend", std::move(trend)}};
}

json::value ignoring(const Handling& handling, TimeMs now) {
  if (!is_silent(handling, now)) return nullptr;
  const Ignoring& ignored = *handling.ignored;
  const double left = std::max(0.0, static_cast<double>(ignored.until_count) - ignored.seen);
  const bool counts = ignored.until_count > 0;
  return json::object{{"until_at", maybe(ignored.until_at)},
                      {"until_count", counts ? json::value(ignored.until_count) : json::value(nullptr)},
                      {"count_left", counts ? json::value(static_cast<std::int64_t>(left)) : json::value(nullptr)},
                      {"until_release", ignored.until_release},
                      {"after_release", maybe(ignored.after_release)}};
}

json::value assignee(const Handling& handling) {
  if (!handling.assignee) return nullptr;
  return json::object{{"id", handling.assignee->id.str()}, {"name", handling.assignee->name}};
}

}  // namespace

json::value maybe(TimeMs time) { return time == 0 ? json::value(nullptr) : json::value(time); }
json::value maybe(const std::string& text) { return text.empty() ? json::value(nullptr) : json::value(text); }
json::value maybe(const std::optional<double>& number) { return number ? json::value(*number) : json::value(nullptr); }

std::string Views::seen(const std::string& text) const { return personal_ ? text : mask_personal_data(text); }

json::object Views::issue(const Issue& issue) const {
  const Handling& handling = issue.handling;
  return {{"id", std::to_string(issue.id)},
          {"number", issue.number},
          {"kind", to_string(issue.nature.kind)},
          {"title", seen(issue.headline.title)},
          {"culprit", seen(issue.headline.culprit)},
          {"level", to_string(issue.nature.level)},
          {"state", to_string(handling.state)},
          {"fixed_in", maybe(handling.fixed_in)},
          {"resolved_at", maybe(handling.resolved_at)},
          {"regressed_at", maybe(handling.regressed_at)},
          {"severity", to_string(issue.severity())},
          {"severity_computed", to_string(issue.computed.severity)},
          {"severity_overridden", handling.severity.has_value()},
          {"assignee", assignee(handling)},
          {"ignored", ignoring(handling, now_)},
          {"tracker_url", maybe(handling.tracker_url)},
          {"first_seen_at", issue.first_seen_at},
          {"first_release", issue.first_release},
          {"last_seen_at", issue.last_seen_at},
          {"last_release", issue.last_release}};
}

json::object Views::row(const IssueRow& row, Span span, TimeMs interval_ms) const {
  json::object out = issue(row.issue);
  out["merged"] = row.merged;
  out["figures"] = figures(row.figures, span, interval_ms);
  return out;
}

json::object Views::key(const StoredKey& key) const {
  json::array parts;
  for (const KeyPart& part : key.key.parts)
    parts.push_back(json::object{{"name", part.name}, {"value", seen(part.value)}});
  return {{"id", std::to_string(key.id)},
          {"rule", key.key.rule},
          {"version", key.key.version},
          {"parts", std::move(parts)},
          {"first_seen_at", key.first_seen_at},
          {"issue_id", std::to_string(key.issue)},
          {"split", key.split}};
}

json::object Views::detail(const IssueDetail& detail, Span span) const {
  json::object out = row(detail.row, span, detail.trend_interval_ms);
  json::array keys, parts, releases;
  for (const StoredKey& one : detail.keys) keys.push_back(key(one));
  for (const Issue& part : detail.merged_from) parts.push_back(issue(part));
  for (const auto& [release, events] : detail.releases)
    releases.push_back(json::object{{"release", release}, {"events", events}});
  out["trend_interval_ms"] = detail.trend_interval_ms;
  out["severity_reasons"] = to_json(detail.row.issue.computed.reasons);
  out["severity_at"] = detail.row.issue.severity_at;
  out["keys"] = std::move(keys);
  out["merged_from"] = std::move(parts);
  out["releases"] = std::move(releases);
  out["regroup_note"] = detail.maps_came_later;
  return out;
}

json::object Views::activity(const Activity& activity) const {
  const bool can_undo = activity.what == "changed" || activity.what == "merged";
  return {{"id", std::to_string(activity.id)},
          {"at", activity.at},
          {"what", activity.what},
          {"by", activity.username},
          {"text", seen(activity.text)},
          {"from", activity.before},
          {"to", activity.after},
          {"can_undo", can_undo}};
}

json::object Views::tag(const Tag& tag) const {
  json::array values;
  for (const TagValue& value : tag.values)
    values.push_back(json::object{{"value", value.value},
                                  {"events", value.events},
                                  {"share", value.share},
                                  {"everybody_share", maybe(value.everybody_share)},
                                  {"lift", maybe(value.lift)}});
  return {{"tag", tag.name}, {"values", std::move(values)}};
}

json::object Views::release(const ReleaseHealth& health) {
  return {{"release", health.release.name},
          {"first_seen_at", health.release.first_seen_at},
          {"sessions", health.sessions},
          {"users", health.users},
          {"crash_free_sessions", maybe(health.crash_free_sessions)},
          {"crash_free_users", maybe(health.crash_free_users)},
          {"adoption", maybe(health.adoption)},
          {"new_issues", health.new_issues},
          {"source_maps", health.source_maps}};
}

json::object Views::map(const MapEntry& entry) {
  return {{"id", std::to_string(entry.id)},   {"release", entry.release},        {"file", entry.file},
          {"layer", to_string(entry.layer)},  {"sha256", entry.sha256},          {"bytes", entry.bytes},
          {"uploaded_at", entry.uploaded_at}, {"uploaded_by", entry.uploaded_by}};
}

json::object Views::report(const std::string& release, const Report& report) {
  json::array findings;
  for (const Finding& finding : report.findings)
    findings.push_back(
        json::object{{"level", to_string(finding.level)},
                     {"code", finding.code},
                     {"file", finding.file},
                     {"layer", finding.layer ? json::value(to_string(*finding.layer)) : json::value(nullptr)},
                     {"count", finding.count},
                     {"of", finding.of},
                     {"example", finding.example},
                     {"text", finding.text}});
  return {{"release", release},
          {"positions", report.positions},
          {"mapped", report.mapped},
          {"findings", std::move(findings)}};
}

}  // namespace miniops::issues
