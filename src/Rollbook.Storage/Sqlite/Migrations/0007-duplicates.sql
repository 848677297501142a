-- What persons decided about two records of sources: low and high are their keys in order, so that there is one decision about the two.
CREATE TABLE duplicate_decision (
  low BLOB NOT NULL,
  high BLOB NOT NULL,
  kind INTEGER NOT NULL,
  first_app TEXT NOT NULL,
  "first" BLOB NOT NULL,
  second_app TEXT NOT NULL,
  second BLOB NOT NULL,
  verdict INTEGER NOT NULL,
  decided_by TEXT NOT NULL,
  decided_at TEXT NOT NULL,
  PRIMARY KEY (low, high)
) WITHOUT ROWID;
INSERT INTO counter (name, value) VALUES ('decision', 0);

-- The last search for duplicates of each sort (1: suggestions), and what it found; no value of any record.
CREATE TABLE duplicate_search (
  suggestions INTEGER PRIMARY KEY,
  version INTEGER NOT NULL,
  configuration INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  ended_at TEXT NOT NULL,
  notices TEXT NOT NULL
);
CREATE TABLE duplicate (
  number INTEGER PRIMARY KEY,
  suggestion INTEGER NOT NULL,
  kind INTEGER NOT NULL,
  rank INTEGER NOT NULL,
  domain TEXT,
  records TEXT NOT NULL,
  reasons TEXT
);
CREATE INDEX duplicate_place ON duplicate (kind, suggestion, rank, number);

-- Members by their own key alone.
CREATE INDEX member_key ON member (key);
