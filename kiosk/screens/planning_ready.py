"""Whether a session can open, as a page: each line says what to do; the day code and the questions can be tried."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from kiosk.keys import KIOSK
from kiosk.readiness.look import Place, known_of, look
from kiosk.readiness.notes import is_go, told
from kiosk.screens.forms import form_of
from kiosk.screens.page import language, page
from kiosk.screens.planning_reach import SPACE, session_of, view_of

if TYPE_CHECKING:
    from aiohttp.web import Request, Response

_CODE = 400


async def ready(request: Request) -> Response:
    """Show the go / no-go list."""
    return await _ready(request, "", questions=False)


async def try_out(request: Request) -> Response:
    """Show it with the day code tried, and every sealed question shown once."""
    code = (await form_of(request)).get("code", "").strip()[:_CODE]
    return await _ready(request, code, questions=True)


async def _ready(request: Request, code: str, *, questions: bool) -> Response:
    kiosk, found = request.app[KIOSK], await session_of(request)
    place = Place(kiosk.config.home, kiosk.rooms.shelf, kiosk.clock.now_ms(), kiosk.secure)
    known = await kiosk.db.read(lambda conn: known_of(conn, place, found))
    notes = await asyncio.to_thread(look, known, place, code or None, questions=questions)
    return page(
        request,
        "staff/session_ready.html",
        space=SPACE,
        session=await view_of(request, found),
        notes=told(kiosk.pages.words, language(request), notes),
        go=is_go(notes),
        tried=questions,
    )
