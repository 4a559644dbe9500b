-- Supervisors of a session: the tickets by which a browser may ask, the browsers that were let in, what was refused them.
CREATE TABLE supervisor_tickets (
  digest BLOB PRIMARY KEY,                  -- SHA-256 of the secret in the square
  session TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
  kind TEXT NOT NULL CHECK (kind IN ('screen', 'kit')),
  made_by TEXT NOT NULL,                    -- kiosk.actors.Actor.key
  made_ms INTEGER NOT NULL,
  until_ms INTEGER,                         -- of a screen's; a kit's is good on the session's own day
  ended_ms INTEGER                          -- used, or called in
) STRICT;
CREATE INDEX tickets_by_session ON supervisor_tickets (session);

CREATE TABLE supervisors (
  id TEXT PRIMARY KEY,                      -- 16 hex digits; written in the log after "supervisor:"
  session TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
  name TEXT NOT NULL DEFAULT '',            -- as they call themselves, for the people in the room
  way TEXT NOT NULL CHECK (way IN ('key', 'password')),
  algorithm TEXT CHECK (algorithm IN ('ed25519', 'p256')),
  public_key TEXT,                          -- raw, in hex; the private one never leaves the phone
  digest BLOB NOT NULL UNIQUE,              -- SHA-256 of the secret in its cookie
  number TEXT NOT NULL DEFAULT '',          -- six digits, the same on both screens
  nonce TEXT,                               -- what the next act must repeat, once
  counter INTEGER NOT NULL DEFAULT 0,       -- of the last act; never goes back
  status TEXT NOT NULL CHECK (status IN ('asking', 'in', 'refused', 'revoked')),
  asked_ms INTEGER NOT NULL,
  seen_ms INTEGER NOT NULL,
  let_in_ms INTEGER,
  let_in_by TEXT,
  ended_ms INTEGER,
  ended_by TEXT,
  ended_why TEXT NOT NULL DEFAULT '',
  chained INTEGER NOT NULL DEFAULT 0        -- 1: the session's chain knows this key
) STRICT;
CREATE INDEX supervisors_by_session ON supervisors (session, asked_ms);

CREATE TABLE supervisor_refusals (
  session TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
  supervisor TEXT NOT NULL,                 -- supervisors.id, empty for nobody known
  code TEXT NOT NULL,
  count INTEGER NOT NULL,
  first_ms INTEGER NOT NULL,
  last_ms INTEGER NOT NULL,
  PRIMARY KEY (session, supervisor, code)
) STRICT;
