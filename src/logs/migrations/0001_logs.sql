-- Templates 日志模式 of log lines. `number` stands in rows of the event store and never changes its meaning; `alias_of`
-- is the older template that this one turned out to be, 0 while it lives. `sample` is masked.
CREATE TABLE logs_templates (
  appid TEXT NOT NULL,
  number BIGINT NOT NULL,
  text TEXT NOT NULL,
  sample TEXT NOT NULL,
  first_seen_at BIGINT NOT NULL,
  first_release TEXT NOT NULL,
  alias_of BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (appid, number)
);

-- Releases in the order in which their first log lines came.
CREATE TABLE logs_releases (
  appid TEXT NOT NULL,
  release TEXT NOT NULL,
  first_seen_at BIGINT NOT NULL,
  PRIMARY KEY (appid, release)
);

-- Saved queries 查询模板, shared by the people of a mini program. `columns` is a JSON array of names.
CREATE TABLE logs_queries (
  id BIGINT NOT NULL PRIMARY KEY,
  appid TEXT NOT NULL,
  name TEXT NOT NULL,
  query TEXT NOT NULL,
  source TEXT NOT NULL,
  level TEXT NOT NULL,
  columns TEXT NOT NULL,
  account BIGINT NOT NULL,
  username TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX logs_queries_name ON logs_queries (appid, name);

-- Exports 导出任务; the file of a finished one is DATA/telemetry/exports/<id>.
CREATE TABLE logs_exports (
  id BIGINT NOT NULL PRIMARY KEY,
  appid TEXT NOT NULL,
  state TEXT NOT NULL,
  query TEXT NOT NULL,
  source TEXT NOT NULL,
  level TEXT NOT NULL,
  from_at BIGINT NOT NULL,
  to_at BIGINT NOT NULL,
  format TEXT NOT NULL,
  gzip BIGINT NOT NULL,
  columns TEXT NOT NULL,
  masked BIGINT NOT NULL,
  lines BIGINT NOT NULL DEFAULT 0,
  lines_expected BIGINT,
  bytes BIGINT NOT NULL DEFAULT 0,
  cut BIGINT NOT NULL DEFAULT 0,
  problem TEXT NOT NULL DEFAULT '',
  account BIGINT NOT NULL,
  username TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  ended_at BIGINT NOT NULL DEFAULT 0,
  expires_at BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX logs_exports_of ON logs_exports (appid, id);
