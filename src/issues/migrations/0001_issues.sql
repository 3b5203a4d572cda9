-- An issue 问题: errors that belong together. `id` is a hash of its first key; `number` is for people to say. 0 and ''
-- stand for "none".
CREATE TABLE issues_issues (
  id INTEGER NOT NULL PRIMARY KEY, -- sqlite only
  id BIGINT NOT NULL PRIMARY KEY, -- postgres only
  appid TEXT NOT NULL,
  number BIGINT NOT NULL,
  kind TEXT NOT NULL,
  title TEXT NOT NULL,
  culprit TEXT NOT NULL,
  page TEXT NOT NULL,
  -- What the severity is computed from, besides the figures.
  level BIGINT NOT NULL,
  handled BIGINT NOT NULL,
  refused BIGINT NOT NULL,
  key_job BIGINT NOT NULL,
  -- What people decided.
  state TEXT NOT NULL,
  fixed_in TEXT NOT NULL DEFAULT '',
  resolved_at BIGINT NOT NULL DEFAULT 0,
  regressed_at BIGINT NOT NULL DEFAULT 0,
  assignee_id BIGINT NOT NULL DEFAULT 0,
  assignee_name TEXT NOT NULL DEFAULT '',
  severity_set TEXT NOT NULL DEFAULT '',
  ignored BIGINT NOT NULL DEFAULT 0,
  ignored_until_at BIGINT NOT NULL DEFAULT 0,
  ignored_until_count BIGINT NOT NULL DEFAULT 0,
  ignored_seen DOUBLE PRECISION NOT NULL DEFAULT 0,
  ignored_until_release BIGINT NOT NULL DEFAULT 0,
  ignored_after_release TEXT NOT NULL DEFAULT '',
  tracker_url TEXT NOT NULL DEFAULT '',
  -- The severity in force, and how it was computed.
  severity TEXT NOT NULL,
  severity_computed TEXT NOT NULL,
  severity_reasons TEXT NOT NULL,
  severity_at BIGINT NOT NULL,
  first_seen_at BIGINT NOT NULL,
  first_release TEXT NOT NULL,
  last_seen_at BIGINT NOT NULL,
  last_release TEXT NOT NULL,
  merged_into BIGINT NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX issues_issues_number ON issues_issues (appid, number);
CREATE INDEX issues_issues_last ON issues_issues (appid, merged_into, last_seen_at, id);
CREATE INDEX issues_issues_first ON issues_issues (appid, merged_into, first_seen_at, id);
CREATE INDEX issues_issues_fixed ON issues_issues (appid, fixed_in) WHERE fixed_in <> '';
CREATE INDEX issues_issues_merged ON issues_issues (merged_into) WHERE merged_into <> 0;

-- What an issue is recognised by. A merge moves keys; `split`: it has an issue of its own for good.
CREATE TABLE issues_keys (
  id INTEGER NOT NULL PRIMARY KEY, -- sqlite only
  id BIGINT NOT NULL PRIMARY KEY, -- postgres only
  appid TEXT NOT NULL,
  issue BIGINT NOT NULL,
  version BIGINT NOT NULL,
  rule TEXT NOT NULL,
  parts TEXT NOT NULL,
  first_seen_at BIGINT NOT NULL,
  split BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX issues_keys_of ON issues_keys (issue, first_seen_at);
CREATE INDEX issues_keys_app ON issues_keys (appid);

-- Each step of an issue's history, and comments. `before` and `after`: what the step changed.
CREATE TABLE issues_activity (
  id INTEGER NOT NULL PRIMARY KEY, -- sqlite only
  id BIGINT NOT NULL PRIMARY KEY, -- postgres only
  appid TEXT NOT NULL,
  issue BIGINT NOT NULL,
  at BIGINT NOT NULL,
  what TEXT NOT NULL,
  account_id BIGINT NOT NULL,
  username TEXT NOT NULL,
  text TEXT NOT NULL,
  before TEXT NOT NULL,
  after TEXT NOT NULL
);
CREATE INDEX issues_activity_of ON issues_activity (issue, at, id);

-- Releases in their order: `place` is when each was first seen, unless people put it elsewhere.
CREATE TABLE issues_releases (
  appid TEXT NOT NULL,
  release TEXT NOT NULL,
  first_seen_at BIGINT NOT NULL,
  place BIGINT NOT NULL,
  PRIMARY KEY (appid, release)
);

-- Uploaded source maps; the bytes lie in the blobs under their sha256.
CREATE TABLE issues_source_maps (
  id INTEGER NOT NULL PRIMARY KEY, -- sqlite only
  id BIGINT NOT NULL PRIMARY KEY, -- postgres only
  appid TEXT NOT NULL,
  release TEXT NOT NULL,
  layer TEXT NOT NULL,
  file TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  bytes BIGINT NOT NULL,
  uploaded_at BIGINT NOT NULL,
  uploaded_by TEXT NOT NULL
);
CREATE UNIQUE INDEX issues_source_maps_file ON issues_source_maps (appid, release, layer, file);
CREATE INDEX issues_source_maps_newest ON issues_source_maps (appid, uploaded_at, id);
