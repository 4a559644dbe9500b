"""The profile of a person: sixteen competences with their points and levels, a score, and whether they may certify.

A skill is worth 8 points shared among the skills of the same competence and level that can be asked, and at most 4. Points
are exact fractions until they are shown: three skills worth 8/3 each make 8, and never 7.
"""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from exam.certifiability import is_certifiable
from exam.framework import COMPETENCES, MAX_REACHABLE_LEVEL

if TYPE_CHECKING:
    from collections.abc import Collection

    from exam.bank import Bank

POINTS_PER_LEVEL = 8
MAX_SKILL_VALUE = 4


class CompetenceScore(NamedTuple):
    """One competence: points shown, level 0..7, and points gained towards the next level."""

    competence: str
    points: int
    level: int
    towards_next: int


class Profile(NamedTuple):
    """The sixteen competences in order, their total, and whether the person may certify."""

    competences: tuple[CompetenceScore, ...]
    score: int
    certifiable: bool


def skill_values(bank: Bank) -> dict[str, Fraction]:
    """Return what each skill that can be asked is worth, by id."""
    active = [skill for skill in bank.skills.values() if bank.items_of_skill.get(skill.id)]
    count = Counter((skill.competence, skill.level) for skill in active)
    most = Fraction(MAX_SKILL_VALUE)
    return {
        skill.id: min(most, Fraction(POINTS_PER_LEVEL, count[skill.competence, skill.level]))
        for skill in active
    }


def profile(bank: Bank, validated: Collection[str]) -> Profile:
    """Return the profile of a person from the ids of every skill they validated, here or elsewhere."""
    raw = dict.fromkeys(COMPETENCES, Fraction(0))
    values = skill_values(bank)
    # A skill listed twice counts once; an exact sum does not depend on the order.
    for skill in frozenset(validated):
        if skill in values:
            raw[bank.skills[skill].competence] += values[skill]
    scores = tuple(_score(code, total) for code, total in raw.items())
    points = sum(score.points for score in scores)
    return Profile(scores, points, is_certifiable(score.level for score in scores))


def _score(competence: str, raw: Fraction) -> CompetenceScore:
    points = min(int(raw), POINTS_PER_LEVEL * MAX_REACHABLE_LEVEL)
    level = min(int(raw / POINTS_PER_LEVEL), MAX_REACHABLE_LEVEL)
    return CompetenceScore(competence, points, level, points % POINTS_PER_LEVEL)
