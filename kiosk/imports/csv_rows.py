"""One row of a CSV while it is checked: each question asked of it gives the value, or None and a problem told.

The codes are those of rule 1.6; the field told is the heading as the file writes it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk.imports.limits import TEXT_CHARS
from kiosk.imports.reading import Finding
from kiosk.imports.values import UNREADABLE, iso_date

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kiosk.imports.reading import Param, Reading


class Row:
    """The values of one line by the name of their column; `headings` gives back what to call them."""

    def __init__(
        self, line: int, values: Mapping[str, str], headings: Mapping[str, str], reading: Reading
    ) -> None:
        self.line = line
        self._values = values
        self._headings = headings
        self._reading = reading

    def problem(self, name: str, code: str, detail: str = "", **params: Param) -> None:
        """Tell what is wrong with a value."""
        self._reading.problems.add(Finding(code, self.line, self._headings[name], detail, params))

    def warn(self, name: str, code: str, **params: Param) -> None:
        """Tell what is strange in a value that is taken all the same."""
        self._reading.warnings.add(Finding(code, self.line, self._headings[name], params=params))

    def text(self, name: str, *, required: bool = False, most: int = TEXT_CHARS) -> str | None:
        """Return the text, None when it is empty."""
        value = self._values.get(name)
        if not value:
            if required:
                self.problem(name, "FIELD_REQUIRED")
            return None
        if len(value) > most:
            self.problem(name, "FIELD_MAX_LENGTH", limit=most)
        if UNREADABLE.search(value):
            self.problem(name, "INVALID_CHAR_DETECTED")
        return value

    def date(self, name: str, *, required: bool = False, short_year: bool = False) -> str | None:
        """Return the day in ISO 8601."""
        value = self.text(name, required=required)
        if value is None:
            return None
        day = iso_date(value, short_year=short_year)
        if day is None:
            self.problem(name, "FIELD_DATE_FORMAT", accepted="JJ/MM/AAAA")
        return day

    def one_of(self, name: str, known: Mapping[str, str], *, required: bool = False) -> str | None:
        """Return what a known word stands for."""
        value = self.text(name, required=required)
        if value is None:
            return None
        if value not in known:
            self.problem(name, "FIELD_BAD_VALUES", values=", ".join(known))
        return known.get(value)

    def between(self, name: str, low: int, high: int, *, required: bool = False) -> str | None:
        """Return a text of `low` to `high` characters."""
        value = self.text(name, required=required)
        if value is None:
            return None
        if low == high and len(value) != low:
            self.problem(name, "FIELD_LENGTH", limit=low)
        elif len(value) < low:
            self.problem(name, "FIELD_MIN_LENGTH", limit=low)
        elif len(value) > high:
            self.problem(name, "FIELD_MAX_LENGTH", limit=high)
        return value

    def cells(self, names: Sequence[str]) -> tuple[str, ...]:
        """Return the values as they are in the file."""
        return tuple(self._values.get(name, "") for name in names)
