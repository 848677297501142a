-- What Data Requirements found in the accepted uploads: records with a value that is missing or not valid, and no value of theirs.

CREATE TABLE issue (
  app text NOT NULL,
  collection integer NOT NULL,
  record uuid NOT NULL,
  kind integer NOT NULL,
  attribute text COLLATE "C" NOT NULL,
  rule integer NOT NULL,
  problem integer NOT NULL,
  sis_id text COLLATE "C" NOT NULL,
  school uuid
);
CREATE INDEX issue_record ON issue (app, collection, record);
CREATE INDEX issue_sort ON issue (app, rule, kind, attribute, problem, sis_id);
