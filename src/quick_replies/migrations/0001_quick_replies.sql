-- Quick replies 快捷回复. account_id 0: shared. folder: "售后/退款", '' is none. initials: set by hand; '' are those of the
-- title.
CREATE TABLE quick_replies_entries (
  id BIGINT NOT NULL PRIMARY KEY,
  appid TEXT NOT NULL,
  account_id BIGINT NOT NULL,
  folder TEXT NOT NULL DEFAULT '',
  shortcut TEXT NOT NULL DEFAULT '',
  title TEXT NOT NULL DEFAULT '',
  content TEXT NOT NULL DEFAULT '',
  picture_id TEXT NOT NULL DEFAULT '',
  initials TEXT NOT NULL DEFAULT '',
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
);
CREATE INDEX quick_replies_entries_of ON quick_replies_entries (appid, account_id, id);

-- How often each was used, in several rows (slot), so that agents who send the same text are seldom in conflict.
CREATE TABLE quick_replies_uses (
  reply BIGINT NOT NULL,
  slot BIGINT NOT NULL,
  uses BIGINT NOT NULL,
  last_used_at BIGINT NOT NULL,
  PRIMARY KEY (reply, slot)
);

-- Macros 宏. account_id 0: shared. steps: a JSON array, as the API shows it.
CREATE TABLE quick_replies_macros (
  id BIGINT NOT NULL PRIMARY KEY,
  appid TEXT NOT NULL,
  account_id BIGINT NOT NULL,
  name TEXT NOT NULL,
  steps TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
);
CREATE INDEX quick_replies_macros_of ON quick_replies_macros (appid, account_id, id);

-- What a macro did, so that it can be undone: JSON [{action, inverse}]. Kept for a day.
CREATE TABLE quick_replies_runs (
  id BIGINT NOT NULL PRIMARY KEY,
  appid TEXT NOT NULL,
  account_id BIGINT NOT NULL,
  macro BIGINT NOT NULL,
  conversation BIGINT NOT NULL,
  done TEXT NOT NULL,
  ran_at BIGINT NOT NULL,
  undone_at BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX quick_replies_runs_of ON quick_replies_runs (account_id, ran_at);
