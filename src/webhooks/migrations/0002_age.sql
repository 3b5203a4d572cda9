-- For those who keep what was said for less than 30 days.
CREATE INDEX webhooks_events_told ON webhooks_events (appid, at, id) WHERE openid <> '';
