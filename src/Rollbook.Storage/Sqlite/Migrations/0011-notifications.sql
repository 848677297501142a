-- What people are told: a row an event. "mark" is what makes it one event, so that nobody is told twice.
CREATE TABLE notification (
  number INTEGER PRIMARY KEY,
  topic TEXT NOT NULL,
  app TEXT NOT NULL,
  run INTEGER,
  at TEXT NOT NULL,
  title TEXT NOT NULL,
  details TEXT NOT NULL,
  reasons TEXT NOT NULL,
  mark TEXT NOT NULL UNIQUE
);
CREATE INDEX notification_app ON notification (app, number);

-- What is to be sent of them, and to whom (an account's ID; empty for the webhook). Without "settled_at" it is still to be sent.
CREATE TABLE delivery (
  number INTEGER PRIMARY KEY,
  notification INTEGER NOT NULL,
  channel TEXT NOT NULL,
  recipient TEXT NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0,
  due_at TEXT NOT NULL,
  trouble TEXT,
  sent INTEGER NOT NULL DEFAULT 0,
  settled_at TEXT
);
CREATE INDEX delivery_due ON delivery (channel, due_at) WHERE settled_at IS NULL;
CREATE INDEX delivery_channel ON delivery (channel, number);

-- What a person chose to get by e-mail, and up to where the person has read the list in the console.
CREATE TABLE notification_choice (
  person TEXT NOT NULL,
  topic TEXT NOT NULL,
  chosen INTEGER NOT NULL,
  PRIMARY KEY (person, topic)
) WITHOUT ROWID;
CREATE TABLE notification_read (
  person TEXT PRIMARY KEY,
  number INTEGER NOT NULL
) WITHOUT ROWID;

-- Runs that have been looked at and may still say something: at work or waiting. Those up to the counter 'told' that are not here have been told of.
CREATE TABLE followed_run (
  run INTEGER PRIMARY KEY
);
INSERT INTO followed_run (run) SELECT number FROM run WHERE ended_at IS NULL;
INSERT INTO counter (name, value) VALUES ('notification', 0), ('delivery', 0);
INSERT INTO counter (name, value) SELECT 'told', coalesce(max(number), 0) FROM run;
