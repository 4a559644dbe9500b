"""Looking through a bank: every item as a pupil would see it, beside what only its authors may read."""
