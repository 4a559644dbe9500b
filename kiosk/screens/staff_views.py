"""What the staff templates are given: plain values in the reader's language, made from rows and courses."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from kiosk.campaign_results import badge_titles, bands_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from exam.content import Course
    from exam.stages import Step
    from kiosk.campaign_results import Band
    from kiosk.following import Follower
    from kiosk.people import Person
    from kiosk.store.campaigns import Campaign

FILLS = ("f1", "f2", "", "f4")
"""Four steps of one hue, from the lowest band to the highest."""
ORDER = (("shared", "f4"), ("started", "f2"), ("to_share", "f1"))


def local(at_ms: int) -> datetime:
    """Return an instant on the school's own clock."""
    return datetime.fromtimestamp(at_ms // 1000, UTC).astimezone()


def local_or_none(at_ms: int | None) -> datetime | None:
    """Return an instant on the school's own clock, or None when it has not come."""
    return None if at_ms is None else local(at_ms)


@dataclass(frozen=True)
class CampaignView:
    """A campaign as pages show it."""

    id: str
    code: str
    name: str
    title: str
    text: str
    course_name: str
    course_description: str
    owner_name: str
    created: datetime
    archived: bool
    participants: int
    received: int


def campaign_view(campaign: Campaign, course: Course, lang: str) -> CampaignView:
    """Return the view of a campaign."""
    return CampaignView(
        id=campaign.id,
        code=campaign.code,
        name=campaign.name,
        title=campaign.title,
        text=campaign.text,
        course_name=course.name[lang],
        course_description=course.description[lang],
        owner_name=f"{campaign.owner_first_name} {campaign.owner_last_name}",
        created=local(campaign.created_ms),
        archived=campaign.archived,
        participants=campaign.participants,
        received=campaign.shared,
    )


@dataclass(frozen=True)
class ListedCampaign:
    """A campaign as a line of the list; `mine` says whether the reader owns it."""

    id: str
    code: str
    name: str
    collection: bool
    owner_name: str
    created: datetime
    participants: int
    received: int
    mine: bool


def listed_campaign(campaign: Campaign, person: Person) -> ListedCampaign:
    """Return the line of a campaign for this reader."""
    return ListedCampaign(
        id=campaign.id,
        code=campaign.code,
        name=campaign.name,
        collection=campaign.kind == "collection",
        owner_name=f"{campaign.owner_first_name} {campaign.owner_last_name}",
        created=local(campaign.created_ms),
        participants=campaign.participants,
        received=campaign.shared,
        mine=campaign.owner == person.id,
    )


@dataclass(frozen=True)
class CourseView:
    """A course as a card of the creation form."""

    id: str
    name: str
    description: str
    minutes: int
    topics: int
    stages: int
    badges: int
    category: str


def course_view(course: Course, lang: str) -> CourseView:
    """Return the card of a course."""
    return CourseView(
        id=course.id,
        name=course.name[lang],
        description=course.description[lang],
        minutes=course.minutes,
        topics=len(course.topics),
        stages=len(course.stages),
        badges=len(course.badges),
        category=course.category,
    )


@dataclass(frozen=True)
class StageView:
    """A stage as staff read it: stars, bounds in percent, title and what it calls for."""

    stars: int
    low: int
    high: int
    title: str
    message: str


def stage_views(course: Course, steps: Sequence[Step], lang: str) -> list[StageView]:
    """Return the stages of a course in ascending order; empty when it has none."""
    return [
        StageView(
            stars=band.rank,
            low=band.low,
            high=band.high,
            title=course.stages[band.place].staff_title[lang],
            message=course.stages[band.place].staff_message[lang],
        )
        for band in bands_of(steps)
        if band.place is not None
    ]


@dataclass(frozen=True)
class Arc:
    """One part of the doughnut; `start` and `length` are hundredths of the circle."""

    status: str
    fill: str
    count: int
    start: int
    length: int


@dataclass(frozen=True)
class ActivityView:
    """How many take part and where they are."""

    participants: int
    shared: int
    arcs: list[Arc]


def activity_view(statuses: Sequence[str]) -> ActivityView:
    """Return the counts of these participations' statuses, as the doughnut and its table show them."""
    total, before, arcs = len(statuses), 0, []
    for status, fill in ORDER:
        count = sum(found == status for found in statuses)
        start = 100 * before // total if total else 0
        before += count
        end = 100 * before // total if total else 0
        arcs.append(Arc(status, fill, count, start, end - start))
    return ActivityView(total, arcs[0].count, arcs)


@dataclass(frozen=True)
class FollowerRow:
    """One line of the live table; `progress` is in percent, `attempts` counts sendings and the one under way."""

    id: str
    last_name: str
    first_name: str
    division: str | None
    status: str
    progress: int
    answered: int
    attempts: int


BLANK = FollowerRow("", "", "", "", "started", 0, 0, 1)


def follower_row(one: Follower) -> FollowerRow:
    """Return a participant as a line of the live table: name, status and progress, nothing of the results."""
    taking = one.taking
    return FollowerRow(
        taking.id,
        taking.last_name,
        taking.first_name,
        taking.division or taking.group,
        taking.status,
        taking.progress // 10,
        taking.answered,
        one.attempts,
    )


def fill_of(rank: int, bands: Sequence[Band]) -> str:
    """Return the fill of a band among others, lightest for the lowest."""
    if len(bands) < 2:
        return ""
    return FILLS[rank * (len(FILLS) - 1) // (len(bands) - 1)]


def titles_of(badges: Sequence[str], course: Course, lang: str) -> list[str]:
    """Return the titles of the badges obtained, in the order they were sent."""
    titles = badge_titles(course, lang)
    return [titles[badge] for badge in badges if badge in titles]
