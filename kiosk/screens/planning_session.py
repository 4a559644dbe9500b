"""One session for its principal: where it stands, who is on its list, its papers and codes, opening and closing it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk.actions import opening
from kiosk.actors import principal
from kiosk.errors import KioskError
from kiosk.keys import KIOSK
from kiosk.printing.session_papers import A_PAGE, by_name
from kiosk.screens.access import signed_in
from kiosk.screens.forms import form_of, go
from kiosk.screens.page import page
from kiosk.screens.planning_reach import HOME, SPACE, session_of, view_of, words_of
from kiosk.screens.planning_views import candidate_view, share
from kiosk.screens.staff_exchange import exchange
from kiosk.store import candidates, machines

if TYPE_CHECKING:
    from aiohttp.web import Request, Response

    from kiosk.store.base import Reader
    from kiosk.store.candidates import Candidate

ROWS = 100
"""Candidates of one page of the list."""
OVER = frozenset({"closed", "finalised"})
_CODE = 400


async def show(request: Request) -> Response:
    """Show a session."""
    return await session_page(request, "")


async def session_page(request: Request, error: str, status: int = 200) -> Response:
    """Return the page of a session, with what was refused when something was."""
    found = await session_of(request)

    def read(conn: Reader) -> tuple[list[Candidate], dict[str, str]]:
        return candidates.of_session(conn, found.id), machines.labels(conn)

    rows, labels = await request.app[KIOSK].db.read(read)
    over = found.status in OVER
    everyone = [candidate_view(one, labels, over=over) for one in by_name(rows)]
    at, pages = _page_of(request, len(everyone))
    return page(
        request,
        "staff/session.html",
        status=status,
        space=SPACE,
        session=await view_of(request, found),
        rows=everyone[(at - 1) * ROWS : at * ROWS],
        at=at,
        pages=pages,
        figures=share(everyone),
        partial=sum(one.partial for one in everyone),
        sheets=max(1, -(-len(everyone) // A_PAGE)),
        waits_for_key=found.status == "open" and request.app[KIOSK].rooms.find(found.id) is None,
        done=request.query.get("done", ""),
        counted=_figure(request, "count"),
        exchange=await exchange(request.app[KIOSK]),
        error=error,
    )


def _page_of(request: Request, total: int) -> tuple[int, int]:
    pages = max(1, -(-total // ROWS))
    return min(max(1, _figure(request, "page")), pages), pages


def _figure(request: Request, name: str) -> int:
    text = request.query.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0


async def open_form(request: Request) -> Response:
    """Open a session by its day code, or by the school's own lock when none is typed; the page says why when it cannot be."""
    code = (await form_of(request)).get("code", "").strip()[:_CODE]
    actor, wanted = principal(signed_in(request)), request.match_info["id"]
    try:
        await opening.open_session(request.app[KIOSK], actor, wanted, code or None)
    except KioskError as refusal:
        return await session_page(request, words_of(request, refusal), refusal.status)
    return go(f"{HOME}/{wanted}?done=opened")


async def closing(request: Request) -> Response:
    """Ask whether to close a session, with who has not ended."""
    found = await session_of(request)
    rows = await request.app[KIOSK].db.read(lambda conn: candidates.of_session(conn, found.id))
    everyone = [candidate_view(one, {}, over=False) for one in rows]
    going = [one for one in everyone if one.joined and one.state != "ended"]
    view = await view_of(request, found)
    return page(request, "staff/session_close.html", space=SPACE, session=view, going=going)


async def close_form(request: Request) -> Response:
    """Close a session."""
    wanted = request.match_info["id"]
    try:
        await opening.close_session(request.app[KIOSK], principal(signed_in(request)), wanted)
    except KioskError as refusal:
        return await session_page(request, words_of(request, refusal), refusal.status)
    return go(f"{HOME}/{wanted}?done=closed")
