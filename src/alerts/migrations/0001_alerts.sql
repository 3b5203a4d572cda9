-- What a mini program's people have set: receivers, routes, times. A row says, too, that its default rules were given.
CREATE TABLE alerts_settings (
  appid TEXT NOT NULL PRIMARY KEY,
  receivers TEXT NOT NULL
);

-- How far the windows were looked at.
CREATE TABLE alerts_progress (
  appid TEXT NOT NULL PRIMARY KEY,
  evaluated_to BIGINT NOT NULL
);

-- A rule 告警规则; `definition` is what people wrote, as JSON.
CREATE TABLE alerts_rules (
  id BIGINT NOT NULL PRIMARY KEY,
  appid TEXT NOT NULL,
  definition TEXT NOT NULL,
  default_key TEXT NOT NULL DEFAULT '',
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
);
CREATE INDEX alerts_rules_of ON alerts_rules (appid, id);

-- What a rule can see now: normal, no_data, too_little_data, no_reference, query_failed. No row: not looked at yet.
CREATE TABLE alerts_sights (
  rule_id BIGINT NOT NULL PRIMARY KEY,
  appid TEXT NOT NULL,
  sight TEXT NOT NULL,
  since BIGINT NOT NULL
);
CREATE INDEX alerts_sights_of ON alerts_sights (appid);

-- An alert 告警: the state of a (rule, group) while it is open, its history afterwards. `version` is compared and set by
-- each change but those of told_at and hidden_by. 0 and '' stand for "none".
CREATE TABLE alerts_alerts (
  id BIGINT NOT NULL PRIMARY KEY,
  appid TEXT NOT NULL,
  rule_id BIGINT NOT NULL,
  group_key TEXT NOT NULL,
  state TEXT NOT NULL,
  open BIGINT NOT NULL,
  version BIGINT NOT NULL DEFAULT 1,
  rule_name TEXT NOT NULL,
  group_by TEXT NOT NULL DEFAULT '',
  subject TEXT NOT NULL DEFAULT '',
  unit TEXT NOT NULL DEFAULT '',
  kind TEXT NOT NULL,
  severity BIGINT NOT NULL,
  priority BIGINT NOT NULL,
  window_ms BIGINT NOT NULL,
  cause TEXT NOT NULL,
  value DOUBLE PRECISION NOT NULL DEFAULT 0,
  worst DOUBLE PRECISION NOT NULL DEFAULT 0,
  expected DOUBLE PRECISION NOT NULL DEFAULT 0,
  count DOUBLE PRECISION NOT NULL DEFAULT 0,
  began_at BIGINT NOT NULL,
  fired_at BIGINT NOT NULL DEFAULT 0,
  acknowledged_at BIGINT NOT NULL DEFAULT 0,
  resolved_at BIGINT NOT NULL DEFAULT 0,
  closed_at BIGINT NOT NULL DEFAULT 0,
  clear_since BIGINT NOT NULL DEFAULT 0,
  quiet_until BIGINT NOT NULL DEFAULT 0,
  acknowledged_by TEXT NOT NULL DEFAULT '',
  closed_by TEXT NOT NULL DEFAULT '',
  note TEXT NOT NULL DEFAULT '',
  opinion TEXT NOT NULL DEFAULT '',
  reopened BIGINT NOT NULL DEFAULT 0,
  escalated BIGINT NOT NULL DEFAULT 0,
  repeat_at BIGINT NOT NULL DEFAULT 0,
  escalate_at BIGINT NOT NULL DEFAULT 0,
  incident_id BIGINT NOT NULL DEFAULT 0,
  issue_id BIGINT NOT NULL DEFAULT 0,
  title TEXT NOT NULL DEFAULT '',
  error_name TEXT NOT NULL DEFAULT '',
  page TEXT NOT NULL DEFAULT '',
  release TEXT NOT NULL DEFAULT '',
  told_at BIGINT NOT NULL DEFAULT 0,
  hidden_by TEXT NOT NULL DEFAULT ''
);
CREATE UNIQUE INDEX alerts_alerts_open ON alerts_alerts (appid, rule_id, group_key) WHERE open = 1;
CREATE INDEX alerts_alerts_newest ON alerts_alerts (appid, began_at, id);
CREATE INDEX alerts_alerts_resolved ON alerts_alerts (appid, resolved_at) WHERE state = 'resolved';
CREATE INDEX alerts_alerts_repeat ON alerts_alerts (repeat_at) WHERE repeat_at > 0;
CREATE INDEX alerts_alerts_escalate ON alerts_alerts (escalate_at) WHERE escalate_at > 0;
CREATE INDEX alerts_alerts_incident ON alerts_alerts (incident_id) WHERE incident_id > 0;

