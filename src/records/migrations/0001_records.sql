-- How long a mini program keeps what was said and its media, in days after a conversation's closing; 0: for ever. And how
-- far the deletion is: conversations up to (…_at, …_id) are dealt with, of the next one the media up to media_seq.
CREATE TABLE records_retention (
  appid TEXT NOT NULL PRIMARY KEY,
  version BIGINT NOT NULL,
  messages_days BIGINT NOT NULL,
  media_days BIGINT NOT NULL,
  updated_by TEXT NOT NULL,
  updated_at BIGINT NOT NULL,
  due_at BIGINT NOT NULL,
  messages_at BIGINT NOT NULL DEFAULT 0,
  messages_id BIGINT NOT NULL DEFAULT 0,
  messages_deleted BIGINT NOT NULL DEFAULT 0,
  messages_deleted_at BIGINT NOT NULL DEFAULT 0,
  media_at BIGINT NOT NULL DEFAULT 0,
  media_id BIGINT NOT NULL DEFAULT 0,
  media_seq BIGINT NOT NULL DEFAULT 0,
  media_deleted BIGINT NOT NULL DEFAULT 0,
  media_deleted_at BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX records_retention_due ON records_retention (due_at) WHERE messages_days <> 0 OR media_days <> 0;

-- Legal holds 法律保全. openid: of a person, and of a conversation's; released_at 0: it holds.
CREATE TABLE records_holds (
  id BIGINT NOT NULL PRIMARY KEY,
  appid TEXT NOT NULL,
  kind TEXT NOT NULL,
  openid TEXT NOT NULL,
  conversation BIGINT NOT NULL,
  reason TEXT NOT NULL,
  placed_by TEXT NOT NULL,
  placed_at BIGINT NOT NULL,
  released_by TEXT NOT NULL DEFAULT '',
  release_reason TEXT NOT NULL DEFAULT '',
  released_at BIGINT NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX records_holds_once ON records_holds (appid, kind, openid, conversation) WHERE released_at = 0;
CREATE INDEX records_holds_list ON records_holds (appid, id);

-- Exports 导出任务; part n of a file is DATA/records/exports/<id>.<n>. question and reader are JSON.
CREATE TABLE records_exports (
  id BIGINT NOT NULL PRIMARY KEY,
  appid TEXT NOT NULL,
  kind TEXT NOT NULL,
  state TEXT NOT NULL,
  format TEXT NOT NULL,
  question TEXT NOT NULL,
  openid TEXT NOT NULL,
  reader TEXT NOT NULL,
  place TEXT NOT NULL DEFAULT '',
  parts BIGINT NOT NULL DEFAULT 0,
  rows_written BIGINT NOT NULL DEFAULT 0,
  bytes BIGINT NOT NULL DEFAULT 0,
  reached_at BIGINT NOT NULL DEFAULT 0,
  cut BIGINT NOT NULL DEFAULT 0,
  problem TEXT NOT NULL DEFAULT '',
  account BIGINT NOT NULL,
  username TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  ended_at BIGINT NOT NULL DEFAULT 0,
  expires_at BIGINT NOT NULL DEFAULT 0,
  version BIGINT NOT NULL DEFAULT 1
);
CREATE INDEX records_exports_list ON records_exports (appid, id);
CREATE INDEX records_exports_open ON records_exports (id) WHERE state IN ('waiting', 'running');
CREATE INDEX records_exports_expired ON records_exports (expires_at) WHERE expires_at <> 0;

-- Deletions of one person's data. openid is there until this module's part is done; receipt is JSON.
CREATE TABLE records_erasures (
  id BIGINT NOT NULL PRIMARY KEY,
  appid TEXT NOT NULL,
  openid TEXT NOT NULL,
  hash TEXT NOT NULL,
  asked_by TEXT NOT NULL,
  reason TEXT NOT NULL,
  asked_at BIGINT NOT NULL,
  keeper TEXT NOT NULL DEFAULT '',
  place TEXT NOT NULL DEFAULT '',
  receipt TEXT NOT NULL
);
CREATE INDEX records_erasures_list ON records_erasures (appid, id);
CREATE UNIQUE INDEX records_erasures_once ON records_erasures (appid, openid) WHERE openid <> '';
