-- foreign keys: off
-- The school year. People lose their role and their class: a role belongs to a membership of an organisation, a class to
-- a learner. Several organisations may share a server; the server's own school is 'school', and its name is written
-- when the database is opened. Tables are made again, with what they held, because SQLite cannot loosen a column.
CREATE TABLE organisations (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('school', 'higher', 'open')),
  uai TEXT,
  name TEXT NOT NULL,
  logo BLOB,
  import_format TEXT NOT NULL DEFAULT 'none' CHECK (import_format IN ('siecle', 'fregata', 'sup', 'custom', 'none')),
  settings TEXT NOT NULL DEFAULT '{}',      -- JSON of kiosk.organisations.Settings
  created_ms INTEGER NOT NULL
) STRICT;
INSERT INTO organisations (id, kind, name, import_format, created_ms) VALUES ('school', 'school', '', 'siecle', 0);

CREATE TABLE memberships (
  organisation TEXT NOT NULL REFERENCES organisations (id),
  person TEXT NOT NULL REFERENCES people (id),
  role TEXT NOT NULL CHECK (role IN ('admin', 'member')),
  joined_ms INTEGER NOT NULL,
  terms_ms INTEGER,                         -- when the terms of use were accepted
  left_ms INTEGER,                          -- NULL while it lasts
  PRIMARY KEY (organisation, person)
) STRICT, WITHOUT ROWID;
CREATE INDEX memberships_by_person ON memberships (person);
INSERT INTO memberships (organisation, person, role, joined_ms)
  SELECT 'school', id, CASE role WHEN 'principal' THEN 'admin' ELSE 'member' END, created_ms
  FROM people WHERE role <> 'pupil';

CREATE TABLE invitations (
  id TEXT PRIMARY KEY,
  organisation TEXT NOT NULL REFERENCES organisations (id),
  role TEXT NOT NULL CHECK (role IN ('admin', 'member', 'auto')),
  email TEXT,
  digest BLOB NOT NULL UNIQUE,              -- SHA-256 of the code
  status TEXT NOT NULL CHECK (status IN ('pending', 'accepted', 'cancelled')),
  created_ms INTEGER NOT NULL,
  sent_ms INTEGER NOT NULL,
  expires_ms INTEGER NOT NULL,
  accepted_by TEXT REFERENCES people (id)
) STRICT;
CREATE INDEX invitations_by_organisation ON invitations (organisation, status);

CREATE TABLE places (
  id INTEGER PRIMARY KEY,
  organisation TEXT NOT NULL REFERENCES organisations (id),
  count INTEGER NOT NULL,
  from_ms INTEGER NOT NULL,
  until_ms INTEGER,
  label TEXT NOT NULL
) STRICT;
CREATE INDEX places_by_organisation ON places (organisation);

CREATE TABLE identities (
  provider TEXT NOT NULL,
  subject TEXT NOT NULL,
  person TEXT NOT NULL REFERENCES people (id),
  first_name TEXT NOT NULL,
  last_name TEXT NOT NULL,
  created_ms INTEGER NOT NULL,
  PRIMARY KEY (provider, subject)
) STRICT, WITHOUT ROWID;
CREATE INDEX identities_by_person ON identities (person);

CREATE TABLE learners (
  id TEXT PRIMARY KEY,                      -- 16 hex digits
  organisation TEXT NOT NULL REFERENCES organisations (id),
  person TEXT REFERENCES people (id),       -- NULL until an account is linked
  first_name TEXT NOT NULL,
  middle_name TEXT,
  third_name TEXT,
  last_name TEXT NOT NULL,
  preferred_last_name TEXT,
  sex TEXT,
  birth_date TEXT,                          -- YYYY-MM-DD
  birth_city TEXT,
  birth_city_code TEXT,
  birth_department TEXT,
  birth_country TEXT,
  ine TEXT,
  student_number TEXT,
  unique_key TEXT,
  division TEXT,
  class_group TEXT,
  mef TEXT,
  status TEXT,
  email TEXT,
  department TEXT,
  educational_team TEXT,
  diploma TEXT,
  study_scheme TEXT,
  extra TEXT,                               -- JSON of the columns an organisation chose
  created_ms INTEGER NOT NULL,
  updated_ms INTEGER NOT NULL,
  disabled_ms INTEGER,
  deleted_ms INTEGER,
  certifiable INTEGER CHECK (certifiable IN (0, 1)),
  certifiable_ms INTEGER,
  erased_ms INTEGER,
  UNIQUE (organisation, ine),
  UNIQUE (organisation, student_number),
  UNIQUE (organisation, unique_key)
) STRICT;
CREATE INDEX learners_by_name ON learners (organisation, last_name, first_name);
CREATE INDEX learners_by_person ON learners (person);
CREATE UNIQUE INDEX learners_of_a_person ON learners (organisation, person)
  WHERE person IS NOT NULL AND deleted_ms IS NULL;
INSERT INTO learners (id, organisation, person, first_name, last_name, division, created_ms, updated_ms)
  SELECT lower(hex(randomblob(8))), 'school', id, first_name, last_name, division, created_ms, created_ms
  FROM people WHERE role = 'pupil';

