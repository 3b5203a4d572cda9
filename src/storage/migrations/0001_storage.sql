-- What storage itself remembers. schema_versions is made by the migrator before the first migration.

CREATE TABLE leases (
  name TEXT PRIMARY KEY,
  owner TEXT NOT NULL,
  expires_at BIGINT NOT NULL
);

-- Node numbers are part of every id that a node makes; a number is leased.
CREATE TABLE nodes (
  number BIGINT PRIMARY KEY,
  owner TEXT NOT NULL UNIQUE,
  expires_at BIGINT NOT NULL
);

-- Operations that are done, so that a caller may repeat one; kept for 7 days.
CREATE TABLE operations (
  id TEXT PRIMARY KEY,
  created_at BIGINT NOT NULL
);

CREATE INDEX operations_age ON operations (created_at);

-- One row: raised with every change to what is cached.
CREATE TABLE config_version (
  id BIGINT PRIMARY KEY,
  version BIGINT NOT NULL
);

INSERT INTO config_version (id, version) VALUES (1, 1);
