"""What a transaction and a read connection have in common, so that one function serves both."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable


class Reader(Protocol):
    """Something that runs a statement: `sync.db.Tx` or a read connection."""

    @property
    def execute(self) -> Callable[..., sqlite3.Cursor]:
        """Return what runs one statement with its parameters."""
        ...
