-- Records are found by the day on which a conversation was opened, and go by when it was closed.
CREATE INDEX desk_conversations_opened ON desk_conversations (appid, opened_at, id);
DROP INDEX desk_conversations_closed;
CREATE INDEX desk_conversations_closed ON desk_conversations (appid, closed_at, id) WHERE closed_at <> 0;
