-- What was delivered to the export apps. A delivery that failed is tried again in its own row, of whatever version is the newest then; since is null for a bulk package.
CREATE TABLE package_delivery (
  number INTEGER PRIMARY KEY,
  app TEXT NOT NULL,
  state TEXT NOT NULL,
  started_by TEXT NOT NULL,
  target TEXT NOT NULL,
  version INTEGER NOT NULL,
  since INTEGER,
  attempts INTEGER NOT NULL,
  started_at TEXT NOT NULL,
  tried_at TEXT NOT NULL,
  ended_at TEXT,
  bytes INTEGER,
  rows_written TEXT,
  failure TEXT
);
CREATE INDEX package_delivery_app ON package_delivery (app, number);
INSERT INTO counter (name, value) VALUES ('package_delivery', 0);
