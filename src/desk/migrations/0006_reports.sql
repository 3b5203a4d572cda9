-- After which message of its thread something happened: what tells a message before a closing from one after it.
ALTER TABLE desk_events ADD COLUMN seq BIGINT NOT NULL DEFAULT 0;
UPDATE desk_events SET seq = COALESCE((SELECT MAX(m.seq) FROM desk_messages m JOIN desk_conversations c
  ON c.thread_id = m.thread_id AND c.id = m.conversation_id
  WHERE c.id = desk_events.conversation_id AND m.created_at <= desk_events.at), 0) WHERE kind = 'closed';
