-- When the conversation's service levels have something to tell.
ALTER TABLE desk_conversations ADD COLUMN service_due_at BIGINT NOT NULL DEFAULT 0;
