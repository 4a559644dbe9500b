"""What participants sent: the average, a distribution whose bands filter the list, one line a learner, the CSV.

What was shared was fixed at that moment; the list shows each learner's last sending.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlencode

from exam.framework import COMPETENCES
from kiosk.campaign_results import average, bands_of, by_competence, counts, rank_of, shared_rows
from kiosk.following import Narrowing, choices, paged
from kiosk.screens.staff_analysis import analysis_of, topic_views
from kiosk.screens.staff_collection import collected
from kiosk.screens.staff_common import Opened, campaign_page, opened
from kiosk.screens.staff_lists import narrowing_of, pager_of, read_takings
from kiosk.screens.staff_views import activity_view, fill_of, local, titles_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aiohttp.web import Request, Response

    from kiosk.campaign_results import Band, SharedRow
    from kiosk.following import Choices
    from kiosk.store.following import Taking

TO_WORK_ON = 5
"""Topics named beside the results; the others are a page away."""


@dataclass(frozen=True)
class Chosen:
    """What the reader filters by; every badge chosen must be held."""

    people: Narrowing
    band: int | None
    badges: tuple[str, ...]

    @property
    def filtered(self) -> bool:
        """Whether anything may be left out."""
        return self.band is not None or bool(self.badges) or self.people.narrows

    def keeps(self, row: SharedRow, bands: Sequence[Band]) -> bool:
        """Say whether a result is shown."""
        return (
            (self.band is None or rank_of(row, bands) == self.band)
            and all(badge in row.shared.badges for badge in self.badges)
            and self.people.keeps(row.taking)
        )


def _chosen(request: Request, found: Opened, bands: Sequence[Band]) -> Chosen:
    ranks = {str(band.rank): band.rank for band in bands}
    wanted = request.query.getall("badge", [])
    badges = tuple(badge.id for badge in found.course.badges if badge.id in wanted)
    return Chosen(narrowing_of(request), ranks.get(request.query.get("band", "")), badges)


async def results(request: Request) -> Response:
    """Show what was sent: results of a course, or the profiles collected."""
    found = await opened(request)
    if found.campaign.kind == "collection":
        return await collected(request, found)
    bands = bands_of(found.steps)
    chosen = _chosen(request, found, bands)
    read = await read_takings(request, found, lambda takings: _read(takings, found, bands, chosen))
    page, shown = paged(read.kept, request.query.get("page", ""))
    topics = await analysis_of(request, found, read.sent)
    return campaign_page(
        request,
        "staff/results.html",
        found,
        tab="results",
        activity=activity_view(read.statuses),
        chosen=chosen,
        choices=read.choices,
        pager=pager_of(request, page),
        topics=topic_views(found, [one for one in topics if one.mastery < 100][:TO_WORK_ON]),
        topics_in_all=len(topics),
        results=read.summary,
        rows=[_line(found, row, bands) for row in shown],
    )


class _Read(NamedTuple):
    """What the page says of everybody, and the results to list."""

    statuses: list[str]
    summary: dict[str, object]
    choices: Choices
    sent: list[str]
    kept: list[SharedRow]


def _read(takings: list[Taking], found: Opened, bands: Sequence[Band], chosen: Chosen) -> _Read:
    rows = shared_rows(takings)
    latest = {one.who: one.status for one in takings}
    return _Read(
        statuses=list(latest.values()),
        summary=_summary(found, rows, bands, chosen),
        choices=choices(row.taking for row in rows),
        sent=[row.taking.id for row in rows],
        kept=[row for row in rows if chosen.keeps(row, bands)],
    )


def _summary(
    found: Opened, rows: Sequence[SharedRow], bands: Sequence[Band], chosen: Chosen
) -> dict[str, object]:
    mean = average(rows)
    return {
        "received": len(rows),
        "average": mean,
        "average_stage": None if mean is None or not found.stages else _stage_at(mean, bands),
        "bands": _bands(found, rows, bands, chosen),
        "badges": [
            {"id": badge.id, "title": badge.title[found.lang], "chosen": badge.id in chosen.badges}
            for badge in found.course.badges
        ],
        "several": any(row.sendings > 1 for row in rows) or found.campaign.multiple,
        "competences": [
            {"code": code, "name": COMPETENCES[code].name[found.lang], "mastery": percent}
            for code, percent in by_competence(rows)
        ],
    }


def _stage_at(mean: int, bands: Sequence[Band]) -> int:
    return max((band.rank for band in bands if band.low <= mean), default=0)


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
        "id": row.taking.id,
        "last_name": row.taking.last_name,
        "first_name": row.taking.first_name,
        "division": row.taking.division or row.taking.group,
        "stars": rank,
        "mastery": row.mastery,
        "evolution": row.evolution,
        "sendings": row.sendings,
        "fill": fill_of(rank, bands),
        "badges": titles_of(row.shared.badges, found.course, found.lang),
        "sent": local(row.shared_ms),
    }
