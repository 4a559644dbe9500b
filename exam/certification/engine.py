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


class Choice(NamedTuple):
    """What to ask: the item's place in the tables, and why: estimated ability, segment, and which rule gave way (0: none).

    `allowed` are the items that no rule shut out.
    """

    item: int
    ability: int
    segment: int
    relaxed: int
    allowed: Mask


class Progress:
    """Where a sitting stands; `ability` is in thousandths of a logit.

    Its arrays are never written to: to learn is to put others in their place, so copies may share them.
    """

    __slots__ = ("ability", "answered", "clear", "counts", "eligible", "given", "legal", "log", "mix")

    def __init__(self, legal: Mask, eligible: Mask, mix: Lots, competences: int) -> None:
        self.legal = self.clear = legal
        """`legal`: every rule but eligibility; `clear`: every rule but eligibility and quotas."""
        self.eligible = eligible
        self.mix = mix
        self.counts = (0,) * competences
        self.log: Ints = PRIOR
        self.ability = 0
        self.answered = 0
        self.given: tuple[tuple[int, bool], ...] = ()

    def copy(self) -> Progress:
        """Return one that can go its own way."""
        twin = Progress(self.legal, self.eligible, self.mix, 0)
        twin.clear, twin.counts, twin.log = self.clear, self.counts, self.log
        twin.ability, twin.answered, twin.given = self.ability, self.answered, self.given
        return twin


class CertificationEngine:
    """The rules bound to the tables and thresholds of one bank; of candidates it holds the lots drawn last, and no more."""

    def __init__(self, tables: Tables, eligibility: Thresholds, mode: Mode = "precise") -> None:
        self.tables = tables
        self.eligibility = eligibility
        self.mode = mode
        self._competence: list[int] = tables.competence.tolist()
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
        self._begun = (b"", self.unopened.eligible, self.unopened.mix)

    def start(self, seed: bytes, *, adjusted: bool = False) -> Progress:
        """Return the beginning of the sitting of this seed (32 bytes); `adjusted` for who needs adjusted items."""
        drawn = self._begun
        if drawn[0] != seed:  # who decides an opening and who applies it both come here
            eligible: Mask = draw_lots(self.tables, seed)[None, :] <= self.eligibility.values
            mix = draw_mix(self.tables, seed) if self.mode == "open" else self.unopened.mix
            drawn = self._begun = (seed, eligible, mix)
        return Progress(self._access[adjusted], drawn[1], drawn[2], len(self.tables.competences))

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
            return Choice(item, ability, segment, 0, allowed)
        item, relaxed = self._relaxed(at, cell)
        return Choice(item, ability, segment, relaxed, allowed) if relaxed else None

    def allowed(self, at: Progress, segment: int) -> Mask:
        """Return the items that no rule shuts out in this segment."""
        allowed: Mask = at.legal & at.eligible[segment]
        return allowed

    def answer(self, at: Progress, item: int, *, right: bool) -> None:
        """Learn from an answer: only a right one counts for the candidate."""
        tables = self.tables
        at.log = at.log + (tables.log_right if right else tables.log_wrong)[item]
        at.ability = mean_milli(at.log)
        at.given = (*at.given, (item, right))
        at.answered += 1
        keeps = tables.keeps[item]
        at.legal = at.legal & keeps
        at.clear = at.clear & keeps
        competence = self._competence[item]
        count = at.counts[competence] + 1
        at.counts = (*at.counts[:competence], count, *at.counts[competence + 1 :])
        if count == PER_COMPETENCE:
            at.legal &= tables.elsewhere[competence]  # an array of this answer's own

    def withdraw(self, at: Progress, item: int) -> None:
        """Take an unanswered question out, with its skill and enemies; its topic and competence stay open."""
        forgets = self.tables.forgets[item]
        at.legal = at.legal & forgets
        at.clear = at.clear & forgets

    def _best(self, at: Progress, cell: int, allowed: Mask) -> int:
        """Return the first of the allowed items in the cell's order; any item when none is allowed."""
        mixed = at.answered - OPEN_FROM
        if self.mode == "open" and 0 <= mixed < len(OPEN_WEIGHTS):
            return self._drawn(at, cell, allowed, OPEN_WEIGHTS[mixed])
        return self._first(cell, allowed)

    def _first(self, cell: int, among: Mask) -> int:
        order = self.tables.order[cell]
        return int(order[among.take(order).argmax()])

    def _drawn(self, at: Progress, cell: int, allowed: Mask, weight: int) -> int:
        return int(drawn_values(self.tables.information[cell], at.mix, allowed, weight).argmax())

    def _relaxed(self, at: Progress, cell: int) -> tuple[int, int]:
        """Return an item and which rule gave way for it, 0 when there is no item left."""
        if at.legal.any():
            return self._first(cell, at.legal), 1
        left = {int(one) for one in self.tables.competence[at.clear]}
        if not left:
            return 0, 0
        fewest = min(at.counts[one] for one in left)
        least = [one for one in left if at.counts[one] == fewest]
        return self._first(cell, at.clear & np.isin(self.tables.competence, least)), 2


def drawn_values(information: NDArray[np.int32], mix: Lots, allowed: Mask, weight: int) -> Ints:
    """Return what open use compares: information against a draw up to the largest information; -1 where not allowed."""
    info = information.astype(np.int64)
    draw = (mix.astype(np.int64) * info.max(axis=-1, keepdims=True)) >> 32
    return np.where(allowed, info * weight + draw * (1024 - weight), -1)
