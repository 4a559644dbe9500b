"""A CSV file as rows under known headings: separator found, headings exact, blank lines left out, values trimmed.

The line of a row is the one where it begins in the file, as an editor counts. Cells are texts and stay texts: what looks
like a formula is a name like another here.
"""

from __future__ import annotations

import csv
import unicodedata
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING

from kiosk.imports.csv_text import encoding_of, lines_of
from kiosk.imports.limits import CSV_COLUMNS
from kiosk.imports.reading import FileRefused, Finding, Reading

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

SEPARATORS = (";", ",")


@dataclass(frozen=True)
class Column:
    """One heading, exact, the name its values are given under, and whether the file must have it."""

    heading: str
    name: str
    required: bool = False


def folded(heading: str) -> str:
    """Return a heading as it is compared: composed letters, one kind of apostrophe, no spaces around."""
    return unicodedata.normalize("NFC", heading).replace("\u2019", "'").strip("\ufeff \t\r\n\u00a0")


def table(
    file: IO[bytes], columns: Sequence[Column], probe: str, reading: Reading
) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield each row with its line: values by the name of their column, "" where a cell is empty.

    `probe` is the heading that shows the encoding. Wrong headings are told in `reading` and nothing is yielded; raises
    FileRefused when the file is no CSV.
    """
    wanted = folded(probe)
    encoding = encoding_of(file, lambda line: any(wanted in _cells(line, mark) for mark in SEPARATORS))
    lines = lines_of(file, encoding)
    names = _names(lines, columns, reading)
    if names is None:
        return
    separator, order = names
    counted = _Counted(lines)
    rows = csv.reader(counted, delimiter=separator, strict=True)
    width = len(order)
    while True:
        start = counted.number + 1
        try:
            cells = next(rows, None)
        except csv.Error:
            raise FileRefused("BAD_CSV_FORMAT", line=start) from None
        if cells is None:
            return
        values = [cell.strip() for cell in cells]
        if not any(values):
            continue
        if len(values) < width or any(values[width:]):
            raise FileRefused("BAD_CSV_FORMAT", "cells", line=start, expected=width, found=len(values))
        yield start, dict(zip(order, values, strict=False))


class _Counted:
    """The lines after the headings, with the number of the last one given."""

    def __init__(self, lines: Iterator[str]) -> None:
        self.number = 1
        self._lines = lines

    def __iter__(self) -> _Counted:
        return self

    def __next__(self) -> str:
        line = next(self._lines)
        self.number += 1
        return line


def _cells(line: str, separator: str) -> list[str]:
    try:
        cells = next(csv.reader([line], delimiter=separator, strict=True), [])
    except csv.Error:
        return []
    return [folded(cell) for cell in cells]


def _names(lines: Iterator[str], columns: Sequence[Column], reading: Reading) -> tuple[str, list[str]] | None:
    """Return the separator and the names of the columns in the order of the file, None when a heading is wrong."""
    line = next(lines, "")
    known = {folded(column.heading): column for column in columns}
    separator = max(SEPARATORS, key=lambda mark: len(known.keys() & set(_cells(line, mark))))
    headings = _cells(line, separator)
    while headings and not headings[-1]:
        headings.pop()
    if len(headings) > CSV_COLUMNS:
        raise FileRefused("BAD_CSV_FORMAT", "columns", line=1, limit=CSV_COLUMNS)
    before = reading.problems.count
    for place, heading in enumerate(headings):
        if heading not in known:
            reading.problems.add(Finding("HEADER_UNKNOWN", 1, heading[:100] or str(place + 1)))
        elif heading in headings[:place]:
            reading.problems.add(Finding("BAD_CSV_FORMAT", 1, heading, "heading_twice"))
    for column in columns:
        if column.required and folded(column.heading) not in headings:
            reading.problems.add(Finding("HEADER_REQUIRED", 1, column.heading))
    if reading.problems.count > before:
        return None
    return separator, [known[heading].name for heading in headings]
