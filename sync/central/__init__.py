"""The central instance: enrols schools, ingests signed records, replays each sitting, shows verdicts."""
