"""One row of the table of addresses: method, path, handler, who may ask, and the largest body it takes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Literal

from aiohttp.web import Request, StreamResponse

BODY = 64 * 1024
"""Largest body of a request that is not a file, in bytes."""
FILE = 2 * 1024 * 1024
API = "/api/v1"

Who = Literal["anyone", "person", "pupil", "staff", "principal", "loopback"]
Handler = Callable[[Request], Awaitable[StreamResponse]]


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
