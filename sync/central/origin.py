"""Where an unsafe request comes from: our own page, carrying its login's form token, or nowhere we answer to."""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING

from sync.central.appkeys import INSTANCE, OFFICER
from sync.central.errors import Refused

if TYPE_CHECKING:
    from aiohttp.web import Request

SAFE = frozenset({"GET", "HEAD"})
FORM = "application/x-www-form-urlencoded"


async def check_origin(request: Request) -> None:
    """Raise `Refused` unless a page of ours made this request; a signed-in form also carries its token."""
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    here = {f"{scheme}://{request.host}" for scheme in ("http", "https")}
    if site != "same-origin" and (site is not None or origin not in here):
        raise Refused("request.foreign", 403)
    if request.content_type != FORM:
        raise Refused("request.not_a_form", 415)
    officer = request.get(OFFICER)
    if officer is None:
        return
    token = (await request.post()).get("token", "")
    if not isinstance(token, str) or not hmac.compare_digest(token.encode(), officer.form_token.encode()):
        raise Refused("request.foreign", 403)


def address_of(request: Request) -> str:
    """Return who is asking: the other end of the socket, or what our own proxy says of it."""
    app = request.app
    if app[INSTANCE].config.behind_proxy:
        forwarded = request.headers.get("X-Forwarded-For", "")
        last = forwarded.rpartition(",")[2].strip()
        if last:
            return last
    peer = request.transport.get_extra_info("peername") if request.transport else None
    return str(peer[0]) if isinstance(peer, tuple) else ""
