-- Changes that are not numbered yet. `position` is the order of insertion: of two transactions that change the same
-- row, the second inserts later.
CREATE TABLE live_pending (
  position INTEGER PRIMARY KEY, -- sqlite only
  position BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, -- postgres only
  id BIGINT NOT NULL,
  appid TEXT NOT NULL,
  topic TEXT NOT NULL,
  permission TEXT NOT NULL,
  at BIGINT NOT NULL,
  data TEXT NOT NULL
);

-- The last number of each mini program.
CREATE TABLE live_heads (
  appid TEXT PRIMARY KEY,
  seq BIGINT NOT NULL
);

CREATE TABLE live_changes (
  appid TEXT NOT NULL,
  seq BIGINT NOT NULL,
  topic TEXT NOT NULL,
  permission TEXT NOT NULL,
  at BIGINT NOT NULL,
  data TEXT NOT NULL,
  PRIMARY KEY (appid, seq)
) WITHOUT ROWID; -- sqlite only
); -- postgres only
