"""The signed log of a school's server: events of sittings, sealed once per commit, and records that travel.

Everything is appended inside a job of `sync.db`, so state tables and log commit together or not at all.
Events wait in memory until the commit and are written in a few many-row statements; the heads of active
sittings are remembered, and restored when a job or its commit fails.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from sync import frames
from sync.canonical import canonical
from sync.chain import link
from sync.heads import Heads
from sync.log_audit import check_tail
from sync.log_store import (
    EventRow,
    LogTail,
    insert_events,
    insert_record,
    insert_seal,
    load_events,
    load_tail,
)
from sync.migrate import MigrationSet
from sync.records import RECORDS, Record, RecordBody
from sync.seals import Head, RecordHead, Seal

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable

    from sync.db import Database
    from sync.keys import Signer
    from sync.transaction import Tx
    from sync.verdict import Verdict

LOG_MIGRATIONS = MigrationSet("log", Path(__file__).parent / "migrations" / "log")
"""The tables of the log; goes first among the sets of a database that has a log."""


class Link(NamedTuple):
    """Where an event went: its number in the sitting, and its hash in hex."""

    seq: int
    hash: str


class Log:
    """The log of one site, on one database. Makes itself the database's `before_commit`.

    `now` gives milliseconds since 1970 for seals; events and records carry the time their caller gives.
    """

    def __init__(self, db: Database, signer: Signer, site: str, now: Callable[[], int]) -> None:
        self.site = site
        self._signer = signer
        self._now = now
        self._tail: LogTail = db.read_sync(lambda connection: load_tail(connection, site))
        self._heads = Heads()
        self._rows: list[EventRow] = []  # the events of the commit being made
        self._stored = 0  # how many of them are in the table already
        db.before_commit = self._seal

    def append_event(self, tx: Tx, sitting: str, body: msgspec.Struct, at: int) -> Link:
        """Append what happened to the sitting's chain, as `append_events` does."""
        return self.append_events(tx, sitting, (body,), at)[0]

    def append_events(self, tx: Tx, sitting: str, bodies: Iterable[msgspec.Struct], at: int) -> list[Link]:
        """Append what happened to the sitting's chain; the table has it at the commit, or at `events_in`.

        Raises sync.canonical.NotCanonical when a body cannot be spelled; nothing is appended then.
        """
        before = self._heads.get(tx.connection, sitting)
        seal = self._tail.seal_seq + 1
        made: list[EventRow] = []
        links: list[Link] = []
        seq, digest = before.seq, before.hash
        for body in bodies:
            seq += 1
            data, digest = link(sitting, seq, digest, at, body)
            made.append((sitting, seq, at, seal, data))
            links.append(Link(seq, digest))
        if made:
            self._keep(tx, before, made, Head(sitting, seq, digest))
        return links

    def _keep(self, tx: Tx, before: Head, made: list[EventRow], head: Head) -> None:
        """Add the rows to those of the commit, to be taken back with the job."""
        rows = self._rows
        mark = len(rows)
        rows += made
        self._heads.put(head)

        def restore() -> None:
            del rows[mark:]
            self._heads.put(before)

        tx.on_undo(restore)

    def append_record(self, tx: Tx, kind: str, body: RecordBody, at: int) -> int:
        """Sign and append a record that travels to the central instance; return its number.

        Raises ValueError when `body` is not the Struct of that type in `sync.records`.
        """
        if RECORDS[kind].body is not type(body):
            raise ValueError(f"{type(body).__name__} is not the body of {kind}")
        tail = self._tail
        seq = tail.record_seq + 1
        raw = msgspec.Raw(canonical(body))
        data = canonical(Record(at, raw, self._signer.key_id, tail.record_hash, seq, self.site, kind))
        frame = frames.sign(self._signer, frames.RECORD, data)
        tx.on_undo(lambda: self._set_tail(tail))
        digest = insert_record(tx, seq, kind, at, frame)
        self._tail = tail._replace(record_seq=seq, record_hash=digest)
        return seq

    def events_in(self, tx: Tx, sitting: str) -> list[bytes]:
        """Return the sitting's events inside a job, those this very commit appended included."""
        stored = self._stored

        def restore() -> None:
            self._stored = stored

        tx.on_undo(restore)
        self._flush(tx)
        return load_events(tx.connection, sitting)

    def events(self, connection: sqlite3.Connection, sitting: str) -> list[bytes]:
        """Return the sitting's committed events, oldest first, on a read connection."""
        return load_events(connection, sitting)

    def check_tail(self, connection: sqlite3.Connection) -> Verdict:
        """Verify the end of the log, for every start; `preau log check` verifies all of it."""
        return check_tail(connection, self._signer.public)

    @property
    def records(self) -> int:
        """How many records the log holds."""
        return self._tail.record_seq

    def _flush(self, tx: Tx) -> None:
        insert_events(tx, self._rows[self._stored :])
        self._stored = len(self._rows)

    def _seal(self, tx: Tx) -> None:
        """Write what waits and sign the new heads, of sittings and of records; runs just before each commit."""
        rows, tail = self._rows, self._tail
        if not rows and tail.record_hash == tail.sealed_hash:
            return
        tx.on_undo(lambda: self._set_tail(tail))
        self._rows, stored, self._stored = [], self._stored, 0
        insert_events(tx, rows[stored:])
        seq = tail.seal_seq + 1
        heads = [self._heads.known(sitting) for sitting in dict.fromkeys(row[0] for row in rows)]
        records = RecordHead(tail.record_seq, tail.record_hash)
        body = canonical(
            Seal(self._now(), len(rows), heads, self._signer.key_id, tail.seal_hash, records, seq, self.site)
        )
        digest = insert_seal(tx, seq, frames.sign(self._signer, frames.SEAL, body))
        self._tail = tail._replace(seal_seq=seq, seal_hash=digest, sealed_hash=tail.record_hash)
        self._heads.trim()

    def _set_tail(self, tail: LogTail) -> None:
        self._tail = tail
