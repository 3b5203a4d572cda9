-- Tiers 服务级别: ordinary, expert. After so many minutes of working time a conversation of the group goes to the expert tier
-- by itself; 0: never.
ALTER TABLE teams_groups ADD COLUMN tier TEXT NOT NULL DEFAULT 'ordinary';
ALTER TABLE teams_groups ADD COLUMN escalate_waiting_minutes BIGINT NOT NULL DEFAULT 0;
ALTER TABLE teams_groups ADD COLUMN escalate_assigned_minutes BIGINT NOT NULL DEFAULT 0;
