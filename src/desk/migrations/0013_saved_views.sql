-- Saved views 视图 of the list of conversations. account_id 0: shared. filter: a JSON object of what is asked for.
CREATE TABLE desk_saved_views (
  id INTEGER NOT NULL PRIMARY KEY, -- sqlite only
  id BIGINT NOT NULL PRIMARY KEY, -- postgres only
  appid TEXT NOT NULL,
  account_id BIGINT NOT NULL,
  name TEXT NOT NULL,
  filter TEXT NOT NULL,
  position BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
);
CREATE INDEX desk_saved_views_of ON desk_saved_views (appid, account_id, position);
