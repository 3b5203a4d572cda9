-- Phones, ID and card numbers of messages: masked in the message, whole here, sealed (src/base/vault.hpp).
-- `search_key` is the HMAC by which a whole number is found.
CREATE TABLE desk_sealed_numbers (
  message_id BIGINT NOT NULL,
  position BIGINT NOT NULL,
  appid TEXT NOT NULL,
  kind TEXT NOT NULL,
  sealed BYTEA NOT NULL,
  search_key TEXT NOT NULL,
  PRIMARY KEY (message_id, position)
)
WITHOUT ROWID -- sqlite only
;
CREATE INDEX desk_sealed_numbers_found ON desk_sealed_numbers (appid, search_key, message_id);
-- Where they stand in the masked text: [[position, kind, field, at, length], …]. What was stored before stays as it is.
ALTER TABLE desk_messages ADD COLUMN hidden TEXT NOT NULL DEFAULT '';

ALTER TABLE desk_settings ADD COLUMN seal_numbers BIGINT NOT NULL DEFAULT 1;
-- The privacy notice that greetings carry: '' none.
ALTER TABLE desk_settings ADD COLUMN privacy_link TEXT NOT NULL DEFAULT '';
ALTER TABLE desk_settings ADD COLUMN privacy_version TEXT NOT NULL DEFAULT '';

-- Which version of it a customer was shown, and when. state: sending, shown, failed.
CREATE TABLE desk_privacy_notices (
  thread_id BIGINT NOT NULL,
  version TEXT NOT NULL,
  appid TEXT NOT NULL,
  link TEXT NOT NULL,
  message_id BIGINT NOT NULL,
  state TEXT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (thread_id, version)
)
WITHOUT ROWID -- sqlite only
;
CREATE INDEX desk_privacy_notices_message ON desk_privacy_notices (message_id);
