"""The certification engine: which item comes next, and what an answer changes.

A choice is the most informative item, at the estimated ability, that every rule allows: quota of its competence left, topic
not asked yet, no enemy asked, eligible in the segment of the estimate. The first questions are chosen as if ability were at
most a little below average. When nothing is left, rules give way in this order, and the choice says so: 1. eligibility;
2. the quota of competences that have no item left, the least asked competences first. Nothing else ever gives way: with no
item left at all the sitting ends. A question withdrawn after an alert leaves its topic and competence free, and takes its
skill and its enemies out of the sitting. Integers only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from exam.certification.eligibility import draw_lots, draw_mix
from exam.certification.posterior import PRIOR, mean_milli
from exam.certification.rules import (
    EASY_START,
    LENGTH,
    OPEN_FROM,
    OPEN_WEIGHTS,
    PER_COMPETENCE,
    SEGMENT_OF_CELL,
    SEGMENTS,
)
from exam.certification.tables import CELLS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from exam.certification.eligibility import Lots, Thresholds
    from exam.certification.fixed import Ints
    from exam.certification.rules import Mode
    from exam.certification.tables import Tables

    Mask = NDArray[np.bool_]

_SEGMENT: tuple[int, ...] = tuple(SEGMENT_OF_CELL.tolist())
_WORST = np.int16(0x7FFF)


class Choice(NamedTuple):
    """What to ask: the item's place in the tables, and why: estimated ability, segment, and which rule gave way (0: none)."""

    item: int
    ability: int
    segment: int
    relaxed: int


class Progress:
    """Where a sitting stands; changed by `answer` and `withdraw` only. `ability` is in thousandths of a logit."""

    __slots__ = ("ability", "answered", "clear", "counts", "eligible", "given", "legal", "log", "mix")

    def __init__(self, legal: Mask, eligible: Mask, mix: Lots, competences: int) -> None:
        self.legal = legal  # every rule but eligibility
        self.clear = legal.copy()  # every rule but eligibility and quotas
        self.eligible = eligible
        self.mix = mix
        self.counts = [0] * competences
        self.log: Ints = PRIOR.copy()
        self.ability = 0
        self.answered = 0
        self.given: list[tuple[int, bool]] = []

    def copy(self) -> Progress:
        """Return one that can go its own way."""
        twin = Progress(self.legal.copy(), self.eligible, self.mix, len(self.counts))
        twin.clear, twin.counts, twin.log = self.clear.copy(), [*self.counts], self.log.copy()
        twin.ability, twin.answered, twin.given = self.ability, self.answered, [*self.given]
        return twin


class CertificationEngine:
    """The rules bound to the tables and thresholds of one bank; holds nothing of any candidate."""

    def __init__(self, tables: Tables, eligibility: Thresholds, mode: Mode = "precise") -> None:
        self.tables = tables
        self.eligibility = eligibility
        self.mode = mode
        self._access = {
            adjusted: np.array([item.access != shut for item in tables.items], dtype=np.bool_)
            for adjusted, shut in ((False, "adjusted"), (True, "ordinary"))
        }

        self.unopened = Progress(
            np.zeros(tables.count, dtype=np.bool_),
            np.zeros((SEGMENTS, tables.count), dtype=np.bool_),
            np.zeros(0, dtype=np.uint32),
            len(tables.competences),
        )

    def start(self, seed: bytes, *, adjusted: bool = False) -> Progress:
        """Return the beginning of the sitting of this seed (32 bytes); `adjusted` for who needs adjusted items."""
        tables = self.tables
        eligible = draw_lots(tables, seed)[None, :] <= self.eligibility.values
        mix = draw_mix(tables, seed) if self.mode == "open" else self.unopened.mix
        return Progress(self._access[adjusted].copy(), eligible, mix, len(tables.competences))

    def choose(self, at: Progress) -> Choice | None:
        """Return the next item; None when 32 are answered or no item is left."""
        if at.answered >= LENGTH:
            return None
        ability = at.ability
        if at.answered < len(EASY_START):
            ability = min(ability, EASY_START[at.answered])
        cell = min(max((ability + 4005) // 10, 0), CELLS - 1)
        segment = _SEGMENT[cell]
        allowed = self.allowed(at, segment)
        item = self._best(at, cell, allowed)
        if allowed[item]:
            return Choice(item, ability, segment, 0)
        return self._relaxed(at, cell, ability, segment)

    def allowed(self, at: Progress, segment: int) -> Mask:
        """Return the items that no rule shuts out in this segment."""
        allowed: Mask = at.legal & at.eligible[segment]
        return allowed

    def answer(self, at: Progress, item: int, *, right: bool) -> None:
        """Learn from an answer: only a right one counts for the candidate."""
        tables = self.tables
        at.log += (tables.log_right if right else tables.log_wrong)[item]
        at.ability = mean_milli(at.log)
        at.given.append((item, right))
        at.answered += 1
        keeps = tables.keeps[item]
        at.legal &= keeps
        at.clear &= keeps
        competence = int(tables.competence[item])
        at.counts[competence] += 1
        if at.counts[competence] == PER_COMPETENCE:
            at.legal &= tables.elsewhere[competence]

    def withdraw(self, at: Progress, item: int) -> None:
        """Take an unanswered question out, with its skill and enemies; its topic and competence stay open."""
        forgets = self.tables.forgets[item]
        at.legal &= forgets
        at.clear &= forgets

    def _best(self, at: Progress, cell: int, allowed: Mask) -> int:
        """Return the first of the allowed items in the cell's order; any item when none is allowed."""
        mixed = at.answered - OPEN_FROM
        if self.mode == "open" and 0 <= mixed < len(OPEN_WEIGHTS):
            return self._drawn(at, cell, allowed, OPEN_WEIGHTS[mixed])
        return int(np.where(allowed, self.tables.rank[cell], _WORST).argmin())

    def _drawn(self, at: Progress, cell: int, allowed: Mask, weight: int) -> int:
        return int(drawn_values(self.tables.information[cell], at.mix, allowed, weight).argmax())

    def _relaxed(self, at: Progress, cell: int, ability: int, segment: int) -> Choice | None:
        order = self.tables.rank[cell]
        if at.legal.any():
            return Choice(int(np.where(at.legal, order, _WORST).argmin()), ability, segment, 1)
        left = {int(one) for one in self.tables.competence[at.clear]}
        if not left:
            return None
        fewest = min(at.counts[one] for one in left)
        least = [one for one in left if at.counts[one] == fewest]
        last = at.clear & np.isin(self.tables.competence, least)
        return Choice(int(np.where(last, order, _WORST).argmin()), ability, segment, 2)


def drawn_values(information: NDArray[np.int32], mix: Lots, allowed: Mask, weight: int) -> Ints:
    """Return what open use compares: information against a draw up to the largest information; -1 where not allowed."""
    info = information.astype(np.int64)
    draw = (mix.astype(np.int64) * info.max(axis=-1, keepdims=True)) >> 32
    return np.where(allowed, info * weight + draw * (1024 - weight), -1)
