-- Accounts, browser logins and the memory of wrong passwords. Names live here and never in the log.
CREATE TABLE people (
  id TEXT PRIMARY KEY,
  username TEXT NOT NULL UNIQUE,            -- lower case
  first_name TEXT NOT NULL,
  last_name TEXT NOT NULL,
  role TEXT NOT NULL CHECK (role IN ('pupil', 'teacher', 'principal')),
  division TEXT,
  password TEXT NOT NULL,                   -- PHC string
  must_change INTEGER NOT NULL DEFAULT 0,
  lang TEXT NOT NULL DEFAULT 'fr',
  theme TEXT NOT NULL DEFAULT 'light',
  face TEXT NOT NULL DEFAULT 'atkinson',
  size TEXT NOT NULL DEFAULT 'normal',
  created_ms INTEGER NOT NULL,
  disabled INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE logins (
  digest BLOB PRIMARY KEY,                  -- SHA-256 of the cookie's secret
  id TEXT NOT NULL UNIQUE,                  -- short name that may appear in the log
  person TEXT NOT NULL REFERENCES people (id),
  created_ms INTEGER NOT NULL,
  expires_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX logins_by_person ON logins (person);
CREATE INDEX logins_by_expiry ON logins (expires_ms);

CREATE TABLE attempts (
  subject TEXT PRIMARY KEY,                 -- hash of the username, or of address and username
  failures INTEGER NOT NULL,
  blocked_until_ms INTEGER NOT NULL,
  updated_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX attempts_by_age ON attempts (updated_ms);
