"""One transaction shared by the jobs that were waiting together.

Each job stands or falls alone. The common refusal comes before any write and costs nothing. When a job fails
after it wrote, the transaction is rolled back, memory restored, and the jobs before it are run again, from
there on each in a savepoint of its own: savepoints are paid for only in the batch that needs them. That is
safe because a job's only effects are its statements and what its `on_undo` callbacks take back.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from concurrent.futures import Future as SyncFuture
from time import monotonic_ns
from typing import Any

from sync.transaction import CommitFailed, DatabaseDead, Tx

AnyFuture = asyncio.Future[Any] | SyncFuture[Any]
Hook = Callable[[Tx], None]
_DEAD = "a failed transaction could not be taken back: restart the server"


class Entry:
    """A job that waits for its turn, whoever waits for its result, and what became of it."""

    __slots__ = ("asked", "error", "future", "job", "loop", "result", "tx", "wrote")

    def __init__(
        self, job: Callable[[Tx], Any], future: AnyFuture, loop: asyncio.AbstractEventLoop | None
    ) -> None:
        self.asked = monotonic_ns()
        self.job = job
        self.future = future
        self.loop = loop
        self.tx: Tx | None = None
        self.result: Any = None
        self.error: BaseException | None = None
        self.wrote = False


class Batch:
    """The open transaction: `run` each entry, then `commit`, or `abandon` when anything raised."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.entries: list[Entry] = []
        self._connection = connection
        self._careful = False

    def run(self, entry: Entry) -> None:
        """Run one job; its own failure is kept for it alone. Raises when the whole batch is lost."""
        self.entries.append(entry)
        if len(self.entries) == 1:
            self._connection.execute("BEGIN IMMEDIATE")
        self._attempt(entry)

    def commit(self, before_commit: Hook | None) -> None:
        """Run the hook and make everything durable; on any error the caller must `abandon`."""
        tx = Tx(self._connection)
        try:
            if before_commit is not None:
                before_commit(tx)
            self._connection.execute("COMMIT")
        except BaseException:
            _undo(tx)
            raise

    def abandon(self, error: BaseException) -> None:
        """Take everything back and fail every job that had not failed by itself; those that only read are run again, alone.

        Raises DatabaseDead when that is not possible either.
        """
        dead: BaseException | None = error if isinstance(error, DatabaseDead) else None
        try:
            self._unwind()
        except DatabaseDead as failure:
            dead = failure
        for entry in self.entries:
            if entry.error is not None:
                continue
            try:
                done = dead is None and not entry.wrote and self._read_again(entry)
            except DatabaseDead as failure:
                done, dead = False, failure
            if not done:
                entry.error = CommitFailed(f"nothing was saved: {error}")
                entry.error.__cause__ = error
        if dead is not None:
            raise dead

    def _read_again(self, entry: Entry) -> bool:
        """Run a job that changed nothing, so that whoever looks sees what is kept; return whether it changed nothing again."""
        connection, tx = self._connection, Tx(self._connection)
        before = connection.total_changes
        try:
            connection.execute("BEGIN")
            entry.result = entry.job(tx)
        except Exception as error:  # noqa: BLE001 - whatever a job raises belongs to its caller
            entry.error = error
        only_read = not tx.touched and connection.total_changes == before
        if not only_read:
            entry.result = entry.error = None
        _undo(tx)
        try:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
        except sqlite3.Error as failure:
            raise DatabaseDead(_DEAD) from failure
        return only_read

    def _attempt(self, entry: Entry) -> None:
        connection = self._connection
        tx = entry.tx = Tx(connection)
        before = connection.total_changes
        if self._careful:
            connection.execute("SAVEPOINT job")
        try:
            entry.result = entry.job(tx)
        except Exception as error:  # noqa: BLE001 - whatever a job raises belongs to its caller, not to the writer
            entry.error = error
            entry.tx = None
            self._take_back(tx, wrote=connection.total_changes != before)
        else:
            entry.wrote = tx.touched or connection.total_changes != before
            if self._careful:
                connection.execute("RELEASE job")

    def _take_back(self, tx: Tx, *, wrote: bool) -> None:
        _undo(tx)
        if not self._connection.in_transaction:
            # Disk full or I/O error: SQLite itself gave the whole transaction up.
            raise CommitFailed("the disk refused a write")
        if self._careful:
            self._connection.execute("ROLLBACK TO job")
            self._connection.execute("RELEASE job")
        elif wrote:
            self._unwind()
            self._careful = True
            self._connection.execute("BEGIN IMMEDIATE")
            for entry in self.entries:
                if entry.error is None:
                    self._attempt(entry)

    def _unwind(self) -> None:
        """Roll back, and restore memory latest first."""
        try:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
        except sqlite3.Error as failure:
            raise DatabaseDead(_DEAD) from failure
        for entry in reversed(self.entries):
            if entry.tx is not None:
                _undo(entry.tx)
                entry.tx = None


def _undo(tx: Tx) -> None:
    """Restore what the job changed in memory; when that fails, memory can no longer be trusted."""
    try:
        tx.undo()
    except BaseException as failure:
        raise DatabaseDead(_DEAD) from failure
