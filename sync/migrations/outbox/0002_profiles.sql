-- Pieces the central instance keeps, and its answers to a school that asked for profiles, sealed for the school's box.
CREATE TABLE piece_receipts (
  hash TEXT PRIMARY KEY,
  state TEXT NOT NULL,                      -- kept, or why it never will be
  at INTEGER NOT NULL,
  line BLOB NOT NULL                        -- the receipt as it was signed; empty for a refusal
) STRICT, WITHOUT ROWID;

CREATE TABLE profile_answers (
  request TEXT PRIMARY KEY,
  code TEXT NOT NULL,                       -- empty, or why the central instance refused
  at INTEGER NOT NULL,
  number INTEGER NOT NULL,                  -- place of this request in the question
  answer BLOB NOT NULL                      -- the signed, sealed line; several requests may share one
) STRICT, WITHOUT ROWID;
