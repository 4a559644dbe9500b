"""How an officer reads: language, theme, face and size, kept with the person; and how to read a verdict."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync.central.appkeys import INSTANCE, LANG
from sync.central.reader import CHOICES, display_of
from sync.central.refusals import go
from sync.central.screens.page import page, signed_in
from sync.central.store import officers

if TYPE_CHECKING:
    from aiohttp.web import Request, Response


async def form(request: Request) -> Response:
    """Show the choices."""
    officer = signed_in(request)
    shown = display_of(officer)
    chosen = {"lang": request[LANG], "theme": shown.theme, "face": shown.face, "size": shown.size}
    return page(request, "central/display.html", choices=CHOICES, chosen=chosen)


async def choose(request: Request) -> Response:
    """Keep the choices; what is not one of them is left as it was."""
    officer = signed_in(request)
    posted = await request.post()
    given = {name: str(posted.get(name, "")) for name in CHOICES}
    good = {name: value for name, value in given.items() if value in CHOICES[name]}
    if good:
        await request.app[INSTANCE].database.write(
            lambda conn: officers.set_display(conn, officer.officer, good)
        )
    return go("/display")


async def reading(request: Request) -> Response:
    """Explain what a verdict says."""
    return page(request, "central/reading.html")
