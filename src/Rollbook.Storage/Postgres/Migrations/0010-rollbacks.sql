-- The version whose content a rollback has published again; NULL for every other version.
ALTER TABLE version ADD COLUMN restored integer;

-- The oldest version whose content is kept.
INSERT INTO counter (name, value) VALUES ('oldest', 1);

-- Where a rollback has made the newest version another than what the sources last said gives: what they give. A row is in canonical bytes; there is none where the record is not
-- in the roster that they give.
CREATE TABLE set_aside (
  kind integer NOT NULL,
  id uuid NOT NULL,
  "row" bytea,
  PRIMARY KEY (kind, id)
);
