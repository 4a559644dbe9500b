"""Every address of the kiosk in one table: method, path, handler, who may ask, and the largest body it takes.

`who`: "anyone" needs no sign-in; "person" is anyone signed in; "pupil", "staff" (teachers and the principal) and
"principal" are roles; "loopback" is this machine. The object is authorised by the action, not here. Unsafe methods
must come from our own pages (`csrf`), see `kiosk.origin`. Addresses asked for at every answer come first: the
dispatcher tries them in order. `docs/urls.md` is generated from this table.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Literal

from aiohttp.web import Request, StreamResponse

from kiosk.api import accounts, probes

Who = Literal["anyone", "person", "pupil", "staff", "principal", "loopback"]
Handler = Callable[[Request], Awaitable[StreamResponse]]
BODY = 64 * 1024
FILE = 2 * 1024 * 1024
API = "/api/v1"


@dataclass(frozen=True)
class Route:
    """One row of the table; `first` rows also serve a person who must still change their password."""

    method: str
    path: str
    handler: Handler
    who: Who
    csrf: bool = True
    body: int = BODY
    first: bool = False


API_ROUTES: tuple[Route, ...] = (
    Route("POST", f"{API}/login", accounts.login, "anyone"),
    Route("POST", f"{API}/logout", accounts.logout, "person", first=True),
    Route("GET", f"{API}/me", accounts.me, "person", first=True),
    Route("PUT", f"{API}/me/display", accounts.display, "person", first=True),
    Route("POST", f"{API}/me/password", accounts.password, "person", first=True),
)

LIVE_ROUTES: tuple[Route, ...] = ()

PAGE_ROUTES: tuple[Route, ...] = ()

PROBE_ROUTES: tuple[Route, ...] = (
    Route("GET", "/health", probes.health, "anyone"),
    Route("GET", "/metrics", probes.metrics, "loopback"),
)

ROUTES: tuple[Route, ...] = (*API_ROUTES, *LIVE_ROUTES, *PAGE_ROUTES, *PROBE_ROUTES)


def urls_markdown() -> str:
    """Return `docs/urls.md`, made from the table so that it cannot be wrong."""
    lines = [
        "# Addresses of the kiosk",
        "",
        "Made from `kiosk/routes.py` by `python -m kiosk.documents`; a test keeps it so.",
        "",
        "| method | path | who | handler |",
        "|---|---|---|---|",
    ]
    for row in ROUTES:
        module = row.handler.__module__.removeprefix("kiosk.")
        lines.append(f"| {row.method} | `{row.path}` | {row.who} | `{module}.{row.handler.__name__}` |")
    return "\n".join(lines) + "\n"
