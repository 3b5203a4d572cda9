// Alerts and their timelines.
#include "alerts/store.hpp"

namespace miniops::alerts::store {

namespace {

constexpr std::string_view columns =
    "id, appid, rule_id, group_key, state, version, rule_name, group_by, subject, unit, kind, severity, priority, "
    "window_ms, cause, value, worst, expected, count, began_at, fired_at, acknowledged_at, resolved_at, closed_at, "
    "clear_since, quiet_until, acknowledged_by, closed_by, note, opinion, reopened, escalated, repeat_at, escalate_at, "
    "incident_id, issue_id, title, error_name, page, release, told_at, hidden_by";

std::string select_where(std::string_view condition) {
  return fmt::format("SELECT {} FROM alerts_alerts WHERE {}", columns, condition);
}

// Reads a row's columns one after the other.
class Reader {
 public:
  explicit Reader(const sql::Row& row) : row_(row) {}
  std::int64_t integer() { return row_.integer(at_++); }
  double number() { return row_.number(at_++); }
  std::string text() { return row_.text(at_++); }
  template <class Id>
  void into(Id& id) {
    id = row_.id<Id>(at_++);
  }
  template <class E>
  E parsed() {
    return parse_word<E>(row_.text(at_++)).value_or(E{});
  }

 private:
  const sql::Row& row_;
  std::size_t at_ = 0;
};

Alert alert_of_row(const sql::Row& row) {
  Reader in(row);
  Alert alert;
  in.into(alert.id);
  in.into(alert.appid);
  in.into(alert.rule);
  alert.group = in.text();
  alert.state = in.parsed<State>();
  alert.version = in.integer();
  for (std::string* text : {&alert.rule_name, &alert.group_by, &alert.subject, &alert.unit}) *text = in.text();
  alert.kind = in.parsed<RuleKind>();
  alert.severity = static_cast<Severity>(in.integer());
  alert.priority = static_cast<Priority>(in.integer());
  alert.window_ms = in.integer();
  alert.cause = in.parsed<Cause>();
  for (double* number : {&alert.value, &alert.worst, &alert.expected, &alert.count}) *number = in.number();
  for (TimeMs* time : {&alert.began_at, &alert.fired_at, &alert.acknowledged_at, &alert.resolved_at, &alert.closed_at,
                       &alert.clear_since, &alert.quiet_until})
    *time = in.integer();
  for (std::string* text : {&alert.acknowledged_by, &alert.closed_by, &alert.note}) *text = in.text();
  alert.opinion = in.parsed<Opinion>();
  alert.reopened = static_cast<int>(in.integer());
  alert.escalated = static_cast<int>(in.integer());
  alert.repeat_at = in.integer();
  alert.escalate_at = in.integer();
  in.into(alert.incident);
  alert.issue = in.integer();
  for (std::string* text : {&alert.title, &alert.error_name, &alert.page, &alert.release}) *text = in.text();
  alert.told_at = in.integer();
  alert.hidden_by = in.text();
  return alert;
}

std::vector<Alert> alerts_of(const sql::Rows& rows) {
  std::vector<Alert> out;
  for (const sql::Row& row : rows) out.push_back(alert_of_row(row));
  return out;
}

// What an evaluation and people change; the rest stays as it began.
constexpr std::string_view update_statement =
    "UPDATE alerts_alerts SET version = version + 1, state = $4, open = $5, cause = $6, value = $7, worst = $8, "
    "expected = $9, count = $10, fired_at = $11, acknowledged_at = $12, resolved_at = $13, closed_at = $14, "
    "clear_since = $15, quiet_until = $16, acknowledged_by = $17, closed_by = $18, note = $19, opinion = $20, "
    "reopened = $21, escalated = $22, repeat_at = $23, escalate_at = $24, incident_id = $25 "
    "WHERE appid = $1 AND id = $2 AND version = $3";

}  // namespace

std::vector<Alert> open_alerts(sql::Transaction& tx, const AppId& appid) {
  static const std::string select = select_where("appid = $1 AND open = 1");
  return alerts_of(tx.query(select, {appid}));
}

std::vector<Alert> lately_resolved(sql::Transaction& tx, const AppId& appid, TimeMs since) {
  static const std::string select =
      select_where("appid = $1 AND state = 'resolved' AND resolved_at > $2 ORDER BY resolved_at");
  return alerts_of(tx.query(select, {appid, since}));
}

std::optional<Alert> alert(sql::Transaction& tx, const AppId& appid, AlertId id) {
  static const std::string select = select_where("appid = $1 AND id = $2");
  const auto row = tx.query_one(select, {appid, id});
  return row ? std::optional(alert_of_row(*row)) : std::nullopt;
}

std::vector<Alert> alerts_of_incident(sql::Transaction& tx, const AppId& appid, IncidentId incident) {
  static const std::string select =
      select_where("appid = $1 AND incident_id = $2 AND incident_id > 0 ORDER BY fired_at, id LIMIT 200");
  return alerts_of(tx.query(select, {appid, incident}));
}

bool insert_alert(sql::Transaction& tx, const Alert& alert) {
  static const std::string insert = fmt::format(
      "INSERT INTO alerts_alerts ({}, open) VALUES ($1, $2, $3, $4, $5, 1, $6, $7, $8, $9, $10, $11, $12, $13, $14, "
      "$15, $16, $17, $18, $19, $20, "
      "0, 0, 0, $21, 0, '', '', '', '', 0, 0, $22, $23, $24, $25, $26, $27, $28, $29, 0, '', 1) ON CONFLICT DO NOTHING",
      columns);
  return tx.execute(insert, {alert.id,
                             alert.appid,
                             alert.rule,
                             alert.group,
                             word(alert.state),
                             alert.rule_name,
                             alert.group_by,
                             alert.subject,
                             alert.unit,
                             word(alert.kind),
                             static_cast<std::int64_t>(alert.severity),
                             static_cast<std::int64_t>(alert.priority),
                             alert.window_ms,
                             word(alert.cause),
                             alert.value,
                             alert.worst,
                             alert.expected,
                             alert.count,
                             alert.began_at,
                             alert.fired_at,
                             alert.clear_since,
                             alert.repeat_at,
                             alert.escalate_at,
                             alert.incident,
                             alert.issue,
                             alert.title,
                             alert.error_name,
                             alert.page,
                             alert.release}) == 1;
}

bool update_alert(sql::Transaction& tx, const Alert& alert) {
  return tx.execute(update_statement,
                    {alert.appid,           alert.id,          alert.version,     word(alert.state),
                     is_open(alert.state),  word(alert.cause), alert.value,       alert.worst,
                     alert.expected,        alert.count,       alert.fired_at,    alert.acknowledged_at,
                     alert.resolved_at,     alert.closed_at,   alert.clear_since, alert.quiet_until,
                     alert.acknowledged_by, alert.closed_by,   alert.note,        word(alert.opinion),
                     alert.reopened,        alert.escalated,   alert.repeat_at,   alert.escalate_at,
                     alert.incident}) == 1;
}

bool delete_alert(sql::Transaction& tx, const Alert& alert) {
  if (tx.execute("DELETE FROM alerts_alerts WHERE appid = $1 AND id = $2 AND version = $3",
                 {alert.appid, alert.id, alert.version}) == 0)
    return false;
  tx.execute("DELETE FROM alerts_timeline WHERE alert_id = $1", {alert.id});
  return true;
}

void mark_told(sql::Transaction& tx, AlertId id, TimeMs at) {
  tx.execute("UPDATE alerts_alerts SET told_at = $2, hidden_by = '' WHERE id = $1", {id, at});
}

void mark_hidden(sql::Transaction& tx, AlertId id, const std::string& by) {
  tx.execute("UPDATE alerts_alerts SET hidden_by = $2 WHERE id = $1 AND hidden_by <> $2", {id, by});
}

std::vector<Alert> due_alerts(sql::Transaction& tx, TimeMs now, int limit) {
  static const std::string repeats = select_where("repeat_at > 0 AND repeat_at <= $1 ORDER BY repeat_at LIMIT $2");
  static const std::string escalations =
      select_where("escalate_at > 0 AND escalate_at <= $1 ORDER BY escalate_at LIMIT $2");
  auto due = alerts_of(tx.query(escalations, {now, limit}));
  for (Alert& alert : alerts_of(tx.query(repeats, {now, limit})))
    if (std::ranges::find(due, alert.id, &Alert::id) == due.end()) due.push_back(std::move(alert));
  return due;
}

std::vector<Alert> list_alerts(sql::Transaction& tx, const AppId& appid, const AlertFilter& filter,
                               const Before& before, int limit) {
  // One statement for all filters; each that is empty lets everything through.
  static const std::string select = select_where(
      "appid = $1 AND ($2 = '' OR $2 LIKE '%,' || state || ',%') AND ($3 < 0 OR severity = $3) AND ($4 = 0 OR rule_id "
      "= $4) AND began_at >= $5 AND began_at < $6 AND (began_at < $7 OR (began_at = $7 AND id < $8)) ORDER BY began_at "
      "DESC, id DESC LIMIT $9");
  constexpr std::int64_t end = 9'000'000'000'000'000;
  std::string states;
  for (const State state : filter.states) states += fmt::format("{}{},", states.empty() ? "," : "", word(state));
  const std::int64_t severity = filter.severity ? static_cast<std::int64_t>(*filter.severity) : -1;
  const auto [at, id] = before.value_or(std::pair(end, end));
  return alerts_of(tx.query(
      select, {appid, states, severity, filter.rule, filter.from, filter.to > 0 ? filter.to : end, at, id, limit}));
}

std::vector<Counted> count_open(sql::Transaction& tx, const AppId& appid) {
  std::vector<Counted> out;
  for (const sql::Row& row : tx.query(
           "SELECT state, severity, COUNT(*) FROM alerts_alerts WHERE appid = $1 AND open = 1 GROUP BY state, severity",
           {appid}))
    out.push_back({parse_word<State>(row.text(0)).value_or(State::pending), static_cast<Severity>(row.integer(1)),
                   row.integer(2)});
  return out;
}

std::int64_t count_unreviewed(sql::Transaction& tx, const AppId& appid, TimeMs since) {
  return tx
      .query_one("SELECT COUNT(*) FROM alerts_alerts WHERE appid = $1 AND state = 'resolved' AND resolved_at > $2",
                 {appid, since})
      ->integer(0);
}

void add_entry(sql::Transaction& tx, const AppId& appid, AlertId alert, const TimelineEntry& entry) {
  tx.execute(
      "INSERT INTO alerts_timeline (id, appid, alert_id, at, what, by_name, detail) VALUES ($1, $2, $3, $4, $5, $6, "
      "$7)",
      {entry.id, appid, alert, entry.at, entry.what, entry.by, json::serialize(entry.detail)});
}

std::vector<TimelineEntry> timeline(sql::Transaction& tx, const AppId& appid, AlertId alert) {
  std::vector<TimelineEntry> out;
  for (const sql::Row& row : tx.query(
           "SELECT id, at, what, by_name, detail FROM alerts_timeline WHERE alert_id = $1 AND appid = $2 ORDER BY id "
           "LIMIT 500",
           {alert, appid}))
    out.push_back({row.integer(0), row.integer(1), row.text(2), row.text(3), json::parse(row.text(4)).as_object()});
  return out;
}

}  // namespace miniops::alerts::store
