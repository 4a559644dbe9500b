"""The SQL of the log: three tables that are only ever inserted into and read."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, NamedTuple

from sync.frames import Frame
from sync.records import first_record_prev
from sync.seals import first_seal_prev

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Sequence

    from sync.transaction import Tx

EventRow = tuple[str, int, int, int, bytes]
"""sitting, seq, at, seal, bytes"""

_INSERT_EVENTS = "INSERT INTO log_events (sitting, seq, at, seal, bytes) VALUES (?, ?, ?, ?, ?)"
_CHUNKS = (64, 16, 4, 1)
# One statement for many rows: each statement gives the interpreter lock away and waits to have it back.
_INSERT_MANY = {count: _INSERT_EVENTS + ", (?, ?, ?, ?, ?)" * (count - 1) for count in _CHUNKS}


class LogTail(NamedTuple):
    """The ends of the two signed chains, which the next seal and the next record point to.

    `sealed_hash` is that of the last record under a seal.
    """

    seal_seq: int
    seal_hash: str
    record_seq: int
    record_hash: str
    sealed_hash: str


class StoredRecord(NamedTuple):
    """A record as stored: its number, type and hash, and the frame that travels."""

    seq: int
    type: str
    hash: str
    frame: Frame


def load_tail(connection: sqlite3.Connection, site: str) -> LogTail:
    """Return where the chains end, hashing the stored bytes rather than trusting a column."""
    seal = connection.execute("SELECT seq, bytes FROM log_seals ORDER BY seq DESC LIMIT 1").fetchone()
    record = connection.execute("SELECT seq, bytes FROM log_records ORDER BY seq DESC LIMIT 1").fetchone()
    seal_seq, seal_hash = (seal[0], _sha(seal[1])) if seal else (0, first_seal_prev(site))
    record_seq, record_hash = (record[0], _sha(record[1])) if record else (0, first_record_prev(site))
    return LogTail(seal_seq, seal_hash, record_seq, record_hash, record_hash)


def insert_events(tx: Tx, rows: Sequence[EventRow]) -> None:
    """Insert the rows in as few statements as possible."""
    start = 0
    for count in _CHUNKS:
        while len(rows) - start >= count:
            chunk = rows[start : start + count]
            tx.execute(_INSERT_MANY[count], [value for row in chunk for value in row])
            start += count


def insert_seal(tx: Tx, seq: int, frame: Frame) -> str:
    """Insert a seal and return the hash of its bytes."""
    tx.execute("INSERT INTO log_seals (seq, sig, bytes) VALUES (?, ?, ?)", (seq, frame.signature, frame.body))
    return _sha(frame.body)


def insert_record(tx: Tx, seq: int, kind: str, at: int, frame: Frame) -> str:
    """Insert a record and return the hash of its bytes."""
    digest = _sha(frame.body)
    tx.execute(
        "INSERT INTO log_records (seq, type, at, hash, sig, bytes) VALUES (?, ?, ?, ?, ?, ?)",
        (seq, kind, at, digest, frame.signature, frame.body),
    )
    return digest


def load_events(connection: sqlite3.Connection, sitting: str) -> list[bytes]:
    """Return the bytes of a sitting's events in order."""
    rows = connection.execute("SELECT bytes FROM log_events WHERE sitting = ? ORDER BY seq", (sitting,))
    return [row[0] for row in rows]


def each_event(connection: sqlite3.Connection) -> Iterator[EventRow]:
    """Yield every event, by sitting, in order."""
    yield from connection.execute(
        "SELECT sitting, seq, at, seal, bytes FROM log_events ORDER BY sitting, seq"
    )


def each_seal(connection: sqlite3.Connection) -> Iterator[Frame]:
    """Yield every seal in order."""
    for row in connection.execute("SELECT sig, bytes FROM log_seals ORDER BY seq"):
        yield Frame(row[0], row[1])


def each_record(connection: sqlite3.Connection, after: int = 0, limit: int = -1) -> Iterator[StoredRecord]:
    """Yield the records numbered above `after`, in order, at most `limit` of them (-1: all)."""
    rows = connection.execute(
        "SELECT seq, type, hash, sig, bytes FROM log_records WHERE seq > ? ORDER BY seq LIMIT ?",
        (after, limit),
    )
    for seq, kind, digest, sig, data in rows:
        yield StoredRecord(seq, kind, digest, Frame(sig, data))


def _sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
