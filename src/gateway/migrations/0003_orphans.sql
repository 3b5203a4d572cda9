-- Files of media that were forgotten: they go when nothing else names the same bytes.
CREATE TABLE gateway_orphans (blob TEXT NOT NULL PRIMARY KEY);
CREATE INDEX gateway_media_blob ON gateway_media (blob) WHERE blob <> '';
CREATE INDEX gateway_pictures_blob ON gateway_pictures (blob);
