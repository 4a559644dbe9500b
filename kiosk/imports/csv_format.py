"""What CSV formats have in common: a table of columns, and one function that makes a pupil of a row."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING

from kiosk.imports.csv_rows import Row
from kiosk.imports.csv_table import Column, table
from kiosk.imports.reading import Context, FileRefused, Finding, Learner, Reading

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


def read_rows(
    file: IO[bytes],
    context: Context,
    columns: Sequence[Column],
    probe: str,
    take: Callable[[Row, Reading], Learner | None],
) -> Reading:
    """Return what the file says; `take` gives the pupil of a row, or None when it is not one more."""
    reading = Reading()
    headings = {column.name: column.heading for column in columns}
    try:
        for rows, (line, values) in enumerate(table(file, columns, probe, reading), 1):
            learner = take(Row(line, values, headings, reading), reading)
            if learner is not None:
                reading.keep(learner)
            context.pace(rows)
    except FileRefused as refused:
        reading.problems.add(refused.finding)
    if not reading.problems.count and not reading.learners:
        reading.problems.add(Finding("EMPTY"))
    return reading
