-- Conversations of which something was recorded since their facts were derived; one may stand here several times.
CREATE TABLE reports_pending (
  id INTEGER NOT NULL PRIMARY KEY, -- sqlite only
  id BIGINT NOT NULL PRIMARY KEY, -- postgres only
  conversation_id BIGINT NOT NULL
);

-- The facts of one conversation, as codec.hpp writes them. day: on which it was opened, in days since 1970 in UTC.
-- last_at: of whatever is in it. previous_id: the same customer's conversation before; 0: there is none.
CREATE TABLE reports_conversations (
  id INTEGER NOT NULL PRIMARY KEY, -- sqlite only
  id BIGINT NOT NULL PRIMARY KEY, -- postgres only
  appid TEXT NOT NULL,
  day BIGINT NOT NULL,
  last_at BIGINT NOT NULL,
  previous_id BIGINT NOT NULL,
  facts BYTEA NOT NULL
);
CREATE INDEX reports_conversations_day ON reports_conversations (appid, day, id);
CREATE INDEX reports_conversations_last ON reports_conversations (appid, last_at);

-- All facts of a day one behind the other, so that a year is a few hundred rows. They are good while `packed` is the
-- generation, which rises with each change of that day.
CREATE TABLE reports_days (
  appid TEXT NOT NULL,
  day BIGINT NOT NULL,
  generation BIGINT NOT NULL,
  packed BIGINT NOT NULL,
  changed_at BIGINT NOT NULL,
  facts BYTEA NOT NULL,
  PRIMARY KEY (appid, day)
);
CREATE INDEX reports_days_stale ON reports_days (changed_at) WHERE packed <> generation;

-- How far all facts are derived anew (one row, id 1): with which definitions, up to which conversation.
CREATE TABLE reports_rebuild (
  id BIGINT NOT NULL PRIMARY KEY,
  version BIGINT NOT NULL,
  running BIGINT NOT NULL,
  after_id BIGINT NOT NULL
);
