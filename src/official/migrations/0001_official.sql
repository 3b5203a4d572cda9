-- What WeChat measured itself, pulled by day and by line. 0 and '' stand for "none".

-- How far each source came. `position` (JSON): where the run goes on; `version` rises with each change, so that what
-- another node does meanwhile is seen. `calls` of the `minute`: WeChat counts them, too.
CREATE TABLE official_sources (
  appid TEXT NOT NULL,
  source TEXT NOT NULL,
  enabled BIGINT NOT NULL,
  running BIGINT NOT NULL,
  position TEXT NOT NULL,
  version BIGINT NOT NULL,
  next_at BIGINT NOT NULL,
  last_run_at BIGINT NOT NULL,
  last_success_at BIGINT NOT NULL,
  failures BIGINT NOT NULL,
  error_code BIGINT NOT NULL,
  error_text TEXT NOT NULL,
  error_at BIGINT NOT NULL,
  minute BIGINT NOT NULL,
  calls BIGINT NOT NULL,
  stored BIGINT NOT NULL,
  PRIMARY KEY (appid, source)
);
CREATE INDEX official_sources_due ON official_sources (enabled, next_at);

-- Days are China's, as days since 1970.
CREATE TABLE official_performance (
  appid TEXT NOT NULL,
  metric BIGINT NOT NULL,
  device TEXT NOT NULL,
  network TEXT NOT NULL,
  day BIGINT NOT NULL,
  cost_ms DOUBLE PRECISION NOT NULL,
  PRIMARY KEY (appid, metric, device, network, day)
);
CREATE INDEX official_performance_age ON official_performance (day);

-- `error`: a number made of WeChat's two digests.
CREATE TABLE official_js_errors (
  appid TEXT NOT NULL,
  day BIGINT NOT NULL,
  error BIGINT NOT NULL,
  message TEXT NOT NULL,
  stack TEXT NOT NULL,
  events BIGINT NOT NULL,
  users BIGINT NOT NULL,
  PRIMARY KEY (appid, day, error)
);
CREATE INDEX official_js_errors_age ON official_js_errors (day);

-- openid is personal data: found by it, and deleted.
CREATE TABLE official_js_error_events (
  appid TEXT NOT NULL,
  id BIGINT NOT NULL,
  error BIGINT NOT NULL,
  at BIGINT NOT NULL,
  release TEXT NOT NULL,
  os TEXT NOT NULL,
  base_library TEXT NOT NULL,
  wechat TEXT NOT NULL,
  device TEXT NOT NULL,
  route TEXT NOT NULL,
  openid TEXT NOT NULL,
  PRIMARY KEY (appid, id)
);
CREATE INDEX official_js_error_events_of ON official_js_error_events (appid, error, at, id);
CREATE INDEX official_js_error_events_person ON official_js_error_events (appid, openid);
CREATE INDEX official_js_error_events_age ON official_js_error_events (at);

-- `folded`: all that is said, for searching.
CREATE TABLE official_logs (
  appid TEXT NOT NULL,
  id BIGINT NOT NULL,
  at BIGINT NOT NULL,
  level BIGINT NOT NULL,
  page TEXT NOT NULL,
  platform TEXT NOT NULL,
  wechat TEXT NOT NULL,
  base_library TEXT NOT NULL,
  trace TEXT NOT NULL,
  filter TEXT NOT NULL,
  openid TEXT NOT NULL,
  messages TEXT NOT NULL,
  folded TEXT NOT NULL,
  PRIMARY KEY (appid, id)
);
CREATE INDEX official_logs_time ON official_logs (appid, at, id);
CREATE INDEX official_logs_person ON official_logs (appid, openid);
CREATE INDEX official_logs_age ON official_logs (at);

CREATE TABLE official_feedback (
  appid TEXT NOT NULL,
  id BIGINT NOT NULL,
  at BIGINT NOT NULL,
  type BIGINT NOT NULL,
  text TEXT NOT NULL,
  phone TEXT NOT NULL,
  openid TEXT NOT NULL,
  nickname TEXT NOT NULL,
  pictures BIGINT NOT NULL,
  system TEXT NOT NULL,
  PRIMARY KEY (appid, id)
);
CREATE INDEX official_feedback_time ON official_feedback (appid, at, id);
CREATE INDEX official_feedback_person ON official_feedback (appid, openid);
CREATE INDEX official_feedback_age ON official_feedback (at);

-- WeChat's lists of scenes and versions, as they were last.
CREATE TABLE official_words (
  appid TEXT NOT NULL,
  source TEXT NOT NULL,
  place BIGINT NOT NULL,
  name TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (appid, source, place)
);

-- Whose data were deleted, as hashes: what WeChat still has of them is not stored again.
CREATE TABLE official_forgotten (
  appid TEXT NOT NULL,
  person TEXT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (appid, person)
);
