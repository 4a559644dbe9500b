"""What a running server finds again by itself, at the start and then every day.

Certifiability, attestations, and rows of results that an older version did not keep: in small chunks with a pause between, so that
nobody waits.
"""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING

import structlog

from kiosk.actions import profile_states, retention
from kiosk.actions.certifiability import refresh_stale
from kiosk.actions.results import fill_missing, grant_due
from kiosk.keys import KIOSK
from sync.transaction import DatabaseError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from aiohttp.web import Application

    from kiosk.keys import Kiosk

EVERY_S = 24 * 3600
PAUSE_S = 0.2


async def daily(app: Application) -> AsyncIterator[None]:
    """Do the day's task at the start, then every day while the server runs."""
    task = asyncio.create_task(_go_on(app[KIOSK]), name="daily")
    yield
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


async def find_again(kiosk: Kiosk, pause_s: float = PAUSE_S) -> None:
    """Do the day's task once, chunk by chunk, until nothing is left to find."""
    for chunk in (
        fill_missing,
        refresh_stale,
        grant_due,
        profile_states.refresh_stale,
        retention.daily_purge,
    ):
        after: str | None = await chunk(kiosk, "")
        while after is not None:
            await asyncio.sleep(pause_s)
            after = await chunk(kiosk, after)


async def _go_on(kiosk: Kiosk) -> None:
    while True:
        try:
            await find_again(kiosk)
        except DatabaseError as problem:
            # Tomorrow will do; the writer's own trouble is told where answers are refused.
            structlog.get_logger().warning("the day's task was left", reason=str(problem))
        await asyncio.sleep(EVERY_S)
