-- Phones, ID and card numbers that stood in a profile's texts, sealed; the text holds them masked. field: nickname, note,
-- or the id of an attribute; at, length: where the masked form stands, in code points. The search key of a phone is that
-- of a phone among the ids.
CREATE TABLE people_numbers (
  id BIGINT NOT NULL PRIMARY KEY,
  profile BIGINT NOT NULL,
  field TEXT NOT NULL,
  at BIGINT NOT NULL,
  length BIGINT NOT NULL,
  kind TEXT NOT NULL,
  search_key TEXT NOT NULL,
  sealed BYTEA NOT NULL
);
CREATE INDEX people_numbers_of ON people_numbers (profile, field, at);
CREATE INDEX people_numbers_key ON people_numbers (search_key, profile);
CREATE INDEX people_numbers_field ON people_numbers (field);
