"""The rules of the assessment: framework, items, grading, engines, scores, replay; no file, clock, network or chance."""
