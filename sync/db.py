"""The database of a server: one writer, some readers, migrations applied before anything else.

`await db.write(job)` returns only when what the job wrote is on disk; jobs waiting together share one commit.
A job must have no effect but its statements and what `tx.on_undo` takes back: when a neighbour in its batch
fails after writing, it is run a second time.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import Future as SyncFuture
from typing import TYPE_CHECKING, TypeVar

from sync.batch import Entry, Hook
from sync.connections import connect_writer
from sync.migrate import MigrationSet, migrate
from sync.readers import Readers
from sync.transaction import Busy, Closed, CommitFailed, DatabaseDead, DatabaseError, Tx
from sync.writer import MAX_WAITING, Writer

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from sync.waits import Waits

__all__ = ["Busy", "Closed", "CommitFailed", "Database", "DatabaseDead", "DatabaseError", "Tx"]

T = TypeVar("T")


class Database:
    """An open SQLite file. Make it with `Database.open` and close it, once, with `close` or `close_sync`."""

    def __init__(self, path: Path, writer: Writer, readers: Readers) -> None:
        self.path = path
        self._writer = writer
        self._readers = readers

    @classmethod
    def open(
        cls, path: Path, sets: Sequence[MigrationSet], *, readers: int = 3, max_waiting: int = MAX_WAITING
    ) -> Database:
        """Open or create the file and bring its schema up to date.

        Raises sync.migrate.SchemaError when the file was written by a newer version or its history differs.
        """
        connection = connect_writer(path)
        try:
            migrate(connection, sets)
            pool = Readers(path, readers)
        except BaseException:
            connection.close()
            raise
        return cls(path, Writer(connection, max_waiting=max_waiting), pool)

    @property
    def before_commit(self) -> Hook | None:
        """What runs inside each transaction just before its commit; the log seals there."""
        return self._writer.before_commit

    @before_commit.setter
    def before_commit(self, hook: Hook | None) -> None:
        self._writer.before_commit = hook

    @property
    def failing(self) -> bool:
        """Whether the last commit that had something to write failed: the disk is full, or worse."""
        return self._writer.failing

    @property
    def waits(self) -> Waits:
        """How long writes waited since the start."""
        return self._writer.waits

    def write(self, job: Callable[[Tx], T]) -> asyncio.Future[T]:
        """Return an awaitable of what `job` returns, resolved once it is on disk.

        Raises Busy, Closed or DatabaseDead at once; the awaitable raises what the job raised, or CommitFailed.
        Giving up waiting does not undo the write.
        """
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        self._writer.submit(Entry(job, future, loop))
        return future

    def write_sync(self, job: Callable[[Tx], T]) -> T:
        """Do the same from a command or a thread without an event loop."""
        future: SyncFuture[T] = SyncFuture()
        self._writer.submit(Entry(job, future, None))
        return future.result()

    async def read(self, job: Callable[[sqlite3.Connection], T]) -> T:
        """Run `job` on a read connection, in a thread, on one consistent snapshot."""
        return await self._readers.read(job)

    def read_sync(self, job: Callable[[sqlite3.Connection], T]) -> T:
        """Run `job` on a read connection in this thread."""
        return self._readers.read_sync(job)

    async def close(self) -> None:
        """Commit what waits, then release the file."""
        await asyncio.to_thread(self.close_sync)

    def close_sync(self) -> None:
        """Commit what waits, then release the file; never while an event loop of this thread awaits a write."""
        self._readers.close()
        self._writer.close()
