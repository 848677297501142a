-- What a person has left out of the runs of an app, until one of them decides about it: the next import asks again.
CREATE TABLE left_out (
  app text NOT NULL,
  kind integer NOT NULL,
  id uuid NOT NULL,
  operation integer NOT NULL,
  run bigint NOT NULL,
  PRIMARY KEY (app, kind, id)
);

-- Data Rollover and the hold of removals leave changes out as well, and look at them anew with the next import.
ALTER TABLE staged_left ADD COLUMN by_person boolean NOT NULL DEFAULT TRUE;
