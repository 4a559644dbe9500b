"""A few read connections in threads of their own: a long report never delays an answer being saved."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from queue import LifoQueue
from typing import TYPE_CHECKING, TypeVar

from sync.connections import connect_reader

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable
    from pathlib import Path

T = TypeVar("T")


class Readers:
    """As many connections as threads; each job sees one consistent snapshot."""

    def __init__(self, path: Path, count: int) -> None:
        self._connections = [connect_reader(path) for _ in range(count)]
        self._free: LifoQueue[sqlite3.Connection] = LifoQueue()
        for connection in self._connections:
            self._free.put(connection)
        self._threads = ThreadPoolExecutor(count, thread_name_prefix="preau-reader")

    async def read(self, job: Callable[[sqlite3.Connection], T]) -> T:
        """Run `job` on a read connection in a thread and return what it returns."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, self.read_sync, job)

    def read_sync(self, job: Callable[[sqlite3.Connection], T]) -> T:
        """Run `job` on a read connection in this thread and return what it returns."""
        connection = self._free.get()
        try:
            connection.execute("BEGIN")
            try:
                return job(connection)
            finally:
                connection.execute("ROLLBACK")
        finally:
            self._free.put(connection)

    def close(self) -> None:
        """Wait for running reads and close every connection. Harmless when repeated."""
        self._threads.shutdown(wait=True)
        for connection in self._connections:
            connection.close()
