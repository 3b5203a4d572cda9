-- What is promised to customers: a row for each group and priority with targets of its own. group_id '': every group,
-- priority -1: every priority. Milliseconds; 0: no target. business: the group's working time is counted, not all time.
CREATE TABLE service_levels_targets (
  appid TEXT NOT NULL,
  group_id TEXT NOT NULL,
  priority BIGINT NOT NULL,
  first_answer_ms BIGINT NOT NULL,
  next_answer_ms BIGINT NOT NULL,
  resolution_ms BIGINT NOT NULL,
  business BIGINT NOT NULL,
  PRIMARY KEY (appid, group_id, priority)
);

-- `version` is that of the targets and the warnings together: they are changed as one.
CREATE TABLE service_levels_settings (
  appid TEXT NOT NULL PRIMARY KEY,
  version BIGINT NOT NULL,
  half_percent BIGINT NOT NULL,
  most_percent BIGINT NOT NULL,
  updated_by TEXT NOT NULL,
  updated_at BIGINT NOT NULL
);

-- The calendars that clocks were started with, each once. key: a hash of body.
CREATE TABLE service_levels_calendars (
  key TEXT NOT NULL PRIMARY KEY,
  body TEXT NOT NULL
);

-- A clock of a conversation, with what was promised when it was started. Times that are "none" are 0. used_ms is what
-- had passed at counted_until; from then on it runs, unless it is parked, the customer's turn, or stopped. next_at: when
-- there is something to tell. day: the date of started_at in the calendar's time zone, in days since 1970.
CREATE TABLE service_levels_clocks (
  id INTEGER NOT NULL PRIMARY KEY, -- sqlite only
  id BIGINT NOT NULL PRIMARY KEY, -- postgres only
  conversation_id BIGINT NOT NULL,
  kind TEXT NOT NULL,
  ordinal BIGINT NOT NULL,
  version BIGINT NOT NULL,
  appid TEXT NOT NULL,
  group_id TEXT NOT NULL,
  priority BIGINT NOT NULL,
  agent_id BIGINT NOT NULL,
  calendar_key TEXT NOT NULL,
  target_ms BIGINT NOT NULL,
  half_percent BIGINT NOT NULL,
  most_percent BIGINT NOT NULL,
  day BIGINT NOT NULL,
  started_at BIGINT NOT NULL,
  counted_until BIGINT NOT NULL,
  used_ms BIGINT NOT NULL,
  parked BIGINT NOT NULL,
  customer_turn BIGINT NOT NULL,
  due_at BIGINT NOT NULL,
  next_at BIGINT NOT NULL,
  told TEXT NOT NULL,
  breached_at BIGINT NOT NULL,
  stopped_at BIGINT NOT NULL,
  ended TEXT NOT NULL
);
CREATE UNIQUE INDEX service_levels_clocks_of ON service_levels_clocks (conversation_id, kind, ordinal);
CREATE UNIQUE INDEX service_levels_clocks_open ON service_levels_clocks (conversation_id, kind) WHERE stopped_at = 0;
CREATE INDEX service_levels_clocks_breached ON service_levels_clocks (appid, breached_at, id) WHERE breached_at <> 0;
CREATE INDEX service_levels_clocks_day ON service_levels_clocks (appid, day);
