-- Contact reasons 联系原因: two levels; parent 0: the first. rules, tags: JSON, what suggests it. used: it was chosen once,
-- and is archived from then on, never deleted.
CREATE TABLE wrapup_reasons (
  id BIGINT NOT NULL PRIMARY KEY,
  appid TEXT NOT NULL,
  parent BIGINT NOT NULL,
  name TEXT NOT NULL,
  position BIGINT NOT NULL,
  rules TEXT NOT NULL,
  tags TEXT NOT NULL,
  archived BIGINT NOT NULL DEFAULT 0,
  used BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX wrapup_reasons_of ON wrapup_reasons (appid, position, id);

-- Custom fields of conversations; what they say is the desk's.
CREATE TABLE wrapup_fields (
  id BIGINT NOT NULL PRIMARY KEY,
  appid TEXT NOT NULL,
  key TEXT NOT NULL,
  name TEXT NOT NULL,
  type TEXT NOT NULL,
  choices TEXT NOT NULL,
  chars_max BIGINT NOT NULL,
  number_min DOUBLE PRECISION,
  number_max DOUBLE PRECISION,
  position BIGINT NOT NULL,
  archived BIGINT NOT NULL DEFAULT 0,
  used BIGINT NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX wrapup_fields_key ON wrapup_fields (appid, key);

-- The tags that agents gave to conversations, for suggesting them.
CREATE TABLE wrapup_tags (
  appid TEXT NOT NULL,
  tag TEXT NOT NULL,
  used_at BIGINT NOT NULL,
  PRIMARY KEY (appid, tag)
);
CREATE INDEX wrapup_tags_lately ON wrapup_tags (appid, used_at);

CREATE TABLE wrapup_settings (
  appid TEXT NOT NULL PRIMARY KEY,
  reason_required BIGINT NOT NULL
);
