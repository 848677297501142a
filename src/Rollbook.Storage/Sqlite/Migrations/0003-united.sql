-- Records that several sources have together: for each of their members what its own source says, since the roster holds what the sources say together.
CREATE TABLE member (
  app TEXT NOT NULL,
  key BLOB NOT NULL,
  id BLOB NOT NULL,
  kind INTEGER NOT NULL,
  "row" BLOB NOT NULL,
  PRIMARY KEY (app, key)
) WITHOUT ROWID;
CREATE INDEX member_id ON member (id);

-- Records that keep the Rollbook ID which they had together with another that has left.
CREATE TABLE kept_id (
  key BLOB NOT NULL PRIMARY KEY,
  id BLOB NOT NULL
) WITHOUT ROWID;
