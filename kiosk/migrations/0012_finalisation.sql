-- The end of a certification: what identifies each candidate beside the chain, what the central instance signed, certificates.
CREATE TABLE identity_sheets (
  candidate TEXT PRIMARY KEY REFERENCES candidates (id),
  session TEXT NOT NULL,
  hash TEXT NOT NULL,                       -- SHA-256 of the sheet: what the finalisation record says of the person
  sheet TEXT NOT NULL,                      -- canonical JSON: salt, names, birth date and place
  details TEXT NOT NULL,                    -- JSON for the central instance alone: INE, further names, class
  record INTEGER NOT NULL,                  -- number of the session.finalised record that names the hash
  at_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX identity_sheets_by_session ON identity_sheets (session);

-- Keys that principals' browsers made to finalise with; the private half never leaves the browser.
CREATE TABLE principal_keys (
  public_key TEXT PRIMARY KEY,              -- raw, in hex
  algorithm TEXT NOT NULL CHECK (algorithm IN ('ed25519', 'p256')),
  person TEXT NOT NULL,                     -- who was signed in when it first came; never another
  made_ms INTEGER NOT NULL,
  used_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX principal_keys_by_person ON principal_keys (person);

-- A finalisation a principal's browser was asked to sign: one a session, for a few minutes.
CREATE TABLE finalisation_statements (
  session TEXT PRIMARY KEY REFERENCES sessions (id) ON DELETE CASCADE,
  person TEXT NOT NULL,
  public_key TEXT NOT NULL,
  said TEXT NOT NULL,                       -- what must be signed
  nonce TEXT NOT NULL,
  salts TEXT NOT NULL,                      -- JSON {candidate: salt of the sheet}
  at_ms INTEGER NOT NULL                    -- when; the finalisation it signs bears this time
) STRICT;

-- What supervisors' phones signed once a session was closed.
CREATE TABLE report_signatures (
  session TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
  supervisor TEXT NOT NULL,                 -- supervisors.id
  head TEXT NOT NULL,                       -- of the session's chain
  said TEXT NOT NULL,
  signature TEXT NOT NULL,
  at_ms INTEGER NOT NULL,
  PRIMARY KEY (session, supervisor)
) STRICT;

CREATE TABLE statements (
  number INTEGER PRIMARY KEY,               -- the central instance numbers what it says to this school
  type TEXT NOT NULL,
  session TEXT NOT NULL,
  at_ms INTEGER NOT NULL,                   -- when it was signed
  line BLOB NOT NULL,
  received_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE certificates (
  candidate TEXT PRIMARY KEY REFERENCES candidates (id),
  session TEXT NOT NULL,
  person TEXT,                              -- the account that sees it
  learner TEXT,
  status TEXT NOT NULL CHECK (status IN ('validated', 'rejected', 'cancelled')),
  comment TEXT NOT NULL,                    -- code of the automatic comment
  candidate_words TEXT NOT NULL,            -- the jury's own words, or empty
  organisation_words TEXT NOT NULL,
  score INTEGER,
  highest INTEGER NOT NULL,
  mesh INTEGER,                             -- index, NULL without one
  levels TEXT NOT NULL,                     -- JSON [[competence, level], …]
  code TEXT NOT NULL,                       -- P-XXXXXXXX
  token BLOB,                               -- COSE_Sign1 of the central instance; NULL without a certificate
  sheet TEXT,                               -- identity as the central instance corrected it, else NULL
  published_ms INTEGER NOT NULL,
  statement INTEGER NOT NULL
) STRICT;
CREATE INDEX certificates_by_session ON certificates (session);
CREATE INDEX certificates_by_person ON certificates (person);
CREATE INDEX certificates_by_learner ON certificates (learner);
