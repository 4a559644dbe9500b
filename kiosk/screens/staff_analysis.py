"""What to work on: topics recommended, with their dots and tutorials, and mastery per competence, for all or for one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from exam.analysis import analyse, by_relevance, topics_of
from exam.framework import COMPETENCES
from kiosk.actions.results import folded_masks
from kiosk.campaign_results import by_competence, shared_rows
from kiosk.keys import KIOSK
from kiosk.screens.staff_common import Opened, campaign_page, opened
from kiosk.screens.staff_lists import read_takings
from kiosk.store import results as store

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

    from aiohttp.web import Request, Response

    from exam.analysis import TopicAnalysis
    from kiosk.store.following import Taking
    from kiosk.store.results import Masks

SOURCE = "Préau"
"""Who wrote the tutorials of a bank: they are pages of this server, whoever the reader is."""


@dataclass(frozen=True)
class TutorialView:
    """A lesson as a list shows it; `minutes` to read it."""

    id: str
    title: str
    source: str
    minutes: int


@dataclass(frozen=True)
class TopicView:
    """A topic to work on: `level` in tenths out of `top`, `mastery` in percent, four dots when it comes first."""

    id: str
    name: str
    competence: str
    competence_name: str
    dots: int
    level: int
    top: int
    mastery: int
    tutorials: list[TutorialView]


async def analysis_of(
    request: Request, found: Opened, wanted: Sequence[str], *, least_first: bool = False
) -> list[TopicAnalysis]:
    """Return the topics of the course as these sendings leave them, most recommended first."""
    kiosk = request.app[KIOSK]
    topics = topics_of(found.engine.map)

    def read(conn: sqlite3.Connection) -> list[TopicAnalysis]:
        kept = _kept(conn, found.campaign.id, wanted)
        # A sending of an older version left no row: the log says the same, a little slower.
        everybody = [kept[pid] if pid in kept else folded_masks(kiosk, conn, pid) for pid in wanted]
        return analyse(topics, [[mask for mask, _ in masks] for masks in everybody])

    return by_relevance(await kiosk.db.read(read), least_first=least_first)


def _kept(conn: sqlite3.Connection, campaign: str, wanted: Sequence[str]) -> dict[str, Masks]:
    if len(wanted) > 1:
        return store.of_campaign(conn, campaign)
    return {pid: masks for pid in wanted if (masks := store.of_participation(conn, pid)) is not None}


def topic_views(found: Opened, topics: Sequence[TopicAnalysis]) -> list[TopicView]:
    """Return topics as pages show them, in the reader's language."""
    return [
        TopicView(
            id=one.topic,
            name=found.bank.topics[one.topic].name[found.lang],
            competence=one.competence,
            competence_name=COMPETENCES[one.competence].name[found.lang],
            dots=one.dots,
            level=one.level,
            top=one.top,
            mastery=one.mastery,
            tutorials=tutorials_of(found, one.topic),
        )
        for one in topics
    ]


def tutorials_of(found: Opened, topic: str) -> list[TutorialView]:
    """Return the distinct tutorials of the topic's targeted skills, in the order of levels."""
    tube = next(tube for tube in found.engine.map.tubes if tube.topic == topic)
    ids = dict.fromkeys(
        tutorial for skill in tube.skills(tube.targeted) for tutorial in found.bank.skills[skill.id].tutorials
    )
    lessons = [found.bank.tutorials[tutorial] for tutorial in ids]
    return [TutorialView(one.id, one.title[found.lang], SOURCE, one.minutes) for one in lessons]


class _Read(NamedTuple):
    """Which sendings count, and the mean mastery of each competence."""

    sent: list[str]
    competences: list[tuple[str, int]]


def _read(takings: list[Taking]) -> _Read:
    rows = shared_rows(takings)
    return _Read([row.taking.id for row in rows], by_competence(rows))


async def analysis(request: Request) -> Response:
    """Show what the whole group should work on."""
    found = await opened(request)
    if found.campaign.kind == "collection":
        return campaign_page(
            request,
            "staff/analysis.html",
            found,
            tab="analysis",
            topics=[],
            competences=[],
            received=0,
            least_first=False,
        )
    least_first = request.query.get("order") == "least"
    read = await read_takings(request, found, _read)
    topics = await analysis_of(request, found, read.sent, least_first=least_first)
    return campaign_page(
        request,
        "staff/analysis.html",
        found,
        tab="analysis",
        received=len(read.sent),
        least_first=least_first,
        topics=topic_views(found, topics),
        competences=[
            {"code": code, "name": COMPETENCES[code].name[found.lang], "mastery": percent}
            for code, percent in read.competences
        ],
    )
