"""Signed news of the server for the central instance: that it opened, and now and then how it is.

A school with nothing to send still shows that it lives: a report is signed at the start and every six hours, but not at
each of many restarts in a row.
"""

from __future__ import annotations

import asyncio
import contextlib
import shutil
from importlib.metadata import version
from typing import TYPE_CHECKING

import structlog

from kiosk.keys import KIOSK
from kiosk.store.health import figures, last_report_ms
from sync.records import HealthReport, SiteOpened
from sync.transaction import DatabaseError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from aiohttp.web import Application

    from kiosk.keys import Kiosk
    from sync.db import Tx

EVERY_S = 6 * 3600
AT_LEAST_MS = 10 * 60_000


async def reports(app: Application) -> AsyncIterator[None]:
    """Sign the first record and a report, then one every six hours while the server runs."""
    kiosk = app[KIOSK]
    await report(kiosk)
    task = asyncio.create_task(_go_on(kiosk), name="health")
    yield
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


async def report(kiosk: Kiosk) -> bool:
    """Sign a report unless one was signed in the last ten minutes; return whether one was."""
    now = kiosk.clock.now_ms()
    size = kiosk.config.database.stat().st_size
    free = shutil.disk_usage(kiosk.config.home).free

    def job(tx: Tx) -> bool:
        if kiosk.log.records == 0:
            identity = kiosk.identity
            opened = SiteOpened(identity.uai, identity.name, identity.signer.public_hex)
            kiosk.log.append_record(tx, "site.opened", opened, now)
        last = last_report_ms(tx)
        if last is not None and 0 <= now - last < AT_LEAST_MS:
            return False
        found = figures(tx)
        body = HealthReport(version("preau"), found.pupils, found.participations, found.shared, size, free)
        kiosk.log.append_record(tx, "health.report", body, now)
        return True

    return await kiosk.db.write(job)


async def _go_on(kiosk: Kiosk) -> None:
    while True:
        await asyncio.sleep(EVERY_S)
        try:
            await report(kiosk)
        except DatabaseError as problem:
            # A report can wait; the writer's own trouble is told where answers are refused.
            structlog.get_logger().warning("health report not signed", reason=str(problem))
