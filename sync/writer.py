"""The one writer: a thread that commits together whatever is waiting.

Nothing is ever delayed to make a group larger: a commit starts as soon as the queue is empty, and the jobs
that arrive during its fsync form the next group. The results of a group go back to the event loop in one call.
"""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from queue import Empty, SimpleQueue
from time import monotonic_ns
from typing import TYPE_CHECKING

from sync.batch import Batch, Entry, Hook
from sync.transaction import Busy, Closed, CommitFailed, DatabaseDead
from sync.waits import Waits

if TYPE_CHECKING:
    import asyncio

MAX_BATCH = 512
"""Jobs in one commit: bounds how long the first of them waits for the others."""
MAX_WAITING = 8_192
"""Jobs that may wait; beyond this a caller is told `Busy`."""

_DISK_ERRORS = (CommitFailed, DatabaseDead, sqlite3.OperationalError)


class Writer:
    """The thread that owns the write connection."""

    def __init__(
        self, connection: sqlite3.Connection, *, max_waiting: int = MAX_WAITING, max_batch: int = MAX_BATCH
    ) -> None:
        self.before_commit: Hook | None = None
        self.failing = False
        """Whether the disk refused the last batch that had something to write."""
        self.waits = Waits()
        self._connection = connection
        self._max_waiting = max_waiting
        self._max_batch = max_batch
        self._queue: SimpleQueue[Entry | None] = SimpleQueue()
        self._closed = False
        self._dead: DatabaseDead | None = None
        # A daemon thread: a program that forgets to close still ends, and its unfinished commit rolls back.
        self._thread = threading.Thread(target=self._work, name="preau-writer", daemon=True)
        self._thread.start()

    def submit(self, entry: Entry) -> None:
        """Queue a job; raises Busy, Closed or DatabaseDead when it cannot be taken."""
        if self._dead is not None:
            raise DatabaseDead(str(self._dead)) from self._dead
        if self._closed:
            raise Closed("the database is closed")
        if self._queue.qsize() >= self._max_waiting:
            raise Busy("too many writes are waiting; try again in a moment")
        self._queue.put(entry)

    def close(self) -> None:
        """Commit what is waiting, stop the thread and close the connection. Harmless when repeated."""
        if not self._closed:
            self._closed = True
            self._queue.put(None)
        self._thread.join()

    def _work(self) -> None:
        try:
            while (entry := self._queue.get()) is not None and self._serve(entry):
                pass
        finally:
            self._closed = True
            self._connection.close()
            self._refuse_rest()

    def _serve(self, first: Entry) -> bool:
        """Commit one batch; return whether to go on."""
        batch = Batch(self._connection)
        before = self._connection.total_changes
        stop = False
        try:
            stop = self._fill(batch, first)
            batch.commit(self.before_commit)
        except BaseException as error:  # noqa: BLE001 - every waiting job must be told, whatever happened
            try:
                batch.abandon(error)
            except DatabaseDead as dead:
                self._dead, stop = dead, True
        wrote = self._connection.total_changes != before
        self._judge(batch, wrote=wrote)
        if wrote:
            self.waits.note((entry.asked for entry in batch.entries), monotonic_ns())
        _settle(batch.entries)
        return not stop

    def _judge(self, batch: Batch, *, wrote: bool) -> None:
        """Remember whether the disk takes what is written; a batch of reads says nothing of it."""
        if any(isinstance(entry.error, _DISK_ERRORS) for entry in batch.entries):
            self.failing = True
        elif wrote:
            self.failing = False

    def _fill(self, batch: Batch, first: Entry) -> bool:
        """Run `first` and what waits behind it; return whether the end of the queue was asked for."""
        batch.run(first)
        for _ in range(self._max_batch - 1):
            try:
                entry = self._queue.get_nowait()
            except Empty:
                return False
            if entry is None:
                return True
            batch.run(entry)
        return False

    def _refuse_rest(self) -> None:
        """Fail whatever slipped into the queue behind the end, so that no caller waits forever."""
        rest: list[Entry] = []
        with contextlib.suppress(Empty):
            while True:
                entry = self._queue.get_nowait()
                if entry is not None:
                    entry.error = self._dead or Closed("the database is closed")
                    rest.append(entry)
        _settle(rest)


def _settle(entries: list[Entry]) -> None:
    """Tell every waiting caller, with one call into each event loop."""
    loops: dict[asyncio.AbstractEventLoop, list[Entry]] = {}
    for entry in entries:
        if entry.loop is None:
            _resolve([entry])
        else:
            loops.setdefault(entry.loop, []).append(entry)
    for loop, mine in loops.items():
        # A loop that closed meanwhile has nobody left to tell; the writes are done all the same.
        with contextlib.suppress(RuntimeError):
            loop.call_soon_threadsafe(_resolve, mine)


def _resolve(entries: list[Entry]) -> None:
    for entry in entries:
        if entry.future.done():  # the caller gave up waiting: the write stands
            continue
        if entry.error is None:
            entry.future.set_result(entry.result)
        else:
            entry.future.set_exception(entry.error)
