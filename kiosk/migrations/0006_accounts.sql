-- What accounts need besides people and learners: mail that waits, links handed out, addresses confirmed, sign-ins under
-- way at an identity provider. Secrets are kept as SHA-256; none of these rows outlives its use by more than a day,
-- but for which address a person confirmed.
CREATE TABLE mails (
  id INTEGER PRIMARY KEY,
  recipient TEXT NOT NULL,
  subject TEXT NOT NULL,
  text TEXT NOT NULL,                       -- emptied once sent or given up, since it may hold a link
  state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'sent', 'failed')),
  created_ms INTEGER NOT NULL,
  due_ms INTEGER NOT NULL,                  -- not tried before
  tries INTEGER NOT NULL DEFAULT 0,
  settled_ms INTEGER,
  problem TEXT                              -- what the mail server last answered, without the message
) STRICT;
CREATE INDEX mails_by_due ON mails (state, due_ms);

CREATE TABLE recoveries (
  id TEXT PRIMARY KEY,
  digest BLOB UNIQUE,                       -- SHA-256 of the link's secret; NULL while a request waits for staff
  purpose TEXT NOT NULL CHECK (purpose IN ('password', 'leaving', 'email')),
  person TEXT NOT NULL REFERENCES people (id),
  learner TEXT REFERENCES learners (id),
  email TEXT,                               -- address to confirm, or to propose
  created_ms INTEGER NOT NULL,
  expires_ms INTEGER NOT NULL,
  used_ms INTEGER
) STRICT;
CREATE INDEX recoveries_by_person ON recoveries (person, purpose);
CREATE INDEX recoveries_by_expiry ON recoveries (expires_ms);

CREATE TABLE emails (
  person TEXT PRIMARY KEY REFERENCES people (id),
  email TEXT NOT NULL,                      -- the one that was confirmed; another in people is not
  confirmed_ms INTEGER NOT NULL,
  confirmed_by TEXT REFERENCES people (id)  -- NULL: by a link
) STRICT;

CREATE TABLE provider_visits (
  state BLOB PRIMARY KEY,                   -- SHA-256 of the state sent to the provider
  browser BLOB NOT NULL,                    -- SHA-256 of the secret in the browser's cookie
  provider TEXT NOT NULL,
  nonce TEXT NOT NULL,
  verifier TEXT NOT NULL,                   -- of PKCE
  following TEXT NOT NULL,                  -- where to go then
  expires_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX provider_visits_by_expiry ON provider_visits (expires_ms);

CREATE TABLE newcomers (
  digest BLOB PRIMARY KEY,                  -- SHA-256 of the secret in the browser's cookie
  provider TEXT NOT NULL,
  subject TEXT NOT NULL,
  first_name TEXT NOT NULL,
  last_name TEXT NOT NULL,
  birth_date TEXT,
  following TEXT NOT NULL,
  expires_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX newcomers_by_expiry ON newcomers (expires_ms);
