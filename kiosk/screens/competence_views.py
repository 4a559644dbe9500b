"""The sixteen competences of a person as pages show them: levels, points, and what may be done with each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from exam.framework import AREAS, COMPETENCES, MAX_REACHABLE_LEVEL
from exam.profile import POINTS_PER_LEVEL

if TYPE_CHECKING:
    from exam.practice import PracticeStatus
    from kiosk.actions.practice import CompetencePractice, Practices
    from kiosk.people import Lang

FULL_SCORE = len(COMPETENCES) * POINTS_PER_LEVEL * 8
"""What the whole framework is worth, up to level 8."""
REACHABLE_SCORE = len(COMPETENCES) * POINTS_PER_LEVEL * MAX_REACHABLE_LEVEL
"""What a profile can show today."""


@dataclass(frozen=True)
class CompetenceView:
    """One competence; level 0 is not reached. Days are whole days to wait, None when waiting would not help."""

    code: str
    name: str
    area: str
    level: int
    points: int
    towards_next: int
    status: PracticeStatus
    running: str | None
    percent: int
    improve_in: int | None
    reset_in: int | None
    available: bool


@dataclass(frozen=True)
class AreaView:
    """One area of the framework with its competences."""

    number: str
    name: str
    competences: list[CompetenceView]


def competence_views(found: Practices, lang: Lang) -> list[CompetenceView]:
    """Return the sixteen competences in order."""
    return [competence_view(one, lang) for one in found.competences]


def competence_view(one: CompetencePractice, lang: Lang) -> CompetenceView:
    """Return one competence."""
    code, row = one.score.competence, one.row
    running = row.id if row is not None and row.ended_ms is None else None
    return CompetenceView(
        code=code,
        name=COMPETENCES[code].name[lang],
        area=COMPETENCES[code].area,
        level=one.score.level,
        points=one.score.points,
        towards_next=one.score.towards_next,
        status=one.practice.status,
        running=running,
        percent=row.progress // 10 if row is not None else 0,
        improve_in=one.practice.improve_in,
        reset_in=one.practice.reset_in,
        available=one.available,
    )


def area_views(found: Practices, lang: Lang) -> list[AreaView]:
    """Return the five areas with their competences."""
    views = competence_views(found, lang)
    return [
        AreaView(area.code, area.name[lang], [view for view in views if view.area == area.code])
        for area in AREAS.values()
    ]
