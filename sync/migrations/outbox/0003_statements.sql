-- Identity sheets the central instance keeps, and what it said to this school, as it was signed.
CREATE TABLE sheet_receipts (
  hash TEXT PRIMARY KEY,
  state TEXT NOT NULL,                      -- kept, or why it never will be
  at INTEGER NOT NULL,
  line BLOB NOT NULL                        -- the receipt as it was signed; empty for a refusal
) STRICT, WITHOUT ROWID;

CREATE TABLE statements (
  number INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  line BLOB NOT NULL
) STRICT;
