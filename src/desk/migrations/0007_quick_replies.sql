-- Quick replies are a module of their own now (src/quick_replies), which has its tables before the desk has its own.
-- oldest_program_schema: 7
INSERT INTO quick_replies_entries (id, appid, account_id, shortcut, title, content, created_at, updated_at)
  SELECT id, appid, account_id, shortcut, title, content, created_at, created_at FROM desk_quick_replies;
DROP TABLE desk_quick_replies;