CREATE TABLE new_people (
  id TEXT PRIMARY KEY,
  username TEXT UNIQUE,                     -- lower case
  email TEXT UNIQUE,                        -- lower case
  first_name TEXT NOT NULL,
  last_name TEXT NOT NULL,
  password TEXT,                            -- PHC string; NULL when only an identity provider knows the person
  must_change INTEGER NOT NULL DEFAULT 0,
  lang TEXT NOT NULL DEFAULT 'fr',
  theme TEXT NOT NULL DEFAULT 'light',
  face TEXT NOT NULL DEFAULT 'atkinson',
  size TEXT NOT NULL DEFAULT 'normal',
  created_ms INTEGER NOT NULL,
  disabled INTEGER NOT NULL DEFAULT 0,
  erased_ms INTEGER,
  organisation TEXT REFERENCES organisations (id), -- the one last chosen
  seen_ms INTEGER                           -- last time they signed in
) STRICT;
INSERT INTO new_people (id, username, first_name, last_name, password, must_change, lang, theme, face, size,
    created_ms, disabled)
  SELECT id, username, first_name, last_name, password, must_change, lang, theme, face, size, created_ms, disabled
  FROM people;
DROP TABLE people;
ALTER TABLE new_people RENAME TO people;

ALTER TABLE logins ADD COLUMN organisation TEXT REFERENCES organisations (id); -- the one this browser acts for
UPDATE logins SET organisation = 'school' WHERE person IN (SELECT person FROM memberships);

CREATE TABLE new_campaigns (
  id TEXT PRIMARY KEY,
  code TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  organisation TEXT NOT NULL REFERENCES organisations (id),
  kind TEXT NOT NULL DEFAULT 'assessment' CHECK (kind IN ('assessment', 'collection')),
  course TEXT,                              -- NULL when profiles are collected
  bank TEXT NOT NULL,                       -- digest of the bank the course is read in
  title TEXT NOT NULL,
  text TEXT NOT NULL,                       -- Markdown
  owner TEXT NOT NULL REFERENCES people (id),
  multiple INTEGER NOT NULL DEFAULT 0,
  external_label TEXT,
  external_type TEXT CHECK (external_type IN ('text', 'email')),
  reset_allowed INTEGER NOT NULL DEFAULT 0,
  created_ms INTEGER NOT NULL,
  archived_ms INTEGER,
  deleted_ms INTEGER,
  deleted_by TEXT REFERENCES people (id),
  CHECK ((kind = 'collection') = (course IS NULL))
) STRICT;
INSERT INTO new_campaigns (id, code, name, organisation, course, bank, title, text, owner, created_ms, archived_ms)
  SELECT id, code, name, 'school', course, bank, title, text, owner, created_ms, archived_ms FROM campaigns;
DROP TABLE campaigns;
ALTER TABLE new_campaigns RENAME TO campaigns;
CREATE INDEX campaigns_by_owner ON campaigns (owner, created_ms);
CREATE INDEX campaigns_by_organisation ON campaigns (organisation, created_ms);

CREATE TABLE new_participations (
  id TEXT PRIMARY KEY,                      -- 16 hex digits; also the id of its sitting
  campaign TEXT REFERENCES campaigns (id),  -- NULL in free practice
  competence TEXT,                          -- '1.1' to '5.3' in free practice
  pupil TEXT NOT NULL REFERENCES people (id),
  organisation TEXT REFERENCES organisations (id),
  learner TEXT REFERENCES learners (id),
  trial INTEGER NOT NULL DEFAULT 0,         -- 1: a member of staff tries the course; never counted
  attempt INTEGER NOT NULL DEFAULT 1,
  current INTEGER NOT NULL DEFAULT 1,       -- 0: a later attempt took its place
  external_id TEXT,
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
  shared TEXT,                              -- the Shared event, or the profile sent, as JSON
  record INTEGER,                           -- number of its participation.shared record
  served_number INTEGER,                    -- timed question being shown,
  served_boot TEXT,                         -- on which run of the machine,
  served_mono_ms INTEGER,                   -- and when on its monotonic clock
  deleted_ms INTEGER,
  deleted_by TEXT REFERENCES people (id),
  UNIQUE (campaign, pupil, attempt),
  CHECK (campaign IS NULL OR competence IS NULL)
) STRICT;
INSERT INTO new_participations (id, campaign, pupil, organisation, learner, status, answered, validated, targeted,
    progress, epoch, started_ms, last_ms, ended_ms, shared_ms, shared, record, served_number, served_boot,
    served_mono_ms)
  SELECT x.id, x.campaign, x.pupil, 'school', (SELECT l.id FROM learners l WHERE l.person = x.pupil), x.status,
    x.answered, x.validated, x.targeted, x.progress, x.epoch, x.started_ms, x.last_ms, x.ended_ms, x.shared_ms,
    x.shared, x.record, x.served_number, x.served_boot, x.served_mono_ms
  FROM participations x;
DROP TABLE participations;
ALTER TABLE new_participations RENAME TO participations;
CREATE INDEX participations_by_pupil ON participations (pupil, started_ms);
CREATE INDEX participations_by_learner ON participations (learner);

CREATE TABLE resets (
  id INTEGER PRIMARY KEY,
  person TEXT NOT NULL REFERENCES people (id),
  skills TEXT NOT NULL,                     -- JSON list: what was settled on these before `at_ms` counts no more
  at_ms INTEGER NOT NULL,
  competence TEXT,
  campaign TEXT REFERENCES campaigns (id)
) STRICT;
CREATE INDEX resets_by_person ON resets (person);
