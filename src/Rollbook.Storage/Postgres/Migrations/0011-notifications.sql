-- What people are told: a row an event. "mark" is what makes it one event, so that nobody is told twice.
CREATE TABLE notification (
  number bigint PRIMARY KEY,
  topic text NOT NULL,
  app text NOT NULL,
  run bigint,
  at timestamptz NOT NULL,
  title text NOT NULL,
  details text NOT NULL,
  reasons text NOT NULL,
  mark text NOT NULL UNIQUE
);
CREATE INDEX notification_app ON notification (app, number);

-- What is to be sent of them, and to whom (an account's ID; empty for the webhook). Without "settled_at" it is still to be sent.
CREATE TABLE delivery (
  number bigint PRIMARY KEY,
  notification bigint NOT NULL,
  channel text NOT NULL,
  recipient text NOT NULL,
  attempts integer NOT NULL DEFAULT 0,
  due_at timestamptz NOT NULL,
  trouble text,
  sent boolean NOT NULL DEFAULT FALSE,
  settled_at timestamptz
);
CREATE INDEX delivery_due ON delivery (channel, due_at) WHERE settled_at IS NULL;
CREATE INDEX delivery_channel ON delivery (channel, number);

-- What a person chose to get by e-mail, and up to where the person has read the list in the console.
CREATE TABLE notification_choice (
  person text NOT NULL,
  topic text NOT NULL,
  chosen boolean NOT NULL,
  PRIMARY KEY (person, topic)
);
CREATE TABLE notification_read (
  person text PRIMARY KEY,
  number bigint NOT NULL
);

-- Runs that have been looked at and may still say something: at work or waiting. Those up to the counter 'told' that are not here have been told of.
CREATE TABLE followed_run (
  run bigint PRIMARY KEY
);
INSERT INTO followed_run (run) SELECT number FROM run WHERE ended_at IS NULL;
INSERT INTO counter (name, value) VALUES ('notification', 0), ('delivery', 0);
INSERT INTO counter (name, value) SELECT 'told', coalesce(max(number), 0) FROM run;
