"""The estimated level of a pupil: the grid level whose expected successes come closest to the real ones.

For each of the 15 levels of the grid we keep the sum, over the answers, of outcome minus probability; the estimate is the
first level whose sum is nearest to zero. Two fictive answers, difficulty 0 solved and difficulty 7 failed, keep it inside
the grid. Sums only grow by addition, so an answer costs fifteen additions whatever came before.
"""

from __future__ import annotations

from operator import add

from exam.campaign.probability import LEVEL_COUNT, ONE, probability

Sums = tuple[int, ...]
"""For each grid level, the sum of (outcome - probability) in units of 2**-30."""

GRID = range(1, LEVEL_COUNT + 1)
UNKNOWN_DIFFICULTY = 2
"""Difficulty of a result about a skill that this bank does not have."""

_SOLVED = tuple(tuple(ONE - probability(halves, d) for halves in GRID) for d in range(9))
_FAILED = tuple(tuple(-probability(halves, d) for halves in GRID) for d in range(9))


def with_answer(sums: Sums, difficulty: int, *, solved: bool) -> Sums:
    """Return the sums after one more answer at this difficulty."""
    gains = _SOLVED[difficulty] if solved else _FAILED[difficulty]
    return tuple(map(add, sums, gains))


START: Sums = with_answer(with_answer((0,) * LEVEL_COUNT, 0, solved=True), 7, solved=False)
"""The sums before any answer: the two fictive answers alone, which put the estimate at level 3.5."""


def estimate(sums: Sums) -> int:
    """Return the estimated level in halves (1 is level 0.5): the lowest of those nearest to what was answered."""
    distances = [*map(abs, sums)]
    return distances.index(min(distances)) + 1
