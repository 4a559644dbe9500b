"""Files candidates handed back, by hash: rows here, bytes in the uploads folder."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import msgspec

if TYPE_CHECKING:
    from kiosk.store.base import Reader

_facts = msgspec.json.Decoder(dict[str, str])


class Upload(NamedTuple):
    """One file a candidate handed back, and what this server found in it."""

    candidate: str
    number: int
    item: str
    sha256: str
    name: str
    size: int
    facts: dict[str, str]
    at_ms: int


def add(tx: Reader, upload: Upload) -> None:
    """Keep a file's row once."""
    tx.execute(
        "INSERT INTO candidate_uploads (candidate, number, item, sha256, name, size, facts, at_ms)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        (*upload[:6], msgspec.json.encode(upload.facts).decode(), upload.at_ms),
    )


def facts_of(conn: Reader, candidate: str, question: tuple[int, str], sha256: str) -> dict[str, str] | None:
    """Return what was found in a file handed back for a question (number, item), or None."""
    row = conn.execute(
        "SELECT facts FROM candidate_uploads WHERE candidate = ? AND number = ? AND item = ? AND sha256 = ?",
        (candidate, *question, sha256),
    ).fetchone()
    return _facts.decode(row[0]) if row else None


def remove(tx: Reader, upload: Upload) -> None:
    """Take back the row of a file that could not be kept."""
    tx.execute(
        "DELETE FROM candidate_uploads WHERE candidate = ? AND number = ? AND item = ? AND sha256 = ?",
        upload[:4],
    )


def bytes_used_in_session_of(conn: Reader, candidate: str) -> int:
    """Return how many bytes the candidates of this one's session handed back."""
    row = conn.execute(
        "SELECT coalesce(sum(u.size), 0) FROM candidate_uploads u JOIN candidates c ON c.id = u.candidate"
        " WHERE c.session = (SELECT session FROM candidates WHERE id = ?)",
        (candidate,),
    ).fetchone()
    return int(row[0])


def bytes_used_by(conn: Reader, candidate: str) -> int:
    """Return how many bytes a candidate handed back."""
    row = conn.execute(
        "SELECT coalesce(sum(size), 0) FROM candidate_uploads WHERE candidate = ?", (candidate,)
    ).fetchone()
    return int(row[0])
