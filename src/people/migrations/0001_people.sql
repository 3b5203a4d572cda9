-- A profile 客户档案: what one mini program knows about a person. `person` is the smallest id among the profiles that
-- links hold together; a profile without links is its own person. tags: a JSON array, for showing.
CREATE TABLE people_profiles (
  id BIGINT NOT NULL PRIMARY KEY,
  person BIGINT NOT NULL,
  appid TEXT NOT NULL,
  channel TEXT NOT NULL,
  openid TEXT NOT NULL,
  version BIGINT NOT NULL DEFAULT 1,
  nickname TEXT NOT NULL DEFAULT '',
  avatar_url TEXT NOT NULL DEFAULT '',
  note TEXT NOT NULL DEFAULT '',
  level BIGINT NOT NULL DEFAULT 0,
  level_source TEXT NOT NULL DEFAULT 'none',
  tags TEXT NOT NULL DEFAULT '[]',
  source TEXT NOT NULL DEFAULT '',
  first_seen_at BIGINT NOT NULL,
  last_seen_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX people_profiles_openid ON people_profiles (appid, openid, channel);
CREATE INDEX people_profiles_person ON people_profiles (person, id);
CREATE INDEX people_profiles_seen ON people_profiles (appid, last_seen_at, id);
CREATE INDEX people_profiles_of ON people_profiles (appid, id);

-- The tags of people_profiles once more, to be found by.
CREATE TABLE people_tags (
  profile BIGINT NOT NULL,
  tag TEXT NOT NULL,
  PRIMARY KEY (profile, tag)
);

-- Further ids of a profile. What is personal is sealed: value is then its masked form, search_key an HMAC. Otherwise
-- both are the id itself, and sealed is empty.
CREATE TABLE people_identities (
  id BIGINT NOT NULL PRIMARY KEY,
  profile BIGINT NOT NULL,
  kind TEXT NOT NULL,
  value TEXT NOT NULL,
  search_key TEXT NOT NULL,
  sealed BYTEA NOT NULL,
  source TEXT NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX people_identities_once ON people_identities (profile, kind, search_key);
CREATE INDEX people_identities_key ON people_identities (kind, search_key, profile);

-- A link says that two profiles are of one person; a < b. One that was undone stays, so that it is not made again by
-- itself.
CREATE TABLE people_links (
  id BIGINT NOT NULL PRIMARY KEY,
  a BIGINT NOT NULL,
  b BIGINT NOT NULL,
  source TEXT NOT NULL,
  linked_by TEXT NOT NULL DEFAULT '',
  linked_at BIGINT NOT NULL,
  undone_by TEXT NOT NULL DEFAULT '',
  undone_at BIGINT NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX people_links_once ON people_links (a, b, source) WHERE undone_at = 0;
CREATE INDEX people_links_a ON people_links (a);
CREATE INDEX people_links_b ON people_links (b);

-- A question to people: are these one? a < b. Asked once for two persons.
CREATE TABLE people_proposals (
  id BIGINT NOT NULL PRIMARY KEY,
  a BIGINT NOT NULL,
  b BIGINT NOT NULL,
  because TEXT NOT NULL,
  state TEXT NOT NULL DEFAULT 'open',
  proposed_at BIGINT NOT NULL,
  decided_by TEXT NOT NULL DEFAULT '',
  decided_at BIGINT NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX people_proposals_once ON people_proposals (a, b);
CREATE INDEX people_proposals_b ON people_proposals (b);
CREATE INDEX people_proposals_open ON people_proposals (id) WHERE state = 'open';

-- The blacklist 黑名单, with its past. ends_at 0: for ever.
CREATE TABLE people_blocks (
  id BIGINT NOT NULL PRIMARY KEY,
  appid TEXT NOT NULL,
  profile BIGINT NOT NULL,
  reason TEXT NOT NULL,
  blocked_by TEXT NOT NULL,
  blocked_at BIGINT NOT NULL,
  ends_at BIGINT NOT NULL,
  lifted_by TEXT NOT NULL DEFAULT '',
  lifted_at BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX people_blocks_of ON people_blocks (profile);
CREATE UNIQUE INDEX people_blocks_live ON people_blocks (profile) WHERE lifted_at = 0;
CREATE INDEX people_blocks_list ON people_blocks (appid, id) WHERE lifted_at = 0;

-- Custom attributes 自定义属性 of a mini program's customers. revoke_code: which of WeChat's authorizations it holds
-- data of; 0: none.
CREATE TABLE people_attributes (
  id BIGINT NOT NULL PRIMARY KEY,
  appid TEXT NOT NULL,
  key TEXT NOT NULL,
  name TEXT NOT NULL,
  type TEXT NOT NULL,
  choices TEXT NOT NULL,
  chars_max BIGINT NOT NULL,
  number_min DOUBLE PRECISION,
  number_max DOUBLE PRECISION,
  revoke_code BIGINT NOT NULL,
  position BIGINT NOT NULL
);
CREATE UNIQUE INDEX people_attributes_key ON people_attributes (appid, key);

-- A value: `number` of numbers and dates (20240131), else `text`.
CREATE TABLE people_values (
  profile BIGINT NOT NULL,
  attribute BIGINT NOT NULL,
  text TEXT NOT NULL,
  number DOUBLE PRECISION NOT NULL,
  PRIMARY KEY (profile, attribute)
);
CREATE INDEX people_values_of ON people_values (attribute, profile);

-- Segments 客户分群: saved conditions, as JSON.
CREATE TABLE people_segments (
  id BIGINT NOT NULL PRIMARY KEY,
  appid TEXT NOT NULL,
  name TEXT NOT NULL,
  condition TEXT NOT NULL,
  created_by TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
);
CREATE INDEX people_segments_of ON people_segments (appid, id);

-- What signs session-from, sealed. After a change the key before holds for another day: buttons are signed with it still.
CREATE TABLE people_session_keys (
  appid TEXT NOT NULL PRIMARY KEY,
  sealed BYTEA NOT NULL,
  previous BYTEA NOT NULL,
  previous_until BIGINT NOT NULL DEFAULT 0,
  made_by TEXT NOT NULL,
  made_at BIGINT NOT NULL
);
