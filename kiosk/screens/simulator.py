"""The page inside a simulator's frame: an empty tool, in the person's language and look. Its scene comes by message."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exam.simulators import SIMULATORS
from kiosk.errors import NotFound, NotSignedIn
from kiosk.exam_access import holds_pass
from kiosk.keys import LOGIN
from kiosk.screens.page import page
from web.security import FRAME_HEADERS

if TYPE_CHECKING:
    from aiohttp.web import Request, StreamResponse


async def simulator(request: Request) -> StreamResponse:
    """Show one tool, to someone signed in or to a candidate, who holds a pass instead."""
    if request[LOGIN] is None and not await holds_pass(request):
        raise NotSignedIn("login.needed")
    name = request.match_info["name"]
    if name not in SIMULATORS:
        raise NotFound("page.unknown")
    response = page(request, "pupil/simulator.html", tool=name)
    response.headers.update(FRAME_HEADERS)
    return response
