"""Which stage of a course a result reaches: bands with a message for the pupil and one for the staff.

The first stage is always reached. A *first skill* stage is reached with one validated skill and ranks second; the others
by a percentage of mastery, a stage given as a level being turned into the share of skills up to that level.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from exam.rounding import round_half_up

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from exam.content import Stage
    from exam.rounding import Tally


class Step(NamedTuple):
    """A stage made comparable: `place` in the course; steps sort in ascending order of what they ask."""

    threshold: int
    first_skill: bool
    place: int

    def reached_by(self, tally: Tally) -> bool:
        """Return whether a result earns this stage; nothing validated earns none, and leaves the first."""
        return tally.validated > 0 and (self.first_skill or self.threshold <= tally.mastery())


def ladder(stages: Sequence[Stage], levels: Iterable[int]) -> list[Step]:
    """Return the stages in ascending order; `levels` are those of the course's targeted skills."""
    all_levels = list(levels)
    return sorted(
        Step(0 if stage.first_skill else _threshold(stage, all_levels), stage.first_skill, place)
        for place, stage in enumerate(stages)
    )


def _threshold(stage: Stage, levels: list[int]) -> int:
    if stage.level is None:
        return stage.threshold or 0
    if not levels:
        return 0
    within = sum(level <= stage.level for level in levels)
    return round_half_up(Fraction(100 * within, len(levels)))


def reached(steps: Sequence[Step], tally: Tally) -> int:
    """Return the rank, from 0, of the highest stage reached: also the number of stars, out of `len(steps) - 1`."""
    return max((rank for rank, step in enumerate(steps) if step.reached_by(tally)), default=0)


def bounds(steps: Sequence[Step], rank: int) -> tuple[int, int]:
    """Return the lowest and highest whole percentage of mastery of a stage, for lists filtered by stage."""
    low = 1 if steps[rank].first_skill else steps[rank].threshold
    higher = [1 if step.first_skill else step.threshold for step in steps[rank + 1 :]]
    return low, max(low, higher[0] - 1) if higher else 100
