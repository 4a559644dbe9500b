"""Papers of a session as PDF: attendance sheet, supervisor's kit with a fresh ticket, incident form."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from aiohttp.web import Response

from kiosk.actions import supervisor_tickets
from kiosk.actors import principal
from kiosk.keys import KIOSK
from kiosk.printing.session_papers import LANG, Papers
from kiosk.printing.typesetting import typeset
from kiosk.screens.access import signed_in
from kiosk.screens.planning_reach import session_of
from kiosk.screens.staff_common import base_address
from kiosk.store import candidates, organisations
from web.downloads import attachment

if TYPE_CHECKING:
    from aiohttp.web import Request

    from kiosk.keys import Kiosk
    from kiosk.store.base import Reader
    from kiosk.store.sessions import Session


async def papers_of(kiosk: Kiosk, session: Session) -> Papers:
    """Return a session's papers, ready to be printed."""

    def read(conn: Reader) -> Papers:
        school = organisations.by_id(conn, session.organisation)
        rows = candidates.of_session(conn, session.id)
        return Papers(school.name if school else "", session, rows, lambda key, **params: say(key, params))

    def say(key: str, params: dict[str, object]) -> str:
        return kiosk.pages.t(LANG, key, **params)

    return await kiosk.db.read(read)


async def attendance(request: Request) -> Response:
    """Give the attendance sheet, twenty candidates a page."""
    found = await session_of(request)
    papers = await papers_of(request.app[KIOSK], found)
    return await _pdf(
        request, "attendance", papers.attendance(), f"feuille-emargement-session-{found.number}.pdf"
    )


async def kit(request: Request) -> Response:
    """Give the supervisor's kit; its square holds a ticket made now, good once on the session's day."""
    found, kiosk = await session_of(request), request.app[KIOSK]
    secret = await supervisor_tickets.kit_ticket(kiosk, principal(signed_in(request)), found.id)
    papers = await papers_of(kiosk, found)
    data = papers.kit(f"{base_address(request)}/supervise/join#{secret}")
    return await _pdf(request, "kit", data, f"kit-surveillant-{found.number}.pdf")


async def incidents(request: Request) -> Response:
    """Give the incident form."""
    found = await session_of(request)
    papers = await papers_of(request.app[KIOSK], found)
    return await _pdf(request, "incidents", papers.incidents(), f"pv-incident-session-{found.number}.pdf")


async def _pdf(request: Request, template: str, data: dict[str, object], name: str) -> Response:
    now_ms = request.app[KIOSK].clock.now_ms()
    pdf = await asyncio.to_thread(typeset, template, data, now_ms=now_ms)
    headers = {
        "Content-Type": "application/pdf",
        "Content-Disposition": attachment(name),
        "Cache-Control": "no-store",
    }
    return Response(body=pdf, headers=headers)
