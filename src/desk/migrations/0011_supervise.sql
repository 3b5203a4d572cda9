-- A transfer that waits for whom it was offered to, until when; and who was named in a note and may read along, ids with
-- a blank between them (desk_mentions has the rows that they come from).
ALTER TABLE desk_conversations ADD COLUMN offer_to BIGINT NOT NULL DEFAULT 0;
ALTER TABLE desk_conversations ADD COLUMN offer_name TEXT NOT NULL DEFAULT '';
ALTER TABLE desk_conversations ADD COLUMN offer_until BIGINT NOT NULL DEFAULT 0;
ALTER TABLE desk_conversations ADD COLUMN mentioned TEXT NOT NULL DEFAULT '';
CREATE INDEX desk_conversations_offered ON desk_conversations (appid, offer_to) WHERE offer_to <> 0;

-- A whisper 悄悄话: a note for this agent and supervisors only. 0: for all who read the conversation.
ALTER TABLE desk_messages ADD COLUMN whispered_to BIGINT NOT NULL DEFAULT 0;

-- Seconds for which an agent is asked before a transfer; 0: nobody is asked.
ALTER TABLE desk_settings ADD COLUMN transfer_accept_seconds BIGINT NOT NULL DEFAULT 0;

-- Who was named in which note. kind: mention, consult (a question, answered by answer_id), answer (to who asked).
CREATE TABLE desk_mentions (
  id INTEGER NOT NULL PRIMARY KEY, -- sqlite only
  id BIGINT NOT NULL PRIMARY KEY, -- postgres only
  appid TEXT NOT NULL,
  conversation_id BIGINT NOT NULL,
  message_id BIGINT NOT NULL,
  kind TEXT NOT NULL,
  account_id BIGINT NOT NULL,
  account_name TEXT NOT NULL,
  from_id BIGINT NOT NULL,
  from_name TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  read_at BIGINT NOT NULL DEFAULT 0,
  answered_at BIGINT NOT NULL DEFAULT 0,
  answer_id BIGINT NOT NULL DEFAULT 0,
  withdrawn_at BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX desk_mentions_conversation ON desk_mentions (conversation_id, account_id);
CREATE INDEX desk_mentions_inbox ON desk_mentions (appid, account_id, id) WHERE withdrawn_at = 0;
CREATE INDEX desk_mentions_unread ON desk_mentions (appid, account_id) WHERE withdrawn_at = 0 AND read_at = 0;
