"""What a file of pupils may be at most. Every bound refuses by name: nothing is cut short in silence."""

from __future__ import annotations

MEBI = 1024 * 1024
UPLOAD_BYTES = 20 * MEBI
"""Largest file sent (rule 1.1)."""
XML_BYTES = 256 * MEBI
"""Largest XML inside a zip: ten times the largest school's."""
ZIP_RATIO = 200
"""How many times larger than its zip a file may be; real exports shrink about twenty times."""
ZIP_MEMBERS = 100
ZIP_DIRECTORY_BYTES = 64 * 1024
XML_DEPTH = 32
XML_ATTRIBUTES = 16
XML_ATTRIBUTE_CHARS = 1024
XML_TEXT_CHARS = 4096
"""Longest text of one element that is kept: beyond any name, short of a flood."""
XML_NAMES = 1000
"""Different names of elements and attributes: a parser remembers each."""
XML_STRUCTURES = 500
"""Classes and groups of one pupil."""
XML_CHUNK = 64 * 1024
"""Bytes given to the parser at once; a tag longer than that is refused."""
CSV_LINE_CHARS = 32 * 1024
CSV_COLUMNS = 100
TEXT_CHARS = 255
"""Longest value of a field (rules 1.3 and 1.4)."""
ROWS = 100_000
"""Pupils in one file: bounds memory whatever is sent."""
FINDINGS = 500
"""Problems, warnings and skipped lines told one by one; the others are counted."""
EVERY = 200
"""Records between two signs of life of a reader."""
