-- INTEGER PRIMARY KEY is SQLite's row id: one tree less than a key beside it.

-- A thread is one person in one channel, for ever.
CREATE TABLE desk_threads (
  id INTEGER NOT NULL PRIMARY KEY, -- sqlite only
  id BIGINT NOT NULL PRIMARY KEY, -- postgres only
  appid TEXT NOT NULL,
  channel TEXT NOT NULL,
  openid TEXT NOT NULL,
  nickname TEXT NOT NULL DEFAULT '',
  note TEXT NOT NULL DEFAULT '',
  tags TEXT NOT NULL DEFAULT '[]',
  conversation_id BIGINT NOT NULL DEFAULT 0,
  conversations BIGINT NOT NULL DEFAULT 0,
  last_seq BIGINT NOT NULL DEFAULT 0,
  lobby BIGINT NOT NULL DEFAULT 0,
  source TEXT NOT NULL DEFAULT '',
  first_seen_at BIGINT NOT NULL,
  last_seen_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX desk_threads_person ON desk_threads (appid, channel, openid);

-- A conversation 会话 is one contact. 0 and '' stand for "none".
CREATE TABLE desk_conversations (
  id INTEGER NOT NULL PRIMARY KEY, -- sqlite only
  id BIGINT NOT NULL PRIMARY KEY, -- postgres only
  appid TEXT NOT NULL,
  thread_id BIGINT NOT NULL,
  openid TEXT NOT NULL,
  number BIGINT NOT NULL,
  channel TEXT NOT NULL,
  state TEXT NOT NULL,
  stage TEXT NOT NULL,
  assignee_id BIGINT NOT NULL DEFAULT 0,
  assignee_name TEXT NOT NULL DEFAULT '',
  priority BIGINT NOT NULL DEFAULT 0,
  unread BIGINT NOT NULL DEFAULT 0,
  waiting_since BIGINT NOT NULL DEFAULT 0,
  queue_since BIGINT NOT NULL DEFAULT 0,
  first_seq BIGINT NOT NULL DEFAULT 0,
  last_seq BIGINT NOT NULL DEFAULT 0,
  read_seq BIGINT NOT NULL DEFAULT 0,
  last_message TEXT NOT NULL DEFAULT '',
  last_message_at BIGINT NOT NULL DEFAULT 0,
  opened_at BIGINT NOT NULL,
  closed_at BIGINT NOT NULL DEFAULT 0,
  closed_by TEXT NOT NULL DEFAULT '',
  reopened BIGINT NOT NULL DEFAULT 0,
  source TEXT NOT NULL DEFAULT '',
  last_agent_id BIGINT NOT NULL DEFAULT 0,
  last_agent_at BIGINT NOT NULL DEFAULT 0,
  version BIGINT NOT NULL DEFAULT 1
);
CREATE UNIQUE INDEX desk_conversations_thread ON desk_conversations (thread_id, number);
CREATE INDEX desk_conversations_newest ON desk_conversations (appid, last_message_at, id);
CREATE INDEX desk_conversations_state ON desk_conversations (appid, state, last_message_at, id);
CREATE INDEX desk_conversations_assignee ON desk_conversations (appid, assignee_id, state, last_message_at, id) WHERE assignee_id <> 0;
-- Who waits longest, then the newest message (store.cpp has the same expression).
CREATE INDEX desk_conversations_waiting ON desk_conversations (appid, (CASE WHEN waiting_since <> 0 THEN waiting_since ELSE 9000000000000000 - last_message_at END), id) WHERE state <> 'closed';
CREATE INDEX desk_conversations_queue ON desk_conversations (appid, priority DESC, queue_since, id) WHERE stage = 'queued' AND state <> 'closed';
CREATE INDEX desk_conversations_closed ON desk_conversations (appid, closed_at) WHERE closed_at <> 0;

-- seq is 1, 2, … within the thread. conversation_id 0: in the thread's lobby, until a conversation opens.
CREATE TABLE desk_messages (
  id INTEGER NOT NULL PRIMARY KEY, -- sqlite only
  id BIGINT NOT NULL PRIMARY KEY, -- postgres only
  appid TEXT NOT NULL,
  thread_id BIGINT NOT NULL,
  conversation_id BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  direction TEXT NOT NULL,
  sender_kind TEXT NOT NULL,
  sender_id TEXT NOT NULL,
  sender_name TEXT NOT NULL DEFAULT '',
  cause TEXT NOT NULL DEFAULT '',
  msgtype TEXT NOT NULL,
  body TEXT NOT NULL,
  original TEXT NOT NULL DEFAULT '',
  raw TEXT NOT NULL DEFAULT '',
  state TEXT NOT NULL,
  errcode BIGINT NOT NULL DEFAULT 0,
  errmsg TEXT NOT NULL DEFAULT '',
  reason TEXT NOT NULL DEFAULT '',
  possibly_repeated BIGINT NOT NULL DEFAULT 0,
  attempts BIGINT NOT NULL DEFAULT 0,
  flagged TEXT NOT NULL DEFAULT '',
  answered_since BIGINT NOT NULL DEFAULT 0,
  client_id TEXT,
  queued_at BIGINT NOT NULL DEFAULT 0,
  accepted_at BIGINT NOT NULL DEFAULT 0,
  failed_at BIGINT NOT NULL DEFAULT 0,
  create_time BIGINT NOT NULL DEFAULT 0,
  created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX desk_messages_order ON desk_messages (thread_id, seq);
CREATE UNIQUE INDEX desk_messages_client ON desk_messages (conversation_id, client_id) WHERE client_id IS NOT NULL;
CREATE INDEX desk_messages_lobby ON desk_messages (thread_id, seq) WHERE conversation_id = 0;

-- Messages that the full-text index does not know yet.
CREATE TABLE desk_search_pending (message_id INTEGER NOT NULL PRIMARY KEY); -- sqlite only
CREATE TABLE desk_search_pending (message_id BIGINT NOT NULL PRIMARY KEY); -- postgres only

-- Each change of stage, assignee, group or priority; metrics will come from here only.
CREATE TABLE desk_events (
  id INTEGER NOT NULL PRIMARY KEY, -- sqlite only
  id BIGINT NOT NULL PRIMARY KEY, -- postgres only
  appid TEXT NOT NULL,
  conversation_id BIGINT NOT NULL,
  at BIGINT NOT NULL,
  kind TEXT NOT NULL,
  from_value TEXT NOT NULL DEFAULT '',
  to_value TEXT NOT NULL DEFAULT '',
  actor_kind TEXT NOT NULL,
  actor_id TEXT NOT NULL DEFAULT '',
  actor_name TEXT NOT NULL DEFAULT '',
  note TEXT NOT NULL DEFAULT ''
);
CREATE INDEX desk_events_conversation ON desk_events (conversation_id, at, id);

-- `chosen` is what the agent set; `presence` what counts: offline while the connection is lost.
CREATE TABLE desk_agents (
  appid TEXT NOT NULL,
  account_id BIGINT NOT NULL,
  display_name TEXT NOT NULL,
  presence TEXT NOT NULL,
  chosen TEXT NOT NULL,
  load_max BIGINT NOT NULL DEFAULT 0,
  since BIGINT NOT NULL,
  heartbeat_at BIGINT NOT NULL,
  assigned_at BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (appid, account_id)
);
CREATE INDEX desk_agents_lost ON desk_agents (account_id) WHERE presence = 'offline' AND chosen <> 'offline';
CREATE INDEX desk_agents_present ON desk_agents (presence, appid) WHERE presence <> 'offline';

CREATE TABLE desk_rules (
  id INTEGER NOT NULL PRIMARY KEY, -- sqlite only
  id BIGINT NOT NULL PRIMARY KEY, -- postgres only
  appid TEXT NOT NULL,
  name TEXT NOT NULL,
  kind TEXT NOT NULL,
  match_kind TEXT NOT NULL,
  patterns TEXT NOT NULL,
  replies TEXT NOT NULL,
  priority BIGINT NOT NULL,
  pause_s BIGINT NOT NULL,
  enabled BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
);
CREATE INDEX desk_rules_app ON desk_rules (appid, id);

CREATE TABLE desk_rule_firings (
  thread_id BIGINT NOT NULL,
  rule_id BIGINT NOT NULL,
  fired_at BIGINT NOT NULL,
  PRIMARY KEY (thread_id, rule_id)
);
CREATE INDEX desk_rule_firings_age ON desk_rule_firings (fired_at);

CREATE TABLE desk_words (
  id INTEGER NOT NULL PRIMARY KEY, -- sqlite only
  id BIGINT NOT NULL PRIMARY KEY, -- postgres only
  appid TEXT NOT NULL,
  word TEXT NOT NULL,
  folded TEXT NOT NULL,
  action TEXT NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX desk_words_word ON desk_words (appid, folded);
CREATE INDEX desk_words_app ON desk_words (appid, id);

CREATE TABLE desk_quick_replies (
  id INTEGER NOT NULL PRIMARY KEY, -- sqlite only
  id BIGINT NOT NULL PRIMARY KEY, -- postgres only
  appid TEXT NOT NULL,
  account_id BIGINT NOT NULL,
  shortcut TEXT NOT NULL,
  title TEXT NOT NULL,
  content TEXT NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE INDEX desk_quick_replies_app ON desk_quick_replies (appid, account_id, id);

CREATE TABLE desk_hours (
  appid TEXT NOT NULL PRIMARY KEY,
  time_zone TEXT NOT NULL,
  days TEXT NOT NULL
);

-- words_version counts the changes of the word list, so that another setting does not rebuild its matcher.
CREATE TABLE desk_settings (
  appid TEXT NOT NULL PRIMARY KEY,
  reopen_minutes BIGINT NOT NULL,
  grace_seconds BIGINT NOT NULL,
  load_max_default BIGINT NOT NULL,
  auto_assign BIGINT NOT NULL,
  words_version BIGINT NOT NULL DEFAULT 0
);

-- What everyone may find; personal data are masked in it. The second one holds only messages with personal data, in
-- clear, and is asked only for those who may see them. The third one holds nicknames and notes.
CREATE VIRTUAL TABLE desk_message_search USING fts5(tokens, content='', columnsize=0); -- sqlite only
CREATE TABLE desk_message_search (row_id BIGINT PRIMARY KEY, tokens TSVECTOR NOT NULL); -- postgres only
CREATE INDEX desk_message_search_tokens ON desk_message_search USING gin (tokens) WITH (fastupdate = off); -- postgres only
CREATE VIRTUAL TABLE desk_private_search USING fts5(tokens, content='', columnsize=0); -- sqlite only
CREATE TABLE desk_private_search (row_id BIGINT PRIMARY KEY, tokens TSVECTOR NOT NULL); -- postgres only
CREATE INDEX desk_private_search_tokens ON desk_private_search USING gin (tokens) WITH (fastupdate = off); -- postgres only
CREATE VIRTUAL TABLE desk_customer_search USING fts5(tokens, content='', columnsize=0); -- sqlite only
CREATE TABLE desk_customer_search (row_id BIGINT PRIMARY KEY, tokens TSVECTOR NOT NULL); -- postgres only
CREATE INDEX desk_customer_search_tokens ON desk_customer_search USING gin (tokens) WITH (fastupdate = off); -- postgres only
