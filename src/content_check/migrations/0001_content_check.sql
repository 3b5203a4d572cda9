-- How the texts of a mini program's agents are checked before they are sent. leave_out: JSON, phrases that checkers are
-- not shown.
CREATE TABLE content_check_settings (
  appid TEXT NOT NULL PRIMARY KEY,
  version BIGINT NOT NULL,
  words TEXT NOT NULL,
  wechat BIGINT NOT NULL,
  wechat_action TEXT NOT NULL,
  wechat_unanswered TEXT NOT NULL,
  wechat_inactive TEXT NOT NULL,
  leave_out TEXT NOT NULL
);

-- Other programs that are asked. secret: sealed.
CREATE TABLE content_check_checkers (
  id BIGINT NOT NULL PRIMARY KEY,
  appid TEXT NOT NULL,
  version BIGINT NOT NULL,
  name TEXT NOT NULL,
  address TEXT NOT NULL,
  action TEXT NOT NULL,
  unanswered TEXT NOT NULL,
  enabled BIGINT NOT NULL,
  secret BYTEA NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE INDEX content_check_checkers_of ON content_check_checkers (appid, id);
