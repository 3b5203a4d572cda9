-- For whoever is deleted: what their entries say besides the page.
CREATE INDEX people_entries_profile ON people_entries (profile);
