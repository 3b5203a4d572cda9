-- Which message a customer's picture came with: who may read that may see it.
CREATE TABLE desk_media (
  appid TEXT NOT NULL,
  media_id TEXT NOT NULL,
  message_id BIGINT NOT NULL,
  PRIMARY KEY (appid, media_id)
)
WITHOUT ROWID -- sqlite only
;
INSERT INTO desk_media SELECT appid, json_extract(body, '$.media_id'), MIN(id) FROM desk_messages WHERE direction = 'in' AND msgtype = 'image' AND json_extract(body, '$.media_id') <> '' GROUP BY 1, 2; -- sqlite only
INSERT OR IGNORE INTO desk_media SELECT appid, json_extract(body, '$.thumb_media_id'), MIN(id) FROM desk_messages WHERE direction = 'in' AND msgtype = 'miniprogrampage' AND json_extract(body, '$.thumb_media_id') <> '' GROUP BY 1, 2; -- sqlite only
INSERT OR IGNORE INTO desk_media SELECT m.appid, j.value, MIN(m.id) FROM desk_messages m, json_each(m.body, '$.media_ids') j WHERE m.direction = 'in' AND m.msgtype NOT IN ('text', 'image', 'miniprogrampage', 'link', 'location') GROUP BY 1, 2; -- sqlite only
INSERT INTO desk_media SELECT appid, body::json ->> 'media_id', MIN(id) FROM desk_messages WHERE direction = 'in' AND msgtype = 'image' AND body::json ->> 'media_id' <> '' GROUP BY 1, 2; -- postgres only
INSERT INTO desk_media SELECT appid, body::json ->> 'thumb_media_id', MIN(id) FROM desk_messages WHERE direction = 'in' AND msgtype = 'miniprogrampage' AND body::json ->> 'thumb_media_id' <> '' GROUP BY 1, 2 ON CONFLICT DO NOTHING; -- postgres only
INSERT INTO desk_media SELECT m.appid, j.value, MIN(m.id) FROM desk_messages m, json_array_elements_text(CASE WHEN json_typeof(m.body::json -> 'media_ids') = 'array' THEN m.body::json -> 'media_ids' ELSE '[]'::json END) j(value) WHERE m.direction = 'in' AND m.msgtype NOT IN ('text', 'image', 'miniprogrampage', 'link', 'location') GROUP BY 1, 2 ON CONFLICT DO NOTHING; -- postgres only
