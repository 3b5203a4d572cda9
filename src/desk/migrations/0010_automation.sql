-- Until when automation rules that wait for a time have been asked about the conversation.
ALTER TABLE desk_conversations ADD COLUMN automated_until BIGINT NOT NULL DEFAULT 0;
