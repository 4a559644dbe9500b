"""Reading an author's table field by field, noting every defect instead of stopping at the first.

A `Reader` walks one table. Each method returns the value asked for, or a harmless stand-in after noting a `Problem`;
`close` notes the keys nobody asked for. What was read is used only when no problem at all was noted.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from exam.content import Problem, Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

MAX_TEXT = 20_000
"""Characters in one text."""

MAX_LIST = 200
"""Entries in one list."""

MAX_INTEGER = 10**12
"""Largest integer an author may write: sums of many stay within 2**53."""

ID = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*")
KEY = re.compile(r"[A-Za-z0-9]+(?:[-_][A-Za-z0-9]+)*")
_NO_TEXT = re.compile(r"[\x00-\x08\x0b-\x1f\ud800-\udfff]")
"""Control characters other than a tab and a new line, and lone surrogates."""


@dataclass(slots=True)
class Notes:
    """The problems found in one file, and the languages its texts must have."""

    path: str
    languages: tuple[str, ...]
    problems: list[Problem] = field(default_factory=list)

    def add(self, field_name: str, code: str, message: str) -> None:
        """Note one problem at a field of the file."""
        self.problems.append(Problem(self.path, field_name, code, message))


class Reader:
    """One table of a file, read key by key; `prefix` names the table in problems."""

    def __init__(self, values: Mapping[str, Any], notes: Notes, prefix: str = "") -> None:
        self._values = values
        self._used: set[str] = set()
        self.notes = notes
        self.prefix = prefix

    def name_of(self, key: str) -> str:
        """Return the full name of a field, as problems give it."""
        return f"{self.prefix}.{key}" if self.prefix else key

    def problem(self, key: str, code: str, message: str) -> None:
        """Note a problem at `key` (or at the table itself when `key` is empty)."""
        self.notes.add(self.name_of(key) if key else self.prefix, code, message)

    def has(self, key: str) -> bool:
        """Return whether the author wrote this key."""
        return key in self._values

    def names(self) -> list[str]:
        """Return the keys of the table, in the order written."""
        return list(self._values)

    def raw(self, key: str) -> Any:  # noqa: ANN401 - a TOML value not yet checked
        """Return the unchecked value of a key, None when absent, and count the key as read."""
        self._used.add(key)
        return self._values.get(key)

    def _wrong(self, key: str, wanted: str) -> None:
        self.problem(key, "wrong_type", f"{self.name_of(key)} must be {wanted}")

    def _missing(self, key: str) -> None:
        self.problem(key, "missing", f"{self.name_of(key)} is required")

    def string(self, key: str, default: str | None = None) -> str:
        """Return a non-empty text; `default` when absent and given."""
        value = self.raw(key)
        if value is None:
            if default is None:
                self._missing(key)
            return default or ""
        if not isinstance(value, str):
            self._wrong(key, "a text")
            return default or ""
        return self._bounded(key, value)

    def _bounded(self, key: str, value: str) -> str:
        if not value.strip():
            self.problem(key, "empty", f"{self.name_of(key)} is empty")
        if len(value) > MAX_TEXT:
            self.problem(key, "too_long", f"{self.name_of(key)} is longer than {MAX_TEXT} characters")
            return ""
        if _NO_TEXT.search(value):
            self.problem(key, "bad_character", f"{self.name_of(key)} holds a control character")
            return ""
        return value

    def number_text(self, key: str, default: str | None = None) -> str:
        """Return an integer or a text as text: a number that may be written with variables."""
        value = self.raw(key)
        if isinstance(value, int) and not isinstance(value, bool) and abs(value) <= MAX_INTEGER:
            return str(value)
        return self.string(key, default)

    def identifier(self, key: str, default: str | None = None) -> str:
        """Return a short name of letters, digits, - and _."""
        value = self.string(key, default)
        if value and (len(value) > 80 or not KEY.fullmatch(value)):
            self.problem(key, "bad_id", f"{value[:80]!r} is not an identifier: letters, digits, - and _")
        return value

    def choice(self, key: str, allowed: tuple[str, ...], default: str | None = None) -> str:
        """Return one of the allowed words."""
        value = self.string(key, default)
        if value and value not in allowed:
            self.problem(key, "unknown_value", f"{value[:80]!r} is not one of {', '.join(allowed)}")
            return allowed[0]
        return value or allowed[0]

    def integer(self, key: str, low: int, high: int, default: int | None = None) -> int:
        """Return an integer from `low` to `high`."""
        value = self.raw(key)
        if value is None:
            if default is None:
                self._missing(key)
            return low if default is None else default
        if not isinstance(value, int) or isinstance(value, bool):
            self._wrong(key, "an integer")
            return low
        if not low <= value <= high:
            self.problem(key, "out_of_range", f"{self.name_of(key)} must be from {low} to {high}")
            return low
        return value

    def flag(self, key: str, *, default: bool = False) -> bool:
        """Return true or false."""
        value = self.raw(key)
        if value is None:
            return default
        if not isinstance(value, bool):
            self._wrong(key, "true or false")
            return default
        return value

    def text(self, key: str, *, required: bool = True, plain: bool = False) -> Text:
        """Return words in every language of the bank; with `plain`, one string or integer may serve them all."""
        value = self.raw(key)
        if value is None:
            if required:
                self._missing(key)
            return {}
        if isinstance(value, int) and plain:
            return dict.fromkeys(self.notes.languages, self.number_text(key))
        if isinstance(value, str) and plain:
            return dict.fromkeys(self.notes.languages, self._bounded(key, value))
        if not isinstance(value, dict):
            self._wrong(key, 'a text in each language, such as {fr = "…", en = "…"}')
            return {}
        return self._translations(key, value)

    def _translations(self, key: str, value: dict[str, Any]) -> Text:
        inner = Reader(value, self.notes, self.name_of(key))
        found: Text = {}
        for lang in self.notes.languages:
            if inner.has(lang):
                found[lang] = inner.string(lang)
            else:
                inner.problem(lang, "missing_translation", f"{self.name_of(key)} has no text in {lang!r}")
        inner.close()
        return found

    def strings(self, key: str, *, required: bool = False) -> tuple[str, ...]:
        """Return a list of non-empty texts."""
        return tuple(
            self._bounded(key, value) if isinstance(value, str) else self._not_text(key)
            for value in self.list(key, required=required)
        )

    def _not_text(self, key: str) -> str:
        self._wrong(key, "a list of texts")
        return ""

    def list(self, key: str, *, required: bool = False) -> list[Any]:
        """Return a list of at most `MAX_LIST` unchecked values."""
        value = self.raw(key)
        if value is None:
            if required:
                self._missing(key)
            return []
        if not isinstance(value, list):
            self._wrong(key, "a list")
            return []
        if len(value) > MAX_LIST:
            self.problem(key, "too_many", f"{self.name_of(key)} has more than {MAX_LIST} entries")
            return []
        if required and not value:
            self.problem(key, "empty", f"{self.name_of(key)} is empty")
        return value

    def table(self, key: str, *, required: bool = True) -> Reader | None:
        """Return the reader of an inner table, None (noted when required) if it is absent or no table."""
        value = self.raw(key)
        if value is None:
            if required:
                self._missing(key)
            return None
        if not isinstance(value, dict):
            self._wrong(key, "a table")
            return None
        return Reader(value, self.notes, self.name_of(key))

    def tables(self, key: str, *, required: bool = False) -> Iterator[Reader]:
        """Yield the reader of each table of a list of tables."""
        for index, value in enumerate(self.list(key, required=required)):
            name = f"{self.name_of(key)}[{index}]"
            if isinstance(value, dict):
                yield Reader(value, self.notes, name)
            else:
                self.notes.add(name, "wrong_type", f"{name} must be a table")

    def close(self) -> None:
        """Note every key that means nothing here."""
        for key in self._values:
            if key not in self._used:
                self.problem(key[:80], "unknown_key", f"{self.name_of(key[:80])} means nothing here")
