-- What Data Requirements found in the accepted uploads: records with a value that is missing or not valid, and no value of theirs.

CREATE TABLE issue (
  app TEXT NOT NULL,
  collection INTEGER NOT NULL,
  record BLOB NOT NULL,
  kind INTEGER NOT NULL,
  attribute TEXT NOT NULL,
  rule INTEGER NOT NULL,
  problem INTEGER NOT NULL,
  sis_id TEXT NOT NULL,
  school BLOB
);
CREATE INDEX issue_record ON issue (app, collection, record);
CREATE INDEX issue_sort ON issue (app, rule, kind, attribute, problem, sis_id);
