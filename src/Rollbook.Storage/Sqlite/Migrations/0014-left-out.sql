-- What a person has left out of the runs of an app, until one of them decides about it: the next import asks again.
CREATE TABLE left_out (
  app TEXT NOT NULL,
  kind INTEGER NOT NULL,
  id BLOB NOT NULL,
  operation INTEGER NOT NULL,
  run INTEGER NOT NULL,
  PRIMARY KEY (app, kind, id)
) WITHOUT ROWID;

-- Data Rollover and the hold of removals leave changes out as well, and look at them anew with the next import.
ALTER TABLE staged_left ADD COLUMN by_person INTEGER NOT NULL DEFAULT TRUE;
