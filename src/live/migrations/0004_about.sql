-- What a change is about, a conversation: told as it is to those whom it concerns, in counts to all others. 0: nothing.
ALTER TABLE live_pending ADD COLUMN about BIGINT NOT NULL DEFAULT 0;
ALTER TABLE live_changes ADD COLUMN about BIGINT NOT NULL DEFAULT 0;
