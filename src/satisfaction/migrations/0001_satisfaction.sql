-- A survey 满意度调查: one per conversation, from its closing on. 0 and '' stand for "none". `day` is the day on which the
-- conversation was opened, 20260314; not_asked says why nothing was asked. token_hash: of the rating page's link.
CREATE TABLE satisfaction_surveys (
  id BIGINT NOT NULL PRIMARY KEY,
  appid TEXT NOT NULL,
  conversation BIGINT NOT NULL,
  thread BIGINT NOT NULL,
  profile BIGINT NOT NULL,
  agent BIGINT NOT NULL,
  group_id BIGINT NOT NULL,
  day BIGINT NOT NULL,
  closed_at BIGINT NOT NULL,
  state TEXT NOT NULL,
  not_asked TEXT NOT NULL,
  form TEXT NOT NULL,
  words TEXT NOT NULL,
  asked_at BIGINT NOT NULL,
  delivered_at BIGINT NOT NULL DEFAULT 0,
  answered_at BIGINT NOT NULL DEFAULT 0,
  score BIGINT NOT NULL DEFAULT 0,
  comment TEXT NOT NULL DEFAULT '',
  token_hash TEXT NOT NULL
);
CREATE UNIQUE INDEX satisfaction_surveys_once ON satisfaction_surveys (conversation) WHERE conversation <> 0;
CREATE INDEX satisfaction_surveys_thread ON satisfaction_surveys (thread, asked_at, id) WHERE asked_at <> 0;
CREATE INDEX satisfaction_surveys_profile ON satisfaction_surveys (profile, asked_at);
CREATE UNIQUE INDEX satisfaction_surveys_token ON satisfaction_surveys (token_hash) WHERE token_hash <> '';
CREATE INDEX satisfaction_surveys_results ON satisfaction_surveys (appid, answered_at, id) WHERE answered_at <> 0;
-- All that the funnel counts by.
CREATE INDEX satisfaction_surveys_funnel ON satisfaction_surveys (appid, day, agent, group_id, form, state, score);

-- What a low score opens. owner 0: nobody's yet.
CREATE TABLE satisfaction_follow_ups (
  id BIGINT NOT NULL PRIMARY KEY,
  appid TEXT NOT NULL,
  survey BIGINT NOT NULL,
  version BIGINT NOT NULL,
  owner BIGINT NOT NULL,
  due_at BIGINT NOT NULL,
  state TEXT NOT NULL,
  note TEXT NOT NULL DEFAULT '',
  opened_at BIGINT NOT NULL,
  done_at BIGINT NOT NULL DEFAULT 0,
  done_by TEXT NOT NULL DEFAULT ''
);
CREATE UNIQUE INDEX satisfaction_follow_ups_once ON satisfaction_follow_ups (survey);
CREATE INDEX satisfaction_follow_ups_list ON satisfaction_follow_ups (appid, id);
CREATE INDEX satisfaction_follow_ups_owner ON satisfaction_follow_ups (appid, owner, id);

-- What a mini program asks and how, as JSON.
CREATE TABLE satisfaction_settings (
  appid TEXT NOT NULL PRIMARY KEY,
  settings TEXT NOT NULL
);
