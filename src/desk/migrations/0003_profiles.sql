-- The customer's profile (people); nickname, note and tags are copies of it, for lists and search. 0: not yet known.
ALTER TABLE desk_threads ADD COLUMN profile BIGINT NOT NULL DEFAULT 0;
CREATE INDEX desk_threads_profile ON desk_threads (profile) WHERE profile <> 0;
