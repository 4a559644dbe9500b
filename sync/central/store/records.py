"""Records as they came, and the receipts given for them. Nothing here is ever changed or deleted."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, insert, select

from sync.central.tables import records

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

STORED = "stored"
QUARANTINED = "quarantined"


@dataclass(frozen=True, slots=True)
class RecordRow:
    """A record to keep: `frame` is the line as the school signed it, `receipt` the line we signed."""

    site: str
    hash: str
    seq: int
    prev: str
    type: str
    at: int
    received_at: int
    frame: bytes
    receipt: bytes
    state: str


async def receipts_of(conn: AsyncConnection, site: str, hashes: list[str]) -> dict[str, bytes]:
    """Return the receipts already given to `site` among these hashes."""
    query = select(records.c.hash, records.c.receipt).where(
        records.c.site == site, records.c.hash.in_(hashes)
    )
    return {row.hash: row.receipt for row in await conn.execute(query)}


async def taken_numbers(conn: AsyncConnection, site: str, numbers: list[int]) -> set[int]:
    """Return which of these sequence numbers already have a stored record."""
    query = select(records.c.seq).where(
        records.c.site == site, records.c.seq.in_(numbers), records.c.state == STORED
    )
    return set(await conn.scalars(query))


async def add_records(conn: AsyncConnection, rows: list[RecordRow]) -> None:
    """Keep these records."""
    if rows:
        await conn.execute(insert(records), [asdict(row) for row in rows])


async def read_frame(conn: AsyncConnection, site: str, hashed: str) -> bytes | None:
    """Return one record of a school as it came: the signed line."""
    query = select(records.c.frame).where(records.c.site == site, records.c.hash == hashed)
    return await conn.scalar(query)


@dataclass(frozen=True, slots=True)
class Fork:
    """A quarantined record: another one already had its number."""

    seq: int
    hash: str
    type: str
    received_at: int


async def read_forks(conn: AsyncConnection, site: str) -> list[Fork]:
    """Return the quarantined records of a school, newest first."""
    query = (
        select(records.c.seq, records.c.hash, records.c.type, records.c.received_at)
        .where(records.c.site == site, records.c.state == QUARANTINED)
        .order_by(records.c.received_at.desc())
    )
    return [Fork(*row) for row in await conn.execute(query.limit(100))]


@dataclass(frozen=True, slots=True)
class Gap:
    """Numbers never received, from `first` to `last` included."""

    first: int
    last: int


async def read_gaps(conn: AsyncConnection, site: str) -> list[Gap]:
    """Return the runs of missing numbers below the highest one received."""
    before = func.lag(records.c.seq, 1, 0).over(order_by=records.c.seq)
    mine = (records.c.site == site) & (records.c.state == STORED)
    numbers = select(records.c.seq, before.label("before")).where(mine).subquery()
    query = select(numbers).where(numbers.c.seq > numbers.c.before + 1).order_by(numbers.c.seq)
    return [Gap(row.before + 1, row.seq - 1) for row in await conn.execute(query.limit(200))]


async def read_broken_links(conn: AsyncConnection, site: str) -> list[int]:
    """Return the numbers whose record names another predecessor than the one received."""
    this, last = records.alias("this"), records.alias("last")
    joined = this.join(last, (last.c.site == this.c.site) & (last.c.seq == this.c.seq - 1))
    query = (
        select(this.c.seq)
        .select_from(joined)
        .where(
            this.c.site == site, this.c.state == STORED, last.c.state == STORED, this.c.prev != last.c.hash
        )
        .order_by(this.c.seq)
    )
    return list(await conn.scalars(query.limit(200)))
