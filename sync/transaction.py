"""What a job is given inside the writer: the statements it may run, and the promise to take memory back.

A job changes tables through `Tx`, and whatever it changes in memory it must be able to restore: it registers
a callback with `on_undo`, called in reverse order when the job or the commit that carries it fails. A job may
then be run a second time, so it has no other effect; and it never changes the schema, which is for migrations.
"""

# ruff: noqa: N818 - named for what happened, so that an `except` line reads as a sentence
from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable


class DatabaseError(Exception):
    """A write or a read could not be done; the message says what to do."""


class Busy(DatabaseError):
    """Too many writes are waiting: answer "try again shortly" (503) rather than queue without bound."""


class Closed(DatabaseError):
    """The database was closed before the job could run."""


class CommitFailed(DatabaseError):
    """The transaction carrying this job was not committed: nothing of it is stored."""


class DatabaseDead(DatabaseError):
    """The writer stopped because memory and disk can no longer be trusted to agree: restart the process."""


class Tx:
    """One job's view of the open transaction."""

    __slots__ = ("_undo", "connection", "execute", "executemany")

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        # The bound methods themselves: one Python call less on the path of every answer.
        self.execute = connection.execute
        self.executemany = connection.executemany
        self._undo: list[Callable[[], object]] = []

    def on_undo(self, restore: Callable[[], object]) -> None:
        """Have `restore` called, latest first, should this job or its commit fail."""
        self._undo.append(restore)

    @property
    def touched(self) -> bool:
        """Whether the job changed something in memory: what it may have put there waits for the commit."""
        return bool(self._undo)

    def undo(self) -> None:
        """Run the callbacks, latest first; the writer's business, not a job's."""
        while self._undo:
            self._undo.pop()()
