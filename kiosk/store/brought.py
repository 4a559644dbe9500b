"""What the sync daemon brought from the central instance for certifications, read from its own database and never written."""

from __future__ import annotations

import contextlib
import sqlite3
from typing import TYPE_CHECKING

from sync.connections import connect_reader

if TYPE_CHECKING:
    from pathlib import Path


def statements_after(home: Path, number: int) -> list[bytes]:
    """Return the statements the daemon holds after a number, in order; none when it never ran."""
    path = home / "sync.db"
    if not path.exists():
        return []
    with contextlib.closing(connect_reader(path)) as connection:
        try:
            rows = connection.execute(
                "SELECT line FROM statements WHERE number > ? ORDER BY number LIMIT 200", (number,)
            )
            return [row[0] for row in rows]
        except sqlite3.OperationalError:
            return []  # a database of before
