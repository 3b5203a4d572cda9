-- The place of a conversation among those that wait (src/routing). rule_id 0: none, or a person chose. target: JSON, what
-- is asked of the agent; '': not yet chosen. ahead: somebody let the customer wait, so that they come before all others.
ALTER TABLE desk_conversations ADD COLUMN group_id BIGINT NOT NULL DEFAULT 1;
ALTER TABLE desk_conversations ADD COLUMN rule_id BIGINT NOT NULL DEFAULT 0;
ALTER TABLE desk_conversations ADD COLUMN target TEXT NOT NULL DEFAULT '';
ALTER TABLE desk_conversations ADD COLUMN place BIGINT NOT NULL DEFAULT 0;
ALTER TABLE desk_conversations ADD COLUMN ahead BIGINT NOT NULL DEFAULT 0;
ALTER TABLE desk_conversations ADD COLUMN language TEXT NOT NULL DEFAULT '';

-- Who was put before all others had 1 as time of waiting until now.
UPDATE desk_conversations SET ahead = 1, queue_since = CASE WHEN waiting_since <> 0 THEN waiting_since ELSE last_message_at END
  WHERE queue_since = 1;
UPDATE desk_conversations SET place = queue_since - priority * 60000 - ahead * 1152921504606846976
  WHERE stage = 'queued' AND state <> 'closed';

-- Those who are here stay in the default group, whatever rules there will be.
UPDATE desk_conversations SET target = '{"group":"1"}' WHERE state <> 'closed';

DROP INDEX desk_conversations_queue;
CREATE INDEX desk_conversations_queue ON desk_conversations (appid, place, queue_since, id, group_id)
  WHERE stage = 'queued' AND state <> 'closed';

-- What session-from said at the last entry: {"trusted": {…}, "untrusted": {…}}.
ALTER TABLE desk_threads ADD COLUMN parameters TEXT NOT NULL DEFAULT '';
-- Why an agent is busy or away.
ALTER TABLE desk_agents ADD COLUMN reason TEXT NOT NULL DEFAULT '';
