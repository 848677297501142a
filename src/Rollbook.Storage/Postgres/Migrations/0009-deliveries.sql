-- What was delivered to the export apps. A delivery that failed is tried again in its own row, of whatever version is the newest then; since is null for a bulk package.
CREATE TABLE package_delivery (
  number bigint PRIMARY KEY,
  app text NOT NULL,
  state text NOT NULL,
  started_by text NOT NULL,
  target text NOT NULL,
  version integer NOT NULL,
  since integer,
  attempts integer NOT NULL,
  started_at timestamptz NOT NULL,
  tried_at timestamptz NOT NULL,
  ended_at timestamptz,
  bytes bigint,
  rows_written text,
  failure text
);
CREATE INDEX package_delivery_app ON package_delivery (app, number);
INSERT INTO counter (name, value) VALUES ('package_delivery', 0);
