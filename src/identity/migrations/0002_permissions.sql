-- How the permissions of one member differ from those of the role: effect is 'grant' or 'deny'. group_id '' is the whole
-- mini program; otherwise an id of the module that knows groups, and a grant for that group alone.
CREATE TABLE identity_adjustments (
  appid TEXT NOT NULL,
  account_id BIGINT NOT NULL,
  permission TEXT NOT NULL,
  group_id TEXT NOT NULL,
  effect TEXT NOT NULL,
  PRIMARY KEY (appid, account_id, permission, group_id)
);
CREATE INDEX identity_adjustments_account ON identity_adjustments (account_id);
CREATE INDEX identity_adjustments_permission ON identity_adjustments (appid, permission);
