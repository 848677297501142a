-- What is being set up and is not in force yet, and work that is done for it in the background.

CREATE TABLE draft (
  app text PRIMARY KEY,
  revision integer NOT NULL,
  document text NOT NULL,
  saved_by text NOT NULL,
  saved_at timestamptz NOT NULL
);

CREATE TABLE job (
  number bigint PRIMARY KEY,
  app text NOT NULL,
  kind text NOT NULL,
  state text NOT NULL,
  started_by text NOT NULL,
  started_at timestamptz NOT NULL,
  reported_at timestamptz NOT NULL,
  ended_at timestamptz,
  progress text,
  result text
);
CREATE INDEX job_app ON job (app, kind, number);

INSERT INTO counter (name, value) VALUES ('job', 0);
