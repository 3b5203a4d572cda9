-- Raised with config_version by every change of an account, a membership, a session or a key: what is cached of them
-- stays good while other configuration changes.
CREATE TABLE identity_state (
  id BIGINT PRIMARY KEY,
  version BIGINT NOT NULL
);
INSERT INTO identity_state (id, version) VALUES (1, 1);

CREATE TABLE identity_accounts (
  id BIGINT PRIMARY KEY,
  username TEXT NOT NULL,
  username_folded TEXT NOT NULL UNIQUE,
  display_name TEXT NOT NULL,
  language TEXT NOT NULL,
  password_hash TEXT NOT NULL,
  instance_admin BIGINT NOT NULL,
  must_change_password BIGINT NOT NULL,
  disabled BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  password_changed_at BIGINT NOT NULL,
  last_sign_in_at BIGINT
);

CREATE TABLE identity_members (
  appid TEXT NOT NULL,
  account_id BIGINT NOT NULL,
  role TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (appid, account_id)
);
CREATE INDEX identity_members_account ON identity_members (account_id);

CREATE TABLE identity_sessions (
  token_hash TEXT PRIMARY KEY,
  account_id BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  last_seen_at BIGINT NOT NULL,
  remote_address TEXT NOT NULL
);
CREATE INDEX identity_sessions_account ON identity_sessions (account_id);
CREATE INDEX identity_sessions_created ON identity_sessions (created_at);

CREATE TABLE identity_api_keys (
  id BIGINT PRIMARY KEY,
  key_hash TEXT NOT NULL UNIQUE,
  key_start TEXT NOT NULL,
  account_id BIGINT NOT NULL,
  name TEXT NOT NULL,
  scopes TEXT,
  appid TEXT,
  created_at BIGINT NOT NULL,
  expires_at BIGINT,
  last_used_at BIGINT
);
CREATE INDEX identity_api_keys_account ON identity_api_keys (account_id);

CREATE TABLE identity_login_failures (
  subject TEXT PRIMARY KEY,
  failures BIGINT NOT NULL,
  last_failed_at BIGINT NOT NULL,
  blocked_until BIGINT NOT NULL
);

CREATE TABLE identity_idempotency (
  caller TEXT NOT NULL,
  route TEXT NOT NULL,
  idempotency_key TEXT NOT NULL,
  request_hash TEXT NOT NULL,
  state TEXT NOT NULL,
  status BIGINT,
  content_type TEXT,
  body BYTEA,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (caller, route, idempotency_key)
);
CREATE INDEX identity_idempotency_created ON identity_idempotency (created_at);

CREATE TABLE audit_entries (
  id BIGINT PRIMARY KEY,
  at BIGINT NOT NULL,
  appid TEXT NOT NULL,
  account_id BIGINT NOT NULL,
  username TEXT NOT NULL,
  via TEXT NOT NULL,
  remote_address TEXT NOT NULL,
  action TEXT NOT NULL,
  object TEXT NOT NULL,
  changes TEXT NOT NULL
);
CREATE INDEX audit_entries_at ON audit_entries (at, id);
CREATE INDEX audit_entries_appid ON audit_entries (appid, at, id);
