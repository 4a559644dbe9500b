"""Personal data for the principal: what is kept and how long, a pupil's data to hand over, and erasing a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiohttp.web import Response

from kiosk.actions import erasing, own_data, retention
from kiosk.errors import Forbidden, KioskError, Refused
from kiosk.keys import KIOSK
from kiosk.refusals import problem_of
from kiosk.screens.access import signed_in
from kiosk.screens.forms import form_of, go
from kiosk.screens.own_data import readable
from kiosk.screens.page import language, page
from kiosk.screens.staff_views import local_or_none
from kiosk.store import learners
from kiosk.store import privacy as store
from web.downloads import attachment

if TYPE_CHECKING:
    import sqlite3

    from aiohttp.web import Request, StreamResponse

    from kiosk.store.learners import Learner
    from kiosk.store.privacy import Subject


async def kept(request: Request) -> StreamResponse:
    """Show what is kept, for how long, and what is past its time."""
    kiosk = request.app[KIOSK]
    now = kiosk.clock.now_ms()
    lines = await kiosk.db.read(lambda conn: retention.report(conn, kiosk.config, now))
    return page(
        request,
        "staff/privacy.html",
        space="server",
        lines=[(line, local_or_none(line.oldest_ms)) for line in lines],
        due=sum(line.due for line in lines if line.kept),
        erased=await kiosk.db.read(store.count_erasures),
        done=request.query.get("done") == "erased",
    )


async def data(request: Request) -> StreamResponse:
    """Send everything known of a pupil, or of one whom another organisation knows too, what this one holds."""
    kiosk, wanted, here = request.app[KIOSK], request.match_info["id"], _here(request)

    def find(conn: sqlite3.Connection) -> Subject:
        return erasing.held_by(conn, here, wanted)

    body = await own_data.archive(kiosk, find, readable(request))
    return Response(
        body=body,
        content_type="application/zip",
        headers={"Content-Disposition": attachment(f"donnees-{wanted}.zip")},
    )


async def ask_erasure(request: Request) -> StreamResponse:
    """Say what erasing this pupil takes away and what stays, and ask to confirm."""
    return await _erase_page(request, None)


async def erase(request: Request) -> StreamResponse:
    """Erase the pupil, once confirmed."""
    kiosk, wanted = request.app[KIOSK], request.match_info["id"]
    form = await form_of(request)
    try:
        if form.get("sure") != "1":
            raise Refused("privacy.not_sure", field="sure")
        await erasing.erase_learner(kiosk, signed_in(request), wanted)
    except KioskError as refusal:
        if refusal.status == 404:
            raise
        return await _erase_page(request, refusal)
    return go("/staff/privacy?done=erased")


async def _erase_page(request: Request, refusal: KioskError | None) -> Response:
    kiosk, wanted, here = request.app[KIOSK], request.match_info["id"], _here(request)

    def job(conn: sqlite3.Connection) -> Learner | None:
        erasing.of_learner(conn, here, wanted)
        return learners.by_id(conn, wanted)

    return page(
        request,
        "staff/person_erase.html",
        status=refusal.status if refusal else 200,
        space="pupils",
        pupil=await kiosk.db.read(job),
        problem=problem_of(kiosk, language(request), refusal) if refusal else None,
    )


def _here(request: Request) -> str:
    here = signed_in(request).organisation
    if here is None:
        raise Forbidden("role.wrong")
    return here
