-- What is set for a mini program; without a row the defaults. reasons: why agents are busy or away, a JSON array of
-- texts.
CREATE TABLE teams_settings (
  appid TEXT NOT NULL PRIMARY KEY,
  version BIGINT NOT NULL,
  points_per_minute BIGINT NOT NULL,
  reasons TEXT NOT NULL
);

-- Groups 客服组: who answers together. Group 1 is the default one, which each mini program has from the start: its row
-- comes with its first change. calendar: JSON. busy_from: how many wait when busy mode begins by itself.
CREATE TABLE teams_groups (
  appid TEXT NOT NULL,
  id BIGINT NOT NULL,
  version BIGINT NOT NULL,
  name TEXT NOT NULL,
  calendar TEXT NOT NULL,
  busy TEXT NOT NULL,
  busy_from BIGINT NOT NULL,
  busy_percent BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (appid, id)
);

-- Skills 技能, which agents have at a level and rules ask for.
CREATE TABLE teams_skills (
  appid TEXT NOT NULL,
  id BIGINT NOT NULL,
  name TEXT NOT NULL,
  PRIMARY KEY (appid, id)
);

-- What is set for an agent; who has no row has the defaults. load_max 0: the mini program's limit. languages: a JSON
-- array. version counts the changes of skills and memberships, too.
CREATE TABLE teams_agents (
  appid TEXT NOT NULL,
  account_id BIGINT NOT NULL,
  version BIGINT NOT NULL,
  load_max BIGINT NOT NULL,
  languages TEXT NOT NULL,
  PRIMARY KEY (appid, account_id)
);

CREATE TABLE teams_agent_skills (
  appid TEXT NOT NULL,
  account_id BIGINT NOT NULL,
  skill_id BIGINT NOT NULL,
  level BIGINT NOT NULL,
  PRIMARY KEY (appid, account_id, skill_id)
);

-- An agent works in a group. shift: a calendar of their own 班次 as JSON; '': the group's.
CREATE TABLE teams_memberships (
  appid TEXT NOT NULL,
  account_id BIGINT NOT NULL,
  group_id BIGINT NOT NULL,
  shift TEXT NOT NULL,
  PRIMARY KEY (appid, account_id, group_id)
);

-- Routing rules 分配规则 as JSON, tried by position: 0, 1, 2 … without gaps.
CREATE TABLE teams_rules (
  appid TEXT NOT NULL,
  id BIGINT NOT NULL,
  position BIGINT NOT NULL,
  version BIGINT NOT NULL,
  rule TEXT NOT NULL,
  updated_by TEXT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (appid, id)
);

-- The history of presence 在线状态. to_at 0: still.
CREATE TABLE teams_presence (
  id BIGINT NOT NULL PRIMARY KEY,
  appid TEXT NOT NULL,
  account_id BIGINT NOT NULL,
  presence TEXT NOT NULL,
  reason TEXT NOT NULL,
  from_at BIGINT NOT NULL,
  to_at BIGINT NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX teams_presence_now ON teams_presence (appid, account_id) WHERE to_at = 0;
CREATE INDEX teams_presence_of ON teams_presence (appid, account_id, from_at, id);
