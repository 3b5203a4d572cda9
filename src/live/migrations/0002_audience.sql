-- Changes of one group's conversations, and of whom they are with: others with the permission do not see them.
-- group_id '': all with the permission.
ALTER TABLE live_pending ADD COLUMN group_id TEXT NOT NULL DEFAULT '';
ALTER TABLE live_pending ADD COLUMN account_id BIGINT NOT NULL DEFAULT 0;
ALTER TABLE live_changes ADD COLUMN group_id TEXT NOT NULL DEFAULT '';
ALTER TABLE live_changes ADD COLUMN account_id BIGINT NOT NULL DEFAULT 0;
