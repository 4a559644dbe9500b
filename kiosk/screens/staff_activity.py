"""Where every participant of a campaign is: counts, a curve, statuses, and a list that follows by itself.

Before a pupil shares, staff see their name, status and progress and nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, get_args

from kiosk.actions.removals import remove_participation
from kiosk.errors import NotFound
from kiosk.following import Narrowing, choices, followers, paged
from kiosk.keys import KIOSK
from kiosk.screens.forms import go
from kiosk.screens.staff_charts import curve_of
from kiosk.screens.staff_common import campaign_page, opened
from kiosk.screens.staff_lists import narrowing_of, pager_of, read_takings
from kiosk.screens.staff_views import BLANK, activity_view, follower_row
from kiosk.store import following as store
from kiosk.store.participations import Status

if TYPE_CHECKING:
    from aiohttp.web import Request, Response

    from kiosk.following import Choices, Follower
    from kiosk.screens.staff_charts import Curve
    from kiosk.store.following import Taking


@dataclass(frozen=True)
class Chosen:
    """What the reader filters by."""

    people: Narrowing
    status: str

    @property
    def filtered(self) -> bool:
        """Whether anything may be left out."""
        return self.people.narrows or bool(self.status)

    def keeps(self, one: Follower) -> bool:
        """Say whether a participant is shown."""
        return self.status in ("", one.taking.status) and self.people.keeps(one.taking)


def _chosen(request: Request) -> Chosen:
    wanted = request.query.get("status", "")
    return Chosen(narrowing_of(request), wanted if wanted in get_args(Status) else "")


class _Read(NamedTuple):
    """What the page says of everybody, and the participants to list."""

    statuses: list[str]
    received: int
    curve: Curve | None
    choices: Choices
    several: bool
    kept: list[Follower]


def _read(takings: list[Taking], chosen: Chosen) -> _Read:
    people = followers(takings)
    return _Read(
        statuses=[one.taking.status for one in people],
        received=len({one.who for one in takings if one.status == "shared"}),
        curve=curve_of(takings),
        choices=choices(one.taking for one in people),
        several=any(one.attempts > 1 for one in people),
        kept=[one for one in people if chosen.keeps(one)],
    )


async def activity(request: Request) -> Response:
    """Show where every participant is; the page's script then follows the live stream."""
    found, chosen = await opened(request), _chosen(request)
    read = await read_takings(request, found, lambda takings: _read(takings, chosen))
    page, rows = paged(read.kept, request.query.get("page", ""))
    return campaign_page(
        request,
        "staff/activity.html",
        found,
        tab="activity",
        activity=activity_view(read.statuses),
        received=read.received,
        curve=read.curve,
        rows=[follower_row(one) for one in rows],
        pager=pager_of(request, page),
        chosen=chosen,
        choices=read.choices,
        whole=page.pages == 1 and not chosen.filtered,
        several=found.campaign.multiple or read.several,
        may_delete=found.may_change,
        blank=BLANK,
    )


async def _asked(request: Request, campaign: str) -> Taking:
    wanted = request.match_info["pid"]
    attempts = await request.app[KIOSK].db.read(lambda conn: store.takings_beside(conn, wanted))
    one = next((one for one in attempts if one.id == wanted), None)
    if one is None or one.campaign != campaign:
        raise NotFound("participation.unknown")
    return one


async def ask_removal(request: Request) -> Response:
    """Ask before deleting a participation, saying what follows."""
    found = await opened(request)
    one = await _asked(request, found.campaign.id)
    return campaign_page(request, "staff/remove_participation.html", found, tab="activity", one=one)


async def remove(request: Request) -> Response:
    """Delete every attempt of this participant in the campaign; the act says who may."""
    found = await opened(request)
    one = await _asked(request, found.campaign.id)
    await remove_participation(request.app[KIOSK], found.person, one.id)
    return go(f"/staff/campaigns/{found.campaign.id}?done=removed")
