"""What the pupil's templates read, made from rows, banks and sittings: words in one language, whole percentages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from exam.framework import AREAS, COMPETENCES
from exam.profile import profile

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    from exam.bank import Bank
    from exam.content import Course
    from kiosk.people import Lang
    from kiosk.store.campaigns import Campaign
    from kiosk.store.participations import Participation, Status


@dataclass(frozen=True)
class CourseView:
    """One of the pupil's courses, for the home page; `percent` is how much of it is settled."""

    id: str
    title: str
    status: Status
    teacher: str
    percent: int
    answered: int
    day: date


@dataclass(frozen=True)
class LandingCourse:
    """What a campaign's first page says of its course; `levels` are the lowest and highest asked."""

    name: str
    description: str
    minutes: int
    topics: int
    levels: tuple[int, int]


@dataclass(frozen=True)
class LandingView:
    """What a code opens."""

    code: str
    title: str
    text: str
    teacher: str
    course: LandingCourse
    participation: str | None


@dataclass(frozen=True)
class LevelView:
    """One competence of the profile; level 0 is not started or not yet reached."""

    code: str
    name: str
    level: int


@dataclass(frozen=True)
class AreaView:
    """One area of the framework with its competences."""

    number: str
    name: str
    competences: list[LevelView]


def teacher_of(campaign: Campaign) -> str:
    """Return the name of the campaign's owner, as pupils read it."""
    return f"{campaign.owner_first_name} {campaign.owner_last_name}"


def title_of(campaign: Campaign, course: Course, lang: Lang) -> str:
    """Return the title pupils see: the campaign's own, or its course's name."""
    return campaign.title or course.name[lang]


def day_of(instant_ms: int) -> date:
    """Return the local day of an instant of the wall clock."""
    return datetime.fromtimestamp(instant_ms // 1000, UTC).astimezone().date()


def course_view(row: Participation, campaign: Campaign, course: Course, lang: Lang) -> CourseView:
    """Return a participation as the home page shows it."""
    return CourseView(
        id=row.id,
        title=title_of(campaign, course, lang),
        status=row.status,
        teacher=teacher_of(campaign),
        percent=row.progress // 10,
        answered=row.answered,
        day=day_of(row.shared_ms or row.ended_ms or row.started_ms),
    )


def landing_view(campaign: Campaign, course: Course, joined: Participation | None, lang: Lang) -> LandingView:
    """Return what the code of this campaign opens."""
    return LandingView(
        code=campaign.code,
        title=title_of(campaign, course, lang),
        text=campaign.text,
        teacher=teacher_of(campaign),
        course=LandingCourse(
            name=course.name[lang],
            description=course.description[lang],
            minutes=course.minutes,
            topics=len(course.topics),
            levels=(1, max((topic.level for topic in course.topics), default=1)),
        ),
        participation=joined.id if joined else None,
    )


def profile_views(bank: Bank, validated: Collection[str], lang: Lang) -> tuple[list[AreaView], int]:
    """Return the sixteen competences by area with the levels reached, and how many are at level 1 or more."""
    levels = {score.competence: score.level for score in profile(bank, validated).competences}
    areas = [
        AreaView(
            number=area.code,
            name=area.name[lang],
            competences=[
                LevelView(one.code, one.name[lang], levels[one.code])
                for one in COMPETENCES.values()
                if one.area == area.code
            ],
        )
        for area in AREAS.values()
    ]
    return areas, sum(level >= 1 for level in levels.values())
