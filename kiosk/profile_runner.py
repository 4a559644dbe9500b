"""Looks, while somebody's profile was asked for, whether the daemon brought the answer."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from typing import TYPE_CHECKING

import structlog

from kiosk.actions.profile_requests import settle
from kiosk.keys import KIOSK
from sync.enrolment import NotEnrolled
from sync.keys import KeyFileError
from sync.transaction import DatabaseError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from aiohttp.web import Application

    from kiosk.keys import Kiosk

EVERY_S = 2


async def profile_runner(app: Application) -> AsyncIterator[None]:
    """Settle requests as answers come, while the server runs."""
    task = asyncio.create_task(_go_on(app[KIOSK]), name="profiles")
    yield
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


async def _go_on(kiosk: Kiosk) -> None:
    while True:
        try:
            await settle(kiosk)
        except (DatabaseError, NotEnrolled, KeyFileError, sqlite3.Error) as problem:
            structlog.get_logger().warning("profiles were not taken in", reason=str(problem))
        await asyncio.sleep(EVERY_S)
