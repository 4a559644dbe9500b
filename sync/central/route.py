"""What a row of the table of addresses is, and how an address names a school, a participation, a record."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Literal

from aiohttp.web import Request, StreamResponse

from sync.central.middleware import FORM_MAX

Who = Literal["machine", "anyone", "officer"]
Handler = Callable[[Request], Awaitable[StreamResponse]]
SITE = r"{site:s-[0-9a-f]{16}}"
PARTICIPATION = r"{participation:[A-Za-z0-9_.:-]{1,64}}"
SESSION = r"{session:[A-Za-z0-9_.:-]{1,64}}"
CANDIDATE = r"{candidate:[A-Za-z0-9_.:-]{1,64}}"
HASH = r"{hash:[0-9a-f]{64}}"


@dataclass(frozen=True, slots=True)
class Route:
    """One row of the table."""

    method: str
    path: str
    handler: Handler
    who: Who
    body: int = FORM_MAX
