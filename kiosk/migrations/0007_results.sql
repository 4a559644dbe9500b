-- What each sending leaves for analyses, and the 6e attestations earned.
CREATE TABLE results (
  participation TEXT PRIMARY KEY REFERENCES participations (id),
  masks TEXT NOT NULL                       -- JSON: [validated, settled] levels of each topic, as bits, in course order
) STRICT, WITHOUT ROWID;

CREATE TABLE attestations (
  learner TEXT PRIMARY KEY REFERENCES learners (id),
  earned_ms INTEGER NOT NULL,
  validated INTEGER NOT NULL,               -- skills of the three courses, each once
  targeted INTEGER NOT NULL,
  threshold INTEGER NOT NULL                -- percent asked on that day
) STRICT, WITHOUT ROWID;
