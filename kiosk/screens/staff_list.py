"""The list of campaigns: tabs, filters, order and pages; and the deletion of several, with a box to tick."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import msgspec

from kiosk.actions.campaigns import of_staff
from kiosk.actions.removals import MOST, delete_campaigns
from kiosk.body import in_time
from kiosk.codes import read_code
from kiosk.errors import NotFound, Refused
from kiosk.folding import folded
from kiosk.keys import KIOSK
from kiosk.screens.access import signed_in
from kiosk.screens.forms import go
from kiosk.screens.page import language, page
from kiosk.screens.staff_views import listed_campaign
from kiosk.store import campaigns as store

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from aiohttp.web import Request, Response

    from kiosk.people import Person
    from kiosk.screens.staff_views import ListedCampaign
    from kiosk.store.base import Reader
    from kiosk.store.campaigns import Campaign

SEARCH_MOST = 100
SIZES = (10, 25, 50)
USUAL_SIZE = 25
_USUAL = {"name": "", "owner": "", "sort": "created", "size": USUAL_SIZE, "page": 1}
_QUERY = {"name": "q"}

SORTS: dict[str, Callable[[Campaign], tuple[Any, ...]]] = {
    "created": lambda row: (-row.created_ms, row.id),
    "oldest": lambda row: (row.created_ms, row.id),
    "name": lambda row: (folded(row.name), row.id),
    "participants": lambda row: (-row.participants, folded(row.name), row.id),
    "received": lambda row: (-row.shared, folded(row.name), row.id),
}


class Chosen(msgspec.Struct, frozen=True):
    """What the list was asked for."""

    scope: str
    archived: bool
    name: str
    owner: str
    sort: str
    size: int
    page: int

    def link(self, *, scope: str = "", number: int = 1) -> str:
        """Return the address of this list on another tab or page."""
        query: dict[str, object] = {"filter": scope or self.scope}
        if self.archived:
            query["archived"] = 1
        wanted = msgspec.structs.asdict(msgspec.structs.replace(self, page=number))
        query.update(
            (_QUERY.get(key, key), wanted[key]) for key, usual in _USUAL.items() if wanted[key] != usual
        )
        return f"/staff?{urlencode(query)}"


class Pages(msgspec.Struct, frozen=True):
    """Where one page of a list stands; addresses are None at the ends."""

    page: int
    last: int
    total: int
    before: str | None
    after: str | None


def chosen_of(request: Request, person: Person) -> Chosen:
    """Return what the address asks for; what it asks wrongly is as usual."""
    # A principal seldom makes campaigns and follows everyone's.
    usual = "all" if person.role == "principal" else "mine"
    query = request.query
    scope, sort, size = query.get("filter", usual), query.get("sort", ""), query.get("size", "")
    return Chosen(
        scope=scope if scope in {"mine", "all"} else usual,
        archived=query.get("archived") == "1",
        name=query.get("q", "").strip()[:SEARCH_MOST],
        owner=query.get("owner", "").strip()[:SEARCH_MOST],
        sort=sort if sort in SORTS else "created",
        size=next((one for one in SIZES if str(one) == size), USUAL_SIZE),
        page=max(1, _number(query.get("page", ""))),
    )


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0


async def listing(request: Request) -> Response:
    """Show campaigns: mine or all, active or archived, by name or code and owner, sorted, page by page."""
    kiosk, person = request.app[KIOSK], signed_in(request)
    chosen = chosen_of(request, person)
    owner = person.id if chosen.scope == "mine" else None
    rows = await kiosk.db.read(
        lambda conn: store.listed(conn, person.organisation, owner=owner, archived=chosen.archived)
    )
    found = sorted((row for row in rows if _matches(row, chosen)), key=SORTS[chosen.sort])
    pages = pages_of(chosen, len(found))
    first = (pages.page - 1) * chosen.size
    return page(
        request,
        "staff/campaigns.html",
        space="campaigns",
        campaigns=[listed_campaign(row, person) for row in found[first : first + chosen.size]],
        chosen=chosen,
        pages=pages,
        sorts=tuple(SORTS),
        sizes=SIZES,
        deleted=min(MOST, _number(request.query.get("deleted", ""))),
        links={wanted: chosen.link(scope=wanted) for wanted in ("mine", "all")},
    )


def pages_of(chosen: Chosen, total: int) -> Pages:
    """Return where the page asked for stands among so many campaigns; past the end, it is the last."""
    last = max(1, -(-total // chosen.size))
    number = min(chosen.page, last)
    return Pages(
        page=number,
        last=last,
        total=total,
        before=chosen.link(number=number - 1) if number > 1 else None,
        after=chosen.link(number=number + 1) if number < last else None,
    )


def _matches(campaign: Campaign, chosen: Chosen) -> bool:
    named = folded(chosen.name) in folded(campaign.name) or read_code(chosen.name) == campaign.code
    owner = f"{campaign.owner_first_name} {campaign.owner_last_name}"
    return named and (chosen.scope == "mine" or folded(chosen.owner) in folded(owner))


async def confirm(request: Request) -> Response:
    """Show what is about to be deleted, and the box to tick."""
    return await _confirm(request, request.query.getall("campaigns", [])[:MOST])


async def _confirm(request: Request, wanted: Sequence[str], refusal: Refused | None = None) -> Response:
    kiosk, person = request.app[KIOSK], signed_in(request)

    def job(conn: Reader) -> list[ListedCampaign]:
        found = (_existing(conn, campaign, person) for campaign in dict.fromkeys(wanted))
        return [listed_campaign(one, person) for one in found if one is not None]

    shown = [one for one in await kiosk.db.read(job) if one.mine or person.role == "principal"]
    error = kiosk.pages.t(language(request), f"errors.{refusal.code}", **refusal.params) if refusal else ""
    return page(
        request,
        "staff/campaigns_delete.html",
        status=refusal.status if refusal else 200,
        space="campaigns",
        campaigns=shown,
        error=error,
    )


def _existing(conn: Reader, campaign: str, person: Person) -> Campaign | None:
    try:
        return of_staff(conn, campaign, person)
    except NotFound:
        return None


async def delete(request: Request) -> Response:
    """Delete the campaigns for good, when the box was ticked."""
    form = await in_time(request.post())
    wanted = [value for value in form.getall("campaigns", []) if isinstance(value, str)][: MOST + 1]
    try:
        count = await delete_campaigns(
            request.app[KIOSK], signed_in(request), wanted, sure=form.get("sure") == "yes"
        )
    except Refused as refusal:
        return await _confirm(request, wanted, refusal)
    return go(f"/staff?deleted={count}")
