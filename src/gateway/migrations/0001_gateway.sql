-- The gateway's tables (README.md). Each has appid as its first key column, but for the journal's own machinery,
-- whose partitions hold many mini programs, and for the outbox, whose ids are handed out alone.

CREATE TABLE gateway_miniprograms (
  appid TEXT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  original_id TEXT NOT NULL,
  enabled BIGINT NOT NULL,
  mode TEXT NOT NULL,
  previous_mode TEXT NOT NULL,
  mode_changed_at BIGINT NOT NULL,
  format TEXT NOT NULL,
  secret BYTEA NOT NULL,
  secret_changed_at BIGINT NOT NULL,
  token BYTEA NOT NULL,
  previous_token BYTEA,
  token_changed_at BIGINT NOT NULL,
  aes_key BYTEA,
  previous_aes_key BYTEA,
  aes_key_changed_at BIGINT NOT NULL,
  time_zone TEXT NOT NULL,
  restrict_push_sources BIGINT NOT NULL,
  relay_url TEXT NOT NULL,
  transfer TEXT NOT NULL,
  created_at BIGINT NOT NULL
);

-- A push is stored once: its key, kept as long as its journal entry.
CREATE TABLE gateway_dedup (
  appid TEXT NOT NULL,
  dedup_key TEXT NOT NULL,
  PRIMARY KEY (appid, dedup_key)
)
WITHOUT ROWID -- sqlite only
;

-- The hot table. entry_id is partition * 2^40 + position. SQLite keeps the rows in order of arrival and reads them by an
-- index: a row of this size put among its partition's would move its neighbours' pages, and each of them is written to
-- the log again (measured in a burst: 3.7 pages a push, and 0.9 this way).
CREATE TABLE gateway_journal (
  arrival INTEGER PRIMARY KEY, -- sqlite only
  entry_id INTEGER NOT NULL UNIQUE, -- sqlite only
  entry_id BIGINT NOT NULL PRIMARY KEY, -- postgres only
  appid TEXT NOT NULL,
  openid TEXT NOT NULL,
  dedup_key TEXT NOT NULL,
  received_at BIGINT NOT NULL,
  format TEXT NOT NULL,
  raw_query BYTEA NOT NULL,
  raw_headers BYTEA NOT NULL,
  raw_body BYTEA NOT NULL,
  message BYTEA NOT NULL
);

CREATE TABLE gateway_partitions (
  partition_number BIGINT NOT NULL PRIMARY KEY,
  last_position BIGINT NOT NULL
);
INSERT INTO gateway_partitions (partition_number, last_position)
WITH RECURSIVE numbers(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n < 7) -- sqlite only
WITH RECURSIVE numbers(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n < 63) -- postgres only
SELECT n, 0 FROM numbers;

CREATE TABLE gateway_cursors (
  consumer TEXT NOT NULL,
  partition_number BIGINT NOT NULL,
  position BIGINT NOT NULL,
  PRIMARY KEY (consumer, partition_number)
);

CREATE TABLE gateway_dead_letters (
  appid TEXT NOT NULL,
  id BIGINT NOT NULL,
  consumer TEXT NOT NULL,
  entry_id BIGINT NOT NULL,
  openid TEXT NOT NULL,
  received_at BIGINT NOT NULL,
  failed_at BIGINT NOT NULL,
  attempts BIGINT NOT NULL,
  error TEXT NOT NULL,
  message TEXT NOT NULL,
  PRIMARY KEY (appid, id)
);
CREATE UNIQUE INDEX gateway_dead_letters_entry ON gateway_dead_letters (entry_id, consumer);

CREATE TABLE gateway_tokens (
  appid TEXT NOT NULL PRIMARY KEY,
  token BYTEA,
  obtained_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  state TEXT NOT NULL,
  errcode BIGINT NOT NULL,
  error TEXT NOT NULL,
  error_at BIGINT NOT NULL,
  forced_day BIGINT NOT NULL,
  forced_count BIGINT NOT NULL,
  forced_at BIGINT NOT NULL
);

CREATE TABLE gateway_api_pauses (
  appid TEXT NOT NULL,
  api TEXT NOT NULL,
  paused_until BIGINT NOT NULL,
  PRIMARY KEY (appid, api)
);

-- What may still be sent to a user, and the number of the last message queued for them.
CREATE TABLE gateway_windows (
  appid TEXT NOT NULL,
  openid TEXT NOT NULL,
  remaining BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  opened_by TEXT NOT NULL,
  last_seq BIGINT NOT NULL,
  PRIMARY KEY (appid, openid)
);

