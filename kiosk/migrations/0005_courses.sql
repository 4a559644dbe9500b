-- Courses a school made by picking topics, what finished sittings leave to later ones, and a pupil's own tutorials.
CREATE TABLE courses (
  organisation TEXT NOT NULL REFERENCES organisations (id),
  id TEXT NOT NULL,                         -- 'custom:' and the digest of the definition
  name TEXT NOT NULL,
  definition TEXT NOT NULL,                 -- JSON of exam.courses.Definition, in its one spelling
  owner TEXT NOT NULL REFERENCES people (id),
  created_ms INTEGER NOT NULL,
  deleted_ms INTEGER,                       -- no longer offered; sittings may still follow it
  PRIMARY KEY (organisation, id)
) STRICT, WITHOUT ROWID;

-- What a sitting settled itself, once it is over: so that nobody folds thirty sittings again to know one pupil.
CREATE TABLE settled (
  participation TEXT PRIMARY KEY REFERENCES participations (id),
  known TEXT NOT NULL                       -- JSON list of [skill, status, source], sorted by skill
) STRICT, WITHOUT ROWID;

CREATE TABLE saved_tutorials (
  person TEXT NOT NULL REFERENCES people (id),
  tutorial TEXT NOT NULL,
  saved_ms INTEGER NOT NULL,
  PRIMARY KEY (person, tutorial)
) STRICT, WITHOUT ROWID;

CREATE TABLE useful_tutorials (
  person TEXT NOT NULL REFERENCES people (id),
  tutorial TEXT NOT NULL,
  said_ms INTEGER NOT NULL,
  PRIMARY KEY (person, tutorial)
) STRICT, WITHOUT ROWID;

CREATE TABLE rules_read (                   -- who has seen the rules of the game
  person TEXT PRIMARY KEY REFERENCES people (id),
  read_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Counts of a campaign. Only what joining, sending and deleting change is in it, so that an answer costs nothing more.
CREATE INDEX participations_counted
  ON participations (campaign, trial, deleted_ms, current, shared_ms, pupil);
CREATE INDEX participations_of_practice ON participations (pupil, competence) WHERE competence IS NOT NULL;
