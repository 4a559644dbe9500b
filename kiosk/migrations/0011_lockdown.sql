-- Lock-down: what a session asks of Safe Exam Browser, who was let in without, and what was refused. What was active when is
-- in the log; nothing here decides alone.
CREATE TABLE seb_settings (
  session TEXT PRIMARY KEY REFERENCES sessions (id),
  quit_password TEXT NOT NULL,              -- leaves Safe Exam Browser; one for each session
  file_password TEXT NOT NULL,              -- opens the encrypted .seb
  salt BLOB NOT NULL,                       -- examKeySalt of the file
  browser_keys TEXT NOT NULL DEFAULT '[]'   -- JSON: Browser Exam Keys allowed, empty: not asked
) STRICT;

CREATE TABLE seb_nonces (
  nonce TEXT PRIMARY KEY,                   -- stands in the address that is checked, once
  candidate TEXT NOT NULL REFERENCES candidates (id),
  made_ms INTEGER NOT NULL,
  used_ms INTEGER
) STRICT;
CREATE INDEX seb_nonces_by_candidate ON seb_nonces (candidate);

CREATE TABLE lockdown_waivers (
  candidate TEXT PRIMARY KEY REFERENCES candidates (id),
  by TEXT NOT NULL,                         -- key of who let them in without
  reason TEXT NOT NULL,
  at_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE lockdown_refusals (
  id INTEGER PRIMARY KEY,
  session TEXT NOT NULL,                    -- empty: nobody's passage could be told
  candidate TEXT NOT NULL,
  machine TEXT NOT NULL,
  code TEXT NOT NULL,                       -- kiosk.lockdown.statement.Refusal
  count INTEGER NOT NULL DEFAULT 1,         -- the same again is counted, not written again
  first_ms INTEGER NOT NULL,
  last_ms INTEGER NOT NULL,
  UNIQUE (candidate, machine, code)
) STRICT;
CREATE INDEX lockdown_refusals_by_session ON lockdown_refusals (session);
