-- Automation rules 自动化规则 as JSON, in their order: position 0, 1, 2 … without gaps. since: what was due before that is
-- not made up for. paused_at: when it was paused, since it did too much; 0: it was not.
CREATE TABLE automation_rules (
  appid TEXT NOT NULL,
  id BIGINT NOT NULL,
  position BIGINT NOT NULL,
  version BIGINT NOT NULL,
  rule TEXT NOT NULL,
  since BIGINT NOT NULL,
  paused_at BIGINT NOT NULL DEFAULT 0,
  updated_by TEXT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (appid, id)
);

-- What rules did, and why not. detail: JSON, what was done or compared, without values. replaced: the newest of its rule
-- and conversation only is kept (whatever did not fire), so that messages do not fill it.
CREATE TABLE automation_log (
  id BIGINT NOT NULL PRIMARY KEY,
  appid TEXT NOT NULL,
  at BIGINT NOT NULL,
  rule_id BIGINT NOT NULL,
  rule_name TEXT NOT NULL,
  conversation_id BIGINT NOT NULL,
  event TEXT NOT NULL,
  outcome TEXT NOT NULL,
  detail TEXT NOT NULL,
  replaced BIGINT NOT NULL
);
CREATE INDEX automation_log_of ON automation_log (appid, at, id);
CREATE INDEX automation_log_of_rule ON automation_log (appid, rule_id, at, id);
CREATE INDEX automation_log_of_outcome ON automation_log (appid, outcome, at, id);
CREATE INDEX automation_log_of_conversation ON automation_log (conversation_id, at, id);
CREATE INDEX automation_log_by_age ON automation_log (at);
CREATE UNIQUE INDEX automation_log_newest ON automation_log (conversation_id, rule_id) WHERE replaced = 1;

-- For which message of the customer (its seq in the thread) a rule fired last in a conversation: once for each.
CREATE TABLE automation_turns (
  conversation_id BIGINT NOT NULL,
  rule_id BIGINT NOT NULL,
  turn BIGINT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (conversation_id, rule_id)
);
CREATE INDEX automation_turns_by_age ON automation_turns (at);

-- How often each rule fired in a minute (since 1970).
CREATE TABLE automation_rates (
  appid TEXT NOT NULL,
  minute BIGINT NOT NULL,
  rule_id BIGINT NOT NULL,
  fired BIGINT NOT NULL,
  PRIMARY KEY (appid, minute, rule_id)
);
