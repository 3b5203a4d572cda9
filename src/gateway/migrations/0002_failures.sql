-- Attempts that failed since the message was queued: what the pauses between them grow with. `attempts` also counts those
-- that only waited for a turn.
ALTER TABLE gateway_outbox ADD COLUMN failures BIGINT NOT NULL DEFAULT 0;
