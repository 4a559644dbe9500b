-- Campaigns and participations: what lists need, kept in the same transaction as the log they sum up.
CREATE TABLE campaigns (
  id TEXT PRIMARY KEY,
  code TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  course TEXT NOT NULL,
  bank TEXT NOT NULL,                       -- digest of the bank the course is read in
  title TEXT NOT NULL,
  text TEXT NOT NULL,                       -- Markdown
  owner TEXT NOT NULL REFERENCES people (id),
  created_ms INTEGER NOT NULL,
  archived_ms INTEGER
) STRICT;
CREATE INDEX campaigns_by_owner ON campaigns (owner, created_ms);

CREATE TABLE participations (
  id TEXT PRIMARY KEY,                      -- 16 hex digits; also the id of its sitting
  campaign TEXT NOT NULL REFERENCES campaigns (id),
  pupil TEXT NOT NULL REFERENCES people (id),
  status TEXT NOT NULL CHECK (status IN ('started', 'to_share', 'shared')),
  answered INTEGER NOT NULL DEFAULT 0,
  validated INTEGER NOT NULL DEFAULT 0,
  targeted INTEGER NOT NULL DEFAULT 0,
  progress INTEGER NOT NULL DEFAULT 0,      -- per mille of the targeted skills settled
  epoch INTEGER NOT NULL DEFAULT 0,
  started_ms INTEGER NOT NULL,
  last_ms INTEGER NOT NULL,                 -- last answer, or the start
  ended_ms INTEGER,
  shared_ms INTEGER,
  shared TEXT,                              -- the Shared event, as JSON
  record INTEGER,                           -- number of its participation.shared record
  served_number INTEGER,                    -- timed question being shown,
  served_boot TEXT,                         -- on which run of the machine,
  served_mono_ms INTEGER,                   -- and when on its monotonic clock
  UNIQUE (campaign, pupil)
) STRICT;
CREATE INDEX participations_by_pupil ON participations (pupil, started_ms);

CREATE TABLE reports (
  id INTEGER PRIMARY KEY,
  participation TEXT NOT NULL REFERENCES participations (id),
  number INTEGER NOT NULL,
  item TEXT NOT NULL,
  category TEXT NOT NULL,
  text TEXT NOT NULL,
  at_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX reports_by_participation ON reports (participation);

CREATE TABLE uploads (
  participation TEXT NOT NULL REFERENCES participations (id),
  number INTEGER NOT NULL,
  sha256 TEXT NOT NULL,
  name TEXT NOT NULL,
  size INTEGER NOT NULL,
  facts TEXT NOT NULL,                      -- JSON object of what the server found in the file
  at_ms INTEGER NOT NULL,
  PRIMARY KEY (participation, number, sha256)
) STRICT;
