"""Which supervisor's browser asks: a cookie whose hash is in the database. It is enough to look; to act, a key must sign."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk.keys import KIOSK
from kiosk.logins import digest_of
from kiosk.store import supervisors as store

if TYPE_CHECKING:
    from aiohttp.web import Request, Response

    from kiosk.actions.supervisors import Came
    from kiosk.store.supervisors import Supervisor

LIVES_S = 26 * 3600


def cookie_name(*, secure: bool) -> str:
    """Return the cookie's name; over HTTPS the `__Host-` prefix ties it to this server."""
    return "__Host-preau-supervisor" if secure else "preau-supervisor"


def set_cookie(request: Request, response: Response, came: Came) -> None:
    """Give the browser its secret; it outlives the browser's window."""
    secure = request.app[KIOSK].secure
    response.set_cookie(
        cookie_name(secure=secure),
        came.secret,
        max_age=LIVES_S,
        httponly=True,
        secure=secure,
        samesite="Strict",
    )


async def supervisor_of(request: Request) -> Supervisor | None:
    """Return the supervisor whose browser this is, whatever became of them, or None. Read afresh: revoking is at once."""
    kiosk = request.app[KIOSK]
    secret = request.cookies.get(cookie_name(secure=kiosk.secure))
    if secret is None:
        return None
    return await kiosk.db.read(lambda conn: store.by_digest(conn, digest_of(secret)))
