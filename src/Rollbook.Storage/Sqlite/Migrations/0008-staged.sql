-- The change sets of runs that wait for a person; a row is in canonical bytes, and there is none for a deletion.
CREATE TABLE staged_change (
  run INTEGER NOT NULL,
  kind INTEGER NOT NULL,
  id BLOB NOT NULL,
  operation INTEGER NOT NULL,
  "row" BLOB,
  PRIMARY KEY (run, kind, id)
) WITHOUT ROWID;
CREATE INDEX staged_change_operation ON staged_change (run, kind, operation, id);

-- The schools at which the record of a change is, before or after; 16 zeros, which no record has as its ID, when it is at none.
CREATE TABLE staged_school (
  run INTEGER NOT NULL,
  kind INTEGER NOT NULL,
  school BLOB NOT NULL,
  operation INTEGER NOT NULL,
  id BLOB NOT NULL,
  PRIMARY KEY (run, kind, school, operation, id)
) WITHOUT ROWID;

-- The changes among them that a person leaves out of what is accepted.
CREATE TABLE staged_left (
  run INTEGER NOT NULL,
  kind INTEGER NOT NULL,
  id BLOB NOT NULL,
  operation INTEGER NOT NULL,
  PRIMARY KEY (run, kind, id)
) WITHOUT ROWID;

CREATE INDEX run_undecided ON run (number) WHERE state IN ('waiting', 'held');

-- What several sources say of the same records, and how often that has changed: a search for duplicates looks at it, too.
ALTER TABLE duplicate_search ADD COLUMN members INTEGER NOT NULL DEFAULT 0;
INSERT INTO counter (name, value) VALUES ('member', 0);
