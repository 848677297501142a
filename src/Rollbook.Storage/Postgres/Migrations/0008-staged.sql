-- The change sets of runs that wait for a person; a row is in canonical bytes, and there is none for a deletion.
CREATE TABLE staged_change (
  run bigint NOT NULL,
  kind integer NOT NULL,
  id uuid NOT NULL,
  operation integer NOT NULL,
  "row" bytea,
  PRIMARY KEY (run, kind, id)
);
CREATE INDEX staged_change_operation ON staged_change (run, kind, operation, id);

-- The schools at which the record of a change is, before or after; a UUID of zeros, which no record has as its ID, when it is at none.
CREATE TABLE staged_school (
  run bigint NOT NULL,
  kind integer NOT NULL,
  school uuid NOT NULL,
  operation integer NOT NULL,
  id uuid NOT NULL,
  PRIMARY KEY (run, kind, school, operation, id)
);

-- The changes among them that a person leaves out of what is accepted.
CREATE TABLE staged_left (
  run bigint NOT NULL,
  kind integer NOT NULL,
  id uuid NOT NULL,
  operation integer NOT NULL,
  PRIMARY KEY (run, kind, id)
);

CREATE INDEX run_undecided ON run (number) WHERE state IN ('waiting', 'held');

-- What several sources say of the same records, and how often that has changed: a search for duplicates looks at it, too.
ALTER TABLE duplicate_search ADD COLUMN members bigint NOT NULL DEFAULT 0;
INSERT INTO counter (name, value) VALUES ('member', 0);
