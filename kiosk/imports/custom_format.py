"""A format of one's own, written in TOML and checked before it is used (rule 1.5).

Every mistake is told at once, with the place where it stands, in words meant for whoever wrote the file.
"""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Literal

import msgspec

from kiosk.imports.csv_table import folded
from kiosk.imports.limits import CSV_COLUMNS, TEXT_CHARS

Kind = Literal["text", "date", "email", "code"]
PROPERTIES = frozenset(
    {
        "first_name",
        "last_name",
        "middle_name",
        "third_name",
        "preferred_last_name",
        "birth_date",
        "division",
        "class_group",
        "email",
        "sex",
    }
)
NEEDED = ("first_name", "last_name")
FORMAT_BYTES = 64 * 1024


class CustomColumn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One column: its heading, where its value goes (None: a column of its own), and what it may hold."""

    heading: str
    property: str | None = None
    required: bool = False
    type: Kind = "text"
    displayed: bool = False
    filterable: bool = False
    min: int = 0
    max: int = TEXT_CHARS
    values: tuple[str, ...] = ()
    pattern: str = ""


class CustomFormat(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A checked format: its name for people, its columns in order, the headings that tell pupils apart."""

    name: str
    column: tuple[CustomColumn, ...]
    unicity: tuple[str, ...]


class BadFormat(ValueError):  # noqa: N818 - says what the file is
    """The format cannot be used; `faults` lists every reason."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("; ".join(faults))
        self.faults = faults


def parse_format(data: bytes) -> CustomFormat:
    """Return the format written in this TOML; raises BadFormat."""
    if len(data) > FORMAT_BYTES:
        raise BadFormat([f"the file is larger than {FORMAT_BYTES // 1024} KiB"])
    try:
        found = msgspec.convert(tomllib.loads(data.decode("utf-8-sig")), CustomFormat)
    except UnicodeDecodeError:
        raise BadFormat(["the file is not UTF-8"]) from None
    except tomllib.TOMLDecodeError as problem:
        raise BadFormat([f"the file is not TOML: {problem}"]) from None
    except msgspec.ValidationError as problem:
        raise BadFormat([str(problem)]) from None
    except RecursionError:
        raise BadFormat(["the file is nested too deeply"]) from None
    faults = [*_format_faults(found), *(fault for column in found.column for fault in _column_faults(column))]
    if faults:
        raise BadFormat(faults)
    return found


def _format_faults(found: CustomFormat) -> list[str]:
    faults = []
    headings = [folded(column.heading) for column in found.column]
    given = [column.property for column in found.column if column.property is not None]
    if not found.name.strip() or len(found.name) > 100:
        faults.append("name: give 1 to 100 characters")
    if len(found.column) > CSV_COLUMNS:
        faults.append(f"column: at most {CSV_COLUMNS} columns")
    faults += [f"column: the heading {name!r} is there twice" for name in sorted(_twice(headings))]
    faults += [f"column: two columns have the property {name!r}" for name in sorted(_twice(given))]
    for name in NEEDED:
        if not any(column.property == name and column.required for column in found.column):
            faults.append(f"column: one must have property = {name!r} and required = true")
    if not found.unicity:
        faults.append("unicity: name at least one heading that tells pupils apart")
    for heading in found.unicity:
        column = next((one for one in found.column if folded(one.heading) == folded(heading)), None)
        if column is None:
            faults.append(f"unicity: no column has the heading {heading!r}")
        elif not column.required:
            faults.append(f"unicity: the column {heading!r} must be required")
    return faults


def _column_faults(column: CustomColumn) -> list[str]:
    where = f"column {column.heading!r}"
    faults = []
    if not folded(column.heading) or len(column.heading) > 100:
        faults.append(f"{where}: a heading has 1 to 100 characters")
    if column.property is not None and column.property not in PROPERTIES:
        faults.append(
            f"{where}: unknown property {column.property!r}; known: {', '.join(sorted(PROPERTIES))}"
        )
    if not 0 <= column.min <= column.max <= TEXT_CHARS:
        faults.append(f"{where}: min and max go from 0 to {TEXT_CHARS}, min first")
    if column.property == "birth_date" and column.type != "date":
        faults.append(f"{where}: a birth date has type = 'date'")
    if column.property == "email" and column.type != "email":
        faults.append(f"{where}: an e-mail address has type = 'email'")
    if column.property == "sex" and not set(column.values) <= {"M", "F"}:
        faults.append(f"{where}: give values = ['M', 'F']")
    if len(column.values) > 200 or any(len(value) > TEXT_CHARS for value in column.values):
        faults.append(f"{where}: at most 200 values of {TEXT_CHARS} characters")
    if len(column.pattern) > TEXT_CHARS:
        faults.append(f"{where}: the pattern is longer than {TEXT_CHARS} characters")
    return faults


def _twice(names: list[str]) -> set[str]:
    return {name for place, name in enumerate(names) if name in names[:place]}


@cache
def onde() -> CustomFormat:
    """Return the sample that ships with the server."""
    return parse_format((Path(__file__).parent / "formats" / "onde.toml").read_bytes())


def matches(pattern: str, text: str) -> bool:
    """Say whether a text follows a pattern: 9 is a digit, A a letter, X either; any other sign is itself."""
    return len(pattern) == len(text) and all(map(_follows, pattern, text))


def _follows(wanted: str, sign: str) -> bool:
    digit, letter = sign.isascii() and sign.isdigit(), sign.isalpha()
    return {"9": digit, "A": letter, "X": digit or letter}.get(wanted, wanted == sign)
