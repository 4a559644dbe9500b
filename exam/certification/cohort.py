"""Many invented candidates led at once by the engine's own rules, for tuning and simulation.

Every choice and every estimate is the integer that `exam.certification.engine` gives for the same lots and the same answers
(a test compares them); only whether an invented candidate is right comes from floats. The sums of weights are taken in
floats too, where they are exact: they stay far below 2^53.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from exam.certification.engine import drawn_values
from exam.certification.parameters import MICRO
from exam.certification.posterior import LAST, PRIOR, SHIFT
from exam.certification.rules import (
    EASY_START,
    LENGTH,
    OPEN_FROM,
    OPEN_WEIGHTS,
    PER_COMPETENCE,
    SEGMENT_OF_CELL,
)
from exam.certification.tables import CELLS, EXP, POINT_MILLI

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from exam.certification.eligibility import Lots, Thresholds
    from exam.certification.fixed import Floats, Ints
    from exam.certification.rules import Mode
    from exam.certification.tables import Tables

_WORST = np.int16(0x7FFF)
_EXP: Floats = EXP.astype(np.float64)
_SUMS: Floats = np.stack([np.ones(len(POINT_MILLI)), POINT_MILLI.astype(np.float64)], axis=1)


class Passages(NamedTuple):
    """What happened, a row a candidate: items in order (-1: none was left), who was right, segments, the last estimate."""

    items: NDArray[np.int16]
    right: NDArray[np.bool_]
    segments: NDArray[np.int8]
    ability: Ints
    relaxed: NDArray[np.int8]


class Cohort:
    """Leads candidates through one bank; `abilities` are in logits, `chances` are their luck, one an answer, in 0..1."""

    def __init__(self, tables: Tables, eligibility: Thresholds, mode: Mode = "precise") -> None:
        self.tables = tables
        self.thresholds = eligibility.values
        self.mode = mode
        self._a = np.array([item.a for item in tables.items]) / MICRO
        self._b = np.array([item.b for item in tables.items]) / MICRO
        self._log = np.concatenate([tables.log_right, tables.log_wrong])
        self._open = np.array([item.access != "adjusted" for item in tables.items])

    def lead(self, abilities: Floats, lots: Lots, mix: Lots | None, chances: Floats) -> Passages:
        """Return the passages; `lots` are already without enemies, `mix` is for open use."""
        tables, people = self.tables, len(abilities)
        state = _State(people, tables, self._open)
        passages = Passages(
            np.full((people, LENGTH), -1, dtype=np.int16),
            np.zeros((people, LENGTH), dtype=np.bool_),
            np.zeros((people, LENGTH), dtype=np.int8),
            state.ability,
            np.zeros((people, LENGTH), dtype=np.int8),
        )
        for step in range(LENGTH):
            cell, segment = _place(state.ability, step)
            allowed = state.legal & (lots <= self.thresholds[segment])
            pick = self._pick(cell, allowed, mix, step)
            relaxed = self._relax(state, cell, allowed, pick)
            answering = np.flatnonzero(relaxed < 3)
            passages.segments[:, step], passages.relaxed[:, step] = segment, relaxed
            passages.items[answering, step] = pick[answering]
            slopes, places = self._a[pick], self._b[pick]
            wrong = chances[:, step] >= 1.0 / (1.0 + np.exp(-slopes * (abilities - places)))
            passages.right[:, step] = ~wrong
            state.answer(tables, answering, pick, self._log[pick + tables.count * wrong])
        return passages

    def _pick(self, cell: Ints, allowed: NDArray[np.bool_], mix: Lots | None, step: int) -> Ints:
        mixed = step - OPEN_FROM
        if self.mode == "open" and mix is not None and 0 <= mixed < len(OPEN_WEIGHTS):
            values = drawn_values(self.tables.information[cell], mix, allowed, OPEN_WEIGHTS[mixed])
            drawn: Ints = values.argmax(axis=1).astype(np.int64)
            return drawn
        best: Ints = np.where(allowed, self.tables.rank[cell], _WORST).argmin(axis=1).astype(np.int64)
        return best

    def _relax(self, state: _State, cell: Ints, allowed: NDArray[np.bool_], pick: Ints) -> NDArray[np.int8]:
        """Choose again, in place, where nothing was allowed; return which rule gave way, 3 where no item is left."""
        relaxed = np.zeros(len(pick), dtype=np.int8)
        for row in np.flatnonzero(~allowed[state.rows, pick]):
            order = self.tables.rank[cell[row]]
            for level, mask in ((1, state.legal[row]), (2, state.last_resort(self.tables, int(row)))):
                relaxed[row] = level
                pick[row] = np.where(mask, order, _WORST).argmin()
                if mask.any():
                    break
            else:
                relaxed[row] = 3
        return relaxed


class _State:
    """Where every candidate of a cohort stands."""

    def __init__(self, people: int, tables: Tables, opened: NDArray[np.bool_]) -> None:
        self.rows = np.arange(people)
        self.legal = np.broadcast_to(opened, (people, tables.count)).copy()
        self.clear = self.legal.copy()
        self.counts = np.zeros((people, len(tables.competences)), dtype=np.int64)
        self.log = np.broadcast_to(PRIOR, (people, len(PRIOR))).copy()
        self.ability = np.zeros(people, dtype=np.int64)

    def last_resort(self, tables: Tables, row: int) -> NDArray[np.bool_]:
        """Return the items left once quotas give way: those of the least asked competences."""
        clear: NDArray[np.bool_] = self.clear[row]
        left = np.unique(tables.competence[clear])
        if not len(left):
            return clear
        counts = self.counts[row, left]
        least: NDArray[np.bool_] = clear & np.isin(tables.competence, left[counts == counts.min()])
        return least

    def answer(self, tables: Tables, who: NDArray[np.intp], pick: Ints, log: Ints) -> None:
        """Learn the answers of those who were asked something."""
        item = pick[who]
        keeps = tables.keeps[item]
        competence = tables.competence[item]
        self.counts[who, competence] += 1
        everyone = len(who) == len(self.rows)
        if everyone:
            self.legal &= keeps
            self.clear &= keeps
            self.log += log
        else:
            self.legal[who] &= keeps
            self.clear[who] &= keeps
            self.log[who] += log[who]
        full = who[self.counts[who, competence] == PER_COMPETENCE]
        self.legal[full] &= tables.elsewhere[tables.competence[pick[full]]]
        self._estimate()

    def _estimate(self) -> None:
        steps = self.log.max(axis=1, keepdims=True) - self.log
        steps >>= SHIFT
        np.minimum(steps, LAST, out=steps)
        sums = (_EXP.take(steps) @ _SUMS).astype(np.int64)
        self.ability[:] = (2 * sums[:, 1] + sums[:, 0]) // (2 * sums[:, 0])


def _place(ability: Ints, step: int) -> tuple[Ints, Ints]:
    """Return the cell and the segment each candidate's next item is chosen in."""
    seen = np.minimum(ability, EASY_START[step]) if step < len(EASY_START) else ability
    cell = np.clip((seen + 4005) // 10, 0, CELLS - 1)
    return cell, SEGMENT_OF_CELL[cell]
