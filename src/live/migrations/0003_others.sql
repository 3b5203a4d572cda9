-- Further accounts that see a change, apart from the group and the account: ids with a blank between them.
ALTER TABLE live_pending ADD COLUMN others TEXT NOT NULL DEFAULT '';
ALTER TABLE live_changes ADD COLUMN others TEXT NOT NULL DEFAULT '';
