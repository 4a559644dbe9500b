"""From ability to the score on 0..1024 and its mesh: a table of intervals, versioned and refused unless it grows.

Inside an interval the score grows evenly with ability, rounded down; below the first it is 0, above the last the highest.
Abilities are thousandths of a logit, so everything is integers. The table given here spreads 1024 points over 8 logits,
-4 to 4, and cuts meshes at 64, 128, 256 and every 128 points; an authority may publish another.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from exam.errors import ExamError


class ScaleError(ExamError):
    """A table of scores or levels that is not monotone, or has a hole."""

    code = "scale.bad"


class Interval(NamedTuple):
    """Abilities from `low` up to, not including, `high`; scores from `first` up to `first + width`, at `high` exactly."""

    mesh: str
    low: int
    high: int
    first: int
    width: int


@dataclass(frozen=True, slots=True)
class Scale:
    """One version of the table; `cuts` are the abilities where level 1, 2… of a competence begin."""

    version: str
    intervals: tuple[Interval, ...]
    cuts: tuple[int, ...]
    highest: int

    def __post_init__(self) -> None:
        """Raise `ScaleError` unless score, mesh and level all grow with ability, without a hole."""
        if not self.intervals:
            raise ScaleError(detail="a scale needs an interval")
        for one in self.intervals:
            if one.low >= one.high or one.width <= 0 or one.first < 0:
                raise ScaleError(
                    detail=f"{one.mesh}: the score must grow from its lower to its upper ability"
                )
        for one, after in pairwise(self.intervals):
            if one.high != after.low or one.first + one.width != after.first:
                raise ScaleError(detail=f"{after.mesh} does not begin where {one.mesh} ends")
        last = self.intervals[-1]
        if not last.first < self.highest <= last.first + last.width:
            raise ScaleError(detail="the highest score must lie in the last interval")
        if len({one.mesh for one in self.intervals}) != len(self.intervals):
            raise ScaleError(detail="two intervals have one name")
        if not self.cuts or any(low >= high for low, high in pairwise(self.cuts)):
            raise ScaleError(detail="levels must begin at growing abilities")

    def score(self, ability: int) -> int:
        """Return the score of an ability in thousandths of a logit, 0 to `highest`."""
        for one in self.intervals:
            if ability < one.low:
                return 0
            if ability < one.high:
                inside = one.width * (ability - one.low) // (one.high - one.low)
                return min(one.first + inside, self.highest)
        return self.highest

    def mesh(self, ability: int) -> int:
        """Return the index of the interval an ability lies in, -1 below the first."""
        for index, one in enumerate(self.intervals):
            if ability < one.low:
                return -1
            if ability < one.high:
                return index
        return len(self.intervals) - 1

    def level(self, ability: int) -> int:
        """Return the level of a competence at an ability, 0 to the number of cuts."""
        return sum(cut <= ability for cut in self.cuts)


_NAMES = (
    "pre_beginner",
    "beginner_1",
    "beginner_2",
    "independent_3",
    "independent_4",
    "advanced_5",
    "advanced_6",
    "expert_7",
    "expert_8",
)
_STARTS = (0, 64, 128, 256, 384, 512, 640, 768, 896, 1024)

SCALE = Scale(
    "preau-scale/1",
    tuple(
        Interval(name, -4000 + first * 125 // 16, -4000 + after * 125 // 16, first, after - first)
        for name, (first, after) in zip(_NAMES, pairwise(_STARTS), strict=True)
    ),
    tuple(range(-1500, 1501, 500)),
    1024,
)
"""The scale in use: 128 points a logit; levels 1 to 7 begin every half logit from -1.5 to 1.5."""
