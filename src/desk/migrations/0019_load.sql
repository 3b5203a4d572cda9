-- How many customers each agent has: of those they have now, not of all they ever had.
CREATE INDEX desk_conversations_load ON desk_conversations (appid, assignee_id)
  WHERE assignee_id <> 0 AND state = 'active' AND stage = 'assigned';
