"""The integer tables a certification decides on, compiled once from the items' parameters.

Ability is a grid of 121 points, -6 to 6 in tenths of a logit, for the posterior; and 801 cells of 10 thousandths of a
logit, -4 to 4, for the choice. In each cell the items have a total order, the most informative first and equal ones by id:
to choose is to take the first one allowed. Tables that are not monotone in ability are refused.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from exam.certification.fixed import exp_table, information, log_logistic
from exam.certification.parameters import ParametersError, ordered

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from exam.certification.fixed import Ints
    from exam.certification.parameters import Parameters

TABLES = "certification-tables/1"
"""Name and version of the way tables are compiled."""

POINTS = 121
POINT_MILLI: Ints = np.arange(-6000, 6001, 100, dtype=np.int64)
"""The abilities of the grid, in thousandths of a logit."""

CELLS = 801
CELL_MILLI: Ints = np.arange(-4000, 4001, 10, dtype=np.int64)
"""The abilities at which items are ordered, in thousandths of a logit."""

AT_A_TIME = 64
"""Rows of a table worked on together: a server opens a session with little memory to spare."""

EXP_STEP_BITS, EXP_BITS, EXP_COUNT = 10, 24, 18 << 10
EXP: Ints = exp_table(EXP_COUNT, EXP_STEP_BITS, EXP_BITS)
"""exp(-k / 1024) in units of 2^-24; its last entry, below half a unit, is 0 and stands for all smaller values."""


@dataclass(frozen=True, slots=True)
class Tables:
    """Everything a choice or a posterior looks up; rows of arrays follow the items' order by id."""

    items: tuple[Parameters, ...]
    log_right: Ints = field(repr=False)
    """[item, point]: log-probability of success, in units of 2^-20 nat."""
    log_wrong: Ints = field(repr=False)
    information: NDArray[np.int32] = field(repr=False)
    """[cell, item], in units of 2^-24."""
    rank: NDArray[np.int16] = field(repr=False)
    """[cell, item]: place of the item in the cell's order, 0 for the most informative."""
    order: NDArray[np.intp] = field(repr=False)
    """[cell, place]: the items, the most informative first; the same order, as the engine reads it."""
    keeps: NDArray[np.bool_] = field(repr=False)
    """[item, other]: the other may still be asked after the item: another topic, another skill, no enemy."""
    forgets: NDArray[np.bool_] = field(repr=False)
    """[item, other]: the other may be asked after the item was withdrawn: another skill, no enemy."""
    competences: tuple[str, ...]
    competence: NDArray[np.int16] = field(repr=False)
    """[item]: index of its competence."""
    foes: NDArray[np.int64] = field(repr=False)
    """[2, enmity]: both ends of every enmity, in both directions."""
    elsewhere: NDArray[np.bool_] = field(repr=False)
    """[competence, item]: the item is of another competence."""
    index: dict[str, int] = field(repr=False)
    digest: str

    @property
    def count(self) -> int:
        """Return how many items there are."""
        return len(self.items)


def compile_tables(parameters: Iterable[Parameters]) -> Tables:
    """Return the tables of these items; raises `ParametersError`."""
    items = tuple(ordered(parameters))
    a = np.array([item.a for item in items], dtype=np.int64)
    b = np.array([item.b for item in items], dtype=np.int64)
    x = a[:, None] * (POINT_MILLI[None, :] * 1000 - b[:, None])
    right, wrong = log_logistic(x), log_logistic(-x)
    check_monotone(items, right, wrong)
    info = _information(a, b)
    order = np.argsort(-info, axis=1, kind="stable")
    rank = np.empty(order.shape, dtype=np.int16)
    np.put_along_axis(rank, order, np.arange(len(items), dtype=np.int16)[None, :], axis=1)
    keeps, forgets = _remaining(items)
    names = sorted({item.competence for item in items})
    competence = np.array([names.index(item.competence) for item in items], dtype=np.int16)
    tables = Tables(
        items,
        right,
        wrong,
        info,
        rank,
        order,
        keeps,
        forgets,
        tuple(names),
        competence,
        _foes(items),
        competence[None, :] != np.arange(len(names), dtype=np.int16)[:, None],
        {item.id: place for place, item in enumerate(items)},
        _digest(items, right, wrong, info),
    )
    for array in (
        right,
        wrong,
        tables.information,
        rank,
        order,
        keeps,
        forgets,
        competence,
        tables.elsewhere,
    ):
        array.flags.writeable = False
    return tables


def _information(a: Ints, b: Ints) -> NDArray[np.int32]:
    """Return the information of each item in each cell, some cells at a time: what is on the way takes ten times the result."""
    found = np.empty((CELLS, len(a)), dtype=np.int32)
    for start in range(0, CELLS, AT_A_TIME):
        at = CELL_MILLI[start : start + AT_A_TIME, None] * 1000 - b[None, :]
        found[start : start + AT_A_TIME] = information(np.broadcast_to(a, at.shape), a[None, :] * at)
    return found


def check_monotone(items: Sequence[Parameters], right: Ints, wrong: Ints) -> None:
    """Raise `ParametersError` unless success grows likelier, and failure less so, with ability, for every item."""
    grows = np.diff(right, axis=1).min(axis=1) >= 0
    falls = np.diff(wrong, axis=1).max(axis=1) <= 0
    moves = right[:, -1] > right[:, 0]
    for place in np.flatnonzero(~(grows & falls & moves)).tolist():
        raise ParametersError(detail=f"{items[place].id}: success does not grow with ability")


def _remaining(items: Sequence[Parameters]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return which items may follow each, and which may replace it."""
    topics = np.unique([item.topic for item in items], return_inverse=True)[1]
    skills = np.unique([item.skill for item in items], return_inverse=True)[1]
    index = {item.id: place for place, item in enumerate(items)}
    forgets = skills[:, None] != skills[None, :]
    for place, item in enumerate(items):
        forgets[place, [index[enemy] for enemy in item.enemies]] = False
    return forgets & (topics[:, None] != topics[None, :]), forgets


def _foes(items: Sequence[Parameters]) -> NDArray[np.int64]:
    index = {item.id: place for place, item in enumerate(items)}
    pairs = [(index[item.id], index[enemy]) for item in items for enemy in item.enemies]
    return np.array(pairs, dtype=np.int64).reshape(-1, 2).T


def _digest(items: Sequence[Parameters], *arrays: NDArray[np.signedinteger[Any]]) -> str:
    """Return the SHA-256 of the items and of what was computed from them, little-endian whatever the machine."""
    hasher = hashlib.sha256(TABLES.encode() + b"\n")
    for item in items:
        fields = (
            item.id,
            str(item.a),
            str(item.b),
            item.competence,
            item.topic,
            item.skill,
            item.access,
            *item.enemies,
        )
        hasher.update(("\x1f".join(fields) + "\n").encode())
    for array in (EXP, *arrays):
        for start in range(0, len(array), AT_A_TIME):
            hasher.update(np.ascontiguousarray(array[start : start + AT_A_TIME], dtype="<i8").tobytes())
    return hasher.hexdigest()
