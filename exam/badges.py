"""Thematic results of a course: a badge is obtained when each of its criteria is met.

A criterion asks a percentage of the skills of the whole course, or of some topics up to a level.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from exam.rounding import Tally, round_half_up

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from exam.bank import Bank
    from exam.content import Badge, Criterion

MET = 100
"""A criterion's acquisition when it is met, in percent."""


def criterion_acquisition(tally: Tally, threshold: int) -> int:
    """Return how far a criterion is met, 0 to 100: the share of its threshold reached, rounded half up."""
    if threshold <= 0:
        return MET
    return min(MET, round_half_up(Fraction(10_000) * tally.share() / threshold))


def acquisitions(
    bank: Bank, badge: Badge, targeted: Collection[str], validated: Collection[str]
) -> list[int]:
    """Return the acquisition of each criterion, from the ids of the targeted and of the validated skills."""
    result = []
    for criterion in badge.criteria:
        skills = targeted if criterion.scope == "course" else _topic_skills(bank, criterion)
        tally = Tally(sum(skill in validated for skill in skills), len(skills))
        result.append(criterion_acquisition(tally, criterion.threshold))
    return result


def is_obtained(acquisitions: Sequence[int]) -> bool:
    """Return whether every criterion is met; a badge without criteria is never obtained."""
    return bool(acquisitions) and all(value == MET for value in acquisitions)


def _topic_skills(bank: Bank, criterion: Criterion) -> list[str]:
    return [
        skill
        for topic in criterion.topics
        for skill in bank.topics[topic.id].skills
        if bank.skills[skill].level <= topic.level
    ]
