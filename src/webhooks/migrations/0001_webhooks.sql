-- Who is told: an address, the kinds of events that it wants (separated by blanks), and its sealed secrets; `previous`
-- signs too until previous_until. host: of the address, for limits. failing_since: since when no send has succeeded.
CREATE TABLE webhooks_subscriptions (
  id BIGINT NOT NULL PRIMARY KEY,
  appid TEXT NOT NULL,
  version BIGINT NOT NULL,
  address TEXT NOT NULL,
  host TEXT NOT NULL,
  description TEXT NOT NULL,
  kinds TEXT NOT NULL,
  enabled BIGINT NOT NULL,
  secret BYTEA NOT NULL,
  previous BYTEA NOT NULL,
  previous_until BIGINT NOT NULL,
  created_by TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  last_success_at BIGINT NOT NULL DEFAULT 0,
  last_failure_at BIGINT NOT NULL DEFAULT 0,
  failing_since BIGINT NOT NULL DEFAULT 0,
  reason TEXT NOT NULL DEFAULT '',
  detail TEXT NOT NULL DEFAULT '',
  off_reason TEXT NOT NULL DEFAULT '',
  off_at BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX webhooks_subscriptions_app ON webhooks_subscriptions (appid, id);

-- What happened, in the bytes that are sent. openid: whom it is about; with the person both are emptied.
CREATE TABLE webhooks_events (
  id INTEGER NOT NULL PRIMARY KEY, -- sqlite only
  id BIGINT NOT NULL PRIMARY KEY, -- postgres only
  appid TEXT NOT NULL,
  kind TEXT NOT NULL,
  openid TEXT NOT NULL,
  at BIGINT NOT NULL,
  body TEXT NOT NULL
);
CREATE INDEX webhooks_events_age ON webhooks_events (at);
CREATE INDEX webhooks_events_person ON webhooks_events (appid, openid) WHERE openid <> '';

-- One event for one subscription. While it is pending, next_at is when it is due, and while somebody sends it, when the
-- claim lapses. attempts counts all, attempts_before those before it was last queued. at: the event's.
CREATE TABLE webhooks_deliveries (
  event_id BIGINT NOT NULL,
  subscription_id BIGINT NOT NULL,
  kind TEXT NOT NULL,
  at BIGINT NOT NULL,
  state TEXT NOT NULL,
  attempts BIGINT NOT NULL DEFAULT 0,
  attempts_before BIGINT NOT NULL DEFAULT 0,
  queued_at BIGINT NOT NULL,
  next_at BIGINT NOT NULL,
  last_at BIGINT NOT NULL DEFAULT 0,
  finished_at BIGINT NOT NULL DEFAULT 0,
  status BIGINT NOT NULL DEFAULT 0,
  reason TEXT NOT NULL DEFAULT '',
  detail TEXT NOT NULL DEFAULT '',
  duration_ms BIGINT NOT NULL DEFAULT 0,
  answer TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (event_id, subscription_id)
);
CREATE INDEX webhooks_deliveries_due ON webhooks_deliveries (subscription_id, next_at) WHERE state = 'pending';
CREATE INDEX webhooks_deliveries_log ON webhooks_deliveries (subscription_id, at, event_id);
CREATE INDEX webhooks_deliveries_unsent ON webhooks_deliveries (subscription_id, at, event_id)
  WHERE state IN ('failed', 'dropped');

-- What the machinery did to a subscription by itself, for the people who look after it.
CREATE TABLE webhooks_notices (
  id BIGINT NOT NULL PRIMARY KEY,
  appid TEXT NOT NULL,
  subscription_id BIGINT NOT NULL,
  at BIGINT NOT NULL,
  reason TEXT NOT NULL,
  detail TEXT NOT NULL
);
CREATE INDEX webhooks_notices_app ON webhooks_notices (appid, at, id);
CREATE INDEX webhooks_notices_age ON webhooks_notices (at);
