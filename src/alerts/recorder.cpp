#include "alerts/recorder.hpp"

namespace miniops::alerts {

namespace {

constexpr std::size_t issue_alerts_max = 200;  // of one mini program: a storm of new issues is one trouble

json::object figures(const Alert& alert) {
  return {{"value", alert.value}, {"expected", alert.expected}, {"count", alert.count}};
}

std::string headline(const Alert& alert) {
  const std::string& about = alert.issue != 0 ? alert.title : alert.group;
  return about.empty() ? alert.rule_name : fmt::format("{}: {}", alert.rule_name, about);
}

}  // namespace

const Receivers& Recorder::receivers(const AppId& appid) {
  if (!receivers_ || receivers_->first != appid)
    receivers_.emplace(appid, store::receivers(tx_, appid).value_or(Receivers{}));
  return receivers_->second;
}

void Recorder::note(const Alert& alert, TimeMs at, std::string what, std::string by, json::object detail) {
  store::add_entry(tx_, alert.appid, alert.id, {ids_.next(), at, std::move(what), std::move(by), std::move(detail)});
}

void Recorder::tell(const Alert& alert, const std::vector<std::string>& names, const std::string& what) {
  const bool digest = alert.severity == Severity::notice;
  const Receivers& all = receivers(alert.appid);
  const TimeMs due = now_ + (digest ? all.digest_ms : all.group_wait_ms);
  for (const std::string& name : names)
    store::add_news(tx_, {ids_.next(), alert.appid, name, digest, alert.id, what, due});
}

bool Recorder::save(const Alert& alert, std::string what, const std::string& by, json::object detail) {
  if (!store::update_alert(tx_, alert)) return false;
  note(alert, now_, std::move(what), by, std::move(detail));
  return true;
}

void Recorder::set_times(Alert& alert, TimeMs at) {
  const Receivers& all = receivers(alert.appid);
  const TimeMs repeat = all.repeat_of(alert.severity);
  alert.repeat_at = repeat == 0 ? 0 : at + repeat;
  alert.escalate_at = alert.severity == Severity::notice ? 0 : at + all.response_of(alert.priority);
  alert.escalated = 0;
}

// P0 and P1 open an incident by themselves, or join the one that is open.
IncidentId Recorder::incident_for(const Alert& alert, TimeMs at) {
  if (alert.priority > Priority::p1) return {};
  if (const auto open = store::open_incident(tx_, alert.appid)) return open->id;
  Incident incident{ids_.next_as<IncidentId>(), alert.appid, headline(alert)};
  incident.priority = alert.priority;
  incident.opened_at = at;
  store::insert_incident(tx_, incident);
  store::add_incident_entry(tx_, incident, {ids_.next(), at, EntryKind::opened, "", headline(alert), alert.id});
  return incident.id;
}

bool Recorder::fire(const Rule& rule, Alert alert, TimeMs at) {
  set_times(alert, at);
  alert.incident = incident_for(alert, at);
  const bool fresh = alert.id.empty();
  if (fresh) alert.id = ids_.next_as<AlertId>();
  if (!(fresh ? store::insert_alert(tx_, alert) : store::update_alert(tx_, alert))) return false;
  note(alert, at, "fired", "", figures(alert));
  if (!alert.incident.empty()) note(alert, at, "incident", "", {{"incident_id", alert.incident.str()}});
  tell(alert, receivers(alert.appid).of(rule.receivers, alert), "fired");
  return true;
}

bool Recorder::reopen(const Rule& rule, const Step& step, TimeMs at) {
  Alert alert = step.alert;
  if (!step.instead_of.empty()) {
    const auto pending = store::alert(tx_, alert.appid, step.instead_of);
    if (!pending || pending->state != State::pending || !store::delete_alert(tx_, *pending)) return false;
  }
  set_times(alert, at);
  if (!store::update_alert(tx_, alert)) return false;
  // Telling it each time is harmless: each time it must be clear for twice as long before it resolves.
  note(alert, at, is_flapping(alert) ? "flapping" : "reopened", "", figures(alert));
  tell(alert, receivers(alert.appid).of(rule.receivers, alert), "reopened");
  return true;
}

bool Recorder::resolve(const Rule& rule, const Alert& given, TimeMs at) {
  Alert alert = given;
  alert.repeat_at = alert.escalate_at = 0;
  if (!store::update_alert(tx_, alert)) return false;
  note(alert, at, "resolved");
  tell(alert, receivers(alert.appid).of(rule.receivers, alert), "resolved");
  return true;
}

bool Recorder::apply(const Rule& rule, Step step, TimeMs at) {
  switch (step.move) {
    case Move::begin:
      step.alert.id = ids_.next_as<AlertId>();
      if (!store::insert_alert(tx_, step.alert)) return false;
      note(step.alert, at, "pending", "", figures(step.alert));
      return true;
    case Move::forget:
      return store::delete_alert(tx_, step.alert);
    case Move::fire:
      return fire(rule, std::move(step.alert), at);
    case Move::reopen:
      return reopen(rule, step, at);
    case Move::mark:
      return store::update_alert(tx_, step.alert);
    case Move::resolve:
      return resolve(rule, step.alert, at);
  }
  std::unreachable();
}

void Recorder::issue_appeared(const IssueNews& news) {
  std::optional<std::vector<Alert>> open;
  for (const Rule& rule : store::rules(tx_, news.appid)) {
    if (!concerns(rule, news)) continue;
    if (!open) open = store::open_alerts(tx_, news.appid);
    const std::string group = std::to_string(news.issue);
    const auto there =
        std::ranges::find_if(*open, [&](const Alert& alert) { return alert.rule == rule.id && alert.group == group; });
    if (there != open->end()) {
      Alert heard = *there;
      heard.clear_since = news.at;
      store::update_alert(tx_, heard);
      continue;
    }
    const auto of_issues = std::ranges::count_if(*open, [](const Alert& alert) { return alert.issue != 0; });
    if (static_cast<std::size_t>(of_issues) >= issue_alerts_max) continue;
    Alert alert = alert_of(rule, group);
    alert.state = State::firing;
    alert.cause = Cause::issue;
    alert.began_at = alert.fired_at = alert.clear_since = news.at;
    alert.issue = news.issue;
    alert.title = news.title;
    alert.error_name = news.error_name;
    alert.page = news.page;
    alert.release = news.release;
    fire(rule, std::move(alert), news.at);
  }
}

void Recorder::issue_over(const AppId& appid, std::int64_t issue) {
  for (const Alert& open : store::open_alerts(tx_, appid)) {
    if (open.issue != issue) continue;
    Alert over = open;
    over.state = State::resolved;
    over.resolved_at = now_;
    const Rule rule = store::rule(tx_, appid, open.rule).value_or(Rule{});
    resolve(rule, over, now_);
  }
}

}  // namespace miniops::alerts
