-- SIS Migration: records that go on under the Rollbook ID of another, by the ID that their own SIS ID gives. state: 0 proposed, 1 accepted, 2 kept separate.
CREATE TABLE successor (
  app text NOT NULL,
  key uuid NOT NULL,
  id uuid NOT NULL,
  kind integer NOT NULL,
  domain text NOT NULL,
  state integer NOT NULL,
  PRIMARY KEY (app, key)
);
CREATE INDEX successor_kind ON successor (app, kind, key);
CREATE INDEX successor_id ON successor (id);
