-- What persons decided about two records of sources: low and high are their keys in order, so that there is one decision about the two.
CREATE TABLE duplicate_decision (
  low uuid NOT NULL,
  high uuid NOT NULL,
  kind integer NOT NULL,
  first_app text NOT NULL,
  "first" uuid NOT NULL,
  second_app text NOT NULL,
  second uuid NOT NULL,
  verdict integer NOT NULL,
  decided_by text NOT NULL,
  decided_at timestamptz NOT NULL,
  PRIMARY KEY (low, high)
);
INSERT INTO counter (name, value) VALUES ('decision', 0);

-- The last search for duplicates of each sort (1: suggestions), and what it found; no value of any record.
CREATE TABLE duplicate_search (
  suggestions integer PRIMARY KEY,
  version integer NOT NULL,
  configuration integer NOT NULL,
  revision bigint NOT NULL,
  ended_at timestamptz NOT NULL,
  notices text NOT NULL
);
CREATE TABLE duplicate (
  number bigint PRIMARY KEY,
  suggestion integer NOT NULL,
  kind integer NOT NULL,
  rank integer NOT NULL,
  domain text,
  records text NOT NULL,
  reasons text
);
CREATE INDEX duplicate_place ON duplicate (kind, suggestion, rank, number);

-- Members by their own key alone.
CREATE INDEX member_key ON member (key);
