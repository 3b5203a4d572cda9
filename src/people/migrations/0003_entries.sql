-- How often each customer entered a session, by day and by the page or entrance that they came from. day: when it began.
CREATE TABLE people_entries (
  appid TEXT NOT NULL,
  day BIGINT NOT NULL,
  source TEXT NOT NULL,
  profile BIGINT NOT NULL,
  entries BIGINT NOT NULL,
  PRIMARY KEY (appid, day, source, profile)
);
