-- The signed log. Bytes are kept exactly as they were signed; nothing here is ever updated or deleted.
-- A seal covers the events of its commit and names the last record, so that none can be taken from the end.
-- Events lie in the order they happened, so a commit touches few pages; the index finds those of a sitting.
CREATE TABLE log_events (
  id INTEGER PRIMARY KEY,
  sitting TEXT NOT NULL,
  seq INTEGER NOT NULL,
  at INTEGER NOT NULL,
  seal INTEGER NOT NULL,
  bytes BLOB NOT NULL,
  UNIQUE (sitting, seq)
) STRICT;

CREATE TABLE log_seals (
  seq INTEGER PRIMARY KEY,
  sig BLOB NOT NULL,
  bytes BLOB NOT NULL
) STRICT;

CREATE TABLE log_records (
  seq INTEGER PRIMARY KEY,
  type TEXT NOT NULL,
  at INTEGER NOT NULL,
  hash TEXT NOT NULL,
  sig BLOB NOT NULL,
  bytes BLOB NOT NULL
) STRICT;
