"""Following a campaign and reading what was sent: activity, results, one pupil, the CSV.

Before a pupil shares, staff see their name, status and progress and nothing else; what was shared was fixed at
that moment.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from aiohttp.web import Response

from exam.framework import COMPETENCES
from kiosk import exports
from kiosk.campaign_results import (
    SharedRow,
    average,
    bands_of,
    by_competence,
    counts,
    rank_of,
    shared_row,
)
from kiosk.exports.campaign_results import Line, Scope
from kiosk.keys import KIOSK
from kiosk.screens.staff_common import Opened, campaign_page, folded, opened
from kiosk.screens.staff_views import (
    BLANK,
    activity_view,
    fill_of,
    local,
    pupil_row,
    titles_of,
)
from kiosk.store import participations as store
from web.downloads import CSV_TYPE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aiohttp.web import Request

    from kiosk.campaign_results import Band
    from kiosk.keys import Kiosk
    from kiosk.store.participations import Participant

SEARCH_MOST = 100


async def _participants(request: Request, found: Opened) -> list[Participant]:
    people = await request.app[KIOSK].db.read(lambda conn: store.of_campaign(conn, found.campaign.id))
    # SQLite puts É after Z; people look for Élif among the E.
    return sorted(
        people, key=lambda one: (folded(one.last_name), folded(one.first_name), one.participation.id)
    )


async def activity(request: Request) -> Response:
    """Show where every pupil is; the page's script then follows the live stream."""
    found = await opened(request)
    people = await _participants(request, found)
    return campaign_page(
        request,
        "staff/activity.html",
        found,
        tab="activity",
        activity=activity_view([one.participation.status for one in people]),
        rows=[pupil_row(one) for one in people],
        blank=BLANK,
    )


@dataclass(frozen=True)
class Chosen:
    """What the reader filters by."""

    band: int | None
    division: str
    name: str

    @property
    def filtered(self) -> bool:
        """Whether anything is left out."""
        return self.band is not None or bool(self.division or self.name)

    def keeps(self, row: SharedRow, bands: Sequence[Band]) -> bool:
        """Say whether a result is shown."""
        full = folded(f"{row.last_name} {row.first_name} {row.last_name}")
        return (
            (self.band is None or rank_of(row, bands) == self.band)
            and (not self.division or row.division == self.division)
            and folded(self.name) in full
        )


def _chosen(request: Request, bands: Sequence[Band]) -> Chosen:
    wanted = request.query.get("band", "")
    ranks = {str(band.rank): band.rank for band in bands}
    return Chosen(
        ranks.get(wanted),
        request.query.get("division", "")[:SEARCH_MOST],
        request.query.get("q", "").strip()[:SEARCH_MOST],
    )


async def results(request: Request) -> Response:
    """Show what was sent: average, distribution whose bands filter the list, one line a pupil."""
    found = await opened(request)
    people = await _participants(request, found)
    rows = [row for one in people if (row := shared_row(one))]
    bands = bands_of(found.steps)
    chosen = _chosen(request, bands)
    return campaign_page(
        request,
        "staff/results.html",
        found,
        tab="results",
        activity=activity_view([one.participation.status for one in people]),
        chosen=chosen,
        results={
            "received": len(rows),
            "average": average(rows),
            "stages": found.stages,
            "bands": _bands(found, rows, bands, chosen),
            "divisions": sorted({row.division for row in rows if row.division}),
            "has_badges": bool(found.course.badges),
            "rows": [_line(found, row, bands) for row in rows if chosen.keeps(row, bands)],
            "competences": [
                {"code": code, "name": COMPETENCES[code].name[found.lang], "mastery": percent}
                for code, percent in by_competence(rows)
            ],
        },
    )


def _bands(
    found: Opened, rows: Sequence[SharedRow], bands: Sequence[Band], chosen: Chosen
) -> list[dict[str, object]]:
    """Return the bars, best band first; the widest is full."""
    held = counts(rows, bands)
    most = max(held, default=0) or 1
    titles = {stage.stars: stage.title for stage in found.stages}
    return [
        {
            "stars": band.rank,
            "title": titles.get(band.rank, ""),
            "low": band.low,
            "high": band.high,
            "count": held[band.rank],
            "share": 100 * held[band.rank] // most,
            "fill": fill_of(band.rank, bands),
            "chosen": chosen.band == band.rank,
            "link": f"/staff/campaigns/{found.campaign.id}/results?{urlencode({'band': band.rank})}",
        }
        for band in reversed(bands)
    ]


def _line(found: Opened, row: SharedRow, bands: Sequence[Band]) -> dict[str, object]:
    rank = rank_of(row, bands)
    return {
        "id": row.participation,
        "last_name": row.last_name,
        "first_name": row.first_name,
        "division": row.division,
        "stars": rank,
        "mastery": row.mastery,
        "fill": fill_of(rank, bands),
        "badges": titles_of(row.shared.badges, found.course, found.lang),
        "sent": local(row.shared_ms),
    }


async def csv(request: Request) -> Response:
    """Give every participation of the campaign as a CSV file."""
    found = await opened(request)
    people = await _participants(request, found)
    scope = export_scope(request.app[KIOSK], found, people)
    # In a thread: a whole school's worth of lines must not make a pupil wait.
    data, disposition = await asyncio.to_thread(exports.csv_bytes, "campaign_results", scope)
    return Response(body=data, headers={"Content-Type": CSV_TYPE, "Content-Disposition": disposition})


def export_scope(kiosk: Kiosk, found: Opened, people: Sequence[Participant]) -> Scope:
    """Return all the CSV reads: names always, results only where they were sent."""
    topics = {found.bank.topics[topic.id].competence for topic in found.course.topics}
    return Scope(
        organisation=kiosk.identity.name,
        campaign=found.campaign.id,
        code=found.campaign.code,
        name=found.campaign.name,
        course=found.course,
        steps=found.steps,
        competences=sorted(topics),
        lines=[_export_line(one) for one in people],
        made_at=datetime.fromtimestamp(kiosk.clock.now_ms() // 1000, UTC),
    )


def _export_line(one: Participant) -> Line:
    row = shared_row(one)
    return Line(
        last_name=one.last_name,
        first_name=one.first_name,
        division=one.division,
        progress=one.participation.progress,
        started_ms=one.participation.started_ms,
        shared_ms=row.shared_ms if row else None,
        shared=row.shared if row else None,
    )
