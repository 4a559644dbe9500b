"""Profiles from other schools, for the principal: whom to ask for, what was asked, what came."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from kiosk.actions import profile_requests as acts
from kiosk.errors import KioskError
from kiosk.keys import KIOSK
from kiosk.refusals import problem_of
from kiosk.screens.access import signed_in
from kiosk.screens.forms import go
from kiosk.screens.page import language, page
from kiosk.screens.staff_exchange import exchange
from kiosk.screens.staff_views import local, local_or_none
from kiosk.store import learners, pieces
from kiosk.store import profile_requests as store
from sync.pieces import is_person, plain_ine

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from aiohttp.web import Request, Response, StreamResponse

    from kiosk.store.base import Reader
    from kiosk.store.pieces import Carried
    from kiosk.store.profile_requests import Shown


class CarriedView(NamedTuple):
    """What one school said of a pupil."""

    school: str
    uai: str
    stated: datetime
    received: datetime
    score: int
    certifiable: bool
    skills: int


class Brought(NamedTuple):
    """The part of a pupil's page about other schools."""

    states: Sequence[CarriedView]
    askable: bool
    state: str
    """Of the last request, "" when there was none."""
    asked: datetime | None
    waits: bool


def carried_view(one: Carried) -> CarriedView:
    """Return what a page shows of a state another school signed."""
    validated = {
        skill for past in one.state.pasts for skill, status, _ in past.known if status == "validated"
    }
    return CarriedView(
        one.school,
        one.uai,
        local(one.at_ms),
        local(one.received_ms),
        one.state.score,
        one.state.certifiable,
        len(validated),
    )


def brought_of(conn: Reader, learner: str) -> Brought:
    """Return what came from other schools for a pupil, whom the caller authorised."""
    found, last = learners.by_id(conn, learner), store.last_of(conn, learner)
    askable = found is not None and is_person(plain_ine(found.ine or ""), found.birth_date or "")
    return Brought(
        [carried_view(one) for one in pieces.carried_of_learner(conn, learner)],
        askable,
        last.state if last else "",
        local_or_none(last.at_ms if last else None),
        last is not None and last.state == "queued",
    )


async def listing(request: Request) -> StreamResponse:
    """Show whom nobody asked for yet, and the last requests."""
    return await _page(request, asked=request.query.get("asked", ""))


async def ask_all(request: Request) -> StreamResponse:
    """Ask for everybody nobody asked for yet."""
    try:
        count = await acts.ask_for_new(request.app[KIOSK], signed_in(request))
    except KioskError as refusal:
        return await _page(request, refusal=refusal)
    return go(f"/staff/pupils/profiles?asked={count}")


async def ask_one(request: Request) -> StreamResponse:
    """Ask for one pupil's profile."""
    learner = request.match_info["id"]
    try:
        await acts.ask(request.app[KIOSK], signed_in(request), learner)
    except KioskError as refusal:
        if refusal.status == 404:
            raise
        return await _page(request, refusal=refusal)
    return go(f"/staff/pupils/{learner}#elsewhere")


async def _page(request: Request, *, asked: str = "", refusal: KioskError | None = None) -> Response:
    kiosk = request.app[KIOSK]
    here = signed_in(request).organisation or ""

    def job(conn: Reader) -> tuple[int, int, list[Shown]]:
        return (
            store.count_never_asked(conn, here),
            store.count_without_number(conn, here),
            store.shown(conn, here),
        )

    new, without, rows = await kiosk.db.read(job)
    return page(
        request,
        "staff/profiles.html",
        status=refusal.status if refusal else 200,
        space="pupils",
        new=min(new, acts.MOST),
        without=without,
        requests=[(row, local(row.at_ms)) for row in rows],
        exchange=await exchange(kiosk),
        asked=int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 5 else None,
        problem=problem_of(kiosk, language(request), refusal) if refusal else None,
    )
