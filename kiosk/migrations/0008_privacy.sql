-- Profiles that follow a pupil from school to school, and erasures. INE and birth dates are here and never in the log, which
-- holds ids and the hash of a piece: a piece can be erased and every chain still verifies.
CREATE TABLE pieces (
  person TEXT PRIMARY KEY REFERENCES people (id),
  hash TEXT NOT NULL UNIQUE,                -- SHA-256 of `piece`, which its record names
  piece BLOB NOT NULL,                      -- sync.pieces.Piece in its one spelling, salt included
  content TEXT NOT NULL,                    -- digest of what it says without salt and date: unchanged, nothing is made
  record INTEGER NOT NULL,                  -- number of the profile.state record
  at_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE profile_requests (             -- who asked for whose profile, and when; never deleted
  id TEXT PRIMARY KEY,                      -- 16 hex digits
  organisation TEXT NOT NULL REFERENCES organisations (id),
  learner TEXT NOT NULL REFERENCES learners (id),
  person TEXT NOT NULL REFERENCES people (id), -- the administrator who asked
  at_ms INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('queued', 'found', 'none', 'refused', 'dropped')),
  code TEXT NOT NULL DEFAULT '',            -- why it was refused
  settled_ms INTEGER
) STRICT;
CREATE INDEX profile_requests_by_learner ON profile_requests (learner, at_ms);
CREATE UNIQUE INDEX profile_requests_queued ON profile_requests (learner) WHERE state = 'queued';

CREATE TABLE carried_states (               -- what other schools said of a pupil: the last state of each
  learner TEXT NOT NULL REFERENCES learners (id),
  site TEXT NOT NULL,                       -- the school that signed it
  uai TEXT NOT NULL,
  school TEXT NOT NULL,                     -- its name, as the central instance knows it
  hash TEXT NOT NULL,
  state TEXT NOT NULL,                      -- JSON of sync.pieces.State: results, resets, levels; no number, no birth date
  at_ms INTEGER NOT NULL,                   -- when that school stated it
  received_ms INTEGER NOT NULL,
  request TEXT NOT NULL REFERENCES profile_requests (id),
  PRIMARY KEY (learner, site)
) STRICT;

CREATE TABLE erasures (                     -- who was erased, as an id
  id INTEGER PRIMARY KEY,
  subject TEXT NOT NULL,                    -- people.id, or learners.id of somebody without an account
  by TEXT,                                  -- people.id; NULL: from a terminal of the server
  at_ms INTEGER NOT NULL,
  record INTEGER NOT NULL                   -- number of the person.erased record
) STRICT;
