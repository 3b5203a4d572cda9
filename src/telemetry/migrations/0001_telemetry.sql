-- A mini program's number in the event store.
CREATE TABLE telemetry_apps (
  appid TEXT NOT NULL PRIMARY KEY,
  number BIGINT NOT NULL UNIQUE
);

-- A project key 项目密钥 lies in the mini program's code: it can only write. `project` is the number in a Sentry DSN.
CREATE TABLE telemetry_keys (
  id BIGINT NOT NULL PRIMARY KEY,
  appid TEXT NOT NULL,
  project BIGINT NOT NULL UNIQUE,
  key TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  records_per_minute BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  revoked_at BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX telemetry_keys_of ON telemetry_keys (appid, id);

-- Words that repeat, as numbers. 0 is no word, 1 is (其他).
CREATE TABLE telemetry_words (
  appid TEXT NOT NULL,
  dictionary BIGINT NOT NULL,
  word TEXT NOT NULL,
  number BIGINT NOT NULL,
  PRIMARY KEY (appid, dictionary, word)
);
CREATE UNIQUE INDEX telemetry_words_number ON telemetry_words (appid, dictionary, number);

-- Ids that name a person: login, unionid, openid, device.
CREATE TABLE telemetry_people (
  appid TEXT NOT NULL,
  kind TEXT NOT NULL,
  id TEXT NOT NULL,
  person BIGINT NOT NULL,
  PRIMARY KEY (appid, kind, id)
);
CREATE INDEX telemetry_people_person ON telemetry_people (appid, person);

-- Whom rows of `person` count as. Deleting a row undoes the merge.
CREATE TABLE telemetry_person_merges (
  appid TEXT NOT NULL,
  person BIGINT NOT NULL,
  canonical BIGINT NOT NULL,
  merged_at BIGINT NOT NULL,
  PRIMARY KEY (appid, person)
);
CREATE INDEX telemetry_person_merges_into ON telemetry_person_merges (appid, canonical);

-- What a mini program's people have set; a missing row is the default.
CREATE TABLE telemetry_settings (
  appid TEXT NOT NULL PRIMARY KEY,
  settings TEXT NOT NULL
);

-- Deletions of people, worked off by the loader. `named` is the id in the clear until it is gone from the dictionary,
-- `persons` the numbers that it was until their rows are gone; then the hash and the report are left.
CREATE TABLE telemetry_erasures (
  id BIGINT NOT NULL PRIMARY KEY,
  appid TEXT NOT NULL,
  state TEXT NOT NULL,
  kind TEXT NOT NULL,
  named TEXT NOT NULL,
  hash TEXT NOT NULL,
  asked_by TEXT NOT NULL,
  asked_at BIGINT NOT NULL,
  persons TEXT NOT NULL DEFAULT '[]',
  report TEXT NOT NULL DEFAULT '',
  finished_at BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX telemetry_erasures_of ON telemetry_erasures (appid, id);
CREATE INDEX telemetry_erasures_open ON telemetry_erasures (id) WHERE state <> 'done';

-- `miniops backup` asks the running server to leave the event store's files alone: asked, still, over.
CREATE TABLE telemetry_copies (
  id BIGINT NOT NULL PRIMARY KEY,
  state TEXT NOT NULL,
  renewed_at BIGINT NOT NULL
);
