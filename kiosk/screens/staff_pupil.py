"""One pupil's sent results: per competence as shared, per topic as their sitting stood then, and the dates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exam.framework import COMPETENCES
from exam.rounding import Tally
from exam.scoring import by_topic
from kiosk.campaign_results import bands_of, rank_of, shared_row
from kiosk.errors import NotFound
from kiosk.keys import KIOSK
from kiosk.screens.staff_common import campaign_page, opened
from kiosk.screens.staff_views import local, local_or_none, titles_of
from kiosk.sittings import fold_events, read_events
from kiosk.store import participations as store

if TYPE_CHECKING:
    import sqlite3

    from aiohttp.web import Request, Response

    from exam.content import Topic
    from exam.scoring import TopicResult
    from kiosk.campaign_results import SharedRow
    from kiosk.keys import Kiosk
    from kiosk.screens.staff_common import Opened
    from kiosk.store.participations import Participant


async def pupil(request: Request) -> Response:
    """Show what one pupil sent; NotFound when it is of another campaign or was not sent."""
    kiosk, found = request.app[KIOSK], await opened(request)
    wanted = request.match_info["pid"]

    def job(conn: sqlite3.Connection) -> tuple[Participant, list[bytes]] | None:
        one = store.participant(conn, wanted)
        if one is None or one.participation.campaign != found.campaign.id or one.participation.trial:
            return None
        return one, kiosk.log.events(conn, wanted) if one.participation.shared else []

    read = await kiosk.db.read(job)
    row = shared_row(read[0]) if read else None
    if read is None or row is None:
        raise NotFound("participation.unknown")
    return _page(request, kiosk, found, row, read[1])


def _page(request: Request, kiosk: Kiosk, found: Opened, row: SharedRow, lines: list[bytes]) -> Response:
    bands = bands_of(found.steps)
    stages = found.stages
    sitting = fold_events(kiosk.banks, read_events(lines))
    return campaign_page(
        request,
        "staff/pupil.html",
        found,
        pupil=_facts(row),
        stage=stages[rank_of(row, bands)] if stages else None,
        badges=titles_of(row.shared.badges, found.course, found.lang),
        competences=[_competence(code, Tally(v, t), found.lang) for code, v, t in row.shared.competences],
        topics=[_topic(result, found.bank.topics[result.topic], found) for result in by_topic(sitting)],
    )


def _facts(row: SharedRow) -> dict[str, object]:
    return {
        "first_name": row.first_name,
        "last_name": row.last_name,
        "division": row.division,
        "answered": row.answered,
        "mastery": row.mastery,
        "validated": row.shared.validated,
        "targeted": row.shared.targeted,
        "started": local(row.started_ms),
        "ended": local_or_none(row.ended_ms),
        "sent": local(row.shared_ms),
    }


def _competence(code: str, tally: Tally, lang: str) -> dict[str, object]:
    return {
        "code": code,
        "name": COMPETENCES[code].name[lang],
        "mastery": tally.percent(),
        "validated": tally.validated,
        "targeted": tally.targeted,
    }


def _topic(result: TopicResult, topic: Topic, found: Opened) -> dict[str, object]:
    top = max(cap.level for cap in found.course.topics if cap.id == topic.id)
    return {
        "name": topic.name[found.lang],
        "competence": result.competence,
        "level": result.level,
        "top": top,
        "validated": result.tally.validated,
        "targeted": result.tally.targeted,
    }
