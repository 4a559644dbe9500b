-- Certification sessions: who, where, when, and where each passage stands. What happened is in the log; here are names, and
-- sums of the log for lists, kept in the same transaction.
CREATE TABLE sessions (
  id TEXT PRIMARY KEY,                      -- 16 hex digits; also the sitting id of the session's own chain
  number INTEGER NOT NULL UNIQUE,           -- what people type
  organisation TEXT NOT NULL,
  site TEXT NOT NULL,                       -- name of the place, on paper
  room TEXT NOT NULL,
  date TEXT NOT NULL,                       -- YYYY-MM-DD, the school's own day
  time TEXT NOT NULL,                       -- HH:MM, the school's own hour
  examiners TEXT NOT NULL,
  description TEXT NOT NULL DEFAULT '',
  code TEXT NOT NULL,                       -- access code: 4 letters, 2 digits
  password TEXT NOT NULL,                   -- typed by supervisors without QR, shown after C-
  bundle TEXT,                              -- id of the sealed bundle it is led by
  mode TEXT NOT NULL DEFAULT 'certification' CHECK (mode IN ('certification', 'rehearsal')),
  status TEXT NOT NULL DEFAULT 'created' CHECK (status IN ('created', 'open', 'closed', 'finalised')),
  gate INTEGER NOT NULL DEFAULT 1,          -- 1: only certifiable profiles come in
  lockdown TEXT NOT NULL DEFAULT 'none' CHECK (lockdown IN ('none', 'recommended', 'extension', 'seb')),
  allowance_min INTEGER NOT NULL DEFAULT 105,
  created_by TEXT NOT NULL,
  created_ms INTEGER NOT NULL,
  opened_ms INTEGER,
  closed_ms INTEGER,
  finalised_ms INTEGER,
  published_ms INTEGER,
  manifest INTEGER,                         -- number of the session.manifest record
  finalisation INTEGER,                     -- number of the session.finalised record
  comment TEXT NOT NULL DEFAULT '',         -- finalisation: global comment, at most 500
  has_incident INTEGER NOT NULL DEFAULT 0,
  has_joining_issue INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX sessions_by_date ON sessions (organisation, date, time);

CREATE TABLE session_clocks (
  session TEXT PRIMARY KEY REFERENCES sessions (id),
  boot TEXT NOT NULL,                       -- run of the machine,
  mono_ms INTEGER NOT NULL,                 -- instant on its monotonic clock,
  t_ms INTEGER NOT NULL,                    -- and on the session's own,
  wall_ms INTEGER NOT NULL,                 -- beside the wall clock, a note
  away TEXT NOT NULL DEFAULT '{}'           -- pages not heard since the server came back: candidate, instant last seen
) STRICT;

CREATE TABLE candidates (
  id TEXT PRIMARY KEY,                      -- 16 hex digits; also the sitting id of the candidate's chain
  session TEXT NOT NULL REFERENCES sessions (id),
  learner TEXT,                             -- learners.id when enrolled from the school's list
  person TEXT REFERENCES people (id),       -- the account that joined
  first_name TEXT NOT NULL,
  last_name TEXT NOT NULL,                  -- birth name
  name_key TEXT NOT NULL,                   -- both names as they are compared
  sex TEXT CHECK (sex IN ('M', 'F')),
  birth_date TEXT NOT NULL,                 -- YYYY-MM-DD
  birth_city TEXT,
  birth_city_code TEXT,
  birth_postcode TEXT,
  birth_country TEXT,
  email TEXT,
  results_email TEXT,
  external_id TEXT,
  division TEXT,
  extra_percent INTEGER NOT NULL DEFAULT 0 CHECK (extra_percent BETWEEN 0 AND 99),
  adjusted INTEGER NOT NULL DEFAULT 0,      -- 1: only items marked accessible
  waived INTEGER NOT NULL DEFAULT 0,        -- 1: the principal lets them in without a certifiable profile
  created_ms INTEGER NOT NULL,
  erased_ms INTEGER,
  state TEXT NOT NULL DEFAULT 'registered', -- exam.session.passage.State
  stopped TEXT NOT NULL DEFAULT '',         -- what stops the clock: pause, alert, lockdown, by commas
  answered INTEGER NOT NULL DEFAULT 0,
  number INTEGER NOT NULL DEFAULT 0,        -- question being asked
  epoch INTEGER NOT NULL DEFAULT 0,
  machine TEXT REFERENCES machines (id),
  called INTEGER NOT NULL DEFAULT 0,        -- 1: wants a supervisor to come
  checked_in_ms INTEGER,                    -- wall clock, notes for people
  started_ms INTEGER,
  last_ms INTEGER,
  ended_ms INTEGER,
  end_reason TEXT,
  abandonment TEXT CHECK (abandonment IN ('technical', 'candidate')),
  record INTEGER,                           -- number of the certification.sealed record
  UNIQUE (session, name_key, birth_date)
) STRICT;
CREATE INDEX candidates_by_person ON candidates (person);
CREATE INDEX candidates_by_learner ON candidates (learner);

CREATE TABLE machines (
  id TEXT PRIMARY KEY,                      -- 16 hex digits
  label TEXT NOT NULL UNIQUE,               -- P07
  digest BLOB NOT NULL UNIQUE,              -- SHA-256 of the secret in its cookie
  public_key TEXT,                          -- of its extension, when provisioned: 64 hex digits or JWK
  versions TEXT NOT NULL DEFAULT '{}',      -- JSON: browser, extension, what the self-check said
  created_ms INTEGER NOT NULL,
  seen_ms INTEGER NOT NULL,
  retired_ms INTEGER
) STRICT;

CREATE TABLE candidate_passes (
  digest BLOB PRIMARY KEY,                  -- SHA-256 of the secret in the candidate's cookie
  id TEXT NOT NULL UNIQUE,                  -- short name that may appear in the log
  candidate TEXT NOT NULL REFERENCES candidates (id),
  machine TEXT NOT NULL REFERENCES machines (id),
  pending INTEGER NOT NULL DEFAULT 0,       -- 1: asks to take over a passage that has begun; a supervisor allows it
  created_ms INTEGER NOT NULL,
  ended_ms INTEGER
) STRICT;
CREATE INDEX passes_by_candidate ON candidate_passes (candidate);

CREATE TABLE incidents (
  id TEXT PRIMARY KEY,                      -- 16 hex digits
  session TEXT NOT NULL REFERENCES sessions (id),
  candidate TEXT REFERENCES candidates (id),
  category TEXT NOT NULL,                   -- exam.session.incidents
  number INTEGER,                           -- question
  text TEXT NOT NULL DEFAULT '',
  by TEXT NOT NULL,
  at_ms INTEGER NOT NULL,
  automatic INTEGER NOT NULL DEFAULT 0,     -- 1: from a validated alert
  resolved_ms INTEGER,
  resolution TEXT NOT NULL DEFAULT '',
  withdrawn_ms INTEGER,
  record INTEGER
) STRICT;
CREATE INDEX incidents_by_session ON incidents (session, at_ms);

CREATE TABLE session_messages (
  id INTEGER PRIMARY KEY,
  session TEXT NOT NULL REFERENCES sessions (id),
  candidate TEXT REFERENCES candidates (id), -- NULL: everyone in the room
  text TEXT NOT NULL,
  by TEXT NOT NULL,
  at_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX messages_by_session ON session_messages (session);

CREATE TABLE leftovers (
  candidate TEXT NOT NULL REFERENCES candidates (id),
  number INTEGER NOT NULL,
  machine TEXT NOT NULL REFERENCES machines (id),
  key TEXT NOT NULL,
  answer TEXT NOT NULL,                     -- JSON
  at_ms INTEGER NOT NULL,
  ruled TEXT CHECK (ruled IN ('taken', 'dropped')),
  PRIMARY KEY (candidate, number, machine)
) STRICT;

CREATE TABLE candidate_uploads (
  candidate TEXT NOT NULL REFERENCES candidates (id),
  number INTEGER NOT NULL,
  item TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  name TEXT NOT NULL,
  size INTEGER NOT NULL,
  facts TEXT NOT NULL,                      -- JSON object of what the server found in the file
  at_ms INTEGER NOT NULL,
  PRIMARY KEY (candidate, number, item, sha256)
) STRICT;
