-- Channels to people and what is delivered through them (README.md). Each table has appid as its first key column, but
-- for deliveries and attempts, whose notification's number is unique alone.

CREATE TABLE notify_channels (
  appid TEXT NOT NULL,
  id BIGINT NOT NULL,
  name TEXT NOT NULL,
  kind TEXT NOT NULL,
  enabled BIGINT NOT NULL,
  language TEXT NOT NULL,
  per_minute BIGINT NOT NULL,
  settings TEXT NOT NULL,
  secrets BYTEA NOT NULL,
  secret_names TEXT NOT NULL,
  target TEXT NOT NULL,
  broken BIGINT NOT NULL,
  last_success_at BIGINT NOT NULL,
  last_failure_at BIGINT NOT NULL,
  failure_reason TEXT NOT NULL,
  failure_detail TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (appid, id)
);

-- What is to be told, once for all channels of its chain.
CREATE TABLE notify_notifications (
  appid TEXT NOT NULL,
  id BIGINT NOT NULL,
  dedupe_key TEXT NOT NULL,
  subject TEXT NOT NULL,
  chain TEXT NOT NULL,
  content TEXT NOT NULL,
  queued_at BIGINT NOT NULL,
  PRIMARY KEY (appid, id)
);
CREATE UNIQUE INDEX notify_notifications_key ON notify_notifications (appid, dedupe_key);
CREATE INDEX notify_notifications_subject ON notify_notifications (appid, subject, id);
CREATE INDEX notify_notifications_age ON notify_notifications (queued_at);

-- One notification through one channel of its chain. What shares a message_id leaves, and is repeated, together.
CREATE TABLE notify_deliveries (
  notification_id BIGINT NOT NULL,
  position BIGINT NOT NULL,
  appid TEXT NOT NULL,
  channel_id BIGINT NOT NULL,
  message_id BIGINT NOT NULL,
  in_message BIGINT NOT NULL,
  state TEXT NOT NULL,
  unfinished BIGINT NOT NULL,
  attempts BIGINT NOT NULL,
  uncertain BIGINT NOT NULL,
  possibly_repeated BIGINT NOT NULL,
  falls_through BIGINT NOT NULL,
  reason TEXT NOT NULL,
  detail TEXT NOT NULL,
  queued_at BIGINT NOT NULL,
  due_at BIGINT NOT NULL,
  give_up_at BIGINT NOT NULL,
  finished_at BIGINT NOT NULL,
  claim_owner TEXT NOT NULL,
  PRIMARY KEY (notification_id, position)
);
CREATE INDEX notify_deliveries_due ON notify_deliveries (channel_id, due_at) WHERE unfinished = 1;
CREATE INDEX notify_deliveries_give_up ON notify_deliveries (give_up_at) WHERE unfinished = 1;
CREATE INDEX notify_deliveries_log ON notify_deliveries (appid, notification_id);
CREATE INDEX notify_deliveries_channel ON notify_deliveries (channel_id, notification_id);

-- leads: the one of its message that stands for it in the channel's pace.
CREATE TABLE notify_attempts (
  notification_id BIGINT NOT NULL,
  position BIGINT NOT NULL,
  attempt BIGINT NOT NULL,
  channel_id BIGINT NOT NULL,
  leads BIGINT NOT NULL,
  at BIGINT NOT NULL,
  ended_at BIGINT NOT NULL,
  state TEXT NOT NULL,
  reason TEXT NOT NULL,
  detail TEXT NOT NULL,
  steps TEXT NOT NULL,
  PRIMARY KEY (notification_id, position, attempt)
);
CREATE INDEX notify_attempts_pace ON notify_attempts (channel_id, at) WHERE leads = 1;

-- How many subscribe messages of a template a person still allows.
CREATE TABLE notify_consents (
  appid TEXT NOT NULL,
  openid TEXT NOT NULL,
  template_id TEXT NOT NULL,
  remaining BIGINT NOT NULL,
  spent BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (appid, openid, template_id)
);
