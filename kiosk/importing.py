"""The one worker that reads files of pupils while the server serves: one file at a time, its progress in memory.

A stop of the server ends the reading at once; what it was doing is told at the next start.
"""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING

from aiohttp.web import AppKey

from kiosk.actions.learner_reading import Stopped, Work, prepare, recover
from kiosk.keys import KIOSK

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from aiohttp.web import Application

    from kiosk.keys import Kiosk
    from kiosk.store.learner_imports import Import


class Importing:
    """Files being read, by import."""

    def __init__(self) -> None:
        self._works: dict[str, Work] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._turn = asyncio.Semaphore(1)

    def start(self, kiosk: Kiosk, one: Import, path: Path) -> None:
        """Read this file when those before it are read."""
        work = self._works[one.id] = Work()
        task = asyncio.create_task(self._read(kiosk, one, path, work), name=f"import {one.id}")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def percent(self, import_id: str) -> int:
        """Return how far a file is read; 100 when it is not being read."""
        work = self._works.get(import_id)
        return work.percent if work else 100

    async def close(self) -> None:
        """Stop reading and wait for the readers to be gone."""
        for work in self._works.values():
            work.stop.set()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _read(self, kiosk: Kiosk, one: Import, path: Path, work: Work) -> None:
        try:
            async with self._turn:
                with contextlib.suppress(Stopped):
                    await prepare(kiosk, one, path, work)
        finally:
            self._works.pop(one.id, None)


IMPORTING: AppKey[Importing] = AppKey("importing")


def add_importing(app: Application) -> None:
    """Give the application its reader of files, started and stopped with it."""
    app[IMPORTING] = Importing()
    app.cleanup_ctx.append(_at_work)


async def _at_work(app: Application) -> AsyncIterator[None]:
    await recover(app[KIOSK])
    yield
    await app[IMPORTING].close()
