"""What the certification engine knows of an item: two parameters and where it stands, never its text or its solution.

Parameters are integers in millionths of a logit, so that a bank has one meaning on every machine. A topic lies inside one
competence; an item that is the enemy of another is never asked in the same sitting.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from exam.errors import ExamError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

MICRO = 1_000_000
"""Parameters are counted in millionths."""

MAX_A, MAX_B = 10 * MICRO, 10 * MICRO
"""Widest parameters taken: beyond them a calibration has failed, and the integer tables could overflow."""

MAX_ITEMS = 6_000
"""Most items in a certification bank: tables hold a bit for every pair of them."""

Access = Literal["ordinary", "everyone", "adjusted"]
"""Who may be asked an item: those without adjustment, everyone, or only those who need adjusted items."""


class ParametersError(ExamError):
    """The items cannot make a certification bank; `detail` names the item and the reason."""

    code = "parameters.bad"


@dataclass(frozen=True, slots=True)
class Parameters:
    """One item: `a` (slope) and `b` (difficulty) in millionths of a logit, metric without the constant 1.7."""

    id: str
    a: int
    b: int
    competence: str
    topic: str
    skill: str
    enemies: tuple[str, ...] = ()
    access: Access = "everyone"


def ordered(items: Iterable[Parameters]) -> list[Parameters]:
    """Return the items by id with enmity made mutual; raises `ParametersError` on the first thing that cannot be."""
    by_id: dict[str, Parameters] = {}
    for item in items:
        if item.id in by_id:
            raise ParametersError(detail=f"{item.id}: there are two items of this id")
        by_id[item.id] = item
    if not 0 < len(by_id) <= MAX_ITEMS:
        raise ParametersError(detail=f"{len(by_id)} items; a bank has 1 to {MAX_ITEMS}")
    rows = [by_id[name] for name in sorted(by_id)]
    _check(rows, by_id)
    foes: dict[str, set[str]] = {row.id: set() for row in rows}
    for row in rows:
        for enemy in row.enemies:
            foes[row.id].add(enemy)
            foes[enemy].add(row.id)
    return [
        Parameters(r.id, r.a, r.b, r.competence, r.topic, r.skill, tuple(sorted(foes[r.id])), r.access)
        for r in rows
    ]


def _check(rows: Sequence[Parameters], by_id: dict[str, Parameters]) -> None:
    home: dict[str, str] = {}
    for row in rows:
        if not 0 < row.a <= MAX_A:
            raise ParametersError(detail=f"{row.id}: the slope a must be above 0 and at most 10")
        if abs(row.b) > MAX_B:
            raise ParametersError(detail=f"{row.id}: the difficulty b must lie between -10 and 10")
        if home.setdefault(row.topic, row.competence) != row.competence:
            raise ParametersError(detail=f"{row.id}: the topic {row.topic} lies in two competences")
        for enemy in row.enemies:
            if enemy not in by_id or enemy == row.id:
                raise ParametersError(detail=f"{row.id}: its enemy {enemy} is not another item")