CREATE TABLE gateway_outbox (
  id INTEGER NOT NULL PRIMARY KEY, -- sqlite only
  id BIGINT NOT NULL PRIMARY KEY, -- postgres only
  appid TEXT NOT NULL,
  openid TEXT NOT NULL,
  seq BIGINT NOT NULL,
  reference BIGINT NOT NULL,
  message TEXT NOT NULL,
  blob TEXT NOT NULL,
  blob_content_type TEXT NOT NULL,
  automatic BIGINT NOT NULL,
  state TEXT NOT NULL,
  unfinished BIGINT NOT NULL,
  reserved BIGINT NOT NULL,
  attempts BIGINT NOT NULL,
  uncertain BIGINT NOT NULL,
  uploads_again BIGINT NOT NULL,
  possibly_repeated BIGINT NOT NULL,
  errcode BIGINT NOT NULL,
  errmsg TEXT NOT NULL,
  reason TEXT NOT NULL,
  queued_at BIGINT NOT NULL,
  due_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  finished_at BIGINT NOT NULL,
  claim_owner TEXT NOT NULL,
  claim_until BIGINT NOT NULL
);
CREATE INDEX gateway_outbox_due ON gateway_outbox (appid, due_at) WHERE unfinished = 1;
CREATE INDEX gateway_outbox_user ON gateway_outbox (appid, openid, seq) WHERE unfinished = 1;
CREATE INDEX gateway_outbox_finished ON gateway_outbox (appid, finished_at) WHERE unfinished = 0;

CREATE TABLE gateway_attempts (
  outbox_id BIGINT NOT NULL,
  attempt BIGINT NOT NULL,
  at BIGINT NOT NULL,
  ended_at BIGINT NOT NULL,
  state TEXT NOT NULL,
  errcode BIGINT NOT NULL,
  errmsg TEXT NOT NULL,
  PRIMARY KEY (outbox_id, attempt)
)
WITHOUT ROWID -- sqlite only
;

-- What the relay has still to forward; a row goes when the backend has answered with 2xx.
CREATE TABLE gateway_relay_queue (
  entry_id INTEGER NOT NULL PRIMARY KEY, -- sqlite only
  entry_id BIGINT NOT NULL PRIMARY KEY, -- postgres only
  appid TEXT NOT NULL,
  openid TEXT NOT NULL,
  received_at BIGINT NOT NULL,
  give_up_at BIGINT NOT NULL,
  attempts BIGINT NOT NULL,
  due_at BIGINT NOT NULL,
  error TEXT NOT NULL
);
CREATE INDEX gateway_relay_queue_due ON gateway_relay_queue (appid, due_at);
CREATE INDEX gateway_relay_queue_user ON gateway_relay_queue (appid, openid, entry_id);

CREATE TABLE gateway_relay_state (
  appid TEXT NOT NULL PRIMARY KEY,
  last_success_at BIGINT NOT NULL,
  last_error TEXT NOT NULL,
  last_error_at BIGINT NOT NULL
);

CREATE TABLE gateway_media (
  appid TEXT NOT NULL,
  media_id TEXT NOT NULL,
  state TEXT NOT NULL,
  pic_url TEXT NOT NULL,
  blob TEXT NOT NULL,
  content_type TEXT NOT NULL,
  size BIGINT NOT NULL,
  attempts BIGINT NOT NULL,
  wanted_at BIGINT NOT NULL,
  due_at BIGINT NOT NULL,
  error TEXT NOT NULL,
  PRIMARY KEY (appid, media_id)
);
CREATE INDEX gateway_media_due ON gateway_media (due_at) WHERE state = 'wanted';

-- Pictures that agents uploaded to us.
CREATE TABLE gateway_pictures (
  appid TEXT NOT NULL,
  blob TEXT NOT NULL,
  content_type TEXT NOT NULL,
  size BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (appid, blob)
);

-- Pictures that we uploaded to WeChat, and how long it keeps them.
CREATE TABLE gateway_uploads (
  appid TEXT NOT NULL,
  blob TEXT NOT NULL,
  media_id TEXT NOT NULL,
  expires_at BIGINT NOT NULL,
  PRIMARY KEY (appid, blob)
);

CREATE TABLE gateway_push_counts (
  appid TEXT NOT NULL,
  hour BIGINT NOT NULL,
  outcome TEXT NOT NULL,
  count BIGINT NOT NULL,
  last_at BIGINT NOT NULL,
  PRIMARY KEY (appid, hour, outcome)
);

CREATE TABLE gateway_callback_ips (
  appid TEXT NOT NULL PRIMARY KEY,
  addresses TEXT NOT NULL,
  refreshed_at BIGINT NOT NULL
);

-- One row each 10 s while a node runs; a gap is down time.
CREATE TABLE gateway_heartbeats (
  at BIGINT NOT NULL PRIMARY KEY
);
