-- What is to happen to a conversation, and when. A row is set and cancelled in the transaction of its cause, and fired by
-- compare-and-set with its effect. `generation`: the version of the conversation that set it.
CREATE TABLE desk_timers (
  conversation_id BIGINT NOT NULL,
  kind TEXT NOT NULL,
  appid TEXT NOT NULL,
  generation BIGINT NOT NULL,
  due_at BIGINT NOT NULL,
  PRIMARY KEY (conversation_id, kind)
);
CREATE INDEX desk_timers_due ON desk_timers (due_at, conversation_id, kind);

-- What the timers are a function of. `timers` says which rows there are: "agent_remind:1790000000000 …".
ALTER TABLE desk_conversations ADD COLUMN customer_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE desk_conversations ADD COLUMN answered_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE desk_conversations ADD COLUMN assigned_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE desk_conversations ADD COLUMN parked_until BIGINT NOT NULL DEFAULT 0;
ALTER TABLE desk_conversations ADD COLUMN warned_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE desk_conversations ADD COLUMN reminded_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE desk_conversations ADD COLUMN raised_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE desk_conversations ADD COLUMN timers TEXT NOT NULL DEFAULT '';

-- Minutes; 0 switches it off.
ALTER TABLE desk_settings ADD COLUMN silence_warn_minutes BIGINT NOT NULL DEFAULT 30;
ALTER TABLE desk_settings ADD COLUMN silence_close_minutes BIGINT NOT NULL DEFAULT 10;
ALTER TABLE desk_settings ADD COLUMN silence_of_priority BIGINT NOT NULL DEFAULT 0;
ALTER TABLE desk_settings ADD COLUMN silence_warn_text TEXT NOT NULL DEFAULT '';
ALTER TABLE desk_settings ADD COLUMN silence_close_text TEXT NOT NULL DEFAULT '';
ALTER TABLE desk_settings ADD COLUMN agent_remind_minutes BIGINT NOT NULL DEFAULT 5;
ALTER TABLE desk_settings ADD COLUMN agent_return_minutes BIGINT NOT NULL DEFAULT 20;
