-- What waits for a conversation to open goes for its age.
CREATE INDEX desk_messages_lobby_age ON desk_messages (appid, created_at, id) WHERE conversation_id = 0;
