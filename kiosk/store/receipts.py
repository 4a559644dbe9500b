"""Receipts of the central instance, read from the sync daemon's own database and never written."""

from __future__ import annotations

import contextlib
import sqlite3
from typing import TYPE_CHECKING, Any, NamedTuple

from sync.connections import connect_reader

if TYPE_CHECKING:
    from pathlib import Path


def receipt_state(path: Path, record: int) -> str | None:
    """Return the state of a record's receipt in the database at `path`, None while there is none."""
    if not path.exists():
        return None
    try:
        with contextlib.closing(connect_reader(path)) as conn:
            row = conn.execute("SELECT state FROM receipts WHERE seq = ?", (record,)).fetchone()
    except sqlite3.Error:
        return None  # the daemon is making or moving its file: ask again in a moment
    return str(row[0]) if row else None


def last_receipt(path: Path) -> int:
    """Return the number of the last record a receipt is held for, 0 when there is none; raises sqlite3.Error."""
    if not path.exists():
        return 0
    with contextlib.closing(connect_reader(path)) as conn:
        if conn.execute("SELECT 1 FROM sqlite_master WHERE name = 'receipts'").fetchone() is None:
            return 0  # the daemon has only just made its file
        return int(conn.execute("SELECT coalesce(max(seq), 0) FROM receipts").fetchone()[0])


class Answer(NamedTuple):
    """What the central instance answered to a request for a profile; `code` is why it refused, "" otherwise."""

    request: str
    code: str
    number: int
    line: bytes


def profile_answers(path: Path) -> dict[str, Answer]:
    """Return the answers the daemon holds, by request; none when it never ran."""
    return {
        row[0]: Answer(*row)
        for row in _rows(path, "SELECT request, code, number, answer FROM profile_answers")
    }


def stored_records(path: Path) -> set[int]:
    """Return the numbers of the records the central instance gave a receipt for."""
    return {row[0] for row in _rows(path, "SELECT seq FROM receipts WHERE state = 'stored'")}


def _rows(path: Path, statement: str) -> list[Any]:
    if not path.exists():
        return []
    with contextlib.closing(connect_reader(path)) as connection:
        try:
            return connection.execute(statement).fetchall()
        except sqlite3.OperationalError:  # a database of before
            return []
