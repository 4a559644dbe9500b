"""How long a body may take to arrive: who sends it drop by drop may not keep a place in this server for ever."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, TypeVar

from kiosk.errors import TooSlow

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from aiohttp.web import BaseRequest

T = TypeVar("T")

SHORT_S = 20
"""Seconds for JSON or a form, at most 64 KiB."""
FILE_S = 120
"""Seconds for a file handed back, at most 2 MiB: the slowest Wi-Fi of a full room takes a minute."""


async def whole_body(request: BaseRequest) -> bytes:
    """Return the body of a short request; raises TooSlow."""
    # Most answers arrive with their head: nothing to wait for, so no timer to make, keep and take away.
    if request.content.is_eof():
        return await request.read()
    return await in_time(request.read())


async def in_time(reading: Awaitable[T], seconds: float | None = None) -> T:
    """Return what is read, within `seconds` (those of a short body unless said); raises TooSlow."""
    try:
        async with asyncio.timeout(SHORT_S if seconds is None else seconds):
            return await reading
    except TimeoutError:
        raise TooSlow("request.too_slow") from None
