"""What is left of sittings and records purged once their time of keeping was over: their ends, signed.

A tombstone says the last event of each sitting that went and, of each record that went, what it followed and its hash. Seals
promised those very hashes, so what is left of the log still verifies, and what is gone cannot be replaced by anything else.
Tombstones are chained: `prev` of the first is SHA-256 of `preau.tombstones.v1:` and the site's id.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from sync import frames
from sync.canonical import canonical
from sync.chain import VERSION
from sync.frames import Frame
from sync.seals import Head, read_seal

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator

    from sync.keys import Signer
    from sync.transaction import Tx


class GoneRecord(msgspec.Struct, frozen=True, array_like=True):
    """A record that was purged: its number, what it followed, its own hash."""

    seq: int
    prev: str
    hash: str


class Tombstone(msgspec.Struct, frozen=True):
    """What one purge took away."""

    at: int
    heads: list[Head]
    key: str
    prev: str
    records: list[GoneRecord]
    seq: int
    site: str
    v: int = VERSION


class TombstoneError(Exception):
    """The bytes are not a tombstone."""


class _Prev(msgspec.Struct, frozen=True):
    prev: str


_decoder = msgspec.json.Decoder(Tombstone)
_prev = msgspec.json.Decoder(_Prev)


def first_tombstone_prev(site: str) -> str:
    """Return what the first tombstone of a school points to."""
    return hashlib.sha256(b"preau.tombstones.v1:" + site.encode()).hexdigest()


def read_tombstone(data: bytes) -> Tombstone:
    """Return the tombstone of signed bytes. Raises TombstoneError."""
    try:
        return _decoder.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise TombstoneError(f"not a tombstone: {error}") from error


def each_tombstone(connection: sqlite3.Connection) -> Iterator[Frame]:
    """Yield every tombstone in order."""
    for row in connection.execute("SELECT sig, bytes FROM log_tombstones ORDER BY seq"):
        yield Frame(row[0], row[1])


class Whole(NamedTuple):
    """What goes together: a sitting ("" for none) and the record that carried it (None when nothing did)."""

    sitting: str
    record: int | None


def purge(tx: Tx, signer: Signer, wholes: Iterable[Whole], at: int) -> list[Whole]:
    """Take away whole sittings and their records under one signed tombstone; return those that went.

    What the last seal names stays, and the last record: every start checks the end of the log by them. Whoever calls this
    knows that the sittings are over and that the records are where they were sent.
    """
    last = tx.execute("SELECT bytes FROM log_seals ORDER BY seq DESC LIMIT 1").fetchone()
    if last is None:
        return []
    seal = read_seal(last[0])
    named = {head.sitting for head in seal.heads}
    going = [
        whole
        for whole in wholes
        if whole.sitting not in named and (whole.record is None or whole.record < seal.records.seq)
    ]
    heads = [head for whole in going if (head := _head(tx, whole.sitting)) is not None]
    gone = [record for whole in going if (record := _record(tx, whole.record)) is not None]
    if heads or gone:
        _keep(tx, signer, heads, sorted(gone, key=lambda one: one.seq), at)
        tx.executemany("DELETE FROM log_events WHERE sitting = ?", [(head.sitting,) for head in heads])
        tx.executemany("DELETE FROM log_records WHERE seq = ?", [(record.seq,) for record in gone])
    return going


def _keep(tx: Tx, signer: Signer, heads: list[Head], gone: list[GoneRecord], at: int) -> None:
    site = f"s-{signer.key_id}"
    before = tx.execute("SELECT seq, bytes FROM log_tombstones ORDER BY seq DESC LIMIT 1").fetchone()
    seq, prev = (
        (before[0], hashlib.sha256(before[1]).hexdigest()) if before else (0, first_tombstone_prev(site))
    )
    stone = Tombstone(at, heads, signer.key_id, prev, gone, seq + 1, site)
    frame = frames.sign(signer, frames.TOMBSTONE, canonical(stone))
    tx.execute(
        "INSERT INTO log_tombstones (seq, sig, bytes) VALUES (?, ?, ?)",
        (seq + 1, frame.signature, frame.body),
    )


def _head(tx: Tx, sitting: str) -> Head | None:
    row = tx.execute(
        "SELECT seq, bytes FROM log_events WHERE sitting = ? ORDER BY seq DESC LIMIT 1", (sitting,)
    ).fetchone()
    return None if row is None else Head(sitting, row[0], hashlib.sha256(row[1]).hexdigest())


def _record(tx: Tx, seq: int | None) -> GoneRecord | None:
    if seq is None:
        return None
    row = tx.execute("SELECT bytes, hash FROM log_records WHERE seq = ?", (seq,)).fetchone()
    return None if row is None else GoneRecord(seq, _prev.decode(row[0]).prev, row[1])
