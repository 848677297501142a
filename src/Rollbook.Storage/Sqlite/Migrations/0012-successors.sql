-- SIS Migration: records that go on under the Rollbook ID of another, by the ID that their own SIS ID gives. state: 0 proposed, 1 accepted, 2 kept separate.
CREATE TABLE successor (
  app TEXT NOT NULL,
  key BLOB NOT NULL,
  id BLOB NOT NULL,
  kind INTEGER NOT NULL,
  domain TEXT NOT NULL,
  state INTEGER NOT NULL,
  PRIMARY KEY (app, key)
) WITHOUT ROWID;
CREATE INDEX successor_kind ON successor (app, kind, key);
CREATE INDEX successor_id ON successor (id);
