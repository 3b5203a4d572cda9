-- A customer who writes one of these, and nothing else, ends the conversation: a JSON array.
ALTER TABLE desk_settings ADD COLUMN end_words TEXT NOT NULL DEFAULT '[]';
