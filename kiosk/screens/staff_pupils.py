"""The pupils of an organisation: the list with its filters, and what is done to several of them at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from kiosk.actions import pupil_accounts as acts
from kiosk.actions import student_lists
from kiosk.actions.reconciling import organisation_of
from kiosk.body import in_time
from kiosk.handovers import HANDOVERS
from kiosk.keys import KIOSK
from kiosk.pupil_list import CERTIFIABLE, METHODS, SIZES, asked_of, fields_of
from kiosk.screens.access import login_of, signed_in
from kiosk.screens.forms import go
from kiosk.screens.page import page
from kiosk.screens.pupil_rows import columns_of, pupil_view
from kiosk.store import pupil_accounts, pupils, recoveries

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from aiohttp.web import Request, Response, StreamResponse

    from kiosk.actions.pupil_accounts import Handed
    from kiosk.organisations import Organisation
    from kiosk.pupil_list import Asked, Page
    from kiosk.screens.pupil_rows import OwnColumn
    from kiosk.store.base import Reader

LIST = "/staff/pupils"


@dataclass(frozen=True)
class Found:
    """What the list page reads in one snapshot."""

    here: Organisation
    columns: Sequence[OwnColumn]
    asked: Asked
    page: Page
    groups: Sequence[str]
    total: int
    missing: Sequence[tuple[str, int]]
    requests: int


async def listing(request: Request) -> StreamResponse:
    """Show the pupils that match, one page of them."""
    found = await _found(request)
    words = fields_of(found.asked)
    return page(
        request,
        "staff/pupils.html",
        space="pupils",
        organisation=found.here,
        higher=found.here.kind == "higher",
        asked=found.asked,
        shown=found.page,
        rows=[pupil_view(row, found.columns) for row in found.page.rows],
        columns=found.columns,
        groups=found.groups,
        methods=METHODS,
        certifiable=CERTIFIABLE,
        sizes=SIZES,
        total=found.total,
        missing=sum(count for _, count in found.missing),
        requests=found.requests,
        sorted_by={name: _address(_turned(words, found.asked, name)) for name in _sorts()},
        cleared=_address({name: words[name] for name in ("size", "sort", "down") if name in words}),
        pages=_pages(words, found.page),
        done=request.query.get("done", ""),
    )


async def _found(request: Request) -> Found:
    here = acts.organisation_of(signed_in(request))
    now, home = request.app[KIOSK].clock.now_ms(), request.app[KIOSK].config.home

    def job(conn: Reader) -> Found:
        organisation = organisation_of(conn, here)
        columns = columns_of(home, organisation)
        asked = asked_of(request.query, tuple(one.heading for one in columns if one.filterable))
        return Found(
            organisation,
            columns,
            asked,
            pupils.listed(conn, here, asked),
            pupils.groups(conn, here),
            pupils.total(conn, here),
            pupil_accounts.groups_without_account(conn, here),
            len(recoveries.requests(conn, here, now)),
        )

    return await request.app[KIOSK].db.read(job)


def _sorts() -> tuple[str, ...]:
    return ("name", "group", "birth", "count", "last")


def _turned(words: Mapping[str, str], asked: Asked, sort: str) -> dict[str, str]:
    """Return the words of the address that sorts by this column, the other way when it is sorted by it already."""
    kept = {name: value for name, value in words.items() if name not in {"sort", "down"}}
    down = asked.sort == sort and not asked.down
    return {**kept, **({} if sort == "name" else {"sort": sort}), **({"down": "1"} if down else {})}


def _address(words: Mapping[str, str]) -> str:
    return f"{LIST}?{urlencode(words)}" if words else LIST


def _pages(words: Mapping[str, str], shown: Page) -> dict[str, str]:
    """Return the addresses of the pages beside, "" where there is none."""
    before = {**words, "page": str(shown.number - 1)}
    after = {**words, "page": str(shown.number + 1)}
    return {
        "before": _address(before) if shown.number > 1 else "",
        "after": _address(after) if shown.number < shown.pages else "",
    }


async def _chosen(request: Request) -> tuple[list[str], bool]:
    """Return the pupils ticked, and whether the act was confirmed."""
    form = await in_time(request.post())
    ticked = [value for value in form.getall("learner", []) if isinstance(value, str)]
    return ticked, form.get("confirm") == "1"


async def reset(request: Request) -> StreamResponse:
    """Say how many passwords would be reset; once confirmed, reset them and lead to what is handed over."""
    kiosk, staff = request.app[KIOSK], signed_in(request)
    ticked, confirmed = await _chosen(request)
    if confirmed:
        return _hand_over(request, await acts.reset(kiosk, staff, ticked))
    found = await kiosk.db.read(lambda conn: acts.pupils(conn, staff, ticked))
    return page(
        request,
        "staff/pupils_reset.html",
        space="pupils",
        chosen=found,
        resettable=[one for one in found if acts.is_resettable(kiosk, one)],
    )


def _hand_over(request: Request, handed: Sequence[Handed]) -> Response:
    if not handed:
        return go(f"{LIST}?done=none")
    now = request.app[KIOSK].clock.now_ms()
    name = request.app[HANDOVERS].keep(login_of(request).id, handed, now)
    return go(f"{LIST}/handover/{name}")


async def accounts(request: Request) -> StreamResponse:
    """Show the classes where somebody has no account."""
    here = acts.organisation_of(signed_in(request))
    found = await request.app[KIOSK].db.read(lambda conn: pupil_accounts.groups_without_account(conn, here))
    return page(request, "staff/pupils_accounts.html", space="pupils", groups=found, most=acts.AT_ONCE)


async def create_accounts(request: Request) -> StreamResponse:
    """Make the accounts missing in a class and lead to what is handed over."""
    form = await in_time(request.post())
    group = form.get("group", "")
    made = await acts.create_missing(
        request.app[KIOSK], signed_in(request), group[:255] if isinstance(group, str) else ""
    )
    return _hand_over(request, made)


async def delete(request: Request) -> StreamResponse:
    """Ask to confirm, then delete students with their participations."""
    kiosk, staff = request.app[KIOSK], signed_in(request)
    ticked, confirmed = await _chosen(request)
    if confirmed:
        await student_lists.delete(kiosk, staff, ticked)
        return go(f"{LIST}?done=deleted")

    def job(conn: Reader) -> Sequence[pupil_accounts.Holder]:
        student_lists.check_may(conn, staff)
        return acts.pupils(conn, staff, ticked)

    return page(request, "staff/pupils_delete.html", space="pupils", chosen=await kiosk.db.read(job))
