"""Files handed back, in SQL: the facts the server found in each, by sitting, question and hash."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import msgspec

if TYPE_CHECKING:
    from kiosk.store.base import Reader

_facts = msgspec.json.Decoder(dict[str, str])


class Upload(NamedTuple):
    """A file received for a question, and what the server found in it."""

    participation: str
    number: int
    sha256: str
    name: str
    size: int
    facts: dict[str, str]
    at_ms: int


def add(tx: Reader, u: Upload) -> None:
    """Keep what was found in a file; the same file sent again under another name replaces it."""
    tx.execute(
        "INSERT INTO uploads (participation, number, sha256, name, size, facts, at_ms) VALUES (?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (participation, number, sha256) DO UPDATE SET name = excluded.name, facts = excluded.facts",
        (u.participation, u.number, u.sha256, u.name, u.size, msgspec.json.encode(u.facts).decode(), u.at_ms),
    )


def remove(tx: Reader, participation: str, number: int, sha256: str) -> None:
    """Forget a file that could not be kept after all: the room it took is free again."""
    tx.execute(
        "DELETE FROM uploads WHERE participation = ? AND number = ? AND sha256 = ?",
        (participation, number, sha256),
    )


def facts_of(conn: Reader, participation: str, number: int, sha256: str) -> dict[str, str] | None:
    """Return what the server found in a file this sitting sent for this question, or None."""
    row = conn.execute(
        "SELECT facts FROM uploads WHERE participation = ? AND number = ? AND sha256 = ?",
        (participation, number, sha256),
    ).fetchone()
    return _facts.decode(row[0]) if row else None


def bytes_used(conn: Reader) -> int:
    """Return the size of all files kept, in bytes."""
    return int(conn.execute("SELECT coalesce(sum(size), 0) FROM uploads").fetchone()[0])


def bytes_used_by(conn: Reader, participation: str) -> int:
    """Return the size of the files of one sitting, in bytes."""
    row = conn.execute("SELECT coalesce(sum(size), 0) FROM uploads WHERE participation = ?", (participation,))
    return int(row.fetchone()[0])
