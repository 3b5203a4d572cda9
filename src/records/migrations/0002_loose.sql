-- How far the deletion is in what is in no conversation: messages that wait for one, and what webhooks keep.
ALTER TABLE records_retention ADD COLUMN waiting_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE records_retention ADD COLUMN waiting_id BIGINT NOT NULL DEFAULT 0;
ALTER TABLE records_retention ADD COLUMN told_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE records_retention ADD COLUMN told_id BIGINT NOT NULL DEFAULT 0;
