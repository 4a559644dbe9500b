"""Where a request comes from: our own page, this machine, or somewhere that may not ask.

A browser says so itself in `Sec-Fetch-Site` or `Origin`. When it says nothing (an old browser, a script), a JSON
body is proof enough, since a foreign page cannot send one without asking first; a form must carry the token of its
login.
"""

from __future__ import annotations

from ipaddress import ip_address
from typing import TYPE_CHECKING

from kiosk.body import in_time
from kiosk.errors import BadRequest, Forbidden
from kiosk.logins import is_form_token

if TYPE_CHECKING:
    from aiohttp.web import BaseRequest, Request

    from kiosk.config import Config
    from kiosk.logins import Login

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


async def check_origin(request: Request, login: Login | None) -> None:
    """Raise Forbidden when an unsafe request was not made by one of our own pages, a script or a form of ours."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        if site == "same-origin":
            return
        raise Forbidden("request.foreign")
    origin = request.headers.get("Origin")
    if origin is not None:
        if origin == f"{request.scheme}://{request.host}":
            return
        raise Forbidden("request.foreign")
    if not is_form(request):
        return
    token = await _token_of(request)
    if login is None or not is_form_token(login, token):
        raise Forbidden("request.foreign")


async def _token_of(request: Request) -> str:
    try:
        token = (await in_time(request.post())).get("token", "")
    except ValueError:
        raise BadRequest("request.malformed") from None
    return token if isinstance(token, str) else ""


def is_form(request: Request) -> bool:
    """Say whether the body is of a type any foreign page could send without asking."""
    return request.content_type in {
        "application/x-www-form-urlencoded",
        "multipart/form-data",
        "text/plain",
    }


def check_host(request: Request, config: Config) -> None:
    """Raise Forbidden when host names are listed and the request used another."""
    if not config.allowed_hosts:
        return
    host = request.host.rsplit(":", 1)[0] if not request.host.endswith("]") else request.host
    if host.lower() not in config.allowed_hosts:
        raise Forbidden("request.host")


def address_of(request: BaseRequest) -> str:
    """Return the address at the other end of the socket; no header can change it."""
    peer = request.transport.get_extra_info("peername") if request.transport else None
    return str(peer[0]) if peer else ""


def is_loopback(request: BaseRequest) -> bool:
    """Say whether the request was made on this machine."""
    try:
        return ip_address(address_of(request).split("%")[0]).is_loopback
    except ValueError:
        return False
