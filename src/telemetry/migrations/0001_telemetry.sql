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

-- What a mini program's people have set; a missing row is the default.
CREATE TABLE telemetry_settings (
  appid TEXT NOT NULL PRIMARY KEY,
  settings TEXT NOT NULL
);
