"""One participant of a campaign: every attempt, dates, progress, and what each sending said, competence by competence.

An attempt that was not sent shows its progress and nothing of its results.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from exam.framework import COMPETENCES
from exam.rounding import Tally
from kiosk.campaign_results import SharedRow, bands_of, rank_of, read_profile, read_shared
from kiosk.errors import NotFound
from kiosk.keys import KIOSK
from kiosk.screens.staff_analysis import analysis_of, topic_views
from kiosk.screens.staff_collection import profile_view
from kiosk.screens.staff_common import campaign_page, opened
from kiosk.screens.staff_views import local, local_or_none, titles_of
from kiosk.store import following as store

if TYPE_CHECKING:
    from aiohttp.web import Request, Response

    from exam.events import Shared
    from kiosk.screens.staff_common import Opened
    from kiosk.store.following import Taking


async def _attempts(request: Request, found: Opened) -> tuple[Taking, list[Taking]]:
    wanted = request.match_info["pid"]
    attempts = await request.app[KIOSK].db.read(lambda conn: store.takings_beside(conn, wanted))
    one = next((one for one in attempts if one.id == wanted), None)
    if one is None or one.campaign != found.campaign.id:
        raise NotFound("participation.unknown")
    return one, attempts


async def pupil(request: Request) -> Response:
    """Show one attempt of one participant; NotFound when it is of another campaign."""
    found = await opened(request)
    one, attempts = await _attempts(request, found)
    if found.campaign.kind == "collection":
        return _profile_page(request, found, one, attempts)
    shared = read_shared(one)
    bands, stages = bands_of(found.steps), found.stages
    row = SharedRow(one, shared) if shared else None
    return campaign_page(
        request,
        "staff/pupil.html",
        found,
        tab="results",
        panel="results",
        has_analysis=shared is not None,
        pupil=facts_of(one),
        attempts=attempt_links(found, one, attempts),
        sent=_sent(shared, found) if shared else None,
        stage=stages[rank_of(row, bands)] if row and stages else None,
        badges=titles_of(shared.badges, found.course, found.lang) if shared else [],
    )


async def pupil_analysis(request: Request) -> Response:
    """Show what one participant should work on, from one sending."""
    found = await opened(request)
    one, attempts = await _attempts(request, found)
    if found.campaign.kind == "collection" or one.shared is None:
        raise NotFound("participation.unknown")
    least_first = request.query.get("order") == "least"
    topics = await analysis_of(request, found, [one.id], least_first=least_first)
    return campaign_page(
        request,
        "staff/pupil_analysis.html",
        found,
        tab="results",
        panel="analysis",
        has_analysis=True,
        pupil=facts_of(one),
        attempts=attempt_links(found, one, attempts),
        topics=topic_views(found, topics),
        least_first=least_first,
    )


def _profile_page(request: Request, found: Opened, one: Taking, attempts: list[Taking]) -> Response:
    profile = read_profile(one)
    return campaign_page(
        request,
        "staff/profile.html",
        found,
        tab="results",
        panel="results",
        has_analysis=False,
        pupil=facts_of(one),
        attempts=attempt_links(found, one, attempts),
        profile=profile_view(profile, found.lang) if profile else None,
    )


def facts_of(one: Taking) -> dict[str, object]:
    """Return who a participant is, and the dates and progress of one attempt."""
    return {
        "id": one.id,
        "first_name": one.first_name,
        "last_name": one.last_name,
        "division": one.division or one.group,
        "external_id": one.external_id,
        "status": one.status,
        "progress": one.progress // 10,
        "answered": one.answered,
        "started": local(one.started_ms),
        "ended": local_or_none(one.ended_ms),
        "sent": local_or_none(one.shared_ms),
    }


def attempt_links(found: Opened, one: Taking, attempts: list[Taking]) -> list[dict[str, object]]:
    """Return every attempt as a link, latest first; empty when there is only one."""
    if len(attempts) < 2:
        return []
    return [
        {
            "number": number,
            "day": local(each.shared_ms or each.started_ms),
            "link": f"/staff/campaigns/{found.campaign.id}/participations/{each.id}",
            "chosen": each.id == one.id,
            "status": each.status,
        }
        for number, each in reversed(list(enumerate(attempts, start=1)))
    ]


def _sent(shared: Shared, found: Opened) -> dict[str, object]:
    total = Tally(shared.validated, shared.targeted)
    return {
        "mastery": total.percent(),
        "validated": total.validated,
        "targeted": total.targeted,
        "competences": [
            _competence(code, Tally(done, whole), found.lang) for code, done, whole in shared.competences
        ],
    }


def _competence(code: str, tally: Tally, lang: str) -> dict[str, object]:
    return {
        "code": code,
        "name": COMPETENCES[code].name[lang],
        "mastery": tally.percent(),
        "validated": tally.validated,
        "targeted": tally.targeted,
    }
