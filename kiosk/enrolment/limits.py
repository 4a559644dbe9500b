"""What a file of sessions or candidates may be at most. Every bound refuses by name."""

from __future__ import annotations

MEBI = 1024 * 1024
FILE_BYTES = 2 * MEBI
"""Largest file sent."""
ROWS = 5000
"""Lines of one file, candidates or sessions."""
SHEET_ROWS = 5000
SHEET_COLUMNS = 64
SHEET_CELLS = 200_000
"""Cells of a sheet once its repetitions are written out: what a reader would build in memory."""
SHEET_CHARS = 32 * MEBI
"""Signs of a sheet once its repetitions and its runs of spaces are written out."""
XML_BYTES = 24 * MEBI
ZIP_RATIO = 200
ZIP_MEMBERS = 200
"""Members of a spreadsheet: pictures and settings beside the sheet itself."""
PER_SUPERVISOR = 20
"""Candidates one supervisor can watch."""
