"""What is still to be sent: the records of the kiosk's log for which no receipt is held.

The kiosk's database is only read. A record is known by its hash, not by its number: after a backup was
restored, another record may bear a number that already has a receipt.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from sync.connections import connect_reader
from sync.log_store import StoredRecord, each_record
from sync.migrate import MigrationSet

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

    from sync.db import Database
    from sync.receipts import Receipt
    from sync.transaction import Tx

OUTBOX_MIGRATIONS = MigrationSet("outbox", Path(__file__).parent / "migrations" / "outbox")
REFUSED_AGAIN_MS = 3_600_000
"""A refused record is offered again after an hour: the central instance may have been repaired."""

_KEEP_RECEIPT = "INSERT OR REPLACE INTO receipts (hash, seq, state, at, line) VALUES (?, ?, ?, ?, ?)"
_KEEP_REFUSAL = (
    "INSERT INTO refusals (hash, seq, code, message, tries, next_try) VALUES (?, ?, ?, ?, 1, ?) "
    "ON CONFLICT (hash) DO UPDATE SET code = excluded.code, message = excluded.message, "
    "tries = tries + 1, next_try = excluded.next_try"
)


class KeptReceipt(NamedTuple):
    """A receipt checked, and the line it came as."""

    receipt: Receipt
    line: bytes


class Refusal(NamedTuple):
    """A record the central instance would not take, and why."""

    record: StoredRecord
    code: str
    message: str


class Outbox:
    """Pending records on one side, receipts on the other. Close it."""

    def __init__(self, kiosk_db: Path, db: Database) -> None:
        self._source = connect_reader(kiosk_db)
        self._db = db
        self._version = -1
        self._done: set[str] = db.read_sync(_receipt_hashes)
        self._wait: dict[str, int] = db.read_sync(_refusal_times)
        self._low = 0  # every record up to this number has its receipt

    def changed(self) -> bool:
        """Return whether the kiosk committed anything since the last call."""
        version: int = self._source.execute("PRAGMA data_version").fetchone()[0]
        changed, self._version = version != self._version, version
        return changed

    def pending(self, now: int, most: int, most_bytes: int) -> list[StoredRecord]:
        """Return the next records to send, oldest first, within the limits but at least one if any."""
        found: list[StoredRecord] = []
        size = 0
        unbroken = True
        for record in each_record(self._source, self._low):
            if record.hash in self._done:
                if unbroken:
                    self._low = record.seq
                continue
            unbroken = False
            if self._wait.get(record.hash, 0) > now:
                continue
            size += len(record.frame.body) + 130
            if found and (size > most_bytes or len(found) >= most):
                break
            found.append(record)
        return found

    def count_pending(self) -> int:
        """Return how many records have no receipt yet, refused ones included."""
        rows = self._source.execute("SELECT hash FROM log_records WHERE seq > ?", (self._low,))
        return sum(row[0] not in self._done for row in rows)

    async def keep(self, receipts: Sequence[KeptReceipt], refusals: Sequence[Refusal], now: int) -> None:
        """Store what came back; only then is a record considered sent."""

        def job(tx: Tx) -> None:
            for receipt, line in receipts:
                tx.execute(_KEEP_RECEIPT, (receipt.hash, receipt.seq, receipt.state, receipt.at, line))
                tx.execute("DELETE FROM refusals WHERE hash = ?", (receipt.hash,))
            for record, code, message in refusals:
                again = now + REFUSED_AGAIN_MS
                tx.execute(_KEEP_REFUSAL, (record.hash, record.seq, code[:100], message[:500], again))

        await self._db.write(job)
        self._done.update(kept.receipt.hash for kept in receipts)
        self._wait.update((refusal.record.hash, now + REFUSED_AGAIN_MS) for refusal in refusals)

    async def forget(self) -> None:
        """Take nothing for sent any more: for a central instance put back from an old backup."""

        def job(tx: Tx) -> None:
            tx.execute("DELETE FROM receipts")
            tx.execute("DELETE FROM refusals")

        await self._db.write(job)
        self._done, self._wait, self._low = set(), {}, 0

    def close(self) -> None:
        """Release the kiosk's database."""
        self._source.close()


def _receipt_hashes(connection: sqlite3.Connection) -> set[str]:
    return {row[0] for row in connection.execute("SELECT hash FROM receipts")}


def _refusal_times(connection: sqlite3.Connection) -> dict[str, int]:
    return dict(connection.execute("SELECT hash, next_try FROM refusals").fetchall())
