-- What customers who wait are told by themselves: JSON (src/desk/queue_settings.hpp).
CREATE TABLE desk_queue_settings (
  appid TEXT NOT NULL PRIMARY KEY,
  settings TEXT NOT NULL
);

-- Waits that ended with an agent, for what others are told to expect; an hour of them.
CREATE TABLE desk_queue_waits (
  appid TEXT NOT NULL,
  group_id BIGINT NOT NULL,
  ended_at BIGINT NOT NULL,
  conversation_id BIGINT NOT NULL,
  ms BIGINT NOT NULL,
  PRIMARY KEY (appid, group_id, ended_at, conversation_id)
)
WITHOUT ROWID -- sqlite only
;
CREATE INDEX desk_queue_waits_age ON desk_queue_waits (ended_at);

-- The last thing that a customer who waits was told. minutes_from 0: no wait to expect.
CREATE TABLE desk_queue_notices (
  conversation_id INTEGER NOT NULL PRIMARY KEY, -- sqlite only
  conversation_id BIGINT NOT NULL PRIMARY KEY, -- postgres only
  position BIGINT NOT NULL,
  minutes_from BIGINT NOT NULL,
  minutes_to BIGINT NOT NULL,
  told_at BIGINT NOT NULL
);
CREATE INDEX desk_queue_notices_age ON desk_queue_notices (told_at);

-- Leaving a message 留言: when it was offered, or could not be; and of one that was left, by when it is to be answered.
ALTER TABLE desk_conversations ADD COLUMN leave_offered_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE desk_conversations ADD COLUMN left_due_at BIGINT NOT NULL DEFAULT 0;

-- state: offered, asked (what it is about), left, declined. reason of the offer: waiting, closed, busy. What was left is
-- the customer's message itself: here is only which.
CREATE TABLE desk_left_messages (
  conversation_id INTEGER NOT NULL PRIMARY KEY, -- sqlite only
  conversation_id BIGINT NOT NULL PRIMARY KEY, -- postgres only
  state TEXT NOT NULL,
  reason TEXT NOT NULL,
  offered_seq BIGINT NOT NULL,
  message_id BIGINT NOT NULL DEFAULT 0,
  left_at BIGINT NOT NULL DEFAULT 0
);
