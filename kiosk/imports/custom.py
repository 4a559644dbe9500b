"""A CSV in a configured format (rule 1.5): the columns, their checks and what tells pupils apart come from the format."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING

import msgspec

from kiosk.imports.csv_format import read_rows
from kiosk.imports.csv_table import Column, folded
from kiosk.imports.custom_format import CustomColumn, CustomFormat, matches
from kiosk.imports.reading import Context, Learner, Reading
from kiosk.imports.values import STUDENT_NUMBER, is_email

if TYPE_CHECKING:
    from kiosk.imports.csv_rows import Row


def columns_of(form: CustomFormat) -> tuple[str, ...]:
    """Return the columns of a pupil that a file of this format fills."""
    given = [column.property for column in form.column if column.property is not None]
    return (*given, "unique_key", "extra")


def read(file: IO[bytes], context: Context, form: CustomFormat) -> Reading:
    """Return what the file says; never raises for what it holds."""
    headings = [Column(one.heading, one.heading, one.required) for one in form.column]
    probe = next((one.heading for one in form.column if not one.heading.isascii()), form.column[0].heading)
    seen: dict[str, tuple[int, tuple[str, ...]]] = {}
    return read_rows(file, context, headings, probe, lambda row, reading: _pupil(row, reading, form, seen))


def _pupil(
    row: Row, reading: Reading, form: CustomFormat, seen: dict[str, tuple[int, tuple[str, ...]]]
) -> Learner | None:
    given: dict[str, str] = {}
    extra: dict[str, str] = {}
    for column in form.column:
        value = _value(row, column)
        if value is not None:
            (extra if column.property is None else given)[column.property or column.heading] = value
    key = _key(row, form)
    cells = row.cells([column.heading for column in form.column])
    line, before = seen.setdefault(key, (row.line, cells))
    if line != row.line:
        if before == cells:
            reading.skip("DUPLICATE", row.line)
        else:
            row.problem(_unicity(form)[0], "PROPERTY_NOT_UNIQ", first=line)
        return None
    return Learner(
        line=row.line,
        unique_key=key,
        extra=msgspec.json.encode(extra, order="deterministic").decode() if extra else None,
        **{"first_name": "", "last_name": "", **given},
    )


def _unicity(form: CustomFormat) -> list[str]:
    wanted = {folded(heading) for heading in form.unicity}
    return [column.heading for column in form.column if folded(column.heading) in wanted]


def _key(row: Row, form: CustomFormat) -> str:
    """Return what tells this pupil from the others: one value as it is, several as a JSON list."""
    values = row.cells(_unicity(form))
    return values[0] if len(values) == 1 else msgspec.json.encode(values).decode()


def _value(row: Row, column: CustomColumn) -> str | None:
    name = column.heading
    if column.type == "date":
        return row.date(name, required=column.required)
    value = row.text(name, required=column.required)
    if value is None:
        return None
    _check_length(row, column, value)
    if column.type == "email" and not is_email(value):
        row.problem(name, "FIELD_EMAIL_FORMAT")
    if column.type == "code" and not STUDENT_NUMBER.fullmatch(value):
        row.problem(name, "FIELD_STRING_PATTERN", "code")
    if column.pattern and not matches(column.pattern, value):
        row.problem(name, "FIELD_STRING_PATTERN", pattern=column.pattern)
    if column.values and value not in column.values:
        row.problem(name, "FIELD_BAD_VALUES", values=", ".join(column.values))
    return value


def _check_length(row: Row, column: CustomColumn, value: str) -> None:
    if column.min == column.max and len(value) != column.min:
        row.problem(column.heading, "FIELD_STRING_LENGTH", limit=column.min)
    elif len(value) < column.min:
        row.problem(column.heading, "FIELD_STRING_MIN", limit=column.min)
    elif column.max < len(value) <= 255:
        row.problem(column.heading, "FIELD_STRING_MAX", limit=column.max)
