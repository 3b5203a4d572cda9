-- When it went to the expert tier by itself; 0: it has not, since it was opened or reopened.
ALTER TABLE desk_conversations ADD COLUMN escalated_at BIGINT NOT NULL DEFAULT 0;
