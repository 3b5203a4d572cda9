-- A comment with phones, ID or card numbers: masked in `comment`, whole here, sealed (src/base/vault.hpp). Empty: it has
-- none. What was stored before stays as it is.
ALTER TABLE satisfaction_surveys ADD COLUMN comment_sealed BYTEA NOT NULL DEFAULT '';
-- The score came as a message, not from the page: what is written next is its comment.
ALTER TABLE satisfaction_surveys ADD COLUMN replied BIGINT NOT NULL DEFAULT 0;
