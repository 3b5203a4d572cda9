-- What is said of a conversation when it is wrapped up (src/wrapup): reason 0: none; tags: a JSON array, fields: an object.
ALTER TABLE desk_conversations ADD COLUMN reason BIGINT NOT NULL DEFAULT 0;
ALTER TABLE desk_conversations ADD COLUMN reason_name TEXT NOT NULL DEFAULT '';
ALTER TABLE desk_conversations ADD COLUMN tags TEXT NOT NULL DEFAULT '[]';
ALTER TABLE desk_conversations ADD COLUMN fields TEXT NOT NULL DEFAULT '{}';
CREATE INDEX desk_conversations_reason ON desk_conversations (appid, reason, last_message_at, id) WHERE reason > 0;

-- The tags once more, to be found by.
CREATE TABLE desk_conversation_tags (
  appid TEXT NOT NULL,
  tag TEXT NOT NULL,
  conversation_id BIGINT NOT NULL,
  PRIMARY KEY (appid, tag, conversation_id)
);
CREATE INDEX desk_conversation_tags_of ON desk_conversation_tags (conversation_id);
