"""Takes in, while the server runs, what the central instance said and the daemon brought."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from typing import TYPE_CHECKING

import structlog

from kiosk.actions.statements import take_in
from kiosk.keys import KIOSK
from sync.enrolment import NotEnrolled
from sync.keys import KeyFileError
from sync.statements import StatementError
from sync.transaction import DatabaseError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from aiohttp.web import Application

    from kiosk.keys import Kiosk

EVERY_S = 5


async def statement_runner(app: Application) -> AsyncIterator[None]:
    """Apply statements as they come."""
    task = asyncio.create_task(_go_on(app[KIOSK]), name="statements")
    yield
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


async def _go_on(kiosk: Kiosk) -> None:
    while True:
        try:
            await take_in(kiosk)
        except (DatabaseError, NotEnrolled, KeyFileError, StatementError, sqlite3.Error) as problem:
            structlog.get_logger().warning("statements were not taken in", reason=str(problem))
        await asyncio.sleep(EVERY_S)
