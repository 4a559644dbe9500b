"""Item parameters as a table of text: CSV with the columns item, a, b, competence, topic, and perhaps more.

Optional columns: `enemy` (items never asked together with this one, separated by spaces or semicolons; or a label shared by
several lines, all enemies of each other), `skill` (default: the item), `access` (ordinary, everyone, adjusted). A topic
lies inside its competence: one name under two competences is two topics. Refusals name line and field.
"""

from __future__ import annotations

import csv
import re
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, get_args

from exam.certification.parameters import MAX_A, MAX_B, MICRO, Access, Parameters
from exam.errors import ExamError

if TYPE_CHECKING:
    from collections.abc import Iterable

REQUIRED = ("item", "a", "b", "competence", "topic")
OPTIONAL = ("enemy", "skill", "access")
MAX_NAME = 120


class TableError(ExamError):
    """A table that cannot be read; the message names the line and the field."""

    code = "table.bad"

    def __init__(self, line: int, field: str, message: str) -> None:
        self.line, self.field, self.message = line, field, message
        super().__init__(detail=f"line {line}, {field}: {message}" if field else f"line {line}: {message}")


def read_parameters(lines: Iterable[str]) -> list[Parameters]:
    """Return the items of a table; raises `TableError` on the first line that cannot be."""
    rows = csv.reader(lines, strict=True)
    try:
        header = [name.strip().lower().removeprefix("\ufeff") for name in next(rows, [])]
        _check_header(header)
        read = [
            (rows.line_num, _row(header, row, rows.line_num))
            for row in rows
            if any(cell.strip() for cell in row)
        ]
    except csv.Error as error:
        raise TableError(rows.line_num, "", str(error)) from error
    if not read:
        raise TableError(1, "", "there is no item below the header")
    return _befriend(read)


def _check_header(header: list[str]) -> None:
    for name in REQUIRED:
        if header.count(name) != 1:
            raise TableError(
                1, name, f"the header needs this column once; it has: {', '.join(header) or 'nothing'}"
            )
    for name in header:
        if name not in REQUIRED + OPTIONAL:
            raise TableError(1, name or "(empty)", f"unknown column; known: {', '.join(REQUIRED + OPTIONAL)}")


def _row(header: list[str], row: list[str], line: int) -> dict[str, str]:
    if len(row) != len(header):
        raise TableError(line, "", f"{len(row)} fields where the header has {len(header)}")
    cells = dict(zip(header, (cell.strip() for cell in row), strict=True))
    for name in REQUIRED:
        if not cells[name]:
            raise TableError(line, name, "is empty")
    for name, value in cells.items():
        if name != "enemy" and len(value) > MAX_NAME:
            raise TableError(line, name, f"is longer than {MAX_NAME} characters")
    return cells


def _number(cells: dict[str, str], name: str, line: int) -> int:
    """Return a parameter in millionths, halves away from zero."""
    try:
        value = Decimal(cells[name])
    except InvalidOperation:
        raise TableError(line, name, f"{cells[name]!r} is not a number") from None
    least, most = (Decimal(0), Decimal(MAX_A)) if name == "a" else (Decimal(-MAX_B), Decimal(MAX_B))
    if not value.is_finite() or not least <= value * MICRO <= most:
        raise TableError(line, name, f"{cells[name]} is out of range ({least / MICRO} to {most / MICRO})")
    millionths = int((value * MICRO).to_integral_value(rounding="ROUND_HALF_UP"))
    if name == "a" and millionths <= 0:
        raise TableError(line, name, "must be above 0: success must grow with ability")
    return millionths


def _befriend(read: list[tuple[int, dict[str, str]]]) -> list[Parameters]:
    """Return the items with enemies named by id; labels shared by several lines become enmities of all of them."""
    line_of: dict[str, int] = {}
    for line, cells in read:
        if cells["item"] in line_of:
            raise TableError(line, "item", f"{cells['item']} is already on line {line_of[cells['item']]}")
        line_of[cells["item"]] = line
    marks = {cells["item"]: _marks(cells) for _, cells in read}
    labels: dict[str, list[str]] = {}
    for item, named in marks.items():
        for label in named:
            if label not in line_of:
                labels.setdefault(label, []).append(item)
    items = []
    for line, cells in read:
        enemies: set[str] = set()
        for mark in marks[cells["item"]]:
            if mark not in line_of and len(labels[mark]) < 2:
                raise TableError(
                    line, "enemy", f"{mark} is no item of this table, nor a label of several lines"
                )
            enemies.update([mark] if mark in line_of else labels[mark])
        items.append(_item(cells, line, enemies - {cells["item"]}))
    return items


def _marks(cells: dict[str, str]) -> list[str]:
    return [mark for mark in re.split(r"[;|\s]+", cells.get("enemy", "")) if mark]


def _item(cells: dict[str, str], line: int, enemies: set[str]) -> Parameters:
    access = cells.get("access") or "everyone"
    if access not in get_args(Access):
        raise TableError(line, "access", f"{access} is not one of {', '.join(get_args(Access))}")
    known: Access = "adjusted" if access == "adjusted" else "ordinary" if access == "ordinary" else "everyone"
    return Parameters(
        cells["item"],
        _number(cells, "a", line),
        _number(cells, "b", line),
        cells["competence"],
        f"{cells['competence']}/{cells['topic']}",
        cells.get("skill") or cells["item"],
        tuple(sorted(enemies)),
        known,
    )


def write_parameters(items: Iterable[Parameters]) -> str:
    """Return the items as such a table, in their order."""
    lines = [",".join((*REQUIRED, "enemy"))]
    for item in items:
        topic = item.topic.removeprefix(f"{item.competence}/")
        fields = (item.id, _text(item.a), _text(item.b), item.competence, topic, " ".join(item.enemies))
        lines.append(",".join(fields))
    return "\n".join(lines) + "\n"


def _text(millionths: int) -> str:
    return str(Decimal(millionths).scaleb(-6))
