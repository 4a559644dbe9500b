"""Answers to calibrate on: who answered which item, right or wrong, read from a table of text.

Two shapes are taken. Long: the columns person, item, score in any order, one answer a line. Wide: one line a person, one
column an item (a first column called person or id is left out), 0, 1 or nothing in each cell; without a header the items
are item1, item2…. Refusals name line and field. What is read does not depend on the order of lines.
"""

from __future__ import annotations

import csv
from array import array
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from exam.certification.parameter_table import TableError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from exam.certification.fixed import Ints

LONG = {"person", "item", "score"}
_SCORES = {"0": 0, "1": 1}
_NAMELESS = {"person", "id", ""}


@dataclass(frozen=True, slots=True)
class Responses:
    """Answers by person: those of person p lie from `begins[p]` to `begins[p + 1]`; items are places in `items`."""

    items: tuple[str, ...]
    begins: Ints = field(repr=False)
    item: Ints = field(repr=False)
    right: Ints = field(repr=False)

    @property
    def people(self) -> int:
        """Return how many persons answered something."""
        return len(self.begins) - 1


def make_responses(names: Iterable[str], person: Ints, item: Ints, right: Ints) -> Responses:
    """Return answers grouped by person, items by name; `item` gives places in `names`."""
    named = list(names)
    sorted_names = sorted(named)
    place = {name: index for index, name in enumerate(sorted_names)}
    moved = np.array([place[name] for name in named], dtype=np.int64)[item]
    order = np.lexsort((moved, person))
    begins = np.flatnonzero(np.diff(person[order], prepend=-1))
    return Responses(
        tuple(sorted_names), np.append(begins, len(order)).astype(np.int64), moved[order], right[order]
    )


def read_responses(lines: Iterable[str]) -> Responses:
    """Return the answers of a table; raises `TableError` on the first line that cannot be."""
    rows = csv.reader(lines, strict=True)
    try:
        header = [name.strip().removeprefix("\ufeff") for name in next(rows, [])]
        if not header:
            raise TableError(1, "", "the table is empty")
        if {name.lower() for name in header} == LONG and len(header) == len(LONG):
            return _long([name.lower() for name in header], rows)
        return _wide(header, rows)
    except csv.Error as error:
        raise TableError(rows.line_num, "", str(error)) from error


def _long(header: list[str], rows: Iterator[list[str]]) -> Responses:
    who, what, how = (header.index(name) for name in ("person", "item", "score"))
    people: dict[str, int] = {}
    items: dict[str, int] = {}
    person, item, right = array("q"), array("q"), array("q")
    for line, row in enumerate(rows, start=2):
        if not row:
            continue
        if len(row) != len(LONG):
            raise TableError(line, "", f"{len(row)} fields where the header has {len(LONG)}")
        score = _SCORES.get(row[how].strip())
        if score is None:
            raise TableError(line, "score", f"{row[how][:40]!r} is neither 0 nor 1")
        if not row[who] or not row[what]:
            raise TableError(line, "item" if row[who] else "person", "is empty")
        person.append(people.setdefault(row[who], len(people)))
        item.append(items.setdefault(row[what].strip(), len(items)))
        right.append(score)
    found = make_responses(items, *(np.array(part, dtype=np.int64) for part in (person, item, right)))
    return _once_each(found)


def _once_each(found: Responses) -> Responses:
    if not len(found.item):
        raise TableError(2, "", "there is no answer below the header")
    person = np.repeat(np.arange(found.people), np.diff(found.begins))
    twice = np.flatnonzero((np.diff(person) == 0) & (np.diff(found.item) == 0))
    if len(twice):
        name = found.items[int(found.item[twice[0]])]
        raise TableError(
            0, "item", f"a person answered {name} twice; keep one answer of each person to each item"
        )
    return found


def _wide(header: list[str], rows: Iterator[list[str]]) -> Responses:
    person, item, right = array("q"), array("q"), array("q")
    headless = all(cell in _SCORES or not cell for cell in header)
    skip = 1 if not headless and header[0].lower() in _NAMELESS else 0
    names = [f"item{place + 1}" for place in range(len(header))] if headless else header[skip:]
    for place, name in enumerate(names):
        if not name or name in names[:place]:
            raise TableError(1, name or "header", "an item's column needs a name of its own")
    lines = enumerate(rows, start=2)
    for line, row in [(1, header), *lines] if headless else lines:
        if not row:
            continue
        if len(row) != len(header):
            raise TableError(line, "", f"{len(row)} fields where the first line has {len(header)}")
        for place, cell in enumerate(row[skip:]):
            score = _SCORES.get(cell.strip())
            if score is not None:
                person.append(line)
                item.append(place)
                right.append(score)
            elif cell.strip():
                raise TableError(line, names[place], f"{cell[:40]!r} is neither 0, 1 nor empty")
    if not len(item):
        raise TableError(2, "", "there is no answer in the table")
    return make_responses(names, *(np.array(part, dtype=np.int64) for part in (person, item, right)))
