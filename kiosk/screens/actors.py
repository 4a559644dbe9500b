"""Who is in charge, as a request shows it: the principal's login, or a supervisor let into the session."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk.actors import principal
from kiosk.errors import NotSignedIn
from kiosk.keys import KIOSK, LOGIN

if TYPE_CHECKING:
    from aiohttp.web import Request

    from kiosk.actors import Actor


async def actor_of(request: Request, session: str) -> Actor:
    """Return who asks about a session; raises NotSignedIn or Forbidden. The session itself is authorised by the act."""
    del session  # a supervisor's key is looked for in it
    login = request[LOGIN]
    if login is None:
        raise NotSignedIn("login.needed")
    kiosk = request.app[KIOSK]
    again = await kiosk.logins.by_digest(login.digest, kiosk.clock.now_ms())
    if again is None:
        raise NotSignedIn("login.needed")
    return principal(again.person)
