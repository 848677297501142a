-- What is being set up and is not in force yet, and work that is done for it in the background.

CREATE TABLE draft (
  app TEXT PRIMARY KEY,
  revision INTEGER NOT NULL,
  document TEXT NOT NULL,
  saved_by TEXT NOT NULL,
  saved_at TEXT NOT NULL
);

CREATE TABLE job (
  number INTEGER PRIMARY KEY,
  app TEXT NOT NULL,
  kind TEXT NOT NULL,
  state TEXT NOT NULL,
  started_by TEXT NOT NULL,
  started_at TEXT NOT NULL,
  reported_at TEXT NOT NULL,
  ended_at TEXT,
  progress TEXT,
  result TEXT
);
CREATE INDEX job_app ON job (app, kind, number);

INSERT INTO counter (name, value) VALUES ('job', 0);
