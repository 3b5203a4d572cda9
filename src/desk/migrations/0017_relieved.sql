-- From whom it went back to the queue: somebody else comes first. And how long it had waited in queues when it was given
-- to who had it last.
ALTER TABLE desk_conversations ADD COLUMN relieved_id BIGINT NOT NULL DEFAULT 0;
ALTER TABLE desk_conversations ADD COLUMN waited_ms BIGINT NOT NULL DEFAULT 0;
-- When rules chose its queue; 0: a person did. Rules that ask how long it has waited are asked again.
ALTER TABLE desk_conversations ADD COLUMN routed_at BIGINT NOT NULL DEFAULT 0;
