"""What the pupil's templates read, made from rows, banks and sittings: words in one language, whole percentages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from kiosk.titles import campaign_title, course_of

if TYPE_CHECKING:
    from datetime import date

    from exam.content import Course
    from kiosk.keys import Kiosk
    from kiosk.people import Lang
    from kiosk.store.campaigns import Campaign
    from kiosk.store.participations import Participation, Status


@dataclass(frozen=True)
class CourseView:
    """One of the pupil's courses or sendings; `percent` is how much of it is settled, `attempt` counts from 1."""

    id: str
    title: str
    status: Status
    teacher: str
    percent: int
    answered: int
    day: date
    collection: bool
    attempt: int
    archived: bool


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
    """What a code opens; `course` is None when a profile is asked for, `external` the name of an identifier to give."""

    code: str
    title: str
    text: str
    teacher: str
    course: LandingCourse | None
    participation: str | None
    status: Status | None
    sent: date | None
    external: str | None
    external_is_email: bool


def teacher_of(campaign: Campaign) -> str:
    """Return the name of the campaign's owner, as pupils read it."""
    return f"{campaign.owner_first_name} {campaign.owner_last_name}"


def day_of(instant_ms: int) -> date:
    """Return the local day of an instant of the wall clock."""
    return datetime.fromtimestamp(instant_ms // 1000, UTC).astimezone().date()


def course_view(row: Participation, campaign: Campaign, title: str) -> CourseView:
    """Return a participation as the home page shows it."""
    return CourseView(
        id=row.id,
        title=title,
        status=row.status,
        teacher=teacher_of(campaign),
        percent=row.progress // 10,
        answered=row.answered,
        day=day_of(row.shared_ms or row.ended_ms or row.started_ms),
        collection=campaign.kind == "collection",
        attempt=row.attempt,
        archived=campaign.archived,
    )


def landing_view(kiosk: Kiosk, campaign: Campaign, joined: Participation | None, lang: Lang) -> LandingView:
    """Return what the code of this campaign opens."""
    course = course_of(kiosk, campaign)
    return LandingView(
        code=campaign.code,
        title=campaign_title(kiosk, campaign, lang),
        text=campaign.text,
        teacher=teacher_of(campaign),
        course=None if course is None else _landing_course(course, lang),
        participation=joined.id if joined else None,
        status=joined.status if joined else None,
        sent=day_of(joined.shared_ms) if joined and joined.shared_ms is not None else None,
        external=campaign.external_label if joined is None else None,
        external_is_email=campaign.external_type == "email",
    )


def _landing_course(course: Course, lang: Lang) -> LandingCourse:
    return LandingCourse(
        name=course.name[lang],
        description=course.description[lang],
        minutes=course.minutes,
        topics=len(course.topics),
        levels=(1, max((topic.level for topic in course.topics), default=1)),
    )
