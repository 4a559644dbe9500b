-- What was purged as a whole once its time of keeping was over: a signed line says which sittings and records, and the hash of
-- each end, so that everything that is left still verifies.
CREATE TABLE log_tombstones (
  seq INTEGER PRIMARY KEY,
  sig BLOB NOT NULL,
  bytes BLOB NOT NULL
) STRICT;