-- What happened to an alert. by_name '': nobody, it happened by itself.
CREATE TABLE alerts_timeline (
  id BIGINT NOT NULL PRIMARY KEY,
  appid TEXT NOT NULL,
  alert_id BIGINT NOT NULL,
  at BIGINT NOT NULL,
  what TEXT NOT NULL,
  by_name TEXT NOT NULL DEFAULT '',
  detail TEXT NOT NULL DEFAULT '{}'
);
CREATE INDEX alerts_timeline_of ON alerts_timeline (alert_id, id);

-- What a receiver is still to be told. Written with the transition, gone when it is a notification.
CREATE TABLE alerts_news (
  id BIGINT NOT NULL PRIMARY KEY,
  appid TEXT NOT NULL,
  receiver TEXT NOT NULL,
  digest BIGINT NOT NULL,
  alert_id BIGINT NOT NULL,
  what TEXT NOT NULL,
  due_at BIGINT NOT NULL
);
CREATE INDEX alerts_news_due ON alerts_news (due_at);
CREATE INDEX alerts_news_of ON alerts_news (appid, receiver, digest, id);
CREATE INDEX alerts_news_alert ON alerts_news (alert_id);

-- When a receiver has room for a message again.
CREATE TABLE alerts_budgets (
  appid TEXT NOT NULL,
  receiver TEXT NOT NULL,
  free_at BIGINT NOT NULL,
  PRIMARY KEY (appid, receiver)
);

-- A silence 静默. '' and 0 and -1 match everything.
CREATE TABLE alerts_silences (
  id BIGINT NOT NULL PRIMARY KEY,
  appid TEXT NOT NULL,
  rule_id BIGINT NOT NULL,
  kind TEXT NOT NULL,
  severity_max BIGINT NOT NULL,
  group_key TEXT NOT NULL,
  page_prefix TEXT NOT NULL,
  reason TEXT NOT NULL,
  starts_at BIGINT NOT NULL,
  ends_at BIGINT NOT NULL,
  created_by TEXT NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE INDEX alerts_silences_of ON alerts_silences (appid, ends_at);

-- An incident 事件. review '': not written yet.
CREATE TABLE alerts_incidents (
  id BIGINT NOT NULL PRIMARY KEY,
  appid TEXT NOT NULL,
  title TEXT NOT NULL,
  state TEXT NOT NULL,
  priority BIGINT NOT NULL,
  opened_at BIGINT NOT NULL,
  opened_by TEXT NOT NULL DEFAULT '',
  resolved_at BIGINT NOT NULL DEFAULT 0,
  review TEXT NOT NULL DEFAULT '',
  review_at BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX alerts_incidents_of ON alerts_incidents (appid, opened_at, id);

-- What people wrote and did; the alerts of an incident are found by their incident_id.
CREATE TABLE alerts_incident_entries (
  id BIGINT NOT NULL PRIMARY KEY,
  appid TEXT NOT NULL,
  incident_id BIGINT NOT NULL,
  at BIGINT NOT NULL,
  kind TEXT NOT NULL,
  by_name TEXT NOT NULL DEFAULT '',
  text TEXT NOT NULL
);
CREATE INDEX alerts_incident_entries_of ON alerts_incident_entries (incident_id, at);
