-- What the daemon knows: receipts it holds, records the central instance would not take, and the last contact.
CREATE TABLE receipts (
  hash TEXT PRIMARY KEY,
  seq INTEGER NOT NULL,
  state TEXT NOT NULL,
  at INTEGER NOT NULL,
  line BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE refusals (
  hash TEXT PRIMARY KEY,
  seq INTEGER NOT NULL,
  code TEXT NOT NULL,
  message TEXT NOT NULL,
  tries INTEGER NOT NULL,
  next_try INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE contact (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  state TEXT NOT NULL,
  detail TEXT NOT NULL,
  last_try INTEGER NOT NULL,
  last_ok INTEGER NOT NULL,
  failures INTEGER NOT NULL,
  next_try INTEGER NOT NULL,
  pending INTEGER NOT NULL
) STRICT;
INSERT INTO contact VALUES (1, 'never', '', 0, 0, 0, 0, 0);
