"""A spreadsheet: typed cells and formulas, one sort, filters. Values are worked out by `exam.simulators.sheet`.

Sorting and filtering move and hide rows on the screen only: a row keeps its number, and formulas keep their cells.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar

from exam.simulators.base import Simulator, Slot
from exam.simulators.schema import Schema, count, localise, maybe_ident
from exam.simulators.sheet import Sheet
from exam.text_matching import same
from exam.variables import say_value

if TYPE_CHECKING:
    from exam.reading import Reader
    from exam.scene import Scene
    from exam.simulators.base import Facts
    from exam.simulators.schema import Node

MAX_ROWS, MAX_COLUMNS = 60, 8
LETTERS = "ABCDEFGH"
_CELL = re.compile(r"cell\.([A-H])([1-9][0-9]?)")
_COLUMN = re.compile(r"-?[A-H]")


def _rows(reader: Reader, key: str) -> Node:
    if not reader.has(key):
        return []
    lines = reader.list(key)
    inner = type(reader)({f"row {n}": line for n, line in enumerate(lines, 1)}, reader.notes, reader.prefix)
    found = [_row(inner, name) for name in inner.names()]
    if len(found) > MAX_ROWS or any(len(line) > MAX_COLUMNS for line in found):
        reader.problem(key, "too_many", f"a sheet has at most {MAX_ROWS} rows and {MAX_COLUMNS} columns")
    return found


def _row(reader: Reader, key: str) -> Node:
    """Read one row; an empty text is an empty cell."""
    values = reader.list(key)
    inner = type(reader)({f"cell {n}": value for n, value in enumerate(values, 1)}, reader.notes, key)
    return ["" if inner.raw(name) == "" else inner.text(name, plain=True) for name in inner.names()]


def _cells(reader: Reader, key: str) -> Node:
    inner = reader.table(key, required=False)
    if inner is None:
        return {}
    for name in inner.names():
        if not _CELL.fullmatch(f"cell.{name}"):
            inner.problem(name, "unknown_fact", f"{name[:10]!r} is not a cell from A1 to H60")
    return {name: inner.text(name, plain=True) for name in inner.names()}


class Spreadsheet(Simulator):
    """Compute, sort and filter."""

    name = "spreadsheet"
    derived = r"(value|uses)\.[A-H][1-9][0-9]?|visible"
    schema: ClassVar[Schema] = {
        "rows": _rows,
        "table": maybe_ident,
        "blank_rows": count(0, 20, 2),
        "blank_columns": count(0, 4, 1),
        "cells": _cells,
    }

    def localise(self, spec: dict[str, Node], scene: Scene) -> dict[str, Node]:
        """Return the sheet of one pupil: the rows written or drawn, as typed cells, and its size."""
        rows = localise(spec["rows"], scene)
        drawn = scene.tables.get(spec.get("table", ""))
        if drawn is not None:
            rows = [[scene.say(title) for title in drawn.titles]]
            rows += [[say_value(cell, scene.lang) for cell in row] for row in drawn.rows]
        cells = {
            f"{LETTERS[place]}{number}": text
            for number, row in enumerate(rows[:MAX_ROWS], 1)
            for place, text in enumerate(row[:MAX_COLUMNS])
        }
        cells |= localise(spec["cells"], scene)
        height = max((int(cell[1:]) for cell in cells), default=1)
        width = max((LETTERS.index(cell[0]) + 1 for cell in cells), default=1)
        return {
            "cells": cells,
            "data_rows": len(rows),
            "height": min(MAX_ROWS, height + spec["blank_rows"]),
            "width": min(MAX_COLUMNS, width + spec["blank_columns"]),
            "commas": scene.lang == "en",
        }

    def slots(self, scene: dict[str, Node]) -> dict[str, Slot]:
        """Return the sort and the filters; cells have no fixed keys."""
        del scene
        return {"sort": Slot(length=2), **{f"filter.{letter}": Slot() for letter in LETTERS}}

    def free_slot(self, key: str) -> Slot | None:
        """Return the slot of a cell."""
        match = _CELL.fullmatch(key)
        return Slot() if match and int(match[2]) <= MAX_ROWS else None

    def start(self, scene: dict[str, Node]) -> Facts:
        """Return what is typed in each cell."""
        return {f"cell.{cell}": text for cell, text in scene["cells"].items() if text}

    def derive(self, scene: dict[str, Node], facts: Facts) -> Facts:
        """Return the value of every cell, the functions of every formula, and how many rows filters leave."""
        typed = {key.removeprefix("cell."): text for key, text in facts.items() if key.startswith("cell.")}
        sheet = Sheet(typed, commas=bool(scene.get("commas")))
        found = {f"value.{cell}": sheet.text(cell) for cell in sorted(typed)}
        found |= {f"uses.{cell}": used for cell in sorted(typed) if (used := sheet.uses(cell))}
        filters = {key[-1]: text for key, text in facts.items() if key.startswith("filter.")}
        found["visible"] = str(
            sum(
                all(same(found.get(f"value.{letter}{row}", ""), wanted) for letter, wanted in filters.items())
                for row in range(2, scene["data_rows"] + 1)
            )
        )
        return found

    def normal(self, key: str, value: str) -> str:
        """Return a sort in capitals."""
        return value.upper() if key == "sort" and _COLUMN.fullmatch(value.upper()) else value

    def seen(self, key: str, found: str, wanted: str) -> str:
        """Return a formula without its `$` for a goal that names none: they change nothing to what it reads."""
        formula = key.startswith("cell.") and found.startswith("=") and "$" not in wanted
        return found.replace("$", "") if formula else self.normal(key, found)
