-- Imports of pupils: what happened to each file, and what a file not yet confirmed would change.
CREATE TABLE learner_imports (
  id TEXT PRIMARY KEY,                      -- 16 hex digits; also the name of the file while it is kept
  organisation TEXT NOT NULL REFERENCES organisations (id),
  format TEXT NOT NULL,                     -- a name of kiosk.imports.registry.IMPORTS, or '' until recognised
  mode TEXT NOT NULL CHECK (mode IN ('update', 'replace', 'add')),
  state TEXT NOT NULL CHECK (state IN ('uploading', 'uploaded', 'upload_error', 'validated', 'validation_error',
    'imported', 'import_error', 'cancelled')),
  file_name TEXT NOT NULL,                  -- as the browser said it; shown, never used as a path
  size INTEGER NOT NULL,                    -- bytes
  person TEXT REFERENCES people (id),       -- NULL: from a terminal of the server
  base TEXT,                                -- what the pupils were when the changes were worked out
  report TEXT NOT NULL DEFAULT '{}',        -- JSON of kiosk.imports.report.Report
  created_ms INTEGER NOT NULL,
  updated_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX learner_imports_by_organisation ON learner_imports (organisation, created_ms);

-- One row a pupil to add, change or leave out; emptied when the import ends.
CREATE TABLE learner_import_rows (
  import TEXT NOT NULL REFERENCES learner_imports (id),
  learner TEXT NOT NULL,                    -- the pupil's id, existing or to come
  action TEXT NOT NULL CHECK (action IN ('add', 'return', 'change', 'enable', 'disable', 'delete')),
  line INTEGER,                             -- NULL for a pupil absent from the file
  changes TEXT NOT NULL DEFAULT '',         -- names of the columns that change, spaces between
  first_name TEXT,
  last_name TEXT,
  middle_name TEXT,
  third_name TEXT,
  preferred_last_name TEXT,
  sex TEXT,
  birth_date TEXT,
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
  extra TEXT,
  PRIMARY KEY (import, learner)
) STRICT, WITHOUT ROWID;

-- An account follows a pupil from one organisation to another by this number.
CREATE INDEX learners_by_ine ON learners (ine) WHERE ine IS NOT NULL;
