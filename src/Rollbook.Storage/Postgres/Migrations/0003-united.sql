-- Records that several sources have together: for each of their members what its own source says, since the roster holds what the sources say together.
CREATE TABLE member (
  app text NOT NULL,
  key uuid NOT NULL,
  id uuid NOT NULL,
  kind integer NOT NULL,
  "row" bytea NOT NULL,
  PRIMARY KEY (app, key)
);
CREATE INDEX member_id ON member (id);

-- Records that keep the Rollbook ID which they had together with another that has left.
CREATE TABLE kept_id (
  key uuid NOT NULL PRIMARY KEY,
  id uuid NOT NULL
);
