"""Profiles collected: one line a learner's last sending, a page for one, as they were at the instant they were sent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from exam.certifiability import certifiable_competences
from exam.framework import COMPETENCES
from kiosk.campaign_results import read_profile
from kiosk.following import choices, name_order, paged
from kiosk.screens.staff_common import Opened, campaign_page
from kiosk.screens.staff_lists import narrowing_of, pager_of, read_takings
from kiosk.screens.staff_views import activity_view, local

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from aiohttp.web import Request, Response

    from kiosk.campaign_results import ProfileSent
    from kiosk.store.following import Taking


@dataclass(frozen=True)
class ProfileRow:
    """One learner's last sending of a profile; `sendings` counts all of them."""

    id: str
    last_name: str
    first_name: str
    division: str | None
    sent: datetime
    score: int
    certifiable: bool
    competences: int
    sendings: int


def profile_rows(takings: Iterable[Taking]) -> list[tuple[Taking, ProfileRow]]:
    """Return the last profile each learner sent, by name."""
    sent: dict[str, list[tuple[Taking, ProfileSent]]] = {}
    for one in takings:
        if (profile := read_profile(one)) is not None:
            sent.setdefault(one.who, []).append((one, profile))
    rows = [(found[-1][0], _row(*found[-1], len(found))) for found in sent.values()]
    return sorted(rows, key=lambda row: name_order(row[0]))


def _row(taking: Taking, profile: ProfileSent, sendings: int) -> ProfileRow:
    return ProfileRow(
        id=taking.id,
        last_name=taking.last_name,
        first_name=taking.first_name,
        division=taking.division or taking.group,
        sent=local(taking.shared_ms or 0),
        score=profile.score,
        certifiable=profile.certifiable,
        competences=certifiable_competences(level for _, level, _ in profile.competences),
        sendings=sendings,
    )


def _read(takings: list[Taking]) -> tuple[list[tuple[Taking, ProfileRow]], list[str]]:
    latest = {one.who: one.status for one in takings}
    return profile_rows(takings), list(latest.values())


async def collected(request: Request, found: Opened) -> Response:
    """Show the profiles received in a campaign that collects them."""
    narrowing = narrowing_of(request)
    everybody, statuses = await read_takings(request, found, _read)
    kept = [row for taking, row in everybody if narrowing.keeps(taking)]
    page, rows = paged(kept, request.query.get("page", ""))
    return campaign_page(
        request,
        "staff/collection.html",
        found,
        tab="results",
        activity=activity_view(statuses),
        received=len(everybody),
        certifiable=sum(row.certifiable for _, row in everybody),
        average=sum(row.score for _, row in everybody) // len(everybody) if everybody else None,
        rows=rows,
        people=narrowing,
        choices=choices(taking for taking, _ in everybody),
        pager=pager_of(request, page),
        several=any(row.sendings > 1 for _, row in everybody),
    )


def profile_view(profile: ProfileSent, lang: str) -> dict[str, object]:
    """Return a profile as its page shows it: score, competences that count, and the sixteen lines."""
    return {
        "score": profile.score,
        "certifiable": profile.certifiable,
        "counting": certifiable_competences(level for _, level, _ in profile.competences),
        "lines": [
            {"code": code, "name": COMPETENCES[code].name[lang], "level": level, "points": points}
            for code, level, points in profile.competences
        ],
    }
